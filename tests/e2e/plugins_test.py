# SPDX-License-Identifier: Apache-2.0
"""What only some plugins do, or only one API version: networks of the plugin's own making, overlays, NAT, Docker's
containers, flannel before others."""
import shutil

from harness import at_once, main, sample
from node import (CODE_CONF, CODE_ENVIRONMENT, CODE_HNS, CODE_NOT_AVAILABLE, CODE_TRY_AGAIN, port_mapping,
                  runtime_ports, valid_attachments)
from setups import (FLANNEL_BRIDGE, NAT, SDNBRIDGE, SDNOVERLAY, SUBNET, WIN_BRIDGE_V1, WIN_BRIDGE_V2, WIN_OVERLAY_V1,
                    WIN_OVERLAY_V2, Setup, SetupTestCase, for_each_setup)

# HCN_E_NETWORK_ALREADY_EXISTS: HNS has no two networks of one name.
ALREADY_EXISTS = "0x803B0010"


def maker(name, plugin, api_version, network, **conf):
    """A node without a network, and a plugin that makes it."""
    return Setup(name, plugin, {"apiVersion": api_version, **({"createNetwork": network} if network else {}), **conf},
                 None, host_local=not conf.get("ipam"))


# The setup; and of the network: type, subnets with gateway and VNI, adapter, VXLAN port; the gateway of its pods.
NEW_NETWORKS = [
    (maker("L2Bridge", "win-bridge", 2, {"subnet": SUBNET, "adapter": "Ethernet 2"}),
     "L2Bridge", [(SUBNET, "10.244.4.1", None)], "Ethernet 2", None, "10.244.4.2"),
    (maker("L2BridgeV1", "win-bridge", 1, {"subnet": SUBNET, "adapter": "Ethernet 2"}),
     "L2Bridge", [(SUBNET, "10.244.4.1", None)], "Ethernet 2", None, "10.244.4.2"),
    (maker("L2Tunnel", "win-bridge", 2, {"type": "l2tunnel", "subnet": "10.244.4.7/24", "gateway": "10.244.4.9"}),
     "L2Tunnel", [(SUBNET, "10.244.4.9", None)], None, None, "10.244.4.2"),
    (maker("L2BridgeTwoSubnets", "win-bridge", 2, {"subnets": [{"subnet": SUBNET}, {"subnet": "10.245.0.0/24"}]}),
     "L2Bridge", [(SUBNET, "10.244.4.1", None), ("10.245.0.0/24", "10.245.0.1", None)], None, None, "10.244.4.2"),
    (maker("Overlay", "win-overlay", 2, {"subnet": SUBNET, "vni": 4096, "vxlanPort": 4790}),
     "Overlay", [(SUBNET, "10.244.4.1", 4096)], None, 4790, "10.244.4.1"),
    (maker("OverlayV1", "win-overlay", 1, {"subnet": SUBNET, "vni": 4096, "adapter": "Ethernet"}),
     "Overlay", [(SUBNET, "10.244.4.1", 4096)], "Ethernet", None, "10.244.4.1"),
    (maker("Sdnoverlay", "sdnoverlay", 2, {"subnet": SUBNET, "vni": 4096}),
     "Overlay", [(SUBNET, "10.244.4.1", 4096)], None, None, "10.244.4.1"),
    (maker("Nat", "nat", 2, {"subnet": SUBNET}),
     "NAT", [(SUBNET, "10.244.4.1", None)], None, None, "10.244.4.1"),
    (maker("NatV1", "nat", 1, {"subnet": SUBNET}),
     "NAT", [(SUBNET, "10.244.4.1", None)], None, None, "10.244.4.1"),
    (maker("NatOfMicrosoft", "nat", 2, None, master="Ethernet",
           ipam={"subnet": SUBNET, "routes": [{"GW": "10.244.4.5"}]}),
     "NAT", [(SUBNET, "10.244.4.5", None)], "Ethernet", None, "10.244.4.5"),
    (maker("Transparent", "sdnbridge", 2, {"type": "Transparent", "subnet": SUBNET, "adapter": "Ethernet"},
           gatewayFrom="network"),
     "Transparent", [(SUBNET, "10.244.4.1", None)], "Ethernet", None, "10.244.4.1"),
]
EXPECTED = {setup.name: expected for setup, *expected in NEW_NETWORKS}


