# SPDX-License-Identifier: Apache-2.0
"""The plugins and wincni on an HNS that answers as the real one does, by version of Windows and beside the networks of
others (tests/data/hns-real; its rows are named D1, E5, ...)."""
import json
import shutil

from harness import main, some
from node import (CODE_CHECK, CODE_CONF, CODE_HNS, CODE_NOT_AVAILABLE, NodeTestCase, port_mapping, runtime_ports,
                  valid_attachments)
from setups import (FLANNEL_BRIDGE, NAT, NAT_TO_BE_MADE, SDNBRIDGE, WIN_BRIDGE_V1, WIN_BRIDGE_V2, WIN_OVERLAY_V1,
                    WIN_OVERLAY_V2, SetupTestCase, for_each_setup)

# Windows Server 2016, 1709, 1803 have no HCN; 2019, 2004, Server 2022, Windows 11.
OLD = [(1, 1), (5, 1), (7, 2)]
NEW = [(9, 2), (11, 10), (13, 3), (15, 0)]


def version(pair):
    return {"version": {"Major": pair[0], "Minor": pair[1]}}


class Life:
    """A pod's, on every version of Windows that the API is on: nothing leaks, and no call more is made."""

    def versions(self):
        return NEW if self.setup.api_version == 2 else OLD + NEW

    def live(self):
        self.succeed("STATUS")
        self.hns.forget_calls()
        first = self.succeed("ADD")
        calls = self.hns.count_calls()
        if self.setup.network and self.setup.plugin.startswith("win-"):
            self.assertLessEqual(calls, self.setup.calls[0])
        self.pass_check(first)
        self.assertEqual(self.succeed("ADD"), first)
        self.pass_check(first)
        self.succeed("GC", {**self.conf, **valid_attachments("c1")})
        self.assertEqual(len(self.endpoints_of_pods()), self.others + 1)
        self.hns.forget_calls()
        self.succeed("DEL")
        if self.setup.plugin.startswith("win-"):
            self.assertLessEqual(self.hns.count_calls(), self.setup.calls[1])
        self.succeed("DEL")
        self.assertEqual(len(self.endpoints_of_pods()), self.others)
        self.assertEqual(self.leases(), [])
        self.assert_no_handles_left_open()

    others = 0

    def test_on_every_version(self):
        for pair in some(self.versions()):
            with self.subTest(pair):
                self.forget_made_network()
                self.hns.configure(**version(pair))
                self.live()

    def test_beside_networks_of_wsl_and_hyper_v(self):
        self.others = 1
        self.hns.configure(foreignObjects=True)
        self.live()
        self.assertEqual(sorted(network["Name"] for network in self.hns.networks() if "Answers" in network),
                         ["Default Switch", "EXTERNAL", "WSL (Hyper-V firewall)"])

    def test_gone_for_some_calls(self):
        for calls in (1, 3):
            with self.subTest(calls):
                self.hns.faults({"function": "*", "calls": calls, "hresult": "0x800706D9"})
                result = self.succeed("ADD")
                self.pass_check(result)
                self.hns.faults({"function": "*", "calls": calls, "hresult": "0x80070426"})
                self.succeed("DEL")
                self.assert_nothing_left()


for_each_setup(globals(), Life, [WIN_BRIDGE_V2, WIN_BRIDGE_V1, WIN_OVERLAY_V2, WIN_OVERLAY_V1, NAT, NAT_TO_BE_MADE,
                                 FLANNEL_BRIDGE, SDNBRIDGE])


