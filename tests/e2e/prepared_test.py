# SPDX-License-Identifier: Apache-2.0
"""What is found out before an address is taken: gateways that no pod reaches, families that Windows does not run,
ranges that give nothing. STATUS says the same as ADD."""
import os

from harness import main
from node import NodeTestCase, port_mapping, runtime_ports

CODE_CONF = 7
CODE_NOT_AVAILABLE = 50


class Prepared(NodeTestCase):
    def host_local(self, **keys):
        return {**self.conf, "ipam": {"type": "host-local", "dataDir": self.conf["ipam"]["dataDir"], **keys}}

    def refused_by_both(self, conf, *words, code=CODE_CONF):
        """ADD's error, and STATUS with the conf's code or 50; nothing is taken."""
        for command, codes in (("ADD", (code,)), ("STATUS", (code, CODE_NOT_AVAILABLE))):
            done = self.cni(command, conf)
            self.assertEqual(done.status, 1, (command, done))
            self.assertIn(done.json["code"], codes, (command, done))
            for word in words:
                self.assertIn(word, done.json["msg"] + " " + done.json.get("details", ""), (command, done))
        self.assert_nothing_left()

    def test_values_that_are_none(self):
        for conf, words in (
                ({"dns": {"Nameservers": "10.96.0.10 10.96.0.11"}}, ("Nameservers", "-Depth")),
                ({"policies": [{"name": "EndpointPolicy", "value": {"Type": "OutBoundNAT", "ExceptionList":
                                ["System.Object[]"]}}]}, ("ExceptionList[0]", "PowerShell")),
                ({"AdditionalArgs": [{"Name": "EndpointPolicy", "Value": {"Type": "ROUTE", "DestinationPrefix":
                                      "{{ .ServiceCIDR }}"}}]}, ("DestinationPrefix", "placeholder"))):
            with self.subTest(conf=conf):
                self.refused_by_both({**self.conf, **conf}, *words)

    def test_ipv6_alone(self):
        self.refused_by_both(self.host_local(ranges=[[{"subnet": "fd00:10:244:4::/64"}]]), "IPv6", "kubernetes.io")

    def test_a_host_port_on_an_address_of_the_other_family(self):
        self.refused_by_both({**self.conf, **runtime_ports(port_mapping(hostIP="fd00::9"))}, "8080/tcp", "fd00::9")

    def test_status_sees_ranges_without_an_address_for_pods(self):
        for keys, words in (({"subnet": "10.244.9.0/24"}, ("outside of HNS network", "10.244.4.0/24", "subnet.env")),
                            ({"subnet": "10.244.4.0/30"}, ("no address for pods",)),
                            ({"subnet": "10.244.4.0/24", "rangeStart": "10.244.4.1", "rangeEnd": "10.244.4.2"},
                             ("no address for pods",))):
            with self.subTest(keys=keys):
                error = self.fail_with(CODE_NOT_AVAILABLE, "STATUS", self.host_local(**keys))
                for word in words:
                    self.assertIn(word, error["msg"] + " " + error.get("details", ""))
                self.assertEqual(self.cni("ADD", self.host_local(**keys)).status, 1)
                self.assert_nothing_left()

    def test_n22_a_range_of_the_gateway_alone(self):
        conf = self.host_local(subnet="10.244.4.0/24", rangeStart="10.244.4.9", rangeEnd="10.244.4.9",
                               gateway="10.244.4.9")
        error = self.fail_with(CODE_CONF, "ADD", conf)
        self.assertIn("holds no address for pods: what is in it is the gateway", error["msg"])
        self.assertNotIn("GC", error.get("details", ""))

    def test_a_gateway_that_is_not_used_is_told(self):
        done = self.cni("ADD", self.host_local(subnet="10.244.4.0/24", gateway="10.244.4.1"))
        self.assertEqual(done.json["ips"][0]["gateway"], "10.244.4.2")
        self.assertIn("conf.ipam.gateway 10.244.4.1 is not the pod's gateway, which is 10.244.4.2", done.stderr)


    def test_c18_routes_that_host_local_refuses(self):
        for routes, code, word in (([{"dst": "10.9.0.0"}], 6, "dst"), ([{"dst": "x/8"}], 6, "dst"),
                                   ([{"gw": "10.244.4.9"}], 6, "dst"), ([{"dst": "10.9.0.0/16"}, {}], 6, "dst")):
            with self.subTest(routes=routes):
                conf = self.host_local(subnet="10.244.4.0/24", routes=routes)
                self.refused_by_both(conf, word, code=code)
                done = self.run_plugin("host-local", "STATUS", conf, {})
                self.assertEqual((done.status, done.json["code"]), (1, code), done)

    def test_c18_neither_ipam_nor_a_subnet(self):
        network, = self.hns.networks()
        self.hns.put("networks", {**network, "Subnets": []})
        del self.conf["ipam"]
        for plugin in ("win-bridge", "sdnbridge"):
            self.plugin = plugin
            error = self.fail_with(CODE_NOT_AVAILABLE, "STATUS")
            self.assertIn("has no subnet, and the conf names no IPAM plugin", error["msg"])
            self.assertEqual(self.cni("ADD").status, 1)

    def test_c18_an_ipv6_range_on_an_overlay(self):
        self.hns.remove("networks", self.network)
        self.hns.create_network("cbr0", type="Overlay", subnet="10.244.4.0/24")
        both = self.host_local(ranges=[[{"subnet": "10.244.4.0/24"}], [{"subnet": "fd00:4::/64"}]])
        for plugin in ("win-overlay", "sdnoverlay"):
            self.plugin = plugin
            self.refused_by_both(both, "fd00:4::/64", "IPv4 only")

    def test_c18_leases_in_a_relative_folder(self):
        conf = self.host_local(subnet="10.244.4.0/24")
        conf["ipam"]["dataDir"] = os.path.relpath(self.folder / "leases")
        for plugin in ("host-local", "win-bridge"):
            self.plugin = plugin
            self.succeed("STATUS", conf)
        self.succeed("ADD", conf)
        self.succeed("DEL", conf)


class WithoutIpam(NodeTestCase):
    plugin = "sdnbridge"

    def test_n02_a_gateway_of_another_subnet(self):
        conf = {**self.conf, "ipam": {"subnet": "10.4.0.0/24", "routes": [{"gateway": "10.4.0.1"}]}}
        done = self.cni("ADD", conf)
        self.assertEqual((done.status, done.json["ips"][0]["gateway"]), (0, "10.244.4.1"), done)
        self.assertIn("conf.ipam.routes[0].gateway 10.4.0.1 is not the pod's gateway", done.stderr)

    def test_a_network_whose_gateway_is_outside_of_its_prefix(self):
        self.hns.remove("networks", self.network)
        conf = {**self.conf, "createNetwork": {"subnet": "10.244.4.0/24", "gateway": "192.168.1.1"}}
        result = self.succeed("ADD", conf)
        self.assertEqual(result["ips"][0]["gateway"], "192.168.1.1")
        self.pass_check(result, conf)

    def test_n13_a_script_that_found_no_adapter(self):
        self.hns.remove("networks", self.network)
        for plugin in ("nat", "sdnbridge"):
            with self.subTest(plugin=plugin):
                self.plugin = plugin
                conf = {**self.conf, "ipam": {"subnet": "", "routes": [{"gateway": ""}]}}
                error = self.fail_with(CODE_CONF, "ADD", conf)
                self.assertIn("conf.ipam.subnet is empty", error["msg"])
                self.fail_with(CODE_NOT_AVAILABLE, "STATUS", conf)


if __name__ == "__main__":
    main()
