# SPDX-License-Identifier: Apache-2.0
"""Public reports of what people met, each with the behaviour that we want (N1 to N35 in tests/reports.md)."""
from harness import at_once, executable, host_path, main, plugin_variables, settings
from node import CODE_CHECK, CODE_CONF, CODE_DECODING, NodeTestCase, valid_attachments
from setups import NAT, SDNBRIDGE, WIN_OVERLAY_V2, SetupTestCase


class ConfsOfScripts(SetupTestCase):
    """Confs that set-up scripts write; HNS chooses the addresses."""
    setup = NAT

    def nat_conf(self, **ipam):
        return {"cniVersion": "0.3.0", "name": "cbr0", "type": "nat", "master": "Ethernet", "ipam": ipam}

    def test_n14_host_bits_in_a_subnet_are_masked(self):
        self.hns.remove("networks", self.network)
        for name, subnet, gateway, prefix in [("cbr0", "172.22.16.1/16", "172.22.16.1", "172.22.0.0/16"),
                                              ("cbr1", "172.23.31.7/20", "172.23.16.1", "172.23.16.0/20")]:
            with self.subTest(subnet):
                conf = self.nat_conf(subnet=subnet, routes=[{"gateway": gateway}])
                self.succeed("ADD", {**conf, "name": name}, CNI_CONTAINERID=name)
                made = next(network for network in self.hns.networks() if network["Name"] == name)
                self.assertEqual(made["Subnets"][0]["AddressPrefix"], prefix)

    def test_n14_lists_where_one_value_belongs_are_refused_by_name(self):
        self.hns.remove("networks", self.network)
        for key, ipam in [("subnet", {"subnet": "192.168.1.1 10.0.0.1/16", "routes": [{"gateway": "192.168.1.1"}]}),
                          ("gateway", {"subnet": "192.168.1.1/16",
                                       "routes": [{"gateway": ["192.168.1.1", "10.0.0.1"]}]}),
                          ("subnet", {"subnet": ["192.168.1.0/24", "10.0.0.0/24"]})]:
            with self.subTest(ipam):
                done = self.cni("ADD", self.nat_conf(**ipam))
                self.assertIn(done.json["code"], (CODE_CONF, CODE_DECODING), done)
                self.assertIn(key, done.json["msg"], done)
        self.assertEqual(self.hns.networks(), [])

    def test_n35_ranges_and_lower_case_routes_without_an_ipam_type(self):
        self.hns.remove("networks", self.network)
        self.succeed("ADD", self.nat_conf(subnet="10.4.0.0/24", ranges=[[{"subnet": "10.4.0.0/24"}]],
                                          routes=[{"dst": "0.0.0.0/0", "gw": "10.4.0.1"}]))
        subnet = self.hns.networks()[0]["Subnets"][0]
        self.assertEqual((subnet["AddressPrefix"], subnet["GatewayAddress"]), ("10.4.0.0/24", "10.4.0.1"))

    def test_n19_first_pods_at_once_make_one_network(self):
        self.hns.remove("networks", self.network)
        self.hns.faults({"function": "HcnCreateNetwork", "delayMs": 300})
        conf = self.nat_conf(subnet="10.4.0.0/24", routes=[{"gateway": "10.4.0.1"}])
        spaces = [self.hns.create_namespace() for _ in range(8)]
        done = at_once(lambda number: self.cni("ADD", conf, CNI_CONTAINERID=f"c{number}", CNI_NETNS=spaces[number]),
                       range(8))
        self.assertEqual([one.status for one in done], [0] * 8, done)
        self.assertEqual(len(self.hns.networks()), 1)
        addresses = {one.json["ips"][0]["address"] for one in done}
        self.assertEqual(len(addresses), 8)


class ShiftedArguments(SetupTestCase):
    setup = SDNBRIDGE

    def test_n29_an_option_as_the_name_of_a_network_is_refused(self):
        before = self.hns.networks()
        for name in ("--network-plugin=kubenet", "-name", "l2bridge --type", "a/b"):
            with self.subTest(name):
                error = self.fail_with(CODE_CONF, "ADD", {**self.conf, "name": name,
                                                          "createNetwork": {"subnet": "10.5.0.0/24"}})
                self.assertIn(name, error["msg"])
        self.assertEqual(self.hns.networks(), before)


class EndpointsThatAreGone(NodeTestCase):
    def test_n21_a_namespace_that_still_lists_an_endpoint_that_is_gone(self):
        result = self.succeed("ADD")
        self.hns.remove("endpoints", self.endpoint()["ID"])
        error = self.fail_with(CODE_CHECK, "CHECK", {**self.conf, "prevResult": result})
        self.assertIn("c1_cbr0", error["msg"])
        self.succeed("DEL")
        self.assertEqual(self.leases(), [])
        self.succeed("ADD")
        self.assertEqual(len(self.hns.endpoints()), 1)

    def test_n21_detaching_that_is_not_supported_does_not_stop_a_del(self):
        for code in ("0x803B0015", "0x80070032"):
            with self.subTest(code):
                self.succeed("ADD")
                self.hns.faults({"function": "HcnModifyNamespace", "hresult": code})
                self.succeed("DEL")
                self.hns.faults()
                self.assertEqual((self.hns.endpoints(), self.leases()), ([], []))


