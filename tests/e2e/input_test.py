# SPDX-License-Identifier: Apache-2.0
"""Bad input of every kind: each gets one CNI error with the right code that names what is wrong, and costs
nothing. Both executables, because both read confs and variables."""
import json
import pathlib
import shutil
import subprocess

from harness import (PATIENCE, EmulatorTestCase, clean_environment, executable, host_path, main, plugin_variables,
                     settings)
from node import (CODE_CONF, CODE_DECODING, CODE_ENVIRONMENT, CODE_INPUT_OUTPUT, CODE_VERSION, NodeTestCase, port_mapping,
                  runtime_ports, valid_attachments)


class InputTestCase(NodeTestCase):
    def setUp(self):
        super().setUp()
        self.before = self.hns.state()

    def refuse(self, code, command, conf=None, plugin="win-bridge", **env):
        conf = self.conf if conf is None else conf
        done = self.run_plugin(plugin, command, conf, {"CNI_NETNS": self.namespace, **env})
        self.assertEqual(done.status, 1, done)
        self.assertEqual(done.json["code"], code, done)
        self.assertEqual(self.hns.state(), self.before)
        self.assertFalse((self.folder / "ipam").exists())
        return done.json

    def both(self, code, command, conf=None, **env):
        """The errors of both executables."""
        return [self.refuse(code, command, conf, plugin, **env) for plugin in ("win-bridge", "host-local")]


class Variables(InputTestCase):
    def test_all_missing_variables_are_named_at_once(self):
        for error in self.both(CODE_ENVIRONMENT, "ADD", CNI_CONTAINERID=None, CNI_NETNS="", CNI_IFNAME=None):
            for name in ("CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"):
                self.assertIn(name, error["msg"])

    def test_hostile_container_ids_and_interface_names(self):
        for value in ("../../etc", "a/b", "a\\b", "a b", "-x", ".hidden", "é", "a\nb", "x;y", "$(id)"):
            for error in self.both(CODE_ENVIRONMENT, "ADD", CNI_CONTAINERID=value):
                self.assertIn("CNI_CONTAINERID", error["msg"])
        for value in ("eth/0", "..", "an-interface-name-too-long", "a b", "a:b"):
            for error in self.both(CODE_ENVIRONMENT, "DEL", CNI_IFNAME=value):
                self.assertIn("CNI_IFNAME", error["msg"])

    def test_unknown_commands(self):
        for command in ("FOO", "add", "ADD "):
            for error in self.both(CODE_ENVIRONMENT, command):
                self.assertIn("CNI_COMMAND", error["msg"])

    def test_gc_needs_cni_path(self):
        for error in self.both(CODE_ENVIRONMENT, "GC", CNI_PATH=None):
            self.assertIn("CNI_PATH", error["msg"])

    def test_a_namespace_that_is_no_guid(self):
        for netns in ("none", "/var/run/netns/x", "00000000", "{" + self.namespace, "container:c0"):
            self.assertIn("CNI_NETNS", self.refuse(CODE_ENVIRONMENT, "ADD", CNI_NETNS=netns)["msg"])

    def test_b13_unknown_arguments_trouble_only_a_plugin_that_uses_them(self):
        done = self.run_plugin("win-bridge", "ADD", {**self.conf, "ipam": {}},
                               {"CNI_NETNS": self.namespace, "CNI_ARGS": "X=1;K8S_POD_NAME=a=b"})
        self.assertEqual(done.status, 0, done)
        self.hns.remove("endpoints", self.endpoint()["ID"])
        self.hns.put("namespaces", self.before["namespaces"][0])
        self.assertIn("X", self.refuse(CODE_ENVIRONMENT, "ADD", plugin="host-local", CNI_ARGS="X=1")["msg"])


