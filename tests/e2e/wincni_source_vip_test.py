# SPDX-License-Identifier: Apache-2.0
"""`wincni source-vip`: one address of an overlay for kube-proxy, whoever leased it first."""
import json

from harness import EmulatorTestCase, host_path, main, run_plugin
from node import flannel_files


class SourceVip(EmulatorTestCase):
    def setUp(self):
        super().setUp()
        self.network = self.hns.create_network("vxlan0", type="Overlay", subnet="10.244.4.0/24", gateway="10.244.4.1")
        self.data_dir = host_path(self.folder / "leases")

    def ask(self, *arguments, status=0):
        done = self.run_tool("source-vip", "--data-dir", self.data_dir, *arguments)
        self.assertEqual(done.status, status, done)
        return done

    def leases(self, network="vxlan0"):
        return {file.name: file.read_bytes() for file in (self.folder / "leases" / network).glob("10.*")}

    def lease(self, address, owner, network="vxlan0"):
        folder = self.folder / "leases" / network
        folder.mkdir(parents=True, exist_ok=True)
        (folder / address).write_bytes(owner)

    def test_it_is_leased_once_and_stays(self):
        done = self.ask()
        self.assertEqual(done.stdout, "10.244.4.2\n")
        self.assertIn("leased for kube-proxy now", done.stderr)
        self.assertEqual(self.leases(), {"10.244.4.2": b"kube-proxy\r\nsource-vip"})
        for arguments in ((), ("--network", "vxlan0"), ("--network", self.network)):
            again = self.ask(*arguments)
            self.assertEqual(again.stdout, "10.244.4.2\n")
            self.assertIn("leased before by container kube-proxy, interface source-vip", again.stderr)
            self.assertIn("nothing changed", again.stderr)
        self.assertEqual(len(self.leases()), 1)

    def test_a_lease_of_rke2_or_of_the_sdn_scripts_is_taken_over(self):
        for owner in (b"kube-proxy\r\nsource-vip", b"kube-proxy\nsource-vip\n", b"dummy\r\ndummy"):
            with self.subTest(owner):
                self.lease("10.244.4.77", owner)
                self.assertEqual(self.ask().stdout, "10.244.4.77\n")
                self.assertEqual(list(self.leases()), ["10.244.4.77"])

    def test_leases_of_pods_are_not_touched(self):
        others = {"10.244.4.2": b"c1\r\neth0", "10.244.4.3": b"dummy\r\neth0", "10.244.4.4": b"kube-proxy\r\neth0"}
        for address, owner in others.items():
            self.lease(address, owner)
        self.assertEqual(self.ask().stdout, "10.244.4.5\n")
        self.ask("--release")
        self.assertEqual(self.leases(), others)

    def test_a_node_that_rejoined_gets_one_of_the_new_subnet(self):
        self.lease("10.244.3.2", b"dummy\r\ndummy")
        done = self.ask()
        self.assertEqual(done.stdout, "10.244.4.2\n")
        self.assertIn("released 10.244.3.2 of container dummy, interface dummy, which is outside of 10.244.4.0/24",
                      done.stderr)
        self.assertEqual(list(self.leases()), ["10.244.4.2"])

    def test_release_gives_it_back_and_can_be_repeated(self):
        self.assertIn("nothing was leased", self.ask("--release").stderr)
        self.ask()
        done = self.ask("--release")
        self.assertEqual((done.stdout, self.leases()), ("", {}))
        self.assertIn("released 10.244.4.2", done.stderr)
        self.assertIn("nothing was leased", self.ask("--release").stderr)

    def test_json_is_what_the_scripts_of_kube_proxy_read(self):
        wanted = {"ip4": {"ip": "10.244.4.2/24"}}
        file = self.folder / "sourceVip.json"
        done = self.ask("--json", "--file", host_path(file))
        self.assertEqual(done.json, wanted)
        self.assertEqual(json.loads(file.read_bytes()), wanted)
        self.assertEqual([path.name for path in self.folder.glob("sourceVip*")], ["sourceVip.json"])

    def test_the_conf_names_network_and_folder(self):
        conf = {"cniVersion": "1.0.0", "name": "vxlan0", "type": "flannel", "ipam": {"dataDir": self.data_dir},
                **flannel_files(self.folder)}
        file = self.folder / "10-flannel.conf"
        for text in (conf, {"cniVersion": "1.0.0", "name": "vxlan0", "plugins": [conf, {"type": "other"}]}):
            file.write_text(json.dumps(text))
            done = self.run_tool("source-vip", "--conf", host_path(file))
            self.assertEqual((done.status, done.stdout), (0, "10.244.4.2\n"), done)
        self.assertEqual(list(self.leases()), ["10.244.4.2"])
        for content, said in (("{", "is no CNI conf"), ("{}", "is no CNI conf"), ('["a"]', "is no CNI conf")):
            file.write_text(content)
            done = self.run_tool("source-vip", "--conf", host_path(file))
            self.assertEqual((done.status, done.stdout), (1, ""), done)
            self.assertIn(said, done.stderr)
        done = self.run_tool("source-vip", "--conf", host_path(self.folder / "none.conf"))
        self.assertEqual(done.status, 1)
        self.assertIn("none.conf", done.stderr)

    def test_pods_get_other_addresses(self):
        self.ask()
        conf = {"cniVersion": "1.0.0", "name": "vxlan0", "type": "host-local",
                "ipam": {"type": "host-local", "subnet": "10.244.4.0/24", "dataDir": self.data_dir}}
        done = run_plugin("host-local", "ADD", conf, {"CNI_NETNS": "ns"})
        self.assertEqual(done.json["ips"][0]["address"], "10.244.4.3/24")

    def test_an_address_that_an_endpoint_has_is_told(self):
        self.hns.create_endpoint("c1_vxlan0", self.network, "10.244.4.2/24")
        self.assertIn("endpoint c1_vxlan0", self.ask().stderr)

    def test_which_network_must_be_clear(self):
        for arguments, said in ((("--network", "none"), "none"), (("--network", "bare"), "has no IPv4 subnet")):
            self.hns.remove("networks", self.hns.create_network("bare2", subnets=[]))
            if "bare" in arguments:
                self.hns.create_network("bare", subnets=[])
            done = self.ask(*arguments, status=1)
            self.assertEqual(done.stdout, "")
            self.assertIn(said, done.stderr)
        self.hns.create_network("vxlan1", type="Overlay")
        self.assertIn("several overlay networks", self.ask(status=1).stderr)
        for network in self.hns.networks():
            self.hns.remove("networks", network["ID"])
        self.assertIn("no overlay network", self.ask(status=1).stderr)

    def test_a_full_range_is_said(self):
        self.hns.create_network("tiny", type="Overlay", subnet="10.9.0.0/30", gateway="10.9.0.1")
        self.lease("10.9.0.2", b"c1\r\neth0", network="tiny")
        done = self.ask("--network", "tiny", status=1)
        self.assertIn("no address is free", done.stderr)


if __name__ == "__main__":
    main()