def settings_of(policies, type):
    """The settings of the policy of that type, or None."""
    return next((policy["Settings"] for policy in policies if policy["Type"] == type), None)


def described(network):
    """What NEW_NETWORKS says of an HNS network."""
    subnets = [(subnet["AddressPrefix"], subnet.get("GatewayAddress"),
                (settings_of(subnet["Policies"], "VSID") or {}).get("IsolationId")) for subnet in network["Subnets"]]
    adapter = settings_of(network["Policies"], "NetAdapterName") or {}
    port = settings_of(network["Policies"], "VxlanPort") or {}
    return [network["Type"], subnets, adapter.get("NetworkAdapterName"), port.get("Port")]


class NewNetwork:
    def expect_network(self):
        network, = self.hns.networks()
        self.assertEqual(network["Name"], "cbr0")
        self.assertEqual(described(network), EXPECTED[self.setup.name][:-1])
        return network["ID"]

    def test_the_first_add_makes_the_network_and_all_work_on_it(self):
        self.succeed("STATUS")
        self.assertEqual(self.hns.networks(), [], "STATUS must change nothing")
        first = self.succeed("ADD")
        network = self.expect_network()
        self.assertEqual(self.endpoint()["NetworkID"], network)
        self.assertEqual(first["ips"][0]["gateway"], EXPECTED[self.setup.name][-1])
        self.pass_check(first)
        self.assertEqual(self.succeed("ADD"), first)
        second = self.succeed("ADD", CNI_CONTAINERID="c2")
        self.assertNotEqual(second["ips"], first["ips"])
        self.succeed("STATUS")
        self.assertEqual({endpoint["NetworkID"] for endpoint in self.hns.endpoints()}, {network})
        for container in ("c1", "c2"):
            self.succeed("DEL", CNI_CONTAINERID=container)
        self.assert_nothing_left()
        self.assertEqual(self.expect_network(), network, "making and removing one cuts the host off")
        self.assert_no_handles_left_open()

    def fault_of_making(self, **fault):
        if self.setup.api_version == 2:
            self.hns.faults({"function": "HcnCreateNetwork", **fault})
        else:
            self.hns.faults({"function": "HNSCall", "method": "POST", "path": "/networks", **fault})

    def test_two_first_adds_at_once_share_one_network(self):
        # Long enough for both to see that there is none; they must succeed either way.
        self.fault_of_making(delayMs=300)
        done = at_once(lambda container: self.cni("ADD", CNI_CONTAINERID=container), ("c1", "c2"))
        self.assertEqual([one.status for one in done], [0, 0], done)
        network = self.expect_network()
        self.assertEqual([endpoint["NetworkID"] for endpoint in self.endpoints_of_pods()], [network] * 2)
        self.assertNotEqual(*[one.json["ips"][0]["address"] for one in done])

    def test_a_network_that_another_made_meanwhile_is_as_good(self):
        self.fault_of_making(hresult=ALREADY_EXISTS, after=True)
        self.succeed("ADD")
        self.assertEqual(self.endpoint()["NetworkID"], self.expect_network())

    def test_a_call_that_is_worth_a_retry_makes_one_network(self):
        for after in (False, True):
            self.fault_of_making(call=1, hresult="0x800706BA", after=after)
            self.succeed("ADD")
            self.assertEqual(self.endpoint()["NetworkID"], self.expect_network())
            self.succeed("DEL")
            self.forget_made_network()

    def test_a_network_that_is_there_and_cannot_be_seen_is_one_to_wait_for(self):
        # https://github.com/microsoft/hcsshim/issues/850
        self.fault_of_making(hresult=ALREADY_EXISTS)
        # N11: of a NAT network it may be the prefix that is taken, and waiting does not help.
        is_nat = self.setup.plugin == "nat"
        error = self.fail_with(CODE_HNS if is_nat else CODE_TRY_AGAIN, "ADD")
        self.assertIn("cbr0", error["msg"])
        self.assertIn(ALREADY_EXISTS, error["msg"])
        self.assertIn("HNS lists no network of that name", error["details"])
        self.assertIn("Restart-Service hns", error["details"])
        self.assertEqual("Get-NetNat" in error["details"], is_nat)
        self.assert_nothing_left()

    def test_a_pod_without_a_sandbox_makes_no_network(self):
        if self.setup.api_version == 2:
            netns = {"CNI_NETNS": "A1111111-2222-4333-8444-555555555501"}
        else:
            self.hns.set_compute_systems([])
            netns = {}
        self.fail_with(CODE_ENVIRONMENT, "ADD", **netns)
        self.assertEqual((self.hns.networks(), self.leases()), ([], []))