class Taken:
    """E5: what another endpoint has is passed over, whatever the version calls it."""

    def test_an_address(self):
        versions = NEW if self.setup.api_version == 2 else OLD + NEW
        for pair in some(versions):
            with self.subTest(pair):
                self.hns.configure(**version(pair))
                # host-local goes on behind the last one.
                shutil.rmtree(self.folder / "ipam", ignore_errors=True)
                id = self.hns.create_endpoint("dead_cbr0", self.network, "10.244.4.3/24")
                done = self.cni("ADD")
                self.assertEqual(done.status, 0, done)
                self.assertIn("10.244.4.3 is held by endpoint dead_cbr0", done.stderr)
                self.assertEqual(self.leases(), ["10.244.4.4"])
                self.succeed("DEL")
                self.hns.remove("endpoints", id)
                self.assert_nothing_left()

    def test_equal_addresses_are_taken_when_hns_takes_them(self):
        self.hns.configure(sharedAddresses=True)
        self.hns.create_endpoint("dead_cbr0", self.network, "10.244.4.3/24")
        result = self.succeed("ADD")
        self.assertEqual(result["ips"][0]["address"], "10.244.4.3/24")
        self.pass_check(result)
        self.succeed("DEL")
        self.assertEqual([endpoint["Name"] for endpoint in self.hns.endpoints()], ["dead_cbr0"])

    def test_equal_names_are_told_apart(self):
        """Of networks of the same name, and of other networks' endpoints."""
        other = self.hns.create_network("other", subnets=[("10.9.0.0/16", "10.9.0.1")])
        self.hns.create_endpoint("c1_cbr0", other, "10.9.0.7/16", NamespaceID="")
        result = self.succeed("ADD")
        self.pass_check(result)
        mine = [endpoint for endpoint in self.hns.endpoints() if endpoint["NetworkID"] == self.network]
        self.assertEqual(len(mine), 1)
        self.succeed("DEL")
        self.assertEqual([endpoint for endpoint in self.hns.endpoints() if endpoint["NetworkID"] == self.network], [])
        self.assertEqual(self.leases(), [])


for_each_setup(globals(), Taken, [WIN_BRIDGE_V2, WIN_BRIDGE_V1])


class Ports:
    """E6: a host port that is taken is named, and burns no addresses."""

    def refusal(self, pair):
        self.hns.configure(**version(pair))
        conf = {**self.conf, **runtime_ports(port_mapping())}
        self.succeed("ADD", conf)
        leases = self.leases()
        error = self.fail_with(CODE_HNS, "ADD", conf, CNI_CONTAINERID="c2")
        self.assertIn("8080/tcp", error["details"])
        self.assertEqual(self.leases(), leases)
        self.pass_check(self.succeed("ADD", conf), conf)
        self.succeed("DEL", conf)
        self.assert_nothing_left()
        return error

    def test_a_taken_one(self):
        for pair, code in some([((15, 0), "0x80070020"), ((9, 2), "0x80070020"), ((11, 10), "0x803B0013"),
                                ((13, 3), "0x80070020")]):
            with self.subTest(pair):
                error = self.refusal(pair)
                self.assertIn(code, error["msg"])
                self.assertIn("one of these host ports is taken", error["details"])


for_each_setup(globals(), Ports, [WIN_BRIDGE_V2, WIN_BRIDGE_V1, NAT])


class PortsOf2016(Ports, SetupTestCase):
    setup = WIN_BRIDGE_V1

    def test_a_taken_one(self):
        error = self.refusal((1, 1))
        self.assertIn("Unspecified error", error["msg"])
        self.assertIn("Windows Server 2016 has no better word for a host port that is taken: 8080/tcp",
                      error["details"])


class PortsInPolicies(NodeTestCase):
    def test_a_mapping_that_is_not_local_is_told(self):
        """E6: late Windows 10 refuses each on l2bridge networks, free or not."""
        self.hns.configure(**version((12, 2)))
        policy = {"Type": "NAT", "InternalPort": 80, "ExternalPort": 8080, "Protocol": "TCP"}
        conf = {**self.conf, "policies": [{"name": "EndpointPolicy", "value": policy}]}
        error = self.fail_with(CODE_HNS, "ADD", conf)
        self.assertIn('only as local ones: "Flags": 1', error["details"])
        self.assert_nothing_left()
        policy["Flags"] = 1
        self.succeed("ADD", conf)


