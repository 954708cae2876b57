# SPDX-License-Identifier: Apache-2.0
"""`wincni add`, `check`, `del`, `status`, `gc` and `attachments`: the built plugins, and fake ones that write down how
they were called, on an emulated HNS."""
import base64
import json
import re
import shutil

from harness import EmulatorTestCase, executable, host_path, main, path_list, plugin_folders, settings
from node import CODE_CHECK, CODE_ENVIRONMENT, CODE_HNS, CODE_TRY_AGAIN, NodeTestCase
from setups import OF_MICROSOFT, SETUPS, SetupTestCase, for_each_setup

CONTAINER = "wincni-e2e"


class Commands:
    """Runs wincni with a conf and a cache in the test's folder."""

    def write(self, conf, name="net.conf"):
        file = self.folder / "confs" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(conf if isinstance(conf, str) else json.dumps(conf))
        return host_path(file)

    def wincni(self, command, *arguments, env=None, cache=True):
        words = ["--cache", host_path(self.folder / "cache")] if cache else []
        return self.run_tool(command, *arguments, *words,
                             env={"CNI_PATH": path_list(*plugin_folders()), "WINCNI_LOG": "off", **(env or {})})

    def ok(self, command, *arguments, **more):
        done = self.wincni(command, *arguments, **more)
        self.assertEqual(done.status, 0, done)
        return done

    def refused(self, status, command, *arguments, **more):
        """What stderr says of a command that ends with that status and prints nothing."""
        done = self.wincni(command, *arguments, **more)
        self.assertEqual((done.status, done.stdout), (status, ""), done)
        return done.stderr

    def cached(self):
        """Each entry of the cache, by the name of its file."""
        return {file.name: json.loads(file.read_text()) for file in (self.folder / "cache" / "results").glob("*")}


class EveryPlugin(Commands):
    """Each plugin and API version."""

    def test_a_pod_comes_and_goes(self):
        conf = self.write(self.conf)
        self.ok("status", conf)
        pod = ["--container", CONTAINER, "--arg", "K8S_POD_NAMESPACE=default", "--arg", "K8S_POD_NAME=web"]
        added = self.ok("add", conf, "--netns", self.namespace, *pod)
        self.assertEqual(len(added.json["ips"]), 1)
        self.assertEqual(len(self.endpoints_of_pods()), 1)
        self.assertEqual(self.cached()[f"cbr0-{CONTAINER}-eth0"]["result"]["ips"], added.json["ips"])
        listed = self.ok("attachments").stdout
        for shown in ("default/web", CONTAINER, added.json["ips"][0]["address"]):
            self.assertIn(shown, listed)
        # The namespace and the arguments are in the cache.
        self.assertEqual(self.ok("check", conf, "--container", CONTAINER).stdout, "")
        self.assertEqual(self.ok("del", conf, "--container", CONTAINER).stdout, "")
        self.assert_nothing_left()
        self.assertEqual(self.cached(), {})
        self.ok("del", conf, "--container", CONTAINER)

    def test_a_check_that_finds_a_difference_has_an_exit_code_of_its_own(self):
        conf = self.write(self.conf)
        self.ok("add", conf, "--netns", self.namespace, "--container", CONTAINER)
        [endpoint] = self.endpoints_of_pods()
        self.hns.remove("endpoints", endpoint["ID"])
        done = self.wincni("check", conf, "--container", CONTAINER)
        self.assertEqual((done.status, done.json["code"]), (3, CODE_CHECK), done)
        self.assertIn("CHECK", done.stderr)


    def test_a_trace_has_the_calls_that_hns_has_seen(self):
        conf = self.write(self.conf)
        for command in (["add", "--netns", self.namespace], ["check"], ["del"]):
            self.hns.forget_calls()
            done = self.ok(command[0], conf, *command[1:], "--container", CONTAINER, "--trace=full")
            seen = [call["api"] for call in self.hns.calls() if call["api"] != "exit"]
            traced = re.findall(r"(?m)^[| ]+ \d+\.\d ms  0x00000000  (\w+)", done.stderr)
            self.assertEqual(traced, seen)
            self.assertIn(f"> {self.plugin} {command[0].upper()} ", done.stderr)


