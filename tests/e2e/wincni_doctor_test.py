# SPDX-License-Identifier: Apache-2.0
"""`wincni doctor` and `wincni why`: a healthy node, and the same node with one thing broken, live and saved."""
import base64
import json
import os
import shutil
import time

from harness import EmulatorTestCase, host_path, main, path_list, plugin_folders, run_plugin, settings
from node import flannel_files
from setups import SUBNET_ENV

BROKEN, WARNINGS = 3, 4
# What an ADD that is under way cannot be as old as, in seconds.
OLD = 3600


def age(file, seconds=OLD):
    """Lets a file have been written that long ago."""
    then = time.time() - seconds
    os.utime(file, (then, then))


class NodeWithPods(EmulatorTestCase):
    """A node by flannel on an l2bridge network: conf, subnet.env, bin folder, two pods that run, and the runtime's
    cache of them."""

    def setUp(self):
        super().setUp()
        self.network = self.hns.create_network("cbr0")
        self.confs = self.folder / "net.d"
        self.confs.mkdir()
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        for folder in plugin_folders():
            for file in folder.iterdir():
                if file.is_file() and file.stem == folder.name:
                    os.symlink(file, self.bin / file.name)
        (self.folder / "subnet.env").write_text(SUBNET_ENV)
        self.conf = {"cniVersion": "1.0.0", "name": "cbr0", "type": "flannel", **flannel_files(self.folder),
                     "capabilities": {"portMappings": True, "dns": True},
                     "ipam": {"dataDir": host_path(self.folder / "ipam")},
                     "delegate": {"type": "win-bridge", "apiVersion": 2,
                                  "dns": {"nameservers": ["10.96.0.10"], "search": ["svc.cluster.local"]}}}
        self.write_conf()
        self.namespaces = {pod: self.add_pod(pod) for pod in ("web", "api")}

    def write_conf(self, file="10-flannel.conf", **changes):
        self.conf.update(changes)
        (self.confs / file).write_text(json.dumps(self.conf))

    def add_pod(self, pod):
        """As containerd does it; returns the namespace. All of it is from long ago."""
        namespace = self.hns.create_namespace()
        container = f"c-{pod}"
        done = self.run_plugin("flannel", "ADD", self.conf, {"CNI_CONTAINERID": container, "CNI_NETNS": namespace})
        self.assertEqual(done.status, 0, done)
        args = [["K8S_POD_NAMESPACE", "default"], ["K8S_POD_NAME", pod]]
        self.remember(container, namespace, done.json, args)
        for file in (self.lease_of(container), self.stored(container)):
            age(file)
        return namespace

    def remember(self, container, namespace, result, args=()):
        """The runtime's cache of an attachment, in libcni's format."""
        file = self.cached(container)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({
            "kind": "cniCacheV1", "containerId": container, "ifName": "eth0", "networkName": "cbr0", "netns": namespace,
            "config": base64.b64encode(json.dumps(self.conf).encode()).decode(), "cniArgs": list(args),
            "result": result}))

    def cached(self, container):
        return self.folder / "cache" / "results" / f"cbr0-{container}-eth0"

    def stored(self, container):
        return self.folder / "flannel" / container

    def lease(self, address, owner, seconds=OLD):
        file = self.folder / "ipam" / "cbr0" / address
        file.write_bytes(owner)
        age(file, seconds)
        return file

    def lease_of(self, container):
        [file] = [file for file in (self.folder / "ipam" / "cbr0").glob("10.*")
                  if file.read_bytes().startswith(container.encode())]
        return file

    def endpoint_of(self, container):
        [endpoint] = [one for one in self.hns.endpoints() if one["Name"] == f"{container}_cbr0"]
        return endpoint

    def change_endpoint(self, container, **values):
        self.hns.put("endpoints", {**self.endpoint_of(container), **values})

    def remove_all_but_hns(self, container):
        """As when somebody cleans up by hand."""
        for file in (self.lease_of(container), self.stored(container), self.cached(container)):
            file.unlink()

    def where(self):
        return ["--conf-dir", host_path(self.confs), "--bin-dir", host_path(self.bin),
                "--cache", host_path(self.folder / "cache")]

    def doctor(self, *arguments):
        return self.run_tool("doctor", *self.where(), *arguments)

    def diagnose(self):
        """The report on the live node, which is that on the saved one, too."""
        file = self.folder / "node.json"
        live = self.doctor("--json", "--save", host_path(file))
        self.assertIn(live.status, (0, BROKEN, WARNINGS), live)
        saved = self.run_tool("doctor", "--from", host_path(file), "--json", env={"WINCNI_EMULATOR": ""})
        self.assertEqual((saved.status, saved.json), (live.status, live.json))
        return live

    def find(self, id, severity):
        """The findings, which all have this ID; the worst of them is of that severity."""
        done = self.diagnose()
        found = done.json["findings"]
        self.assertEqual({one["id"] for one in found}, {id}, done)
        self.assertEqual(found[0]["severity"], severity, done)
        self.assertEqual(done.status, {"broken": BROKEN, "warning": WARNINGS, "note": 0}[severity], done)
        for key in ("name", "what", "so", "next"):
            self.assertTrue(found[0][key], found)
        return found


