# SPDX-License-Identifier: Apache-2.0
"""flannel as a runtime starts it, with win-bridge as its delegate: the life of a pod, what is stored meanwhile, and
what goes wrong."""
import json
import os
import random
import subprocess

from harness import (EXAMPLES, PATIENCE, REAL, ROOT, EmulatorTestCase, clean_environment, documented_differences,
                     executable, host_path, kill_after, main, need_processes_that_can_be_killed, plugin_variables, run,
                     settings, start_plugin)
from node import (CODE_CONF, CODE_DECODING, CODE_DELEGATE, CODE_HNS, CODE_INPUT_OUTPUT, CODE_NOT_AVAILABLE,
                  CODE_TRY_AGAIN, NodeTestCase, flannel_files, valid_attachments)
from setups import SUBNET_ENV

TRACES = ROOT / "tests" / "data" / "traces" / "flannel.json"

IPV6_LINES = "FLANNEL_IPV6_NETWORK=fd00:10:244::/48\nFLANNEL_IPV6_SUBNET=fd00:10:244:4::1/64\n"


class FlannelTestCase(NodeTestCase):
    """A node where flanneld has got a subnet."""
    plugin = "flannel"

    def setUp(self):
        super().setUp()
        self.data = self.folder / "flannel"
        self.subnet_env(SUBNET_ENV)
        self.conf = self.at_home({"cniVersion": "1.1.0", "name": "cbr0", "type": "flannel",
                                  "delegate": {"type": "win-bridge", "apiVersion": 2}})

    def at_home(self, conf):
        """The conf with this test's folders in it."""
        return {**conf, **flannel_files(self.folder),
                "ipam": {**conf.get("ipam", {}), "dataDir": host_path(self.folder / "ipam")}}

    def subnet_env(self, text):
        (self.folder / "subnet.env").write_bytes(text.encode())

    def stored(self):
        """What is stored for whom."""
        return {file.name: json.loads(file.read_text()) for file in sorted(self.data.glob("*"))}

    def assert_nothing_left(self):
        super().assert_nothing_left()
        self.assertEqual(self.stored(), {})

    def exceptions(self):
        return [policy["Settings"]["Exceptions"] for policy in self.endpoint()["Policies"]
                if policy["Type"] == "OutBoundNAT" and "Exceptions" in policy["Settings"]]