class ManagementAddress(SetupTestCase):
    setup = WIN_OVERLAY_V2

    def move_host(self, address):
        self.hns.put("networks", {**self.hns.networks()[0], "ManagementIP": address})

    def provider_addresses(self, name):
        endpoint = next(one for one in self.hns.endpoints() if one["Name"] == name)
        return [policy["Settings"]["ProviderAddress"] for policy in endpoint["Policies"]
                if policy["Type"] == "ProviderAddress" or "ProviderAddress" in policy.get("Settings", {})]

    def test_n27_a_host_that_moved(self):
        result = self.succeed("ADD")
        self.move_host("192.168.77.5")
        error = self.fail_with(CODE_CHECK, "CHECK", {**self.conf, "prevResult": result})
        self.assertIn("192.168.77.5", error["details"])
        self.succeed("ADD", CNI_CONTAINERID="c2", CNI_NETNS=self.hns.create_namespace())
        self.assertEqual(self.provider_addresses("c2_cbr0"), ["192.168.77.5"])


class Ipam(NodeTestCase):
    plugin = "host-local"

    def ask(self, ipam, command="ADD", **env):
        conf = {**self.conf, "ipam": {**self.conf["ipam"], **ipam}}
        return self.cni(command, conf, **env)

    def test_n16_the_same_request_twice_gives_one_address_and_says_nothing_else(self):
        for version in ("0.3.1", "1.0.0", "1.1.0"):
            with self.subTest(version):
                self.conf["cniVersion"] = version
                first, second = self.ask({}), self.ask({})
                self.assertEqual(first.json["ips"][0]["address"], second.json["ips"][0]["address"])
                self.assertEqual((first.stderr, second.stderr), ("", ""))

    def test_n22_ranges_at_the_top_of_a_family(self):
        for ranges in ([{"subnet": "255.255.255.252/30", "rangeStart": "255.255.255.255",
                         "gateway": "255.255.255.255"}],
                       [{"subnet": "255.255.255.252/30", "rangeStart": "255.255.255.254",
                         "gateway": "255.255.255.254"}],
                       [{"subnet": "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffc/126",
                         "rangeStart": "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                         "gateway": "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}]):
            with self.subTest(ranges):
                done = self.ask({"ranges": [ranges]})
                self.assertEqual(done.status, 1, done)
                self.assertTrue(done.json["msg"], done)
                self.assertEqual(self.leases(), [])

    def test_n24_the_last_of_several_ranges_of_one_subnet(self):
        ranges = [{"subnet": "10.1.2.0/24", "rangeStart": f"10.1.2.{n}", "rangeEnd": f"10.1.2.{n + 4}"}
                  for n in (10, 20, 30)]
        for wanted in ("10.1.2.34", "10.1.2.20", "10.1.2.14"):
            with self.subTest(wanted):
                done = self.ask({"ranges": [ranges]}, CNI_ARGS="IP=" + wanted, CNI_CONTAINERID="c" + wanted[-2:])
                self.assertEqual(done.json["ips"][0]["address"], wanted + "/24")

    def test_n26_gc_never_takes_an_unknown_key_for_an_empty_list(self):
        self.assertEqual(self.ask({}).status, 0)
        pair = [{"containerID": "c1", "ifname": "eth0"}]
        self.fail_with(CODE_CONF, "GC", {**self.conf, "cni.dev/attachments": pair})
        self.assertEqual(len(self.leases()), 1)
        self.succeed("GC", {**self.conf, "cni.dev/attachments": [], **valid_attachments("c1")})
        self.assertEqual(len(self.leases()), 1)
        self.succeed("GC", {**self.conf, "cni.dev/attachments": pair, **valid_attachments()})
        self.assertEqual(self.leases(), [])


class GcOfEndpoints(NodeTestCase):
    def test_n26_gc_never_takes_an_unknown_key_for_an_empty_list(self):
        self.succeed("ADD")
        self.fail_with(CODE_CONF, "GC", {**self.conf, "cni.dev/attachments": []})
        self.assertEqual(len(self.hns.endpoints()), 1)


