# SPDX-License-Identifier: Apache-2.0
"""Gone means gone: an address is free only once HNS has no endpoint with it, whatever HNS says on the way; and HNS that
is away is waited for once."""
from harness import main, sample, some
from node import CODE_CHECK, CODE_HNS, CODE_TRY_AGAIN, valid_attachments
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
        for hresult in some(NOT_FOUND):
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
    codes = ("0x80070426", "0x80070422", "0x800706BB", "0x800706BF", "0x80010108", "0x800706D9", "0x800706BA",
             "0x8007045B", "0x80070430", "0x80080005", "0x80070102")

    def waits_in(self, done):
        lines = done.stderr.splitlines()
        return ([line for line in lines if "waiting for HNS" in line],
                [line for line in lines if "answers again" in line or "given up" in line])

    def test_n10_hns_that_comes_back_is_waited_for(self):
        for hresult in some(self.codes):
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
        for close in some(self.closes):
            for command in ("ADD", "CHECK", "DEL"):
                with self.subTest(close, command=command):
                    self.hns.faults({"function": close, "delayMs": 600_000})
                    conf = {**self.conf, "timeoutSeconds": 120}
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


class Taken(SetupTestCase):
    """N03: an address that another endpoint has, its lease being lost or another network's."""
    codes = ("0x80071392", "0x803B002F")
    create = {"function": "HcnCreateEndpoint"}

    def hold(self, *last, **other):
        """Endpoints that have these addresses, of containers whose leases are lost."""
        return [self.hns.create_endpoint(f"dead{number}_cbr0", self.network, f"10.244.4.{number}/24", **other)
                for number in last]

    def address(self, result):
        return result["ips"][0]["address"].split("/")[0]

    def test_n03_the_next_free_address_is_taken(self):
        ids = self.hold(*range(3, 15))
        done = self.cni("ADD")
        self.assertEqual(done.status, 0, done)
        self.assertEqual(self.address(done.json), "10.244.4.15")
        self.assertEqual(self.leases(), ["10.244.4.15"])
        self.assertIn(f"10.244.4.3 is held by endpoint dead3_cbr0 ({ids[0]}, of container dead3, which is attached to "
                      "nothing)", done.stderr)
        self.succeed("DEL")
        self.assertEqual(self.leases(), [])

    def test_n03_hns_is_asked_for_few_addresses_that_are_known_to_be_taken(self):
        self.hold(*range(3, 30))
        self.hns.forget_calls()
        self.succeed("ADD")
        creates = [call for call in self.hns.calls() if "Create" in call["api"] or call.get("method") == "POST"]
        self.assertLess(len(creates), 4)

    def test_n03_both_codes_move_on(self):
        for number, hresult in enumerate(self.codes):
            with self.subTest(hresult):
                env = {"CNI_CONTAINERID": f"p{number}",
                       "CNI_NETNS": self.namespace if self.namespace == "none" else self.hns.create_namespace()}
                self.hns.faults({**self.create, "call": 1, "hresult": hresult})
                result = self.succeed("ADD", **env)
                self.assertEqual(self.leases(), [self.address(result)])
                self.hns.faults()
                self.succeed("DEL", **env)
                self.assertEqual(self.leases(), [])

    def test_n03_there_is_a_limit_and_nothing_is_left(self):
        for hresult in self.codes:
            with self.subTest(hresult):
                self.hns.faults({**self.create, "hresult": hresult})
                error = self.fail_with(CODE_HNS, "ADD")
                self.assertIn(hresult, error["msg"])
                self.assertIn("10.244.4.", error["details"])
                self.assertIn("HNS keeps it for itself, or another network has it", error["details"])
                self.assert_nothing_left()
                self.hns.faults()

    def test_n03_no_address_is_free(self):
        self.conf["ipam"]["ranges"] = [[{"subnet": "10.244.4.0/24", "rangeStart": "10.244.4.3",
                                         "rangeEnd": "10.244.4.5"}]]
        ids = self.hold(3, 4) + self.hold(5, Flags=1)
        error = self.fail_with(CODE_HNS, "ADD")
        for number, id in zip((3, 4), ids):
            self.assertIn(f"address 10.244.4.{number} is held by endpoint dead{number}_cbr0 ({id}, of container "
                          f"dead{number}", error["details"])
        self.assertIn(f"address 10.244.4.5 is held by endpoint dead5_cbr0 ({ids[2]}, a remote one of another node)",
                      error["details"])
        self.assertIn("IPAM gives 10.244.4.3 again", error["details"])
        self.assertEqual(self.leases(), [])

    def test_n03_one_that_was_asked_for(self):
        id, = self.hold(9)
        error = self.fail_with(CODE_HNS, "ADD", CNI_ARGS="IP=10.244.4.9")
        self.assertIn(f"address 10.244.4.9 is held by endpoint dead9_cbr0 ({id}", error["details"])
        self.assertEqual(self.leases(), [])

    def test_n03_the_others_have_leases(self):
        """A range that is full of leases, but for one that HNS has given away."""
        self.conf["ipam"]["ranges"] = [[{"subnet": "10.244.4.0/24", "rangeStart": "10.244.4.3",
                                         "rangeEnd": "10.244.4.4"}]]
        self.hold(4)
        self.succeed("ADD")
        error = self.fail_with(CODE_HNS, "ADD", CNI_CONTAINERID="c2", CNI_NETNS="none" if self.namespace == "none"
                               else self.hns.create_namespace())
        self.assertIn("dead4_cbr0", error["details"])
        self.assertEqual(self.leases(), ["10.244.4.3"])

    def test_an_address_of_the_pods_own_endpoint_is_never_given_back(self):
        """Its first answer was lost, and the next one says that the address is taken."""
        self.hns.faults({**self.create, "call": 1, "hresult": "0x800706BA", "after": True},
                        {**self.create, "call": 2, "hresult": "0x803B002F"})
        self.succeed("ADD")
        self.assertEqual(len(self.hns.endpoints()), 1)
        self.assertEqual(self.leases(), [self.endpoint()["IpConfigurations"][0]["IpAddress"]])


