# SPDX-License-Identifier: Apache-2.0
"""Gone means gone: an address is free only once HNS has no endpoint with it, whatever HNS says on the way; and HNS that
is away is waited for once."""
from harness import main
from node import CODE_HNS, CODE_TRY_AGAIN, valid_attachments
from setups import WIN_BRIDGE_V1, SetupTestCase

# HCN_E_NETWORK_NOT_FOUND, SWITCH, ADAPTER, PORT, VFP_PORTSETTING, ERROR_NOT_FOUND: none of them is about the endpoint.
NOT_FOUND = ("0x803B0004", "0x803B0006", "0x803B0007", "0x803B0009", "0x80070490", "0x803B0001")
ENDPOINT_GONE = "0x803B0002"


class Gone:
    """For each API."""
    delete = {}

    def fail_delete(self, hresult, **other):
        self.hns.faults({**self.delete, "hresult": hresult, **other})

    def test_nx1_what_else_is_not_found_keeps_the_lease(self):
        self.succeed("ADD")
        leases = self.leases()
        for hresult in NOT_FOUND:
            with self.subTest(hresult):
                self.fail_delete(hresult)
                error = self.fail_with(CODE_HNS, "DEL")
                self.assertIn(hresult, error["msg"])
                self.assertEqual(len(self.hns.endpoints()), 1)
                self.assertEqual(self.leases(), leases)
                error = self.fail_with(CODE_HNS, "GC", {**self.conf, **valid_attachments()})
                self.assertIn(hresult, error["details"])
                self.assertEqual(self.leases(), leases)
        self.hns.faults()
        self.succeed("DEL")
        self.assert_nothing_left()

    def test_nx1_what_is_gone_although_hns_finds_nothing_frees_the_address(self):
        for hresult in (ENDPOINT_GONE, "0x80070490"):
            with self.subTest(hresult):
                self.succeed("ADD")
                # The work is done first.
                self.fail_delete(hresult, after=True)
                self.succeed("DEL")
                self.assert_nothing_left()

    def test_nx1_an_endpoint_that_cannot_be_read_is_no_reason_to_free_its_address(self):
        self.succeed("ADD")
        leases = self.leases()
        for hresult in ("0x80070490", "0x803B0006"):
            self.hns.faults(*({**call, "hresult": hresult} for call in self.reads))
            error = self.fail_with(CODE_HNS, "GC", {**self.conf, **valid_attachments()})
            self.assertIn(hresult, error["details"])
            self.assertEqual(self.leases(), leases)
        self.hns.faults()
        self.succeed("DEL")
        self.assert_nothing_left()


class GoneV2(Gone, SetupTestCase):
    delete = {"function": "HcnDeleteEndpoint"}
    reads = ({"function": "HcnOpenEndpoint"}, {"function": "HcnOpenNetwork"})


class GoneV1(Gone, SetupTestCase):
    setup = WIN_BRIDGE_V1
    delete = {"function": "HNSCall", "method": "DELETE"}
    reads = ({"function": "HNSCall", "method": "GET", "path": "/endpoints/"},)


class Away(SetupTestCase):
    """N10: the service is stopped, disabled, or restarting."""
    codes = ("0x80070426", "0x80070422", "0x800706BB", "0x800706BF", "0x80010108", "0x800706D9", "0x800706BA")

    def waits_in(self, done):
        lines = done.stderr.splitlines()
        return ([line for line in lines if "waiting for HNS" in line],
                [line for line in lines if "answers again" in line or "given up" in line])

    def test_n10_hns_that_comes_back_is_waited_for(self):
        for hresult in self.codes:
            with self.subTest(hresult):
                self.hns.faults(*({"function": "*", "call": call, "hresult": hresult} for call in (1, 2, 3, 4)))
                done = self.cni("ADD")
                self.assertEqual(done.status, 0, done)
                begun, ended = self.waits_in(done)
                self.assertEqual((len(begun), len(ended)), (1, 1), done)
                self.assertIn(hresult, begun[0])
                self.succeed("DEL")

    def test_n10_hns_that_stays_away_is_waited_for_once(self):
        for container in ("c1", "c2", "c3"):
            self.succeed("ADD", CNI_CONTAINERID=container, CNI_NETNS=self.hns.create_namespace())
        leases = self.leases()
        self.hns.forget_calls()
        self.hns.faults({"function": "HcnDeleteEndpoint", "hresult": "0x80070426"},
                        {"function": "HcnModifyNamespace", "hresult": "0x80070426"})
        done = self.cni("GC", {**self.conf, **valid_attachments()})
        self.assertEqual((done.status, done.json["code"]), (1, CODE_TRY_AGAIN), done)
        self.assertIn("Start-Service hns", done.json["details"])
        begun, ended = self.waits_in(done)
        self.assertEqual((len(begun), len(ended)), (1, 1), done)
        tries = [call for call in self.hns.calls() if call["api"] in ("HcnDeleteEndpoint", "HcnModifyNamespace")]
        # The tries of the one wait, and two of each other call.
        self.assertLess(len(tries), 24)
        self.assertEqual(self.leases(), leases)


class Closing(SetupTestCase):
    """A close that hangs is no reason to fail: what it was opened for is done."""
    closes = ("HcnCloseEndpoint", "HcnCloseNetwork", "HcnCloseNamespace")

    def test_what_is_done_is_told_although_a_close_hangs(self):
        for close in self.closes:
            for command in ("ADD", "CHECK", "DEL"):
                with self.subTest(close, command=command):
                    self.hns.faults({"function": close, "delayMs": 600_000})
                    conf = {**self.conf, "timeoutSeconds": 4}
                    if command == "CHECK":
                        conf["prevResult"] = result
                    done = self.cni(command, conf)
                    self.assertEqual(done.status, 0, done)
                    if command == "ADD":
                        result = done.json
                        self.assertEqual(len(result["ips"]), 1, done)
                        self.assertIn(f"{close} has not answered", done.stderr)
            self.assert_nothing_left()


class ClosingV1(Closing):
    setup = WIN_BRIDGE_V1
    closes = ("HcsCloseComputeSystem",)


if __name__ == "__main__":
    main()
