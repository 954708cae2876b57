# SPDX-License-Identifier: Apache-2.0
"""Confs that people run: those of conf-examples/, and real ones (tests/e2e/data/confs/), unchanged."""
import json
import pathlib
import shutil
import unittest

from harness import ROOT, main, settings
from win_bridge_test import CODE_DECODING, WinBridgeTestCase

EXAMPLES = ROOT / "conf-examples"
REAL = ROOT / "tests" / "e2e" / "data" / "confs"


class Examples(WinBridgeTestCase):
    """Each goes through all commands; host-local's default folder is replaced, since tests share the machine."""

    def setUp(self):
        super().setUp()
        self.hns.remove("networks", self.network)
        self.hns.create_network("cbr0", subnets=[("10.244.4.0/24", "10.244.4.1"), ("fd00:10:244:4::/64", "fd00:10:244:4::1")])

    def life(self, name, **runtime):
        conf = json.loads((EXAMPLES / name).read_text())
        if "ipam" in conf:
            conf["ipam"]["dataDir"] = self.conf["ipam"]["dataDir"]
        if runtime:
            conf["runtimeConfig"] = runtime
        self.succeed("STATUS", conf)
        result = self.succeed("ADD", conf, CNI_ARGS="K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web;IgnoreUnknown=1")
        endpoint = self.endpoint()
        attached = {**conf, "prevResult": result}
        self.succeed("CHECK", attached, CNI_ARGS="K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web;IgnoreUnknown=1")
        self.succeed("GC", {**conf, "cni.dev/valid-attachments": [{"containerID": "c1", "ifname": "eth0"}]})
        self.assertEqual(self.endpoint(), endpoint)
        self.succeed("DEL", attached)
        self.assert_nothing_left()
        return result, endpoint

    def test_every_example_has_a_test(self):
        tested = {"l2bridge-host-local.conf", "l2bridge-hns-ipam.conf", "l2bridge-dual-stack.conf",
                  "l2bridge-exceptions-routes.conf",
                  # These are flannel's: flannel_test.py, and the last one tests/unit/flannel_delegate_conf_test.cpp.
                  "flannel-l2bridge.conf", "flannel-dual-stack.conflist", "flannel-overlay.conflist"}
        self.assertEqual({file.name for file in EXAMPLES.glob("*.conf*")}, tested)

    def test_host_local(self):
        result, _ = self.life("l2bridge-host-local.conf")
        self.assertEqual(result["ips"], [{"address": "10.244.4.3/24", "gateway": "10.244.4.2"}])

    def test_hns_ipam(self):
        result, _ = self.life("l2bridge-hns-ipam.conf")
        self.assertEqual([ip["gateway"] for ip in result["ips"]], ["10.244.4.1", "fd00:10:244:4::1"])

    def test_dual_stack(self):
        result, endpoint = self.life("l2bridge-dual-stack.conf")
        self.assertEqual([ip["address"] for ip in result["ips"]], ["10.244.4.3/24", "fd00:10:244:4::3/64"])
        self.assertEqual([policy["Settings"]["Exceptions"][0] for policy in endpoint["Policies"]],
                         ["10.244.0.0/16", "fd00:10:244::/56"])

    def test_exceptions_and_routes(self):
        result, endpoint = self.life("l2bridge-exceptions-routes.conf",
                                     portMappings=[{"hostPort": 8080, "containerPort": 80, "protocol": "tcp"}])
        self.assertEqual(result["dns"]["search"], ["shop.svc.cluster.local", "svc.cluster.local"])
        self.assertEqual([policy["Type"] for policy in endpoint["Policies"]],
                         ["OutBoundNAT", "SDNRoute", "SDNRoute", "PortMapping", "OutBoundNAT"])
        self.assertEqual(endpoint["Policies"][0]["Settings"]["Exceptions"],
                         ["10.244.0.0/16", "10.96.0.0/12", "192.168.1.0/24"])
        self.assertEqual(endpoint["Policies"][4]["Settings"]["Destinations"], ["10.244.4.3"])
        self.assertIn({"NextHop": "10.244.4.2", "DestinationPrefix": "10.20.0.0/16"}, endpoint["Routes"])