class Addresses:
    """E9: an overlay needs the address that its network has of the host, which comes late."""

    def test_none_yet(self):
        network, = self.hns.networks()
        later = {"Later": {"ManagementIP": ["169.254.7.7", "192.168.1.10"]}, "ManagementIP": ""}
        self.hns.put("networks", {**network, **later})
        for command in ("STATUS", "STATUS"):
            done = self.cni(command)
            self.assertEqual(done.json["code"], CODE_NOT_AVAILABLE, done)
        self.succeed("STATUS")
        result = self.succeed("ADD")
        self.pass_check(result)
        self.hns.put("networks", {**network, "ManagementIP": "169.254.7.7"})
        self.succeed("DEL")
        self.assert_nothing_left()


for_each_setup(globals(), Addresses, [WIN_OVERLAY_V2, WIN_OVERLAY_V1])


class Degraded(SetupTestCase):
    """E10, D1, D2: an endpoint that is well when ADD looks, and degraded later."""

    def test_it_fails_check(self):
        for states in ([3, 5], [3, 3, 6], [2, 5]):
            with self.subTest(states):
                self.hns.configure(attachedState=states)
                result = self.succeed("ADD")
                conf = {**self.conf, "prevResult": result}
                for _ in states[2:]:
                    self.succeed("CHECK", conf)
                for _ in range(2):
                    error = self.fail_with(CODE_CHECK, "CHECK", conf)
                    self.assertIn(f"(State {states[-1]})", error["details"])
                self.succeed("DEL")
                self.assert_nothing_left()

    def test_it_fails_check_by_v1(self):
        # HNS v1 tells of the endpoint when it makes it; of an attached one CHECK is told first.
        self.conf["apiVersion"] = 1
        self.namespace = "none"
        self.hns.configure(attachedState=[3, 5])
        conf = {**self.conf, "prevResult": self.succeed("ADD")}
        self.succeed("CHECK", conf)
        self.assertIn("(State 5)", self.fail_with(CODE_CHECK, "CHECK", conf)["details"])


class Unusable(NodeTestCase):
    """E18: HNS takes prefixes that are none; we do not."""

    def test_they_are_refused_before_hns_sees_them(self):
        for value in ({"Type": "ROUTE", "DestinationPrefix": "<your service cidr>", "NeedEncap": True},
                      {"Type": "OutBoundNAT", "ExceptionList": ["System.Object[]"]}):
            self.hns.forget_calls()
            conf = {**self.conf, "policies": [{"name": "EndpointPolicy", "value": value}]}
            self.fail_with(CODE_CONF, "ADD", conf)
            self.assertEqual([call for call in self.hns.calls() if call["api"] == "HcnCreateEndpoint"], [])


class Tool(NodeTestCase):
    def test_namespaces_with_containers_stay(self):
        """E13."""
        id = self.hns.create_namespace(Containers=["app"])
        done = self.run_tool("hns", "delete", "namespace", id, "--force")
        self.assertEqual(done.status, 1, done)
        self.assertIn("HCN_E_REQUEST_UNSUPPORTED (0x803B0015)", done.stderr)
        self.assertEqual(len(self.hns.namespaces()), 2)

    def test_lists_of_a_desktop(self):
        self.hns.configure(foreignObjects=True)
        for pair in some(NEW):
            self.hns.configure(foreignObjects=True, **version(pair))
            networks = json.loads(self.run_tool("hns", "list", "networks", "--json").stdout)
            self.assertEqual(sorted(network["name"] for network in networks),
                             ["Default Switch", "EXTERNAL", "WSL (Hyper-V firewall)", "cbr0"])
            for kind in ("networks", "endpoints", "namespaces"):
                done = self.run_tool("hns", "list", kind)
                self.assertEqual(done.status, 0, done)
            for name in ("Default Switch", "EXTERNAL"):
                self.assertEqual(self.run_tool("hns", "show", "network", name).status, 0)

    def test_one_nat_network(self):
        """E19."""
        self.hns.configure(natNetworks=1)
        self.hns.create_network("nat", type="NAT", subnet="172.20.0.0/20", gateway="172.20.0.1")
        done = self.run_tool("hns", "create", "network", "nat2", "--type", "NAT")
        self.assertEqual(done.status, 1, done)
        self.assertIn("0x80070057", done.stderr)
        self.assertEqual(len(self.hns.networks()), 2)


if __name__ == "__main__":
    main()