class Confs(InputTestCase):
    def text(self):
        return json.dumps(self.conf, indent=1)

    def test_text_that_is_no_json_is_refused_with_place_and_cause(self):
        text = self.text()
        cases = {
            "": "empty", " \n": "empty", "{": "ends too early", text[:-1]: "ends too early",
            text.replace('"name"', '# name\n "name"'): "comments", text.replace('"name"', '// x\n"name"'): "comments",
            '{"name": "cbr0",}': "comma", text.replace(' "name"', '\u00a0"name"'): "no-break space",
            '{"dataDir": "C:\\Program Files"}': "backslash", '{"a": \'b\'}': "double quotes",
            "\0\0\0": "", "[[[[": "ends too early", '"': "",
        }
        for bad, cause in cases.items():
            for error in self.both(CODE_DECODING, "ADD", bad):
                self.assertIn(cause, error["msg"] + error.get("details", ""))

    def test_line_and_column_are_those_of_an_editor(self):
        for error in self.both(CODE_DECODING, "ADD", '{\n  "näme": "ü", x\n}'):
            self.assertIn("line 2, column 16", error["msg"])

    def test_b38_marks_and_encodings(self):
        self.assertEqual(self.run_plugin("win-bridge", "STATUS", b"\xef\xbb\xbf" + self.text().encode(), {}).status, 0)
        for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
            for error in self.both(CODE_DECODING, "ADD", self.text().encode(encoding)):
                self.assertIn("UTF-16", error["msg"])
        for error in self.both(CODE_DECODING, "ADD", b'{"name": "\xff\xfe"}'):
            self.assertIn("line 1", error["msg"])

    def test_documents_that_are_no_objects(self):
        for bad in ("[]", "7", '"x"', "true"):
            for error in self.both(CODE_DECODING, "ADD", bad):
                self.assertIn("object", error["msg"])

    def test_huge_and_deep_documents(self):
        deep = '{"name": "cbr0", "x": ' + "[" * 100_000 + "]" * 100_000 + "}"
        for conf in (deep, json.dumps({"name": "cbr0", "cniVersion": "9.9.9", "x": "y" * 5_000_000})):
            done = self.run_plugin("win-bridge", "ADD", conf, {"CNI_NETNS": self.namespace, "CNI_PATH": ""})
            self.assertIn(done.status, (0, 1))
            self.assertTrue(done.json)

    def test_versions_that_nobody_speaks(self):
        for version in ("2.0.0", "1.1", "v1.0.0", "0.2.0-alpha"):
            for error in self.both(CODE_VERSION, "ADD", {**self.conf, "cniVersion": version}):
                self.assertIn(version, error["msg"])
                self.assertIn("1.1.0", error["details"])

    def test_errors_are_in_the_version_of_the_conf(self):
        for version in ("0.3.1", "1.0.0"):
            for error in self.both(CODE_CONF, "ADD", {"cniVersion": version}):
                self.assertEqual(error["cniVersion"], version)

    def test_names_that_are_none(self):
        for name in ("", "bad name", "../x", "a/b", "-a", "ü", "x\u0000y"):
            for error in self.both(CODE_CONF, "ADD", {**self.conf, "name": name}):
                self.assertIn("conf.name", error["msg"])

    def test_wrong_types_name_the_key(self):
        for key, value in (("name", 5), ("cniVersion", 1), ("dns", []), ("ipam", "x"), ("loopbackDSR", "true"),
                           ("policies", {}), ("apiVersion", "two"), ("apiVersion", 1.5), ("runtimeConfig", []),
                           ("timeoutSeconds", -1), ("timeoutSeconds", 0), ("prevResult", "x"), ("gatewayFrom", 1)):
            with self.subTest(key=key, value=value):
                self.assertIn("conf." + key, self.refuse(CODE_DECODING, "ADD", {**self.conf, key: value})["msg"])

    def test_an_api_version_that_hns_never_had(self):
        self.assertIn("3", self.refuse(CODE_CONF, "ADD", {**self.conf, "apiVersion": 3})["msg"])

    def test_d10_types_cannot_leave_cni_path(self):
        for type in ("../host-local", "..\\host-local", "/bin/sh", "C:\\x", "..", "a/b"):
            ipam = {**self.conf["ipam"], "type": type}
            self.assertIn(json.dumps(type)[1:-1].replace("\\\\", "\\"),
                          self.refuse(CODE_CONF, "ADD", {**self.conf, "ipam": ipam})["msg"])

    def test_b57_a_missing_delegate_names_the_folders_searched(self):
        error = self.refuse(CODE_CONF, "ADD", CNI_PATH=host_path(self.folder))
        self.assertIn("host-local", error["msg"])
        self.assertIn(host_path(self.folder), error["details"])
        self.assertIn("CNI_PATH", self.refuse(CODE_ENVIRONMENT, "ADD", CNI_PATH="")["msg"])

    def test_b71_ports_that_hns_cannot_map_are_refused_by_name(self):
        for protocol in ("sctp", "SCTP", "132", "0x6", "017", "icmp", 132):
            ports = runtime_ports(port_mapping(protocol=protocol))
            error = self.refuse(CODE_CONF, "ADD", {**self.conf, **ports})
            self.assertIn(str(protocol), error["msg"])
        for port in (65536, -1, "80", 1.5):
            ports = runtime_ports(port_mapping(port))
            self.assertIn("hostPort", self.refuse(CODE_CONF, "ADD", {**self.conf, **ports})["msg"])

    def test_b39_control_characters_in_a_path_are_refused(self):
        ipam = {**self.conf["ipam"], "dataDir": "C:\run\net"}
        done = self.run_plugin("host-local", "ADD", {**self.conf, "ipam": ipam}, {"CNI_NETNS": "x"})
        self.assertEqual((done.status, done.json["code"]), (1, CODE_CONF), done)
        self.assertIn("dataDir", done.json["msg"])
        self.assertIn("backslash", done.json["details"])