for_each_setup(globals(), NewNetwork, [setup for setup, *_ in NEW_NETWORKS])


class NewNetworkRefused(SetupTestCase):
    setup = maker("Refused", "win-bridge", 2, {"subnet": SUBNET})

    def test_each_by_its_name_and_before_anything_is_taken(self):
        other_family = {"subnet": SUBNET, "gateway": "fd00::1"}
        overlay = {"subnet": SUBNET, "vni": 4096}
        for plugin, network, words, *api_version in [
                ("win-bridge", {"type": "NAT", "subnet": SUBNET}, ("createNetwork.type", "NAT", "L2Tunnel")),
                ("win-bridge", {"type": "Moon", "subnet": SUBNET}, ("createNetwork.type", "Moon")),
                ("win-overlay", {"type": "L2Bridge", "subnet": SUBNET}, ("createNetwork.type", "L2Bridge", "Overlay")),
                ("nat", {"type": "Overlay", **overlay}, ("createNetwork.type", "Overlay", "NAT")),
                ("win-bridge", {"type": "Transparent"}, ("createNetwork.type", "Transparent")),
                ("win-overlay", {"subnet": SUBNET}, ("createNetwork", "vni", "4096")),
                ("win-overlay", {"subnets": [overlay, {"subnet": "10.9.0.0/24"}]}, ("createNetwork", "vni")),
                ("win-overlay", {"subnet": SUBNET, "vni": 0}, ("createNetwork.vni", "16777215")),
                ("win-overlay", {"subnet": SUBNET, "vni": 16777216}, ("createNetwork.vni", "16777215")),
                ("win-bridge", {}, ("createNetwork", "subnet")),
                ("nat", {"adapter": "Ethernet"}, ("createNetwork", "subnet")),
                ("win-bridge", other_family, ("createNetwork.gateway", "fd00::1", SUBNET)),
                ("win-bridge", {"subnet": "fd00:4::/64"}, ("IPv6", "without IPv4")),
                ("nat", {"subnets": [{"subnet": "fd00:4::/64"}, {"subnet": "fd00:5::/64"}]}, ("IPv6", "without IPv4")),
                ("sdnbridge", {"type": "Transparent", "subnet": "fd00:4::/64"}, ("IPv6", "without IPv4")),
                ("win-bridge", {"subnet": SUBNET, "gateway": "10.244.4.255"}, ("createNetwork.gateway", "broadcast")),
                ("win-bridge", {"subnet": "10.244.4.0"}, ("createNetwork.subnet", "10.244.4.0")),
                ("win-bridge", {"subnet": SUBNET, "gateway": "x"}, ("createNetwork.gateway", '"x"')),
                ("win-overlay", {**overlay, "vxlanPort": 0}, ("createNetwork.vxlanPort", "65535")),
                ("win-overlay", {**overlay, "vxlanPort": 4789}, ("createNetwork.vxlanPort", "apiVersion 2"), 1),
                ("win-bridge", {"subnet": SUBNET, "vxlanPort": 4789}, ("createNetwork.vxlanPort", "overlay"))]:
            for command in ("ADD", "STATUS"):
                with self.subTest(plugin=plugin, network=network, command=command):
                    self.plugin = plugin
                    conf = {**self.conf, "createNetwork": network, "apiVersion": (api_version or [2])[0]}
                    netns = {"CNI_NETNS": "none"} if api_version else {}
                    error = self.fail_with(CODE_CONF, command, conf, **netns)
                    for word in words:
                        self.assertIn(word, error["msg"] + " " + error["details"])
        self.assertEqual((self.hns.networks(), self.leases(), self.hns.calls()), ([], [], []))

    def test_b12_no_network_is_made_for_pods_of_ipv6_alone(self):
        ipam = {**self.conf["ipam"], "ranges": [[{"subnet": "fd00:4::/64"}]]}
        both = {"subnets": [{"subnet": SUBNET}, {"subnet": "fd00:4::/64"}]}
        for plugin, conf in [("win-bridge", {"createNetwork": both, "ipam": ipam}),
                             ("nat", {"createNetwork": {"subnet": SUBNET}, "ipam": ipam}),
                             ("nat", {"ipam": {"subnet": "fd00:4::/64"}}),
                             ("sdnbridge", {"ipam": {**self.conf["ipam"], "ranges": [], "subnet": "fd00:4::/64"}})]:
            self.plugin = plugin
            base = {key: value for key, value in self.conf.items() if key != "createNetwork"}
            for command in ("ADD", "STATUS"):
                with self.subTest(plugin=plugin, conf=conf, command=command):
                    self.assertIn("IPv6", self.fail_with(CODE_CONF, command, {**base, **conf})["msg"])
        self.assertEqual((self.hns.networks(), self.leases()), ([], []))

    def test_a_gateway_of_microsofts_confs_that_the_subnet_does_not_hold(self):
        ipam = {"subnet": SUBNET, "routes": [{"GW": "10.9.0.1"}]}
        for plugin in ("nat", "sdnbridge"):
            self.plugin = plugin
            conf = {"cniVersion": "1.1.0", "name": "cbr0", "type": plugin, "ipam": ipam}
            for code, command in ((CODE_CONF, "ADD"), (CODE_NOT_AVAILABLE, "STATUS")):
                error = self.fail_with(code, command, conf)
                for word in ("cbr0", "10.9.0.1", SUBNET):
                    self.assertIn(word, error["msg"])
                self.assertIn("routes", error["details"])
        self.assertEqual((self.hns.networks(), self.hns.endpoints()), ([], []))

    def test_the_type_is_sent_in_the_spelling_of_hns(self):
        self.succeed("ADD", {**self.conf, "createNetwork": {"type": "l2TUNNEL", "subnet": SUBNET}})
        call, = [call for call in self.hns.calls() if call["api"] == "HcnCreateNetwork"]
        self.assertEqual(call["request"]["Type"], "L2Tunnel")

    def test_a_pod_is_removed_by_a_conf_that_add_refuses(self):
        self.succeed("ADD")
        self.succeed("DEL", {**self.conf, "createNetwork": {"type": "Moon"}})
        self.assert_nothing_left()

    def test_a_network_that_cannot_be_made_is_named(self):
        self.hns.faults({"function": "HcnCreateNetwork", "hresult": "0x803B0006"})
        error = self.fail_with(CODE_HNS, "ADD")
        self.assertIn("cbr0", error["msg"])
        self.assertIn("HCN_E_ADAPTER_NOT_FOUND", error["msg"])
        self.assert_nothing_left()


