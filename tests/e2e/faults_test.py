# SPDX-License-Identifier: Apache-2.0
"""Everything fails once, for every plugin: each HNS call and each process end in turn. Whatever happens, ADD leaves
nothing behind or says what, DEL cleans the rest, and no address is ever free while HNS holds an endpoint with it."""
from harness import kill, main, need_processes_that_can_be_killed, sample, settings, start_plugin
from node import CODE_TRY_AGAIN
from setups import OF_MICROSOFT, SETUPS, WIN_BRIDGE_V1, WIN_BRIDGE_V2, SetupTestCase, for_each_setup

# Access denied: HNS says no and means it; not worth a retry.
REFUSED = "0x80070005"
# HCN_E_DEGRADED_OPERATION: as good a no, but one of HNS's own, which HNSCall puts into an answer that went well.
REFUSED_IN_ANSWER = "0x803B0017"
# RPC_S_SERVER_UNAVAILABLE: worth one.
UNAVAILABLE = "0x800706BA"


class EachCall:
    """The loop over the calls of a command."""

    def before_and_after(self):
        """When a call fails: before its work is done, after it. What follows a call that was done is mostly what
        precedes the next one, so the setups that share all of their code have only the latter."""
        return (False, True) if self.setup in (WIN_BRIDGE_V2, WIN_BRIDGE_V1) else (True,)

    # Counted once a setup and command: processes are what all of this costs.
    known_counts = {}

    def calls_of(self, command):
        """How many HNS calls the command makes when all is well."""
        key = self.setup.name, command
        if key not in self.known_counts:
            self.known_counts[key] = self.count_calls_of(command)
        return self.known_counts[key]

    def count_calls_of(self, command):
        """The node is as before afterwards."""
        if command == "DEL":
            self.succeed("ADD")
        self.hns.forget_calls()
        self.succeed(command)
        count = self.hns.count_calls()
        self.succeed("DEL")
        self.assert_nothing_left()
        self.forget_made_network()
        return count

    def assert_addresses_in_use_are_reserved(self):
        used = {address["IpAddress"] for endpoint in self.hns.endpoints() for address in endpoint["IpConfigurations"]}
        if self.setup.host_local:
            self.assertLessEqual(used, set(self.leases()))

    def assert_a_del_cleans_up(self):
        self.assert_addresses_in_use_are_reserved()
        self.hns.faults()
        self.succeed("DEL")
        self.assert_nothing_left()

    def each_call(self, command, look, **fault):
        """Lets the n-th call fail for n = 1, 2, ...; `look` sees how the command ended. Not every call where a
        process costs ten times as much, as under Wine: the code is the same."""
        step = 1 if not settings.sampled else 3 if self.setup is WIN_BRIDGE_V2 else 5
        for number in range(1, self.calls_of(command) + 1, step):
            with self.subTest(call=number, **fault):
                if command == "DEL":
                    self.succeed("ADD")
                self.hns.faults({"function": "*", "call": number, **fault})
                look(self.cni(command))
                self.assert_a_del_cleans_up()
                self.forget_made_network()


class Refused(EachCall):
    def test_add_gives_everything_back_when_any_call_is_refused(self):
        code = REFUSED_IN_ANSWER if self.setup.api_version == 1 else REFUSED

        def look(done):
            if done.status == 0:
                # Closing a handle must not make it fail.
                self.assertEqual(len(self.hns.endpoints()), 1, done)
                return
            self.assertIn(code, done.json["msg"])
            self.assertTrue(done.json["details"])
            self.assert_nothing_left()

        self.each_call("ADD", look, hresult=code)