class Life(FlannelTestCase):
    def test_a_pod_comes_and_goes(self):
        self.succeed("STATUS")
        self.assertFalse(self.data.exists())
        result = self.succeed("ADD")
        self.assertEqual(result["ips"], [{"address": "10.244.4.3/24", "gateway": "10.244.4.2"}])
        self.assertEqual(self.exceptions(), [["10.244.0.0/16"]])
        self.assertEqual(self.leases(), ["10.244.4.3"])
        before = self.hns.state()
        self.pass_check(result)
        self.succeed("GC", {**self.conf, **valid_attachments("c1")})
        self.assertEqual((self.hns.state(), list(self.stored())), (before, ["c1"]))
        self.succeed("DEL", {**self.conf, "prevResult": result})
        self.assert_nothing_left()
        self.succeed("DEL")
        self.assert_no_handles_left_open()

    def test_what_is_stored_is_what_the_go_plugin_stores(self):
        """Byte for byte, so that either can take over a node from the other; but for the reasons named."""
        recorded = next(step for step in json.loads(TRACES.read_text()) if step["case"] == "flannel-bridge-v2")
        self.assertEqual(set(recorded["differs"]), {"flannel-range"})
        self.succeed("ADD", self.at_home(recorded["conf"]))
        expected = recorded["reference"]
        expected["ipam"].update(rangeStart="10.244.4.3", dataDir=host_path(self.folder / "ipam"))
        text = json.dumps(expected, sort_keys=True, separators=(",", ":"))
        self.assertEqual((self.data / "c1").read_text(), text)
        # What the Go plugin has stored serves for a DEL, without subnet.env.
        del expected["ipam"]["rangeStart"]
        (self.data / "c1").write_text(json.dumps(expected))
        (self.folder / "subnet.env").unlink()
        self.succeed("DEL")
        self.assert_nothing_left()

    def test_each_difference_has_its_reason_in_the_documentation(self):
        known = documented_differences()
        for step in json.loads(TRACES.read_text()):
            self.assertLessEqual(set(step.get("differs", {})), known, step["case"])

    def test_without_a_version_the_oldest_result_and_a_delegate_of_0_2_0(self):
        conf = {key: value for key, value in self.conf.items() if key != "cniVersion"}
        result = self.succeed("ADD", conf)
        self.assertEqual(result["cniVersion"], "0.1.0")
        self.assertEqual(result["ip4"]["ip"], "10.244.4.3/24")
        self.assertEqual(self.stored()["c1"]["cniVersion"], "0.2.0")
        self.succeed("DEL", conf)
        self.assert_nothing_left()

    def test_d7_without_masquerading_there_is_no_exception_list(self):
        self.subnet_env(SUBNET_ENV.replace("IPMASQ=true", "IPMASQ=False\r"))
        self.succeed("ADD")
        self.assertEqual(self.endpoint()["Policies"], [])

    def test_d4_a_container_that_shares_a_sandbox_ends_nothing(self):
        self.succeed("ADD")
        before = self.hns.state(), self.leases(), self.stored()
        self.succeed("DEL", CNI_CONTAINERID="workload", CNI_NETNS="container:c1")
        self.assertEqual((self.hns.state(), self.leases(), self.stored()), before)

    def test_gc_takes_what_belongs_to_no_valid_container(self):
        for container in ("c1", "c2"):
            self.succeed("ADD", CNI_CONTAINERID=container)
        (self.data / "c9").write_text(json.dumps({"name": "other", "type": "win-bridge"}))
        (self.folder / "subnet.env").unlink()
        self.succeed("GC", {**self.conf, **valid_attachments("c2")})
        self.assertEqual((self.endpoint()["Name"], self.leases(), list(self.stored())),
                         ("c2_cbr0", ["10.244.4.4"], ["c2", "c9"]))

    def test_a_person_gets_an_explanation(self):
        done = run("flannel", "--help")
        self.assertEqual(done.status, 0, done)
        self.assertIn("flanneld", done.stdout)


class Confs(FlannelTestCase):
    """conf-examples/, and confs that people run, unchanged but for folders."""

    def life(self, conf):
        conf = self.at_home(conf)
        result = self.succeed("ADD", conf)
        endpoint = self.endpoint()
        if conf.get("cniVersion") == "1.1.0":
            self.pass_check(result, conf)
        self.exempt = self.exceptions()
        self.succeed("DEL", conf)
        self.assert_nothing_left()
        return result, endpoint

    def test_example_l2bridge(self):
        _, endpoint = self.life(json.loads((EXAMPLES / "flannel-l2bridge.conf").read_text()))
        self.assertEqual(self.exempt, [["10.96.0.0/12", "192.168.1.0/24", "10.244.0.0/16"]])
        self.assertEqual([policy["Type"] for policy in endpoint["Policies"]], ["OutBoundNAT", "SDNRoute", "SDNRoute"])

    def test_b75_example_dual_stack(self):
        self.hns.remove("networks", self.network)
        self.hns.create_network("cbr0", subnets=[("10.244.4.0/24", "10.244.4.1"),
                                                 ("fd00:10:244:4::/64", "fd00:10:244:4::1")])
        self.subnet_env(SUBNET_ENV.replace("/16", "/16,10.245.0.0/16") + IPV6_LINES)
        chain = json.loads((EXAMPLES / "flannel-dual-stack.conflist").read_text())
        result, endpoint = self.life({**chain["plugins"][0], "name": chain["name"], "cniVersion": chain["cniVersion"]})
        self.assertEqual([ip["address"] for ip in result["ips"]], ["10.244.4.3/24", "fd00:10:244:4::3/64"])
        self.assertEqual(self.exempt, [["10.96.0.0/12", "10.244.0.0/16", "10.245.0.0/16"],
                                       ["fd00:10:96::/112", "fd00:10:244::/48"]])
        self.assertEqual([(route["DestinationPrefix"], route["NextHop"]) for route in endpoint["Routes"]],
                         [("0.0.0.0/0", "10.244.4.2"), ("::/0", "fd00:10:244:4::2"), ("10.20.0.0/16", "10.244.4.2")])

    def test_conf_of_microsofts_scripts(self):
        result, _ = self.life(json.loads((REAL / "01-sdn-flannel-l2bridge-cni.conf").read_text()))
        self.assertEqual(result["ip4"], {"ip": "10.244.4.3/24", "gateway": "10.244.4.2"})
        self.assertEqual(self.exempt, [["10.244.0.0/16", "10.96.0.0/12", "10.127.130.0/24"]])

    def test_conf_of_a_guide(self):
        text = (REAL / "86-unattributed-guide-host-gw-win-bridge.conf").read_text()
        self.life(json.loads(text.replace("<node-underlay-cidr>", "192.168.1.0/24")))
        self.assertEqual(self.exempt, [["10.244.0.0/16", "10.96.0.0/12", "192.168.1.0/24"]])

    def test_d1_b39_confs_that_are_not_json_are_refused_with_the_reason(self):
        for name, reason in (("23-wcn-flannel_l2bridge.conf", "no-break space"),
                             ("96-derived-unescaped-backslash.conf", "backslash")):
            error = self.fail_with(CODE_DECODING, "ADD", (REAL / name).read_bytes())
            self.assertIn(reason, error["details"])