class Healthy(NodeWithPods):
    def test_is_said_in_one_line(self):
        done = self.doctor()
        self.assertEqual((done.status, len(done.lines)), (0, 1), done)
        self.assertTrue(done.stdout.startswith("healthy: "), done)
        self.assertIn("2 attachments, 10-flannel.conf", done.stdout)
        self.assertIn("services, processes, registry and adapters of Windows are not looked at", done.stdout)
        report = self.diagnose().json
        self.assertEqual((report["healthy"], report["findings"], report["skipped"]), (True, [], 0))

    def test_nothing_is_changed_by_looking(self):
        before = (self.hns.state(), sorted(str(file) for file in self.folder.rglob("*") if "hns" not in file.parts))
        self.doctor()
        after = (self.hns.state(), sorted(str(file) for file in self.folder.rglob("*") if "hns" not in file.parts))
        self.assertEqual(after, before)
        self.assert_no_handles_left_open()

    def test_of_another_plugin(self):
        """host-local by itself, and a list; nothing of flannel's."""
        shutil.rmtree(self.folder / "flannel")
        plugin = {"type": "win-bridge", "apiVersion": 2, "capabilities": {"portMappings": True, "dns": True},
                  "ipam": {"type": "host-local", "dataDir": host_path(self.folder / "ipam"),
                           "ranges": [[{"subnet": "10.244.4.0/24"}]]}}
        (self.confs / "10-flannel.conf").unlink()
        (self.confs / "10-bridge.conflist").write_text(
            json.dumps({"cniVersion": "1.0.0", "name": "cbr0", "plugins": [plugin]}))
        report = self.doctor("--json", "--skip", "lint")
        self.assertEqual((report.status, report.json["findings"]), (0, []), report)

    def test_what_a_v1_endpoint_of_docker_has_is_no_fault(self):
        namespace = self.hns.create_namespace()
        self.hns.put("endpoints", {**self.endpoint_of("c-api"), "NamespaceID": "", "SharedContainers": ["c-api"]})
        self.hns.remove("namespaces", self.namespaces["api"])
        self.hns.remove("namespaces", namespace)
        report = self.doctor("--json").json
        self.assertEqual([one["id"] for one in report["findings"]], [])


