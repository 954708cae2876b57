# SPDX-License-Identifier: Apache-2.0
"""Everything fails once: each HNS call and each process end in turn. Whatever happens, ADD leaves nothing
behind or says what, DEL cleans the rest, and no address is ever free while HNS holds an endpoint with it."""
import json
import threading
import unittest

from harness import host_path, main, settings
from win_bridge_test import CODE_TRY_AGAIN, WinBridgeTestCase

# access denied: HNS says no and means it; not worth a retry.
REFUSED = "0x80070005"


class Faults(WinBridgeTestCase):
    def calls_of(self, command):
        """How many HNS calls the command makes when all is well; the node is as before afterwards."""
        self.hns.forget_calls()
        if command == "DEL":
            self.succeed("ADD")
            self.hns.forget_calls()
        self.succeed(command)
        count = len([call for call in self.hns.calls() if call["api"] != "exit"])
        self.succeed("DEL")
        self.assert_nothing_left()
        return count

    def assert_addresses_in_use_are_reserved(self):
        used = {address["IpAddress"] for endpoint in self.hns.endpoints() for address in endpoint["IpConfigurations"]}
        self.assertLessEqual(used, set(self.leases()))

    def assert_a_del_cleans_up(self):
        self.assert_addresses_in_use_are_reserved()
        self.hns.faults()
        self.succeed("DEL")
        self.assert_nothing_left()

    def each_call(self, command, look, **fault):
        """Lets the n-th call fail for n = 1, 2, ...; `look` sees how the command ended. Under Wine, where a
        process costs ten times as much, every third call: the code is the same."""
        for number in range(1, self.calls_of(command) + 1, 3 if settings.wine else 1):
            with self.subTest(call=number):
                if command == "DEL":
                    self.succeed("ADD")
                self.hns.faults({"function": "*", "call": number, **fault})
                look(self.cni(command))
                self.assert_a_del_cleans_up()

    def test_add_gives_everything_back_when_any_call_is_refused(self):
        def look(done):
            if done.status == 0:
                # Closing a handle is no reason to fail.
                self.assertEqual(len(self.hns.endpoints()), 1, done)
                return
            self.assertIn(REFUSED, done.json["msg"])
            self.assertTrue(done.json["details"])
            self.assert_nothing_left()

        self.each_call("ADD", look, hresult=REFUSED)

    def test_add_gives_everything_back_when_any_answer_is_lost(self):
        def look(done):
            if done.status != 0:
                self.assert_nothing_left()

        self.each_call("ADD", look, hresult=REFUSED, after=True)

    def test_add_gets_over_any_call_that_is_worth_a_retry(self):
        def look(done):
            self.assertEqual(done.status, 0, done)
            self.assertEqual(len(self.hns.endpoints()), 1)

        for after in (False, True):
            self.each_call("ADD", look, hresult="0x800706BA", after=after)

    def test_an_add_that_is_killed_at_any_call_leaves_nothing_that_a_del_does_not_clean(self):
        def look(done):
            self.assertEqual((done.status != 0, done.stdout), (True, ""), done)

        for after in (False, True):
            self.each_call("ADD", look, kill=True, after=after)

    def test_a_del_that_is_killed_at_any_call_can_be_repeated(self):
        for after in (False, True):
            self.each_call("DEL", lambda done: self.assertNotEqual(done.status, 0, done), kill=True, after=after)

    def test_del_fails_loudly_or_has_removed_everything(self):
        def look(done):
            if done.status == 0:
                self.assert_nothing_left()
            else:
                self.assertIn(REFUSED, done.json["msg"])
                self.assertEqual(len(self.leases()), 1)

        self.each_call("DEL", look, hresult=REFUSED)

    def test_what_cannot_be_given_back_is_said(self):
        self.hns.faults({"function": "HcnModifyNamespace", "hresult": "0x803B002E"},
                        {"function": "HcnDeleteEndpoint", "hresult": REFUSED})
        error = self.cni("ADD").json
        self.assertIn("could not give back endpoint c1_cbr0", error["details"])
        self.assertIn("10.244.4.3", error["details"])
        self.assertEqual(self.leases(), ["10.244.4.3"])
        self.assert_a_del_cleans_up()

    def test_b80_a_call_that_hangs_ends_the_command_with_its_name(self):
        self.conf["timeoutSeconds"] = 1
        self.hns.faults({"function": "HcnCreateEndpoint", "delayMs": 60000})
        error = self.fail_with(CODE_TRY_AGAIN, "ADD")
        self.assertIn("HcnCreateEndpoint", error["msg"])
        self.assertEqual(self.leases(), ["10.244.4.3"], "it may still come into being")
        self.assert_a_del_cleans_up()


class ManyAtOnce(WinBridgeTestCase):
    """200 pods, 32 at a time; fewer under Wine, where a process costs ten times as much."""
    PODS, AT_ONCE = (200, 32)

    def at_once(self, work):
        gate = threading.Semaphore(self.AT_ONCE)
        results = [None] * self.PODS

        def one(number):
            with gate:
                results[number] = work(number)

        threads = [threading.Thread(target=one, args=(number,)) for number in range(self.PODS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    def test_all_succeed_no_address_twice_nothing_left(self):
        if settings.wine:
            self.PODS, self.AT_ONCE = 32, 8
        namespaces = [self.hns.create_namespace() for _ in range(self.PODS)]

        def pod(command):
            return lambda n: self.cni(command, CNI_CONTAINERID=f"pod{n}", CNI_NETNS=namespaces[n])

        added = self.at_once(pod("ADD"))
        self.assertEqual([done for done in added if done.status != 0], [])
        addresses = {json.loads(done.stdout)["ips"][0]["address"] for done in added}
        self.assertEqual(len(addresses), self.PODS)
        self.assertNotIn("10.244.4.2/24", addresses)
        self.assertEqual(len(self.hns.endpoints()), self.PODS)
        deleted = self.at_once(pod("DEL"))
        self.assertEqual([done for done in deleted if done.status != 0], [])
        self.assert_nothing_left()
        self.assert_no_handles_left_open()


if __name__ == "__main__":
    main()