class SubnetEnv(FlannelTestCase):
    def test_b35_without_the_file(self):
        self.succeed("ADD")
        (self.folder / "subnet.env").unlink()
        self.succeed("CHECK")
        self.succeed("DEL")
        self.assert_nothing_left()
        for code, command in ((CODE_TRY_AGAIN, "ADD"), (CODE_NOT_AVAILABLE, "STATUS")):
            error = self.fail_with(code, command)
            self.assertIn(host_path(self.folder / "subnet.env"), error["msg"])
            self.assertIn("flanneld", error["details"])
        self.assert_nothing_left()

    def test_a_file_that_is_cut_or_holds_nonsense(self):
        for text, code, word in ((SUBNET_ENV[:50], CODE_TRY_AGAIN, "FLANNEL_MTU, FLANNEL_IPMASQ"),
                                 (SUBNET_ENV.replace("1450", "many"), CODE_CONF, 'FLANNEL_MTU is "many"')):
            self.subnet_env(text)
            error = self.fail_with(code, "ADD")
            self.assertIn(word, error["msg"])
            self.assertIn(host_path(self.folder / "subnet.env"), error["msg"])
        self.assert_nothing_left()


class Lost(FlannelTestCase):
    """The stored conf is gone, and the conf of now is broken."""

    def test_a_delegate_that_does_not_read_is_win_bridge(self):
        for delegate in ("x", 5, [], {"type": 7}, {"type": "win-bridge", "name": "x", "ipam": 7, "ipMasq": "perhaps"}):
            for command in ("DEL", "GC"):
                with self.subTest(delegate, command=command):
                    self.succeed("ADD")
                    (self.data / "c1").unlink()
                    done = self.cni(command, {**self.conf, "delegate": delegate, **valid_attachments()})
                    self.assertEqual(done.status, 0, done)
                    self.assertIn("conf.delegate", done.stderr)
                    self.assert_nothing_left()

    def test_where_nothing_tells_of_the_leases_nothing_is_touched(self):
        self.succeed("ADD")
        (self.data / "c1").unlink()
        before = self.hns.state(), self.leases()
        for ipam in ("x", 5, [], {"type": 7}):
            for command in ("DEL", "GC"):
                with self.subTest(ipam, command=command):
                    error = self.fail_with(CODE_DECODING, command, {**self.conf, "ipam": ipam, **valid_attachments()})
                    self.assertIn("conf.ipam", error["msg"])
                    self.assertEqual((self.hns.state(), self.leases()), before)
        self.succeed("DEL")
        self.assert_nothing_left()