class Transparent(SetupTestCase):
    setup = maker("Transparent", "sdnbridge", 2, {"type": "Transparent"})

    def test_b44_without_a_subnet_addresses_come_from_outside(self):
        del self.conf["ipam"]
        result = self.succeed("ADD")
        self.assertEqual(result.get("ips", []), [])
        network, = self.hns.networks()
        self.assertEqual((network["Type"], network["Subnets"]), ("Transparent", []))
        self.assertEqual((self.endpoint()["NetworkID"], self.endpoint()["NamespaceID"]),
                         (network["ID"], self.namespace))
        self.pass_check(result)
        self.succeed("DEL")
        self.assert_nothing_left()

    def test_b44_ipam_may_give_them_all_the_same(self):
        result = self.succeed("ADD")
        # There is no bridge: the gateway is the network's, and base + 2 an address as others.
        self.assertEqual((result["ips"][0]["address"], result["ips"][0]["gateway"]), ("10.244.4.2/24", "10.244.4.1"))
        self.pass_check(result)
        self.succeed("DEL")
        self.assert_nothing_left()


class Docker(SetupTestCase):
    """apiVersion 1: CNI_NETNS is "none", or "container:<id>" of the sandbox."""
    setup = WIN_BRIDGE_V1

    def test_b02_del_without_a_sandbox_removes_the_endpoint_that_is_there(self):
        for netns in ("", None):
            with self.subTest(netns=netns):
                self.succeed("ADD")
                self.succeed("DEL", CNI_NETNS=netns)
                self.assert_nothing_left()

    def test_b69_a_host_port_on_one_address_of_the_host(self):
        self.conf.update(runtime_ports(port_mapping(hostIP="192.168.1.10"),
                                       port_mapping(protocol="udp", hostIP="0.0.0.0")))
        result = self.succeed("ADD")
        call, = [call for call in self.hns.calls() if call["api"] == "HNSCall" and call["method"] == "POST"]
        self.assertEqual(call["request"]["Policies"],
                         [{"Type": "NAT", "Protocol": "TCP", "InternalPort": 80, "ExternalPort": 8080,
                           "VIP": "192.168.1.10", "Flags": 1},
                          {"Type": "NAT", "Protocol": "UDP", "InternalPort": 80, "ExternalPort": 8080, "Flags": 1}])
        self.pass_check(result)

    def test_b27_a_container_that_leaves_its_sandbox_ends_nothing(self):
        self.succeed("ADD")
        workload = {"CNI_CONTAINERID": "workload", "CNI_NETNS": "container:c1"}
        self.succeed("ADD", **workload)
        self.assertEqual(sorted(self.endpoint()["SharedContainers"]), ["c1", "workload"])
        self.succeed("DEL", **workload)
        self.assertEqual((self.endpoint()["SharedContainers"], self.leases()), (["c1"], ["10.244.4.3"]))
        self.succeed("DEL")
        self.assert_nothing_left()