for_each_setup(globals(), EveryPlugin, [*SETUPS, *OF_MICROSOFT])


class OnePlugin(Commands, NodeTestCase):
    """win-bridge with host-local."""

    def test_a_namespace_that_was_made_goes_with_del(self):
        conf = self.write(self.conf)
        self.hns.remove("namespaces", self.namespace)
        added = self.ok("add", conf, "--new-namespace")
        [made] = self.hns.namespaces()
        self.assertEqual(added.json["interfaces"][0]["sandbox"], made["ID"])
        [(name, entry)] = self.cached().items()
        self.assertRegex(name, r"^cbr0-wincni-[0-9a-f]{8}-eth0$")
        self.assertEqual((entry["netns"], entry["wincniNamespace"]), (made["ID"], made["ID"]))
        # stderr has the command that undoes it.
        undo = re.search(r"undo with: wincni del .* --container (\S+)", added.stderr)
        self.ok("del", conf, "--container", undo[1])
        self.assertEqual((self.hns.namespaces(), self.endpoints_of_pods(), self.leases()), ([], [], []))

    def test_a_namespace_that_was_there_stays(self):
        conf = self.write(self.conf)
        self.ok("add", conf, "--netns", self.namespace, "--container", "c1")
        self.ok("del", conf, "--container", "c1")
        self.assertEqual([one["ID"] for one in self.hns.namespaces()], [self.namespace])

    def test_an_add_that_fails_leaves_nothing(self):
        conf = self.write({**self.conf, "name": "nowhere"})
        self.hns.remove("namespaces", self.namespace)
        done = self.wincni("add", conf, "--new-namespace", "--container", "c1")
        self.assertEqual((done.status, done.json["code"]), (1, CODE_TRY_AGAIN), done)
        self.assertIn("nowhere", done.json["msg"])
        self.assertIn("DEL was run", done.stderr)
        self.assertEqual((self.hns.namespaces(), self.leases("nowhere"), self.cached()), ([], [], {}))

    def test_what_an_add_that_fails_has_made_can_be_kept(self):
        conf = self.write({**self.conf, "name": "nowhere"})
        self.hns.remove("namespaces", self.namespace)
        done = self.wincni("add", conf, "--new-namespace", "--container", "c1", "--keep-on-failure")
        self.assertEqual(done.status, 1, done)
        [made] = self.hns.namespaces()
        self.assertIn("undo with: wincni del", done.stderr)
        self.assertIn(f"wincni hns delete namespace {made['ID']}", done.stderr)

    def test_what_a_failed_undo_leaves_is_named(self):
        conf = self.write(self.conf)
        self.hns.faults({"function": "HcnCreateEndpoint", "hresult": "0x80070005"},
                        {"function": "HcnDeleteNamespace", "hresult": "0x80070005"})
        done = self.wincni("add", conf, "--new-namespace", "--container", "c1")
        self.assertEqual((done.status, done.json["code"]), (1, CODE_HNS), done)
        self.assertIn("could not give back the namespace", done.stderr)
        self.assertIn("wincni hns delete namespace", done.stderr)

    def test_capabilities_and_arguments_reach_the_plugin(self):
        conf = self.write({**self.conf, "capabilities": {"portMappings": True}})
        mapping = [{"hostPort": 8080, "containerPort": 80, "protocol": "tcp"}]
        self.ok("add", conf, "--netns", self.namespace, "--container", "c1", "--arg", "IP=10.244.4.77", "--capability",
                f"portMappings={json.dumps(mapping)}")
        [endpoint] = self.endpoints_of_pods()
        self.assertIn("PortMapping", [policy["Type"] for policy in endpoint["Policies"]])
        entry = self.cached()["cbr0-c1-eth0"]
        self.assertEqual(entry["cniArgs"], [["IP", "10.244.4.77"]])
        self.assertEqual(entry["capabilityArgs"], {"portMappings": mapping})
        self.assertEqual(entry["result"]["ips"][0]["address"], "10.244.4.77/24")
        self.ok("check", conf, "--container", "c1")

    def test_a_capability_that_the_conf_does_not_want_does_not(self):
        conf = self.write(self.conf)
        self.ok("add", conf, "--netns", self.namespace, "--container", "c1", "--capability",
                'portMappings=[{"hostPort": 8080, "containerPort": 80, "protocol": "tcp"}]')
        [endpoint] = self.endpoints_of_pods()
        self.assertNotIn("PortMapping", [policy["Type"] for policy in endpoint["Policies"]])

    def test_a_second_interface_is_one_of_its_own(self):
        conf = self.write(self.conf)
        for name in ("eth0", "eth1"):
            self.ok("add", conf, "--netns", self.namespace, "--container", "c1", "--ifname", name)
        self.assertEqual(sorted(self.cached()), ["cbr0-c1-eth0", "cbr0-c1-eth1"])
        self.ok("del", conf, "--container", "c1", "--ifname", "eth1")
        self.assertEqual(len(self.endpoints_of_pods()), 1)
        self.ok("check", conf, "--container", "c1")

    def test_a_network_is_found_by_its_name(self):
        self.write(self.conf, "10-cbr0.conf")
        folder = host_path(self.folder / "confs")
        self.ok("status", "cbr0", "--conf-dir", folder)
        self.ok("status", "cbr0", env={"NETCONFPATH": folder})
        complaint = self.refused(1, "status", "other", "--conf-dir", folder)
        for word in ('"other"', '"cbr0"'):
            self.assertIn(word, complaint)
        self.assertIn("--conf-dir", self.refused(1, "status", "cbr0"))

    def test_a_status_that_is_bad_is_the_plugins_own_answer(self):
        self.hns.remove("networks", self.network)
        done = self.wincni("status", self.write(self.conf))
        self.assertEqual((done.status, done.json["code"]), (1, 50), done)

    def test_commands_that_the_version_does_not_have(self):
        self.assertIn("1.1.0", self.ok("status", self.write({**self.conf, "cniVersion": "1.0.0"})).stderr)
        old = self.write({**self.conf, "cniVersion": "0.3.1"})
        self.ok("add", old, "--netns", self.namespace, "--container", "c1")
        self.assertIn("0.4.0", self.refused(1, "check", old, "--container", "c1"))
        self.ok("del", old, "--container", "c1")

    def test_plugins_are_also_given_by_path(self):
        conf = self.write(self.conf)
        words = [word for folder in plugin_folders() for word in ("--path", host_path(folder))]
        self.ok("status", conf, *words, env={"CNI_PATH": ""})
        complaint = self.refused(1, "status", conf, "--path", host_path(self.folder))
        self.assertIn('"win-bridge"', complaint)

    def test_without_a_path_plugins_lie_beside_wincni(self):
        complaint = self.refused(1, "status", self.write({**self.conf, "type": "nowhere"}), env={"CNI_PATH": ""})
        self.assertIn(host_path(executable("wincni").parent), complaint)

    def test_arguments_that_make_no_sense(self):
        conf = self.write(self.conf)
        pod = ["--netns", self.namespace]
        self.ok("add", conf, *pod, "--container", "c1")
        for words, named in ((["add", conf], "--new-namespace"),
                             (["add", conf, *pod, "--new-namespace"], "--new-namespace"),
                             (["add", conf, *pod, "--arg", "x"], "KEY=VALUE"),
                             (["add", conf, *pod, "--arg", "x=1;y=2"], "semicolon"),
                             (["add", conf, *pod, "--capability", "dns"], "KEY=VALUE"),
                             (["add", conf, *pod, "--capability", "dns={x}"], "not JSON"),
                             (["check", conf], "c1"), (["del", conf], "c1"), (["gc", conf], "--keep-live"),
                             (["gc", conf, "--keep-none", "--keep", "c1"], "--keep")):
            with self.subTest(words[0], named=named):
                self.assertIn(named, self.refused(2, *words))
        for words, named in ((["add", conf, *pod, "--container", "../x"], '"../x"'),
                             (["add", conf, *pod, "--ifname", "a/b"], '"a/b"'),
                             (["del", conf, "--container", "a b"], '"a b"'),
                             (["status", self.write("{", "bad.conf")], "bad.conf")):
            with self.subTest(words[0], named=named):
                self.assertIn(named, self.refused(1, *words))

    def test_attachments_for_scripts(self):
        self.assertIn("No attachments", self.ok("attachments").stdout)
        self.assertEqual(self.ok("attachments", "--json").json, [])
        conf = self.write(self.conf)
        self.ok("add", conf, "--netns", self.namespace, "--container", "c1")
        [listed] = self.ok("attachments", "--json").json
        self.assertRegex(listed.pop("since"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertTrue(listed.pop("file").endswith("cbr0-c1-eth0"))
        self.assertEqual(listed, {"pod": None, "containerId": "c1", "network": "cbr0", "interface": "eth0",
                                  "netns": self.namespace, "addresses": ["10.244.4.3/24"]})
        (self.folder / "cache" / "results" / "no-such-file").write_text("{")
        self.assertEqual(len(self.ok("attachments", "--json").json), 1)


    def test_a_trace_is_only_there_when_asked_for(self):
        conf = self.write(self.conf)
        self.assertNotIn("HcnOpenNetwork", self.ok("add", conf, "--netns", self.namespace, "--container", "c1").stderr)
        told = self.ok("check", conf, "--container", "c1", "--trace").stderr
        self.assertIn("| > host-local CHECK", told)
        self.assertNotIn("HcnCloseNetwork", told)
        self.assertEqual(self.refused(2, "check", conf, "--container", "c1", "--trace=all").count("full"), 1)

    def test_a_trace_of_what_failed_names_the_call(self):
        conf = self.write(self.conf)
        self.hns.faults({"function": "HcnCreateEndpoint", "hresult": "0x803B000D"})
        done = self.wincni("add", conf, "--netns", self.namespace, "--container", "c1", "--trace")
        self.assertRegex(done.stderr, r'0x803B000D  HcnCreateEndpoint +\w{8} "c1_cbr0"  HCN_E_INVALID_POLICY')
        self.assertIn("> win-bridge DEL", done.stderr)
        self.assertEqual(done.json["code"], CODE_HNS)

    def test_a_runtime_may_ask_for_a_trace(self):
        file = self.folder / "trace.jsonl"
        self.run_plugin("win-bridge", "ADD", self.conf, {"CNI_NETNS": self.namespace, "WINCNI_TRACE": host_path(file)})
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        self.assertEqual([(line["event"], line.get("name", line.get("plugin"))) for line in lines][:2],
                         [("call", "HcnEnumerateNetworks"), ("call", "HcnOpenNetwork")])
        started = [line for line in lines if line["event"] == "start"]
        self.assertEqual({(line["plugin"], line["command"]) for line in started} - {("host-local", "DEL")},
                         {("host-local", "ADD")})
        self.assertEqual(json.loads(started[0]["input"])["name"], "cbr0")
        self.assertEqual(len([line for line in lines if line["event"] == "end"]), len(started))

    def test_a_trace_that_cannot_be_written_is_no_reason_to_fail(self):
        conf = {**self.conf, "cniVersion": "1.0.0"}
        done = self.run_plugin("win-bridge", "ADD", conf, {"CNI_NETNS": self.namespace,
                                                           "WINCNI_TRACE": host_path(self.folder / "no" / "such")})
        self.assertEqual(done.status, 0, done)


class Gc(Commands, NodeTestCase):
    """What a GC keeps of three pods, each in a namespace of its own."""

    def setUp(self):
        super().setUp()
        self.file = self.write(self.conf)
        self.pods = {}
        for name in ("c1", "c2", "c3"):
            self.pods[name] = self.hns.create_namespace()
            self.ok("add", self.file, "--netns", self.pods[name], "--container", name)
        self.runtime = host_path(self.folder / "runtime")

    def gc(self, *words):
        return self.ok("gc", self.file, "--runtime-cache", self.runtime, *words)

    def containers(self):
        return sorted(endpoint["Name"].split("_")[0] for endpoint in self.endpoints_of_pods())

    def test_without_a_list_it_is_refused(self):
        self.assertIn("--keep", self.refused(2, "gc", self.file))
        self.assertEqual(self.containers(), ["c1", "c2", "c3"])

    def test_keeps_what_is_named(self):
        self.gc("--keep", "c1", "--keep", "c3/eth0")
        self.assertEqual(self.containers(), ["c1", "c3"])
        self.assertEqual(sorted(self.cached()), ["cbr0-c1-eth0", "cbr0-c3-eth0"])
        self.assertEqual(len(self.leases()), 2)

    def test_keeps_nothing_when_told_so(self):
        self.gc("--keep-none")
        self.assert_nothing_left()
        self.assertEqual(self.cached(), {})

    def test_only_tells_when_asked_to(self):
        told = self.gc("--keep", "c1", "--dry-run").stderr
        self.assertIn("would keep c1/eth0\nwould remove c2/eth0, c3/eth0\n", told)
        self.assertEqual(self.containers(), ["c1", "c2", "c3"])

    def test_keeps_what_is_alive(self):
        self.hns.remove("namespaces", self.pods["c2"])
        self.gc("--keep-live")
        self.assertEqual(self.containers(), ["c1", "c3"])

    def test_keeps_what_the_runtime_has(self):
        """A pod of the runtime is only in its cache; a GC by ours must not cut it off."""
        cache = self.folder / "cache" / "results"
        theirs = self.folder / "runtime" / "results"
        theirs.mkdir(parents=True)
        (cache / "cbr0-c2-eth0").rename(theirs / "cbr0-c2-eth0")
        self.hns.remove("namespaces", self.pods["c3"])
        self.gc("--keep-live")
        self.assertEqual(self.containers(), ["c1", "c2"])

    def test_an_old_cache_without_namespaces_is_kept(self):
        for file in (self.folder / "cache" / "results").glob("*"):
            file.write_text(json.dumps({**json.loads(file.read_text()), "netns": ""}))
        self.gc("--keep-live")
        self.assertEqual(self.containers(), ["c1", "c2", "c3"])

    def test_is_refused_while_somebody_unknown_is_alive(self):
        (self.folder / "cache" / "results" / "cbr0-c2-eth0").unlink()
        words = ["gc", self.file, "--runtime-cache", self.runtime, "--keep-live"]
        self.assertIn('"c2_cbr0"', self.refused(1, *words))
        self.assertEqual(self.containers(), ["c1", "c2", "c3"])
        self.gc("--keep-live", "--keep", "c2")
        self.assertEqual(self.containers(), ["c1", "c2", "c3"])

    def test_namespaces_that_were_made_go_too(self):
        self.ok("add", self.file, "--new-namespace", "--container", "c4")
        there = len(self.hns.namespaces())
        self.gc("--keep", "c1")
        self.assertEqual(len(self.hns.namespaces()), there - 1)

    def test_a_conf_may_disable_it(self):
        file = self.write({"cniVersion": "1.1.0", "name": "cbr0", "disableGC": True, "plugins": [self.conf]}, "x.conflist")
        self.assertIn("disableGC", self.ok("gc", file, "--keep-none").stderr)
        self.assertEqual(self.containers(), ["c1", "c2", "c3"])

    def test_goes_on_when_a_del_fails_and_says_so(self):
        self.hns.faults({"function": "HcnDeleteEndpoint", "hresult": "0x80070005", "call": 1})
        done = self.wincni("gc", self.file, "--runtime-cache", self.runtime, "--keep", "c3")
        self.assertEqual((done.status, done.json["code"]), (1, CODE_HNS), done)
        self.assertIn("c1: ", done.stderr)


class Lists(Commands, EmulatorTestCase):
    """Lists of fake plugins, which write down how they were called."""

    def setUp(self):
        super().setUp()
        suffix = ".exe" if settings.wine else ""
        self.plugins = self.folder / "plugins"
        self.plugins.mkdir()
        for name in ("one", "two", "three"):
            shutil.copy(settings.build / "tests" / "unit" / f"fake_plugin{suffix}", self.plugins / f"{name}{suffix}")
        self.record = self.folder / "record"
        self.path = path_list(self.plugins, *plugin_folders())

    def list_of(self, *types, **more):
        return self.write({"cniVersion": "1.0.0", "name": "n", "plugins": [{"type": type} for type in types], **more},
                          "n.conflist")

    def fake(self, command, conf, failing="", args=()):
        """Runs it; plugins write into the record, and the commands in `failing` fail."""
        words = [] if command in ("status", "gc") else ["--container", "c1"]
        if command == "add":
            words += ["--netns", "n", "--arg", "IgnoreUnknown=1", "--arg", f"DO=fail{failing}:{host_path(self.record)}"]
        return self.wincni(command, conf, *words, *args, env={"CNI_PATH": self.path})

    def calls(self):
        """(command, type, stdin) of each call since the last look."""
        lines = self.record.read_text().splitlines() if self.record.exists() else []
        self.record.unlink(missing_ok=True)
        calls = [line.split(" ", 1) for line in lines]
        return [(command, json.loads(conf)["type"], json.loads(conf)) for command, conf in calls]

    def order(self):
        return [f"{command} {type}" for command, type, _ in self.calls()]

    def test_del_goes_backwards(self):
        conf = self.list_of("one", "two", "three")
        self.assertEqual(self.fake("add", conf).status, 0)
        self.assertEqual(self.order(), ["ADD one", "ADD two", "ADD three"])
        self.assertEqual(self.fake("check", conf).status, 0)
        self.assertEqual(self.order(), ["CHECK one", "CHECK two", "CHECK three"])
        self.assertEqual(self.fake("del", conf).status, 0)
        self.assertEqual(self.order(), ["DEL three", "DEL two", "DEL one"])

    def test_results_are_handed_on(self):
        conf = self.list_of("one", "two")
        self.fake("add", conf)
        self.fake("del", conf)
        results = [conf.get("prevResult", {}).get("ips") for _, _, conf in self.calls()]
        self.assertEqual(results, [None] + 3 * [[{"address": "10.0.0.1/8"}]])

    def test_a_second_of_three_that_fails(self):
        conf = self.list_of("one", "win-bridge", "three")
        done = self.fake("add", conf)
        self.assertEqual((done.status, done.json["code"]), (1, CODE_ENVIRONMENT), done)
        self.assertIn("win-bridge ADD", done.stderr)
        self.assertEqual(self.order(), ["ADD one", "DEL three", "DEL one"])
        self.assertEqual(self.cached(), {})

    def test_a_failure_that_del_does_not_mend_is_told(self):
        done = self.fake("add", self.list_of("one", "two"), failing="ADD,DEL")
        self.assertEqual((done.status, done.json["msg"]), (1, "ADD refused"), done)
        self.assertEqual(self.order(), ["ADD one", "DEL two"])
        self.assertIn("could not give back the attachment of c1", done.stderr)
        self.assertIn("DEL refused", done.stderr)

    def test_a_del_that_fails_may_be_repeated(self):
        conf = self.list_of("one", "two")
        self.fake("add", conf, failing="DEL")
        done = self.fake("del", conf)
        self.assertEqual((done.status, done.json["msg"]), (1, "DEL refused"), done)
        self.assertEqual(len(self.cached()), 1)
        again = self.fake("del", conf, args=["--arg", f"DO=fail:{host_path(self.record)}"])
        self.assertEqual((again.status, self.cached()), (0, {}), again)

    def test_a_plugin_that_is_not_there_is_named_with_the_folders(self):
        done = self.fake("add", self.list_of("one", "nowhere"))
        self.assertEqual((done.status, done.stdout), (1, ""), done)
        self.assertIn('"nowhere"', done.stderr)
        self.assertIn(host_path(self.plugins), done.stderr)

    def test_an_answer_that_is_none_becomes_an_error(self):
        conf = self.list_of("one")
        for answer, shown in (("garbage", "panic: x"), ("nothing", "printed nothing"), ("wrong-result", "result.ips")):
            with self.subTest(answer):
                done = self.wincni("add", conf, "--container", "c1", "--netns", "n", "--arg", f"DO={answer}",
                                   env={"CNI_PATH": self.path})
                self.assertEqual((done.status, done.json["code"]), (1, 102), done)
                self.assertIn(shown, done.stdout)

    def test_check_may_be_disabled(self):
        conf = self.list_of("one", disableCheck="true")
        self.fake("add", conf)
        self.calls()
        self.assertIn("disableCheck", self.fake("check", conf).stderr)
        self.assertEqual(self.order(), [])

    def test_the_list_is_in_the_cache(self):
        conf = self.list_of("one")
        self.fake("add", conf)
        [entry] = self.cached().values()
        text = (self.folder / "confs" / "n.conflist").read_bytes()
        self.assertEqual(base64.b64decode(entry["config"]), text)


if __name__ == "__main__":
    main()