class Failures(FlannelTestCase):
    def test_b09_an_add_that_fails_leaves_nothing(self):
        self.hns.faults({"function": "HcnCreateEndpoint", "hresult": "0x803B000D"})
        error = self.fail_with(CODE_HNS, "ADD")
        self.assertIn('delegate "win-bridge"', error["msg"])
        self.assert_nothing_left()

    def test_a_delegate_that_is_killed_leaves_nothing(self):
        self.hns.faults({"function": "HcnCreateEndpoint", "kill": True, "after": True})
        self.assertIn('delegate "win-bridge"', self.fail_with(CODE_DELEGATE, "ADD")["msg"])
        self.assert_nothing_left()

    def test_an_add_that_cannot_be_undone_keeps_the_conf_for_a_del(self):
        self.hns.faults({"function": "HcnModifyNamespace", "hresult": "0x80070005"},
                        {"function": "HcnDeleteEndpoint", "hresult": "0x80070005"})
        error = self.fail_with(CODE_HNS, "ADD")
        self.assertIn("could not give back", error["details"])
        self.assertIn(host_path(self.data / "c1"), error["details"])
        self.assertEqual((list(self.stored()), self.leases()), (["c1"], ["10.244.4.3"]))
        self.hns.faults()
        self.succeed("DEL")
        self.assert_nothing_left()

    def test_a_del_that_fails_can_be_repeated(self):
        self.succeed("ADD")
        stored = self.stored()
        self.hns.faults({"function": "HcnDeleteEndpoint", "hresult": "0x80070005"})
        self.assertIn("c1_cbr0", self.fail_with(CODE_HNS, "DEL")["msg"])
        self.assertEqual((self.stored(), self.leases()), (stored, ["10.244.4.3"]))
        self.hns.faults()
        self.succeed("DEL")
        self.assert_nothing_left()

    def test_a_conf_that_cannot_be_stored(self):
        self.data.write_text("a file")
        error = self.fail_with(CODE_INPUT_OUTPUT, "ADD")
        self.assertIn(host_path(self.data), error["msg"])
        self.assertEqual((self.hns.endpoints(), self.leases(), self.hns.calls()), ([], [], []))

    def test_a_delegate_that_is_gone_from_disk(self):
        error = self.fail_with(CODE_CONF, "ADD", CNI_PATH=host_path(self.folder))
        self.assertIn("win-bridge", error["msg"])
        self.assertIn(host_path(self.folder), error["details"])
        self.assert_nothing_left()


class Scarce(EmulatorTestCase):
    def test_a_delegate_that_cannot_be_started_has_taken_nothing(self):
        """Too few files for the pipes to it, but enough to store its conf, or not even that."""
        if settings.sampled:
            self.skipTest("Windows has no such limit, and a sanitizer needs pipes of its own")
        (self.folder / "subnet.env").write_text(SUBNET_ENV)
        conf = {"cniVersion": "1.1.0", "name": "cbr0", "timeoutSeconds": 20, **flannel_files(self.folder),
                "delegate": {"type": "host-local"}, "ipam": {"dataDir": str(self.folder / "ipam")}}
        env = {**clean_environment(), **plugin_variables("ADD", {"CNI_NETNS": "x"})}
        not_started = 0
        for files in range(4, 14):
            with self.subTest(files):
                command = f"ulimit -n {files}; exec {executable('flannel')}"
                done = subprocess.run(["sh", "-c", command], env=env, input=json.dumps(conf), text=True,
                                      capture_output=True, timeout=PATIENCE)
                if done.returncode == 0:
                    break
                if 'could not be started' not in done.stdout:
                    continue
                not_started += 1
                error = json.loads(done.stdout)
                self.assertEqual(error["code"], CODE_TRY_AGAIN)
                self.assertIn("it has done nothing", error["details"])
                self.assertNotIn("reserved", error["details"])
                self.assertNotIn("could not give back", error["details"])
                self.assertFalse((self.folder / "flannel" / "c1").exists())
        self.assertGreater(not_started, 0)


class Killed(EmulatorTestCase):
    def test_add_killed_at_any_moment_leaves_a_whole_conf_or_none(self):
        need_processes_that_can_be_killed(self)
        data, chance = self.folder / "flannel", random.Random(7)
        (self.folder / "subnet.env").write_text(SUBNET_ENV)
        conf = {"cniVersion": "1.1.0", "name": "cbr0", **flannel_files(self.folder),
                "ipam": {"dataDir": str(self.folder / "ipam")}}
        env = {**self.hns.env, "CNI_NETNS": "A1111111-2222-4333-8444-555555555501"}
        for _ in range(20):
            kill_after(start_plugin("flannel", "ADD", conf, env), chance.uniform(0, 0.05))
            if (data / "c1").exists():
                self.assertEqual(json.loads((data / "c1").read_text())["name"], "cbr0")
            done = self.run_plugin("flannel", "DEL", conf)
            self.assertEqual(done.status, 0, done)
            self.assertEqual([file.name for file in data.glob("c1")], [])