class Faults(Refused):
    def test_no_call_is_made_that_is_not_needed(self):
        for command, most in zip(("ADD", "DEL"), self.setup.calls):
            self.assertLessEqual(self.calls_of(command), most, command)

    def test_add_gives_everything_back_when_any_answer_is_lost(self):
        def look(done):
            if done.status != 0:
                self.assert_nothing_left()

        self.each_call("ADD", look, hresult=REFUSED, after=True)

    def test_add_gets_over_any_call_that_is_worth_a_retry(self):
        def look(done):
            self.assertEqual(done.status, 0, done)
            self.assertEqual(len(self.hns.endpoints()), 1)
            self.assertEqual(len(self.hns.networks()), 1)

        for after in self.before_and_after():
            self.each_call("ADD", look, hresult=UNAVAILABLE, after=after)

    def test_an_add_that_is_killed_at_any_call_leaves_nothing_that_a_del_does_not_clean(self):
        def look(done):
            self.assertNotEqual(done.status, 0, done)
            if self.setup.is_flannel:
                # Only its delegate was killed, and it has a DEL sent after it.
                self.assertIn(self.conf["delegate"]["type"], done.json["msg"])
                self.assert_nothing_left()
            else:
                self.assertEqual(done.stdout, "", done)

        for after in self.before_and_after():
            self.each_call("ADD", look, kill=True, after=after)

    def test_a_del_that_is_killed_at_any_call_can_be_repeated(self):
        for after in self.before_and_after():
            self.each_call("DEL", lambda done: self.assertNotEqual(done.status, 0, done), kill=True, after=after)

    def test_del_fails_loudly_or_has_removed_everything(self):
        def look(done):
            if done.status == 0:
                self.assert_nothing_left()
            else:
                self.assertIn(REFUSED, done.json["msg"])
                self.assertEqual(len(self.hns.endpoints()), 1)

        self.each_call("DEL", look, hresult=REFUSED)


for_each_setup(globals(), Faults, SETUPS)
for_each_setup(globals(), Refused, OF_MICROSOFT)


class Told(SetupTestCase):
    def test_what_cannot_be_given_back_is_said(self):
        self.hns.faults({"function": "HcnModifyNamespace", "hresult": "0x803B002E"},
                        {"function": "HcnDeleteEndpoint", "hresult": REFUSED})
        error = self.cni("ADD").json
        self.assertIn("could not give back endpoint c1_cbr0", error["details"])
        self.assertIn("10.244.4.3", error["details"])
        self.assertEqual(self.leases(), ["10.244.4.3"])
        self.hns.faults()
        self.succeed("DEL")
        self.assert_nothing_left()


class Hanging:
    """B80: a call that hangs ends the command with its name."""

    def assert_told(self, fault, name):
        # The machine says how long is enough to get as far as the call; with less, another is told.
        for limit in (1, 4, 16, 64):
            self.hns.faults({**fault, "delayMs": 600_000})
            self.conf["timeoutSeconds"] = limit
            error = self.fail_with(CODE_TRY_AGAIN, "ADD")
            self.assertIn(f"{limit} second", error["msg"])
            leases = self.leases()
            del self.conf["timeoutSeconds"]
            self.hns.faults()
            self.succeed("DEL")
            self.assert_nothing_left()
            if name in error["msg"]:
                self.assertEqual(len(leases), 1, "it may still come into being")
                return
        self.fail(f"{name} was never told, but: {error}")


class HangingV2(Hanging, SetupTestCase):
    def test_b80_hcn(self):
        self.assert_told({"function": "HcnCreateEndpoint"}, "HcnCreateEndpoint")

    def test_a_call_that_hangs_holds_up_no_other_pod(self):
        need_processes_that_can_be_killed(self)
        self.hns.faults({"function": "HcnCreateEndpoint", "call": 1, "delayMs": 600_000})
        hanging = start_plugin(self.plugin, "ADD", self.conf, {**self.hns.env, "CNI_NETNS": self.namespace})
        self.addCleanup(kill, hanging)
        self.hns.wait_for_fault()
        other = {"CNI_CONTAINERID": "c2", "CNI_NETNS": self.hns.create_namespace()}
        self.succeed("ADD", **other)
        self.succeed("DEL", **other)
        self.assertIsNone(hanging.poll())
        self.assertEqual(self.leases(), ["10.244.4.3"])


class HangingV1(Hanging, SetupTestCase):
    setup = WIN_BRIDGE_V1

    def test_b80_hns(self):
        self.assert_told({"function": "HNSCall", "method": "POST"}, "HNSCall POST /endpoints/")

    def test_b80_hcs(self):
        self.assert_told({"function": "HcsModifyComputeSystem"}, "HcsModifyComputeSystem")


def load_tests(_loader, standard_tests, _pattern):
    return sample(standard_tests, EachCall)


if __name__ == "__main__":
    main()