class OneBreak(NodeWithPods):
    """Each gives exactly its ID."""

    def test_n301_hns_does_not_answer(self):
        self.hns.faults({"function": "HcnEnumerateNetworks", "hresult": "0x80070005"})
        found = self.find("N301", "broken")
        self.assertIn("0x80070005", found[0]["what"])
        done = self.doctor()
        self.assertIn("skipped, as HNS does not answer", done.stdout)

    def test_n303_network_missing(self):
        # As flanneld has not made it yet.
        self.write_conf(name="cbr1")
        found = self.find("N303", "broken")
        self.assertIn('"cbr1"', found[0]["what"])
        self.assertIn("flanneld", found[0]["next"])

    def test_n304_network_type(self):
        [network] = self.hns.networks()
        self.hns.put("networks", {**network, "Type": "NAT"})
        self.assertIn("NAT", self.find("N304", "broken")[0]["what"])

    def test_n305_management_address(self):
        [network] = self.hns.networks()
        for address in ("169.254.17.3", ""):
            with self.subTest(address):
                self.hns.put("networks", {**network, "ManagementIP": address})
                self.assertIn('"cbr0"', self.find("N305", "broken")[0]["what"])

    def test_n307_network_subnet(self):
        # flanneld got another subnet for a network that is older.
        (self.folder / "subnet.env").write_text(SUBNET_ENV.replace("10.244.4.", "10.244.9."))
        what = self.find("N307", "broken")[0]["what"]
        self.assertIn("10.244.9.0/24", what)
        self.assertIn("10.244.4.0/24", what)

    def test_n401_conf_not_used(self):
        self.write_conf("20-old.conf")
        self.assertIn("20-old.conf", self.find("N401", "warning")[0]["what"])

    def test_n402_no_conf(self):
        (self.confs / "10-flannel.conf").rename(self.confs / "10-flannel.conf.off")
        self.assertIn("holds no", self.find("N402", "broken")[0]["what"])
        shutil.rmtree(self.confs)
        self.assertIn("no folder", self.find("N402", "broken")[0]["what"])

    def test_n403_lint(self):
        self.write_conf(delegate={**self.conf["delegate"], "polices": []})
        found = self.find("N403", "warning")[0]
        self.assertIn("polices", found["what"])
        self.assertIn("wincni conf lint", found["next"])
        self.write_conf(delegate={**self.conf["delegate"], "name": "other"})
        self.find("N403", "broken")

    def test_n403_a_conf_that_is_no_json(self):
        (self.confs / "10-flannel.conf").write_bytes(b"\xff\xfe{\x00")
        self.find("N403", "broken")

    def test_n404_plugin_missing(self):
        for name in ("host-local", "win-bridge"):
            with self.subTest(name):
                [file] = self.bin.glob(name + "*")
                file.rename(self.folder / name)
                self.assertIn(f'"{name}"', self.find("N404", "broken")[0]["what"])
                (self.folder / name).rename(file)

    def test_n405_plugin_version(self):
        [file] = self.bin.glob("host-local*")
        file.unlink()
        file.write_text("")
        file.chmod(0o755)
        self.assertIn('"host-local"', self.find("N405", "broken")[0]["what"])

    def test_n501_subnet_env(self):
        file = self.folder / "subnet.env"
        for content in ("", "FLANNEL_SUBNET=10.244.4/24\n", None):
            with self.subTest(content):
                file.unlink() if content is None else file.write_text(content)
                self.assertIn("subnet.env", self.find("N501", "broken")[0]["what"])

    def test_n503_stale_endpoint(self):
        self.hns.remove("namespaces", self.namespaces["web"])
        found = self.find("N503", "warning")[0]
        self.assertIn("c-web_cbr0 (10.244.4.", found["what"])
        self.assertIn(self.namespaces["web"], found["from"])

    def test_n503_an_endpoint_that_lost_its_namespace(self):
        self.change_endpoint("c-web", NamespaceID="")
        self.find("N503", "warning")

    def test_an_add_that_is_under_way_is_a_note_at_most(self):
        # Leased, then made, then attached; the runtime remembers it last.
        self.lease("10.244.4.50", b"c-new\r\neth0", seconds=0)
        self.find("N504", "note")
        self.hns.create_endpoint("c-new_cbr0", self.network, "10.244.4.50/24")
        self.find("N503", "note")
        (self.folder / "flannel" / "c-new").write_text(json.dumps({"type": "win-bridge", "name": "cbr0"}))
        self.find("N503", "note")
        done = self.doctor()
        self.assertEqual(done.status, 0, done)
        self.assertIn("healthy; ", done.lines[-1])

    def test_n504_lease_without_endpoint(self):
        self.lease("10.244.4.77", b"c-gone\r\neth0")
        self.assertIn("10.244.4.77 is leased to container c-gone", self.find("N504", "warning")[0]["what"])

    def test_n504_a_pod_whose_endpoint_was_deleted(self):
        self.hns.delete_endpoint("c-web_cbr0")
        found = self.find("N504", "warning")[0]
        self.assertIn("default/web", found["so"])

    def test_n505_endpoint_without_lease(self):
        file = self.lease_of("c-web")
        file.unlink()
        self.assertIn(file.name, self.find("N505", "warning")[0]["what"])

    def test_n506_address_twice(self):
        address = self.lease_of("c-web").name
        self.hns.create_endpoint("Ethernet", self.network, address + "/24", Flags=1)
        found = self.find("N506", "broken")
        self.assertEqual(len(found), 1)
        self.assertIn(f"{address} is the address of 2 endpoints", found[0]["what"])
        self.assertIn("of another node", found[0]["from"])

    def test_n506_a_lease_of_another_container(self):
        file = self.lease_of("c-web")
        self.lease(file.name, b"c-other\r\neth0")
        self.assertIn("c-other", self.find("N506", "broken")[0]["what"])

    def test_n507_stored_conf_dead(self):
        shutil.copy(self.stored("c-web"), self.stored("c-gone"))
        age(self.stored("c-gone"))
        self.assertIn("c-gone", self.find("N507", "note")[0]["what"])
        self.stored("c-gone").write_text("{")
        self.assertIn("c-gone", self.find("N507", "warning")[0]["what"])

    def test_n507_of_a_further_interface(self):
        shutil.copy(self.stored("c-web"), self.stored("c-web@eth1"))
        age(self.stored("c-web@eth1"))
        self.assertEqual(self.diagnose().json["findings"], [])
        self.stored("c-web@eth1").rename(self.stored("c-gone@eth1"))
        self.assertIn("container c-gone,", self.find("N507", "note")[0]["what"])

    def test_n508_cache_dead(self):
        self.remember("c-gone", "5F00A2E1-0000-4000-8000-000000000001", {}, [["K8S_POD_NAME", "old"]])
        self.assertIn("container c-gone of pod old", self.find("N508", "note")[0]["what"])

    def test_n509_namespace_empty(self):
        namespace = self.hns.create_namespace()
        self.assertIn(namespace, self.find("N509", "note")[0]["what"])

    def test_n510_range_full(self):
        (self.folder / "subnet.env").write_text(SUBNET_ENV.replace("10.244.4.1/24", "10.244.4.0/29"))
        used = {file.name for file in (self.folder / "ipam" / "cbr0").glob("10.*")}
        for last in range(1, 7):
            if f"10.244.4.{last}" not in used:
                self.lease(f"10.244.4.{last}", b"c\r\neth0")
        done = self.doctor("--json", "--only", "range-full")
        self.assertEqual((done.status, [one["id"] for one in done.json["findings"]]), (BROKEN, ["N510"]), done)

    def test_n511_lease_broken(self):
        for content in (b"", b"\0\0\0\0", b"c\x01\r\neth0"):
            with self.subTest(content):
                self.lease("10.244.4.99", content)
                self.assertIn("10.244.4.99", self.find("N511", "warning")[0]["what"])

    def test_n513_endpoint_health(self):
        self.change_endpoint("c-web", Health={"LastErrorCode": 0x803B000D})
        self.assertIn("c-web_cbr0", self.find("N513", "warning")[0]["what"])

    def test_n602_source_vip(self):
        self.lease("10.244.3.2", b"kube-proxy\r\nsource-vip")
        found = self.find("N602", "warning")[0]
        self.assertIn("10.244.3.2", found["what"])
        self.assertIn("wincni source-vip --network cbr0", found["next"])
        # In the subnet it is as it should be, though no endpoint has it.
        (self.folder / "ipam" / "cbr0" / "10.244.3.2").unlink()
        self.lease("10.244.4.200", b"dummy\r\ndummy")
        self.assertEqual(self.diagnose().json["findings"], [])