class Removal(EmulatorTestCase):
    """flannel in front of host-local, which is delegate enough: what a DEL must not stumble over."""

    def setUp(self):
        super().setUp()
        (self.folder / "subnet.env").write_text(SUBNET_ENV)
        self.data, self.leases = self.folder / "flannel", self.folder / "ipam" / "cbr0"
        self.conf = {"cniVersion": "1.1.0", "name": "cbr0", "type": "flannel", "delegate": {"type": "host-local"},
                     "subnetFile": host_path(self.folder / "subnet.env"), "dataDir": host_path(self.data),
                     "ipam": {"dataDir": host_path(self.folder / "ipam")}}

    def delete(self, conf, **env):
        """Adds c1, which DEL with this conf must take away whole. Returns what DEL wrote to stderr."""
        added = self.run_plugin("flannel", "ADD", self.conf, {"CNI_NETNS": "x"})
        self.assertEqual(added.status, 0, added)
        self.assertEqual([len(list(self.leases.glob("10.*"))), (self.data / "c1").exists()], [1, True])
        done = self.run_plugin("flannel", "DEL", conf, env)
        self.assertEqual((done.status, done.stdout), (0, ""), done)
        self.assertEqual((list(self.leases.glob("10.*")), list(self.data.glob("*"))), ([], []))
        return done.stderr

    def test_keys_that_del_does_not_use_cannot_stop_it(self):
        for key, value in (
                ("prevResult", {"cniVersion": "1.2.0", "ips": []}), ("prevResult", {"ips": [{"address": "null/32"}]}),
                ("delegate", 7), ("delegate", {"type": 7, "name": "x", "ipam": {}}), ("subnetFile", 7),
                ("subnetFile", "/not/there"), ("ipam", 7), ("type", 7), ("dns", 7), ("runtimeConfig", 7), ("args", 7),
                ("cni.dev/valid-attachments", 7)):
            with self.subTest(key=key, value=value):
                self.delete({**self.conf, key: value})

    def test_one_log_for_plugin_and_delegate(self):
        log = self.folder / "cni.log"
        done = self.run_plugin("flannel", "ADD", {**self.conf, "logFile": host_path(log), "logLevel": "info"},
                               {"CNI_NETNS": "x", "CNI_ARGS": "K8S_POD_NAMESPACE=default;K8S_POD_NAME=web-6c9"})
        self.assertEqual((done.status, done.stderr), (0, ""), done)
        lines = log.read_text().splitlines()
        self.assertEqual(len(lines), 2, lines)
        for line, plugin in zip(lines, ("host-local", "flannel")):
            self.assertRegex(line, rf"^\d{{4}}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d \d+ info {plugin} ADD c1 default/web-6c9 "
                                   r"ok \d+ ms 10\.244\.4\.3/24 via 10\.244\.4\.1 cbr0$")

    def test_a_timeout_or_arguments_that_make_no_sense_are_warnings(self):
        self.assertIn("conf.timeoutSeconds", self.delete({**self.conf, "timeoutSeconds": "abc"}))
        self.assertIn("CNI_ARGS", self.delete(self.conf, CNI_ARGS="oops"))