class Delegates(WinBridgeTestCase):
    """What flannel makes of a user's conf for win-bridge, with the user's delegate unchanged."""

    def life(self, name, **env):
        conf = json.loads((REAL / name).read_text())
        handed = {**conf["delegate"], "name": conf["name"], "cniVersion": conf.get("cniVersion", ""), "ipMasq": True,
                  "ipMasqNetwork": "10.244.0.0/16",
                  "ipam": {"type": "host-local", "subnet": "10.244.4.0/24", "dataDir": self.conf["ipam"]["dataDir"]}}
        result = self.succeed("ADD", handed)
        endpoint = self.endpoint()
        # These confs are older than CHECK: the same with a newer version must pass it.
        self.succeed("CHECK", {**handed, "cniVersion": "1.0.0"})
        self.succeed("DEL", handed)
        self.assert_nothing_left()
        return result, endpoint

    def test_sample_v2_of_the_go_plugin(self):
        result, endpoint = self.life("31-cni-plugins-win-bridge-sample-v2.conf")
        self.assertEqual(result["ip4"], {"ip": "10.244.4.3/24", "gateway": "10.244.4.2"})
        self.assertEqual([(p["Type"], p["Settings"]) for p in endpoint["Policies"]], [
            ("OutBoundNAT", {"Exceptions": ["192.168.0.0/16", "11.0.0.0/8", "10.137.196.0/23", "10.244.0.0/16"]}),
            ("SDNRoute", {"DestinationPrefix": "11.0.0.0/8", "NeedEncap": True}),
            ("SDNRoute", {"DestinationPrefix": "10.137.198.27/32", "NeedEncap": True}),
            ("OutBoundNAT", {"Destinations": ["10.244.4.3"]})])

    def test_a_guides_conf_with_a_placeholder_left_in_it(self):
        _, endpoint = self.life("86-unattributed-guide-host-gw-win-bridge.conf")
        self.assertEqual([p["Settings"] for p in endpoint["Policies"]],
                         [{"Exceptions": ["10.244.0.0/16", "10.96.0.0/12", "<node-underlay-cidr>"]},
                          {"Destinations": ["10.244.4.3"]}])

    def test_d15_lists_that_powershell_unrolled(self):
        conf = json.loads((REAL / "97-derived-powershell-scalar-instead-of-array.conf").read_text())
        conf.update(apiVersion="2", name="cbr0", ipam=self.conf["ipam"])
        result = self.succeed("ADD", conf)
        self.assertEqual(result["dns"]["nameservers"], ["10.96.0.10"])
        self.assertTrue(any(p["Settings"].get("Exceptions") for p in self.endpoint()["Policies"]))


class SourceVip(WinBridgeTestCase):
    """Scripts of Windows nodes call host-local itself to reserve kube-proxy's source VIP, and keep its folder."""

    def reserve(self, name, network, identity, address):
        conf = (REAL / name).read_bytes()
        self.forget_network(network)
        self.addCleanup(self.forget_network, network)
        env = {"CNI_CONTAINERID": identity[0], "CNI_NETNS": identity[0], "CNI_IFNAME": identity[1]}
        for _ in range(2):
            done = self.run_plugin("host-local", "ADD", conf, env)
            # Callers take stdout and stderr together.
            self.assertEqual((done.status, done.stderr), (0, ""), done)
            self.assertIn(address, done.stdout)
        self.assertEqual(self.run_plugin("host-local", "DEL", conf, env).status, 0)
        self.assertEqual(self.leases_of(network), [])

    def data_dir(self):
        if not settings.wine:
            return pathlib.Path("/var/lib/cni/networks")
        import os
        return pathlib.Path(os.environ["WINEPREFIX"]) / "drive_c" / "var" / "lib" / "cni" / "networks"

    def leases_of(self, network):
        return [f.name for f in (self.data_dir() / network).glob("10.*")]

    def forget_network(self, network):
        shutil.rmtree(self.data_dir() / network, ignore_errors=True)

    def test_conf_of_microsofts_scripts(self):
        self.reserve("13-sdn-sourcevip-host-local-request.json", "vxlan0", ("dummy", "dummy"), '"10.244.3.2/24"')

    def test_conf_of_rke2(self):
        self.reserve("43-rke2-source-vip-host-local.json", "flannel.4096", ("kube-proxy", "source-vip"), '"10.42.3.2/24"')

    def test_b38_the_same_as_out_file_writes_it(self):
        conf = (REAL / "91-derived-utf16le-sourcevip-request.json").read_bytes()
        done = self.run_plugin("host-local", "ADD", conf, {"CNI_NETNS": "dummy"})
        self.assertEqual((done.status, done.json["code"]), (1, CODE_DECODING), done)
        self.assertIn("UTF-16", done.json["msg"])
        self.assertIn("UTF-8", done.json["details"])


if __name__ == "__main__":
    main()