class ConfsThatCannotBe(NodeTestCase):
    def test_a_list_is_refused_by_every_plugin(self):
        for plugin in ("win-bridge", "win-overlay", "nat", "flannel", "sdnbridge", "host-local"):
            conf_list = {"cniVersion": "1.1.0", "name": "cbr0", "plugins": [{**self.conf, "type": plugin}]}
            for conf in (conf_list, {**conf_list, "type": plugin}):
                with self.subTest(conf):
                    done = self.run_plugin(plugin, "ADD", conf, {"CNI_NETNS": self.namespace})
                    self.assertEqual((done.status, done.json["code"]), (1, CODE_CONF), done)
                    self.assertIn("plugins", done.json["msg"])
        self.fail_with(CODE_CONF, "ADD", {**self.conf, "plugins": {}})
        self.assert_nothing_left()
        # Nothing was ever added by one that holds nothing.
        self.succeed("ADD")
        self.succeed("DEL", {**self.conf, "plugins": []})
        self.assert_nothing_left()

    def test_a_list_removes_nothing(self):
        """Its name alone would find the endpoint, and nothing in it the lease."""
        self.succeed("ADD")
        before = self.hns.state(), self.leases()
        conf_list = {"cniVersion": "1.1.0", "name": "cbr0", "plugins": [{**self.conf, "type": "win-bridge"}]}
        for plugin, command in (("win-bridge", "DEL"), ("win-bridge", "GC"), ("flannel", "DEL"), ("host-local", "GC")):
            with self.subTest(plugin, command=command):
                done = self.run_plugin(plugin, command, {**conf_list, **valid_attachments()},
                                       {"CNI_NETNS": self.namespace})
                self.assertEqual((done.status, done.json["code"]), (1, CODE_CONF), done)
                self.assertIn("conf.plugins", done.json["msg"])
                self.assertEqual((self.hns.state(), self.leases()), before)
        self.succeed("DEL")
        self.assert_nothing_left()

    def test_a_plugin_that_gives_no_addresses_is_refused_by_name(self):
        for type in ("win-bridge", "sdnbridge", "win-overlay", "Win-Overlay.exe", "flannel", "nat"):
            with self.subTest(type):
                conf = {**self.conf, "ipam": {"type": type}}
                error = self.fail_with(CODE_CONF, "ADD", conf)
                self.assertIn(f'conf.ipam.type is "{type}"', error["msg"])
                self.assertIn("circle", error["details"])
                self.succeed("DEL", conf)
                self.assert_nothing_left()

    def test_a_plugin_reached_by_a_link_is_itself(self):
        if settings.wine:
            self.skipTest("links are made on Linux only")
        folder = self.folder / "bin"
        folder.mkdir()
        for link, plugin in (("ipam-x", "win-bridge"), ("delegate-x", "flannel")):
            (folder / link).symlink_to(executable(plugin))
        path = plugin_variables("ADD")["CNI_PATH"] + ":" + str(folder)
        flannel = {"cniVersion": "1.1.0", "name": "cbr0", "dataDir": str(self.folder / "data"),
                   "subnetFile": "/not/there"}
        for plugin, conf in (("win-bridge", {**self.conf, "ipam": {"type": "ipam-x"}}),
                             ("flannel", {**flannel, "delegate": {"type": "delegate-x"}}),
                             ("flannel", {**flannel, "delegate": {"type": "flannel"}}),
                             ("flannel", {**flannel, "delegate": {"type": "Flannel.exe"}})):
            with self.subTest(plugin, conf=conf):
                for command, status in (("ADD", 1), ("DEL", 0)):
                    done = self.run_plugin(plugin, command, conf, {"CNI_NETNS": self.namespace, "CNI_PATH": path})
                    self.assertEqual(done.status, status, done)
                    if status:
                        self.assertEqual(done.json["code"], CODE_CONF, done)
                        self.assertIn("itself", done.json["msg"])
                        self.assertIn("circle", done.json["msg"])
                self.assert_nothing_left()
                self.assertFalse((self.folder / "data").exists())


class IpamThatIsMissing(NodeTestCase):
    """What was never installed has given nothing; what is gone since then is missed."""

    def test_a_pod_that_never_was_goes(self):
        for type in ("not-installed", "not-installed.exe", "host-localx"):
            with self.subTest(type):
                conf = {**self.conf, "ipam": {**self.conf["ipam"], "type": type}}
                self.fail_with(CODE_CONF, "ADD", conf)
                done = self.cni("DEL", conf)
                self.assertEqual(done.status, 0, done)
                self.assertIn(type, done.stderr)
                self.assert_nothing_left()

    def test_an_endpoint_stays_until_its_address_can_be_given_back(self):
        self.succeed("ADD")
        before = self.hns.state()["endpoints"], self.leases()
        empty = host_path(self.folder)
        for _ in range(2):
            error = self.fail_with(CODE_CONF, "DEL", CNI_PATH=empty)
            self.assertIn("host-local", error["msg"])
            self.assertEqual((self.hns.state()["endpoints"], self.leases()), before)
        self.succeed("DEL")
        self.assert_nothing_left()
        self.succeed("DEL", CNI_PATH=empty)


if __name__ == "__main__":
    main()