class NoFile(Removal):
    """What is in the place of c1's stored conf, and is none, keeps no pod for ever."""
    test_keys_that_del_does_not_use_cannot_stop_it = test_one_log_for_plugin_and_delegate = None
    test_a_timeout_or_arguments_that_make_no_sense_are_warnings = None

    def setUp(self):
        super().setUp()
        self.file, self.other = self.data / "c1", self.folder / "other"
        self.other.write_text("precious")

    def things(self):
        """What makes them, and whether GC can say only that they could not be read."""
        makers = [(self.file.mkdir, True), (lambda: self.file.write_text(" " * (1 << 20) + "{}"), True)]
        for change in ({"cniVersion": "9.9.9"}, {"name": ""}, {"name": "a b"}, {"type": ""}):
            conf = {"cniVersion": "1.1.0", "name": "cbr0", "type": "host-local", **change}
            makers.append((lambda conf=conf: self.file.write_text(json.dumps(conf)), False))
        if not settings.wine:
            makers += [(lambda: os.mkfifo(self.file), True), (lambda: self.file.symlink_to(self.file), True),
                       (lambda: self.file.symlink_to("/dev/zero"), True),
                       (lambda: self.file.symlink_to(self.folder), True),
                       (lambda: self.file.symlink_to(self.other), False),
                       (lambda: self.file.symlink_to(self.folder / "nowhere"), None)]
        return makers

    def put(self, make):
        added = self.run_plugin("flannel", "ADD", self.conf, {"CNI_NETNS": "x"})
        self.assertEqual(added.status, 0, added)
        self.file.unlink()
        make()

    def assert_all_gone(self):
        self.assertEqual((list(self.leases.glob("10.*")), list(self.data.glob("*"))), ([], []))
        self.assertEqual(self.other.read_text(), "precious")

    def test_del_removes_by_the_conf_of_now_and_drops_the_thing(self):
        for number, (make, is_unreadable) in enumerate(self.things()):
            with self.subTest(number):
                self.put(make)
                done = self.run_plugin("flannel", "DEL", self.conf)
                self.assertEqual(done.status, 0, done)
                if is_unreadable is not None:
                    self.assertIn(host_path(self.file), done.stderr)
                self.assert_all_gone()

    def test_add_takes_its_place(self):
        for number, (make, _) in enumerate(self.things()):
            with self.subTest(number):
                self.put(make)
                done = self.run_plugin("flannel", "ADD", self.conf, {"CNI_NETNS": "x"})
                self.assertEqual(done.status, 0, done)
                self.assertFalse(self.file.is_symlink())
                self.assertEqual(json.loads(self.file.read_text())["name"], "cbr0")
                self.assertEqual(self.run_plugin("flannel", "DEL", self.conf).status, 0)
                self.assert_all_gone()

    def test_gc_tells_of_it_and_drops_those_of_containers_that_are_gone(self):
        for number, (make, is_unreadable) in enumerate(self.things()):
            with self.subTest(number):
                self.put(make)
                for valid in (["c1"], []):
                    done = self.run_plugin("flannel", "GC", {**self.conf, **valid_attachments(*valid)})
                    if is_unreadable:
                        self.assertEqual((done.status, done.json["code"]), (1, CODE_INPUT_OUTPUT), done)
                        self.assertIn(host_path(self.file), done.json["details"])
                    else:
                        self.assertEqual(done.status, 0, done)
                    if valid:
                        self.assertEqual(len(list(self.leases.glob("10.*"))), 1)
                self.assert_all_gone()
                self.assertEqual(self.run_plugin("flannel", "GC", {**self.conf, **valid_attachments()}).status, 0)

    def test_a_folder_that_is_not_empty_stays_and_is_told(self):
        self.put(lambda: (self.file / "x").mkdir(parents=True))
        error = self.run_plugin("flannel", "ADD", self.conf, {"CNI_NETNS": "x"}).json
        self.assertEqual(error["code"], CODE_INPUT_OUTPUT)
        self.assertIn(f"{host_path(self.file)}: it is a folder", error["msg"])
        done = self.run_plugin("flannel", "DEL", self.conf)
        self.assertEqual((done.status, list(self.leases.glob("10.*"))), (0, []), done)
        self.assertIn("remove it", done.stderr)
        self.assertTrue((self.file / "x").exists())

    def test_temporary_files_that_are_folders(self):
        for name in (".wincni-new-c1", ".wincni-new-c1/x"):
            with self.subTest(name):
                (self.data / name).mkdir(parents=True)
                added = self.run_plugin("flannel", "ADD", self.conf, {"CNI_NETNS": "x"})
                if "/x" in name:
                    self.assertEqual(added.json["code"], CODE_INPUT_OUTPUT)
                    self.assertIn(f"{host_path(self.data / '.wincni-new-c1')}: it is a folder", added.json["msg"])
                else:
                    self.assertEqual(added.status, 0, added)
                self.assertEqual(self.run_plugin("flannel", "DEL", self.conf).status, 0)
        self.assertEqual(list(self.leases.glob("10.*")), [])