class TakenV1(Taken):
    setup = WIN_BRIDGE_V1
    create = {"function": "HNSCall", "method": "POST"}


class TakenDualStack(SetupTestCase):
    def test_n03_dual_stack(self):
        self.hns.remove("networks", self.network)
        self.network = self.hns.create_network(subnets=[("10.244.4.0/24", "10.244.4.1"), ("fd00:4::/64", "fd00:4::1")])
        self.conf["ipam"]["ranges"] = [[{"subnet": "10.244.4.0/24"}],
                                       [{"subnet": "fd00:4::/64", "rangeStart": "fd00:4::7", "rangeEnd": "fd00:4::7"}]]
        self.hns.create_endpoint("dead_cbr0", self.network, "10.244.4.3/24", "fd00:4::3/64")
        self.assertEqual([ip["address"] for ip in self.succeed("ADD")["ips"]], ["10.244.4.4/24", "fd00:4::7/64"])
        self.succeed("DEL")
        self.assertEqual(self.leases(), [])


class Ports(SetupTestCase):
    def test_a_host_port_that_is_taken_burns_no_addresses(self):
        """Windows Server 2016 has one sentence for both."""
        self.hns.faults({"function": "HcnCreateEndpoint", "hresult": "0x80071392"})
        conf = {**self.conf, "runtimeConfig": {"portMappings": [{"hostPort": 80, "containerPort": 80,
                                                                 "protocol": "tcp"}]}}
        self.hns.forget_calls()
        error = self.fail_with(CODE_HNS, "ADD", conf)
        self.assertIn("one of these host ports is taken: 80/tcp", error["details"])
        self.assertEqual(len([call for call in self.hns.calls() if call["api"] == "HcnCreateEndpoint"]), 1)
        self.assert_nothing_left()



class Broken(SetupTestCase):
    """An endpoint that carries nothing although each call went well."""

    def test_one_that_is_degraded_or_destroyed_after_it_was_attached_fails_add(self):
        for state, word in ((5, "degraded (State 5)"), (6, "destroyed (State 6)")):
            with self.subTest(word):
                self.hns.configure(attachedState=state)
                error = self.fail_with(CODE_HNS, "ADD")
                self.assertIn("HNS reports the endpoint c1_cbr0 (", error["msg"])
                self.assertIn(word, error["msg"])
                self.assertIn("Restart-Service hns", error["details"])
                self.assert_nothing_left()

    def test_other_states_are_well(self):
        for state in (1, 2, 3):
            self.hns.configure(attachedState=state)
            self.pass_check(self.succeed("ADD"))
            self.succeed("DEL")

    def test_check_reads_state_and_health_in_every_shape(self):
        result = self.succeed("ADD")
        degraded = 0x803B0017
        for values in ({"State": 5}, {"State": 6}, {"Health": {"LastErrorCode": degraded}},
                       {"Health": {"Data": {}, "Extra": {"Resources": {"Health": {"LastErrorCode": degraded}}}}}):
            with self.subTest(values):
                well = self.endpoint()
                self.change_endpoint(**values)
                error = self.fail_with(CODE_CHECK, "CHECK", {**self.conf, "prevResult": result})
                self.assertIn("HNS reports the endpoint as de", error["details"])
                # ADD again gives out no network that does not carry.
                self.fail_with(CODE_HNS, "ADD")
                self.hns.put("endpoints", well)
        self.pass_check(result)


class BrokenV1(SetupTestCase):
    setup = WIN_BRIDGE_V1

    def test_check_reads_state(self):
        result = self.succeed("ADD")
        for state in (5, 6):
            self.change_endpoint(State=state)
            self.assertIn(f"(State {state})",
                          self.fail_with(CODE_CHECK, "CHECK", {**self.conf, "prevResult": result})["details"])


def load_tests(_loader, standard_tests, _pattern):
    return sample(standard_tests, Gone, Taken)


if __name__ == "__main__":
    main()