class Words(NodeWithPods):
    """How it is said, and what is asked."""

    def test_a_finding_has_its_lines_and_a_command(self):
        self.hns.remove("namespaces", self.namespaces["web"])
        done = self.doctor()
        self.assertEqual(done.status, WARNINGS, done)
        first, _, _, so, following, counts, last = done.lines[0], *done.lines[1:]
        self.assertTrue(first.startswith("wincni doctor: HNS "), done)
        self.assertRegex(done.lines[1], r"^WARNING N503 stale-endpoint {10}endpoint c-web_cbr0 ")
        self.assertTrue(so.startswith("          so    "), done)
        self.assertTrue(following.startswith("          next  wincni hns delete endpoint "), done)
        self.assertRegex(counts, r"^\d+ checks: 0 broken, 1 warning, 0 notes, \d+ good$")
        self.assertIn("not looked at", last)

    def test_the_worst_comes_first(self):
        self.hns.remove("namespaces", self.namespaces["web"])
        (self.folder / "subnet.env").unlink()
        report = self.doctor("--json")
        self.assertEqual(report.status, BROKEN, report)
        self.assertEqual([one["id"] for one in report.json["findings"]], ["N501", "N503"])

    def test_only_and_skip(self):
        self.hns.remove("namespaces", self.namespaces["web"])
        for arguments, ids in ((["--only", "N504"], []), (["--only", "n503"], ["N503"]), (["--skip", "N503"], []),
                               (["--only", "stale-endpoint", "--only", "N504"], ["N503"])):
            with self.subTest(arguments):
                report = self.doctor("--json", *arguments).json
                self.assertEqual([one["id"] for one in report["findings"]], ids)
        done = self.doctor("--only", "stale-endpoints")
        self.assertEqual((done.status, done.stdout), (2, ""), done)
        self.assertIn('did you mean "stale-endpoint"?', done.stderr)

    def test_the_table_is_that_of_the_docs(self):
        table = self.run_tool("doctor", "--checks", "--json").json
        docs = (settings.build.parent.parent / "docs" / "tools.md").read_text()
        for check in table:
            self.assertIn(f"| {check['id']} `{check['name']}` | {check['severity']} |", docs)
        text = self.run_tool("doctor", "--checks").stdout
        self.assertEqual(len(text.splitlines()), len(table) + 1)

    def test_hostile_names_break_no_line(self):
        name = "evil\n\x1b[31mBROKEN  N000 c_cbr0"
        self.hns.create_endpoint(name, self.network, "10.244.4.60/24", NamespaceID=self.network)
        self.remember("c-odd", "5F00A2E1-0000-4000-8000-000000000001", {}, [["K8S_POD_NAME", "a\r\nb\x1b[2J"]])
        self.lease("10.244.4.61", b"c\x1b\r\neth0")
        done = self.doctor()
        self.assertEqual(done.status, WARNINGS, done)
        self.assertNotIn("\x1b", done.stdout)
        for line in done.lines[1:-2]:
            self.assertRegex(line, r"^(?:WARNING N|note    N| {10}(?:from|so  |next)  )", done)
        self.diagnose()

    def test_a_saved_node_is_the_whole_one(self):
        self.hns.create_network("vxlan0", type="Overlay", subnets=[("10.9.0.0/24", "10.9.0.1"), ("fd00::/64", "fd00::1")])
        (self.confs / "20.conf").write_bytes(b"\xff\xfe{\x00")
        first, second = self.folder / "first.json", self.folder / "second.json"
        self.doctor("--save", host_path(first))
        self.run_tool("doctor", "--from", host_path(first), "--save", host_path(second))
        self.assertEqual(second.read_text(), first.read_text())

    def test_what_is_no_saved_node_is_refused(self):
        file = self.folder / "node.json"
        for content in ("", "{}", "[1]", '{"kind": "wincniNode1"}', '{"kind": "wincniNode1", "hns": 1}'):
            with self.subTest(content):
                file.write_text(content)
                done = self.run_tool("doctor", "--from", host_path(file))
                self.assertEqual((done.status, done.stdout), (1, ""), done)
                self.assertIn("is no saved node", done.stderr)
        done = self.run_tool("doctor", "--from", host_path(self.folder / "none.json"))
        self.assertEqual(done.status, 1, done)
        self.assertIn("there is no file", done.stderr)
        done = self.run_tool("doctor", "--from", host_path(file), "--cache", "x")
        self.assertEqual(done.status, 2, done)

    def test_a_folder_that_is_a_file_cannot_be_looked_at(self):
        (self.folder / "file").write_text("")
        done = self.run_tool("doctor", "--conf-dir", host_path(self.folder / "file"))
        self.assertEqual((done.status, done.stdout), (1, ""), done)


