# SPDX-License-Identifier: Apache-2.0
"""The host's own endpoint on an l2bridge network, and NAT networks whose prefix HNS picks."""
import json

from harness import at_once, main, need_processes_that_can_be_killed, settings
from node import CODE_HNS, NodeTestCase
from setups import SUBNET


class OnNewNetwork(NodeTestCase):
    api_version = 2
    # The call that puts it into the host's compartment; with HNS v1 the one before makes it.
    attach = {"function": "HNSCall", "method": "POST", "path": "/endpoints/", "call": 1}

    def setUp(self):
        super().setUp()
        self.hns.remove("networks", self.network)
        if self.api_version == 1:
            self.namespace = "none"
        self.conf.update(apiVersion=self.api_version, createNetwork={"type": "L2Bridge", "subnet": SUBNET})

    def host_endpoints(self):
        return [endpoint for endpoint in self.hns.endpoints() if endpoint["Name"] == "cbr0_ep"]

    def addresses_of(self, endpoint):
        return [ip["IpAddress"] for ip in endpoint["IpConfigurations"]]

    def forwarding(self):
        return [call["address"] for call in self.hns.calls() if call["api"] == "SetIpInterfaceEntry"
                and call["hr"] == "0x00000000"]


class HostEndpoint(OnNewNetwork):
    def test_the_first_add_makes_it_and_lets_the_host_forward(self):
        result = self.succeed("ADD")
        self.assertEqual(result["ips"][0]["gateway"], "10.244.4.2")
        endpoint, = self.host_endpoints()
        self.assertEqual(self.addresses_of(endpoint), ["10.244.4.2"])
        self.assertEqual(endpoint["HostCompartment"], 1)
        if not settings.wine:
            self.assertEqual(sorted(self.forwarding()), ["10.244.4.2", "192.168.1.10"])
        self.pass_check(result)
        self.succeed("DEL")
        # It is the network's, and no container's.
        self.assertEqual(len(self.host_endpoints()), 1)

    def test_two_first_adds_at_once_share_it(self):
        pods = [("c1", self.namespace), ("c2", self.hns.create_namespace() if self.api_version == 2 else "none")]
        done = at_once(lambda pod: self.cni("ADD", CNI_CONTAINERID=pod[0], CNI_NETNS=pod[1]), pods)
        self.assertEqual([one.status for one in done], [0, 0], done)
        self.assertEqual(len(self.hns.networks()), 1)
        self.assertEqual(len(self.host_endpoints()), 1)

    def test_an_add_without_it_fails_and_the_next_one_makes_it(self):
        for hresult in ("0x80070005", "0x803B0010"):
            self.hns.faults({**self.attach, "hresult": hresult})
            error = self.fail_with(CODE_HNS, "ADD")
            self.assertIn("the host's endpoint on HNS network \"cbr0\" could not be created", error["msg"])
            self.assertEqual((self.hns.endpoints(), self.leases()), ([], []))
            # Removing a network cuts the host off.
            self.assertEqual(len(self.hns.networks()), 1)
        self.hns.faults()
        self.succeed("ADD")
        self.assertEqual(len(self.host_endpoints()), 1)

    def test_one_that_a_killed_add_made_is_attached_by_the_next(self):
        need_processes_that_can_be_killed(self)
        self.hns.faults({**self.attach, "kill": True})
        self.assertNotEqual(self.cni("ADD").status, 0)
        self.hns.faults()
        half, = self.host_endpoints()
        self.assertNotIn("HostCompartment", half)
        self.hns.put("endpoints", {**half, "State": 1})
        self.succeed("ADD")
        endpoint, = self.host_endpoints()
        self.assertEqual((endpoint["ID"], endpoint["HostCompartment"]), (half["ID"], 1))

    def test_forwarding_that_a_killed_add_did_not_enable_is_enabled_by_the_next(self):
        need_processes_that_can_be_killed(self)
        self.hns.faults({**self.attach, "kill": True, "after": True})
        self.assertNotEqual(self.cni("ADD").status, 0)
        self.hns.faults()
        self.assertEqual(self.forwarding(), [])
        self.succeed("ADD")
        self.assertEqual(sorted(self.forwarding()), ["10.244.4.2", "192.168.1.10"])

    def test_attached_already_is_success(self):
        self.hns.faults({**self.attach, "hresult": "0x803B0014"})
        self.succeed("ADD")

    def test_gc_leaves_it(self):
        self.succeed("ADD")
        self.succeed("GC", {**self.conf, "cni.dev/valid-attachments": []})
        self.assertEqual(len(self.host_endpoints()), 1)

    def test_a_gateway_that_is_another_one_needs_none(self):
        for change in ({"createNetwork": {"type": "L2Bridge", "subnet": SUBNET, "gateway": "10.244.4.2"}},
                       {"gatewayFrom": "network"}, {"isDefaultGateway": False}):
            with self.subTest(change):
                conf = {**self.conf, **change}
                done = self.cni("ADD", conf)
                self.assertEqual(done.status, 0, done)
                self.assertEqual(self.host_endpoints(), [])
                done = self.cni("STATUS", conf)
                self.assertEqual((done.status, done.stderr), (0, ""), done)
                self.succeed("DEL", conf)
                for network in self.hns.networks():
                    self.hns.remove("networks", network["ID"])