# Keys that no DEL uses, each broken.
UNUSED_BY_DEL = (
    ("prevResult", {"cniVersion": "1.2.0", "ips": []}), ("prevResult", {"ips": [{"address": "null/32"}]}),
    ("prevResult", "x"), ("type", []), ("dns", 7), ("dns", {"nameservers": 7}), ("runtimeConfig", []), ("args", "x"),
    ("cni.dev/valid-attachments", "x"))


class RemovalByHostLocal(EmulatorTestCase):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "ipam"
        self.conf = {"cniVersion": "1.1.0", "name": "cbr0", "type": "host-local",
                     "ipam": {"type": "host-local", "subnet": "10.244.4.0/24", "dataDir": host_path(self.data)}}

    def delete(self, conf, **env):
        """Gives c1 an address, which DEL with this conf must release. Returns what DEL wrote to stderr."""
        added = self.run_plugin("host-local", "ADD", self.conf, {"CNI_NETNS": "x"})
        self.assertEqual(added.status, 0, added)
        done = self.run_plugin("host-local", "DEL", conf, env)
        self.assertEqual((done.status, done.stdout), (0, ""), done)
        self.assertEqual(list(self.data.glob("cbr0/10.*")), [])
        return done.stderr

    def test_keys_that_del_does_not_use_cannot_stop_it(self):
        for key, value in UNUSED_BY_DEL:
            with self.subTest(key=key, value=value):
                self.delete({**self.conf, key: value})
        for key, value in (("ranges", 7), ("routes", [{"dst": "x"}]), ("subnet", "x"), ("resolvConf", "/none")):
            with self.subTest(key=key, value=value):
                self.delete({**self.conf, "ipam": {**self.conf["ipam"], key: value}})

    def test_a_timeout_that_makes_no_sense_is_a_warning(self):
        for value in ("abc", 0, -1, 1e300, [1]):
            with self.subTest(value=value):
                warning = self.delete({**self.conf, "timeoutSeconds": value})
                self.assertIn("conf.timeoutSeconds must be a whole number from 1 to 3600", warning)
        self.assertEqual(self.delete({**self.conf, "timeoutSeconds": 60}), "")

    def test_each_command_leaves_one_line_in_the_log(self):
        def lines(command, level="info", **changed):
            done = self.run_plugin("host-local", command, {**self.conf, "cni.dev/valid-attachments": [], **changed},
                                   {"CNI_NETNS": "x", "WINCNI_LOG": level,
                                    "CNI_ARGS": "K8S_POD_NAMESPACE=default;K8S_POD_NAME=web-6c9"})
            return done.stderr.splitlines()

        who = r"info host-local {} c1 default/web-6c9 "
        for command, what in (("ADD", r"ok \d+ ms 10\.244\.4\.2/24 via 10\.244\.4\.1 cbr0"),
                              ("CHECK", r"ok \d+ ms cbr0"), ("DEL", r"ok \d+ ms cbr0"), ("GC", r"ok \d+ ms cbr0"),
                              ("STATUS", r"ok \d+ ms cbr0")):
            with self.subTest(command=command):
                self.assertEqual(len(lines(command)), 1)
                self.assertRegex(lines(command)[0], who.format(command) + what + "$")
                self.assertEqual(lines(command, "warning"), [])
                self.assertRegex(lines(command, "error", name=7)[0],
                                 who.format(command).replace("info", "error")
                                 + r"failed with code 6: conf\.name must be a string, not 7 \(")

    def test_an_answer_that_cannot_be_written_is_an_error_in_the_log(self):
        if settings.wine or not pathlib.Path("/dev/full").exists():
            self.skipTest("needs a device that is always full")
        with open("/dev/full", "wb") as full:
            done = subprocess.run([executable("host-local")], input=json.dumps(self.conf).encode(), stdout=full,
                                  stderr=subprocess.PIPE, timeout=PATIENCE, check=False,
                                  env={**clean_environment(), **plugin_variables("ADD", {"CNI_NETNS": "x"})})
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr.decode(), r"error host-local ADD c1 the result could not be written to stdout: what was taken is given back by a DEL")
        self.assertEqual(list(self.data.glob("cbr0/10.*")), [])

    def test_arguments_that_are_no_pairs_are_a_warning(self):
        for text in ("oops", "IP=10.0.0.1;oops", "=1"):
            with self.subTest(text=text):
                self.assertIn("CNI_ARGS", self.delete(self.conf, CNI_ARGS=text))
        refused = self.run_plugin("host-local", "ADD", self.conf, {"CNI_NETNS": "x", "CNI_ARGS": "oops"})
        self.assertEqual((refused.status, refused.json["code"]), (1, CODE_ENVIRONMENT))