class Why(NodeWithPods):
    """All that is known of one pod, and a verdict."""

    def why(self, reference, *arguments):
        return self.run_tool("why", reference, *self.where(), *arguments)

    def verdict(self, reference, text, is_well=False):
        """The answer, which has this in its verdict; a saved node gives the same."""
        done = self.why(reference, "--json")
        self.assertEqual(done.status, 0 if is_well else BROKEN, done)
        self.assertEqual(done.json["isWell"], is_well, done)
        self.assertIn(text, done.json["verdict"])
        self.assertTrue(done.json["next"], done)
        file = self.folder / "node.json"
        self.doctor("--save", host_path(file))
        saved = self.run_tool("why", reference, "--from", host_path(file), "--json", env={"WINCNI_EMULATOR": ""})
        self.assertEqual((saved.status, saved.json), (done.status, done.json))
        return done.json

    def refused(self, reference, *said):
        done = self.why(reference)
        self.assertEqual((done.status, done.stdout), (1, ""), done)
        for text in said:
            self.assertIn(text, done.stderr)

    def test_each_kind_of_name_finds_the_pod(self):
        endpoint, address = self.endpoint_of("c-web"), self.lease_of("c-web").name
        namespace = self.namespaces["web"]
        for reference in ("web", "default/web", "c-web", "c-w", address, endpoint["Name"], endpoint["ID"],
                          endpoint["ID"].lower(), endpoint["ID"][:13], namespace, namespace.lower(), namespace[:13]):
            with self.subTest(reference):
                done = self.why(reference, "--json")
                self.assertEqual((done.status, done.json["pod"], done.json["containerId"]),
                                 (0, "default/web", "c-web"), done)

    def test_all_that_is_known_of_it(self):
        found = self.verdict("web", "nothing is missing", is_well=True)
        endpoint, lease = self.endpoint_of("c-web"), self.lease_of("c-web")
        self.assertEqual(found["namespaces"], [{"id": self.namespaces["web"], "isThere": True}])
        [shown] = found["endpoints"]
        self.assertEqual((shown["id"], shown["network"], shown["standing"]), (endpoint["ID"], "cbr0", "attached"))
        [leased] = found["leases"]
        self.assertEqual((leased["address"], leased["interface"]), (lease.name, "eth0"))
        self.assertEqual([path.replace("\\", "/").rsplit("/", 1)[1] for path in found["storedConfs"]], ["c-web"])
        [cached] = found["cache"]
        self.assertEqual((cached["netns"], cached["addresses"]), (self.namespaces["web"], [lease.name + "/24"]))
        text = self.why("web")
        self.assertEqual(text.status, 0, text)
        for line in ("what ", "namespace ", "endpoint ", "lease ", "stored conf ", "cache ", "verdict ", "next "):
            self.assertRegex(text.stdout, f"(?m)^{line}")
        self.assertNotIn("c-api", text.stdout)

    def test_what_is_missing_is_the_verdict(self):
        """One thing after the other, the last first."""
        self.lease_of("c-web").unlink()
        self.verdict("web", "leased to nobody")
        self.change_endpoint("c-web", Health={"LastErrorCode": 0x803B000D})
        self.verdict("web", "has not applied all")
        self.change_endpoint("c-web", NamespaceID="", Health={})
        found = self.verdict("web", "in no namespace")
        self.assertIn("kubectl delete pod -n default web", found["next"])
        self.change_endpoint("c-web", NamespaceID="5F00A2E1-0000-4000-8000-000000000001")
        self.verdict("web", "namespace of its endpoint is not in HNS")
        self.hns.delete_endpoint("c-web_cbr0")
        self.verdict("web", "somebody has deleted the endpoint")
        self.hns.remove("namespaces", self.namespaces["web"])
        self.verdict("web", "the pod is gone")
        self.cached("c-web").unlink()
        self.verdict("c-web", "no endpoint was made")
        self.stored("c-web").unlink()
        self.refused("web", "nobody on this node knows")

    def test_what_others_have_is_the_verdict(self):
        address = self.lease_of("c-web").name
        self.lease(address, b"c-other\r\neth0")
        self.verdict("web", "leased to container c-other")
        self.lease(address, b"c-web\r\neth0")
        other = self.hns.create_endpoint("Ethernet", self.network, address + "/24", Flags=1)
        self.verdict("web", "endpoint Ethernet")
        self.verdict(other, "too")
        self.refused(address, "may be one of 2", "container c-web", "endpoint Ethernet")
        self.hns.remove("endpoints", other)
        self.change_endpoint("c-web", NamespaceID=self.namespaces["api"])
        self.verdict("c-web", "but the runtime attached")

    def test_a_node_that_is_broken_is_the_verdict(self):
        (self.folder / "subnet.env").unlink()
        found = self.verdict("web", "N501 subnet-env")
        self.assertEqual(found["next"], "wincni doctor")
        self.hns.faults({"function": "HcnEnumerateNetworks", "hresult": "0x80070005"})
        self.verdict("web", "HNS does not answer")

    def test_what_is_no_pods(self):
        namespace = self.hns.create_namespace()
        self.verdict(namespace, "has no endpoint")
        self.lease("10.244.4.200", b"kube-proxy\r\nsource-vip")
        self.verdict("10.244.4.200", "kube-proxy's address", is_well=True)
        self.hns.create_endpoint("Ethernet", self.network, "10.244.9.9/24", Flags=1)
        self.verdict("10.244.9.9", "of another node", is_well=True)
        self.lease("10.244.4.99", b"")
        self.verdict("10.244.4.99", "no endpoint was made")

    def test_several_pods_of_a_name_must_be_told_apart(self):
        namespace = self.hns.create_namespace()
        self.remember("c-web2", namespace, {}, [["K8S_POD_NAMESPACE", "test"], ["K8S_POD_NAME", "web"]])
        self.refused("web", '"web" may be one of 2', "pod default/web (container c-web)",
                     "pod test/web (container c-web2)")
        self.verdict("default/web", "nothing is missing", is_well=True)
        self.verdict("test/web", "somebody has deleted the endpoint")
        # An ID that another begins with is exact.
        self.verdict("c-web", "nothing is missing", is_well=True)

    def test_what_nobody_knows_is_refused(self):
        for reference, said in (("wbe", 'did you mean "web"?'), ("10.9.9.9", "another node"), ("", "nobody"),
                                ("x\x1b[2J", "nobody")):
            with self.subTest(reference):
                self.refused(reference, said)
                self.assertNotIn("\x1b", self.why(reference).stderr)


if __name__ == "__main__":
    main()