class NetworkGateway:
    """The address that HNS has as the network's gateway is not the first one, and host-local knows nothing of it."""
    def setUp(self):
        super().setUp()
        self.hns.remove("networks", self.network)
        self.network = self.hns.create_network("cbr0", type=self.setup.network, subnet=SUBNET, gateway="10.244.4.4")

    def addresses(self, count, **ipam):
        conf = {**self.conf, "ipam": {**self.conf["ipam"], "ranges": [[{"subnet": SUBNET, **ipam}]]}}
        results = [self.succeed("ADD", conf, CNI_CONTAINERID=f"c{number}") for number in range(count)]
        for number in range(count):
            self.succeed("DEL", conf, CNI_CONTAINERID=f"c{number}")
        self.assertEqual(self.leases(), [])
        # Else the next pod's address is the one after these.
        shutil.rmtree(self.folder / "ipam")
        return [result["ips"][0]["address"].removeprefix("10.244.4.") for result in results]

    def test_b11_it_is_never_a_pods(self):
        is_bridge = "bridge" in self.setup.plugin
        self.assertEqual(self.addresses(3), ["3/24", "5/24", "6/24"] if is_bridge else ["2/24", "3/24", "5/24"])
        self.assertEqual(self.addresses(2, rangeStart="10.244.4.4"), ["5/24", "6/24"])
        # sdnbridge does as its author says.
        self.assertEqual(self.addresses(2, rangeStart="10.244.4.4", gateway="10.244.4.9"), ["5/24", "6/24"])

    def test_b11_a_range_of_it_alone_has_no_address_for_pods(self):
        only = {"ranges": [[{"subnet": SUBNET, "rangeStart": "10.244.4.4", "rangeEnd": "10.244.4.4"}]]}
        conf = {**self.conf, "ipam": {**self.conf["ipam"], **only}}
        self.assertIn("10.244.4.4", self.fail_with(CODE_CONF, "ADD", conf)["msg"])
        self.assertIn("no address for pods", self.fail_with(CODE_NOT_AVAILABLE, "STATUS", conf)["msg"])
        self.assert_nothing_left()


for_each_setup(globals(), NetworkGateway, [NAT, WIN_OVERLAY_V2, SDNOVERLAY, WIN_BRIDGE_V1, WIN_BRIDGE_V2, SDNBRIDGE])