class OfMicrosoft(OnNewNetwork):
    plugin = "sdnbridge"

    def test_the_authors_gateway_decides_whether_the_host_is_one(self):
        del self.conf["createNetwork"]
        self.conf["name"] = "l2bridge"
        # The first is the network's own gateway then, which is no host.
        for gateway, made in (("10.244.4.2", []), ("10.244.4.1", []), (None, ["l2bridge_ep"])):
            with self.subTest(gateway):
                ipam = {"type": "host-local", "dataDir": self.conf["ipam"]["dataDir"], "subnet": SUBNET}
                if gateway:
                    ipam["routes"] = [{"dst": "0.0.0.0/0", "gw": gateway}]
                conf = {**self.conf, "ipam": ipam}
                result = self.succeed("ADD", conf)
                self.assertEqual(result["ips"][0]["gateway"], gateway or "10.244.4.2")
                self.assertEqual([e["Name"] for e in self.hns.endpoints() if "HostCompartment" in e], made)
                self.succeed("DEL", conf)
                for network in self.hns.networks():
                    self.hns.remove("networks", network["ID"])
                for endpoint in self.hns.endpoints():
                    self.hns.remove("endpoints", endpoint["ID"])


class HostEndpointV1(HostEndpoint):
    api_version = 1
    attach = {**HostEndpoint.attach, "call": 2}


class ManagementAddress(OnNewNetwork):
    """Of a network that gets it late."""

    def test_it_is_waited_for(self):
        self.hns.configure(managementIP=["", "", "", "169.254.3.4", "192.168.1.10"])
        done = self.cni("ADD")
        self.assertEqual(done.status, 0, done)
        network, = self.hns.networks()
        self.assertEqual(network["ManagementIP"], "192.168.1.10")
        self.assertNotIn("no management address", done.stderr)
        if not settings.wine:
            self.assertIn("192.168.1.10", self.forwarding())

    def test_one_that_never_comes_is_told(self):
        self.hns.configure(managementIP="")
        done = self.cni("ADD", {**self.conf, "timeoutSeconds": 12})
        self.assertEqual(done.status, 0, done)
        self.assertIn('HNS network "cbr0" still has no management address', done.stderr)
        self.assertIn("wincni hns create host-endpoint cbr0", done.stderr)