class Interfaces(Removal):
    """Each interface of a container has a stored conf of its own."""
    test_keys_that_del_does_not_use_cannot_stop_it = test_one_log_for_plugin_and_delegate = None
    test_a_timeout_or_arguments_that_make_no_sense_are_warnings = None

    def setUp(self):
        super().setUp()
        self.moved = {**self.conf, "ipam": {"dataDir": host_path(self.folder / "elsewhere")}}

    def cni(self, command, interface, conf=None, **env):
        done = self.run_plugin("flannel", command, conf or self.conf,
                               {"CNI_NETNS": "x", "CNI_IFNAME": interface, **env})
        self.assertEqual(done.status, 0, done)

    def held(self):
        """The interfaces that have a lease, and the stored confs."""
        return (sorted(file.read_text().split()[1] for file in self.leases.glob("10.*")),
                sorted(file.name for file in self.data.glob("*")))

    def test_any_order_of_adds_and_dels_although_the_leases_are_elsewhere_now(self):
        for first, second in (("eth0", "eth1"), ("eth1", "eth0"), ("eth0", "Eth0"), ("net1", "net2")):
            for order in ((first, second), (second, first), (second, second, first, first)):
                with self.subTest(first=first, second=second, order=order):
                    for interface in (first, second, first, second):
                        self.cni("ADD", interface)
                    self.assertEqual(self.held()[0], sorted((first, second)))
                    self.assertEqual(len(self.held()[1]), 2)
                    self.assertIn("c1", self.held()[1])
                    for interface in order:
                        self.cni("DEL", interface, self.moved)
                        self.assertNotIn(interface, self.held()[0])
                    self.assertEqual(self.held(), ([], []))

    def test_the_first_has_the_file_of_the_go_plugin_which_can_use_it(self):
        for interface in ("eth0", "eth1", "vEthernet"):
            with self.subTest(interface):
                self.cni("ADD", interface)
                stored = json.loads((self.data / "c1").read_text())
                self.assertEqual((stored["type"], stored["name"]), ("host-local", "cbr0"))
                self.cni("DEL", interface, self.moved)
                self.assertEqual(self.held(), ([], []))

    def test_what_the_go_plugin_stored_serves_every_interface(self):
        for interface in ("eth0", "eth1"):
            with self.subTest(interface):
                self.cni("ADD", "eth0")
                text = (self.data / "c1").read_text()
                self.cni("DEL", "eth0")
                self.cni("ADD", interface)
                (self.data / "c1").write_text(text)
                self.cni("DEL", interface, self.moved)
                self.assertEqual(self.held()[0], [])

    def test_a_del_of_an_interface_that_never_was_takes_nothing(self):
        self.cni("ADD", "eth0")
        before = self.held()
        self.cni("DEL", "eth1")
        self.assertEqual(self.held(), before)
        self.cni("DEL", "eth0", self.moved)
        self.assertEqual(self.held(), ([], []))

    def test_an_add_that_fails_leaves_the_other_one_alone(self):
        self.cni("ADD", "eth0")
        before = self.held()
        done = self.run_plugin("flannel", "ADD", {**self.conf, "ipam": {"dataDir": "x", "routes": 7}},
                               {"CNI_NETNS": "x", "CNI_IFNAME": "eth1"})
        self.assertEqual(done.status, 1, done)
        self.assertEqual(self.held(), before)

    def test_gc_knows_which_is_whose(self):
        for kept in ("eth0", "eth1", "Eth1"):
            with self.subTest(kept):
                for interface in ("eth1", "eth0", "Eth1"):
                    self.cni("ADD", interface)
                self.assertEqual(len(self.held()[1]), 3)
                valid = {"cni.dev/valid-attachments": [{"containerID": "c1", "ifname": kept}]}
                self.cni("GC", kept, {**self.conf, **valid})
                self.assertEqual((self.held()[0], len(self.held()[1])), ([kept], 1))
                self.cni("DEL", kept, self.moved)
                self.assertEqual(self.held(), ([], []))


if __name__ == "__main__":
    main()