class Overlay:
    def test_b82_a_network_without_the_hosts_address_is_not_ready(self):
        network, = self.hns.networks()
        # The second is what Windows gives itself before DHCP answers.
        for address in ("", "169.254.10.20", "0.0.0.0", "127.0.0.1", "fe80::1"):
            self.hns.put("networks", {**network, "ManagementIP": address})
            for code, command in ((CODE_TRY_AGAIN, "ADD"), (CODE_NOT_AVAILABLE, "STATUS")):
                error = self.fail_with(code, command)
                self.assertIn("cbr0", error["msg"])
                self.assertIn("management address", error["msg"])
                self.assertIn("169.254.0.0/16", error["details"])
            self.assert_nothing_left()
        self.hns.put("networks", network)
        self.succeed("STATUS")
        self.succeed("ADD")
        addresses = [policy["Settings"]["ProviderAddress"] for policy in self.endpoint()["Policies"]
                     if policy["Type"] == "ProviderAddress"]
        self.assertEqual(addresses, ["192.168.1.10"])

    def test_a_network_without_a_subnet_is_not_ready(self):
        network, = self.hns.networks()
        self.hns.put("networks", {**network, "Subnets": []})
        for code, command in ((CODE_TRY_AGAIN, "ADD"), (CODE_NOT_AVAILABLE, "STATUS")):
            self.assertIn("subnet", self.fail_with(code, command)["msg"])
        self.assert_nothing_left()

    def test_d14_mac_prefixes_that_no_endpoint_can_have(self):
        for prefix, word in (("0F-2A", "multicast"), ("01-00", "multicast"), ("zz-zz", "prefix"), ("0E2A", "prefix"),
                             ("0E-2A-00", "prefix")):
            for command in ("ADD", "STATUS"):
                with self.subTest(prefix=prefix, command=command):
                    error = self.fail_with(CODE_CONF, command, {**self.conf, "endpointMacPrefix": prefix})
                    self.assertIn(f'conf.endpointMacPrefix "{prefix}"', error["msg"])
                    self.assertIn(word, error["msg"])
        self.assertEqual((self.leases(), self.hns.calls()), ([], []))

    def test_the_mac_address_is_the_prefix_and_the_address(self):
        for prefix in ("0E-2A", "02-11"):
            conf = {**self.conf, **({} if prefix == "0E-2A" else {"endpointMacPrefix": prefix})}
            result = self.succeed("ADD", conf)
            address = result["ips"][0]["address"].partition("/")[0]
            mac = "-".join([prefix, *(f"{int(byte):02X}" for byte in address.split("."))])
            self.assertEqual(result["interfaces"][0]["mac"].upper(), mac)
            self.pass_check(result, conf)
            self.succeed("DEL", conf)


for_each_setup(globals(), Overlay, [WIN_OVERLAY_V2, WIN_OVERLAY_V1, SDNOVERLAY])


class HostPorts:
    def test_b73_a_host_port_that_is_taken_is_named_and_its_owner_untouched(self):
        self.conf.update(runtime_ports(port_mapping()))
        self.succeed("ADD")
        before = self.hns.state(), self.leases()
        error = self.fail_with(CODE_HNS, "ADD", CNI_CONTAINERID="c2")
        self.assertIn("ERROR_SHARING_VIOLATION", error["msg"])
        self.assertIn("8080/tcp", error["details"])
        self.assertEqual((self.hns.state(), self.leases()), before)
        self.conf.update(runtime_ports(port_mapping(protocol="udp")))
        self.succeed("ADD", CNI_CONTAINERID="c2")


for_each_setup(globals(), HostPorts, [NAT, WIN_BRIDGE_V1, WIN_OVERLAY_V2, SDNBRIDGE])


class FlannelV1(SetupTestCase):
    setup = Setup("FlannelV1", "flannel", {"delegate": {"type": "win-bridge", "apiVersion": 1}})

    def test_b27_a_container_that_leaves_its_sandbox_leaves_the_sandboxs_conf(self):
        self.succeed("ADD")
        workload = {"CNI_CONTAINERID": "workload", "CNI_NETNS": "container:c1"}
        self.succeed("ADD", **workload)
        self.assertEqual(sorted(self.endpoint()["SharedContainers"]), ["c1", "workload"])
        self.succeed("DEL", **workload)
        self.assertEqual((self.endpoint()["SharedContainers"], self.leases(), self.stored()),
                         (["c1"], ["10.244.4.3"], ["c1"]))
        self.succeed("DEL")
        self.assert_nothing_left()

    def test_b02_del_without_a_sandbox(self):
        self.succeed("ADD")
        self.succeed("DEL", CNI_NETNS="")
        self.assert_nothing_left()


class Flannel(SetupTestCase):
    setup = FLANNEL_BRIDGE

    def test_b01_gc_without_valid_containers_frees_everything(self):
        for container in ("c1", "c2", "c3"):
            self.succeed("ADD", CNI_CONTAINERID=container)
        # As after a reboot: HNS remembers some, and no namespace.
        self.hns.delete_endpoint("c2_cbr0")
        for namespace in self.hns.namespaces():
            self.hns.remove("namespaces", namespace["ID"])
        self.succeed("GC", {**self.conf, **valid_attachments()})
        self.assert_nothing_left()


def load_tests(_loader, standard_tests, _pattern):
    return sample(standard_tests, NewNetwork)


if __name__ == "__main__":
    main()