class Folders(NodeTestCase):
    """Folders in the place of host-local's files."""

    def setUp(self):
        super().setUp()
        self.store = self.folder / "ipam" / "cbr0"

    def add_two(self):
        addresses = []
        for container in ("c1", "c2"):
            done = self.cni("ADD", CNI_CONTAINERID=container, CNI_NETNS=self.hns.create_namespace())
            self.assertEqual(done.status, 0, done)
            addresses.append(done.json["ips"][0]["address"])
        return addresses

    def remove_two(self):
        for container in ("c1", "c2"):
            self.succeed("DEL", CNI_CONTAINERID=container)
        self.assertEqual(list(self.store.glob("10.*")), [])

    def test_in_the_place_of_the_last_address(self):
        for name in ("last_reserved_ip.0", "last_reserved_ip.0/x", "last_reserved_ip.0/last_reserved_ip.0/x"):
            with self.subTest(name):
                (self.store / name).mkdir(parents=True)
                self.assertEqual(self.add_two(), ["10.244.4.3/24", "10.244.4.4/24"])
                self.remove_two()
                # What is not empty stays, and it is told.
                self.assertEqual((self.store / name).is_dir(), "/" in name)
                shutil.rmtree(self.store)

    def test_in_the_place_of_the_temporary_file(self):
        for name in (".wincni-new", ".wincni-new/x"):
            with self.subTest(name):
                self.add_two()
                (self.store / name).mkdir(parents=True)
                done = self.cni("ADD", CNI_CONTAINERID="c3", CNI_NETNS=self.hns.create_namespace())
                if "/" in name:
                    self.assertEqual((done.status, done.json["code"]), (1, CODE_INPUT_OUTPUT), done)
                    self.assertIn(f"{host_path(self.store / '.wincni-new')}: it is a folder", done.json["msg"])
                    self.assertIn("remove this folder", done.json["details"])
                else:
                    self.assertEqual(done.status, 0, done)
                    self.succeed("DEL", CNI_CONTAINERID="c3")
                    (self.store / name).mkdir()
                self.succeed("DEL", CNI_CONTAINERID="c2")
                self.succeed("GC", {**self.conf, **valid_attachments()})
                self.assertEqual((list(self.store.glob("10.*")), self.hns.endpoints()), ([], []))
                shutil.rmtree(self.store)


if __name__ == "__main__":
    main()