class Missing(NodeTestCase):
    """A network that others have made."""

    def test_status_and_check_say_that_pods_send_to_nobody(self):
        result = self.succeed("ADD")
        for command, conf in (("STATUS", self.conf), ("CHECK", {**self.conf, "prevResult": result})):
            done = self.cni(command, conf)
            self.assertEqual(done.status, 0, done)
            self.assertIn('pods on HNS network "cbr0" send through 10.244.4.2, which should be the host\'s', done.stderr)
        made = self.run_tool("hns", "create", "host-endpoint", "cbr0")
        self.assertEqual(made.status, 0, made)
        for command, conf in (("STATUS", self.conf), ("CHECK", {**self.conf, "prevResult": result})):
            done = self.cni(command, conf)
            self.assertEqual((done.status, done.stderr), (0, ""), done)

    def test_an_endpoint_of_another_name_is_as_good(self):
        self.hns.create_endpoint("vEthernet", self.network, "10.244.4.2/24")
        done = self.cni("STATUS")
        self.assertEqual((done.status, done.stderr), (0, ""), done)


class Tool(NodeTestCase):
    def test_it_is_made_once_and_attached(self):
        ids = set()
        for _ in range(2):
            done = self.run_tool("hns", "create", "host-endpoint", "cbr0", "--json")
            self.assertEqual(done.status, 0, done)
            ids.add(json.loads(done.stdout)["id"])
        self.assertEqual(len(ids), 1)
        done = self.run_tool("hns", "create", "host-endpoint", self.network)
        self.assertIn("The host is on network cbr0 with 10.244.4.2, by endpoint cbr0_ep", done.stdout)

    def test_one_with_an_old_address_goes(self):
        self.hns.create_endpoint("cbr0_ep", self.network, "10.244.4.9/24")
        self.assertEqual(self.run_tool("hns", "create", "host-endpoint", "cbr0").status, 0)
        endpoint, = self.hns.endpoints()
        self.assertEqual([ip["IpAddress"] for ip in endpoint["IpConfigurations"]], ["10.244.4.2"])

    def test_both_families(self):
        self.hns.remove("networks", self.network)
        self.hns.create_network("dual", subnets=[("10.244.4.0/24", "10.244.4.1"), ("fd00:4::/64", "fd00:4::1")])
        self.assertEqual(self.run_tool("hns", "create", "host-endpoint", "dual").status, 0)
        endpoint, = self.hns.endpoints()
        self.assertEqual([ip["IpAddress"] for ip in endpoint["IpConfigurations"]], ["10.244.4.2", "fd00:4::2"])

    def test_networks_that_have_none_are_refused(self):
        self.hns.create_network("nat", type="NAT", subnet="172.20.0.0/20", gateway="172.20.0.1")
        self.hns.create_network("bare", subnets=[])
        for name in ("nat", "bare"):
            done = self.run_tool("hns", "create", "host-endpoint", name)
            self.assertEqual(done.status, 1, done)
            self.assertIn(f"network {name}", done.stderr)
        self.assertNotEqual(self.run_tool("hns", "create", "host-endpoint", "nowhere").status, 0)


class Nat(NodeTestCase):
    plugin = "nat"

    def setUp(self):
        super().setUp()
        self.hns.remove("networks", self.network)
        self.conf = {"cniVersion": "1.1.0", "name": "nat", "type": "nat", "apiVersion": 2,
                     "createNetwork": {"type": "NAT"}}

    def test_hns_picks_the_prefix(self):
        for change in ({}, {"createNetwork": {}}):
            with self.subTest(change):
                conf = {**self.conf, **change}
                self.succeed("STATUS", conf)
                result = self.succeed("ADD", conf)
                network, = self.hns.networks()
                prefix = network["Subnets"][0]["AddressPrefix"]
                self.assertTrue(result["ips"][0]["address"].startswith(prefix.split("0/")[0]), (result, prefix))
                self.pass_check(result, conf)
                self.succeed("DEL", conf)
                self.hns.remove("networks", network["ID"])


if __name__ == "__main__":
    main()
