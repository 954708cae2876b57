# SPDX-License-Identifier: Apache-2.0
"""wincni and Go's real libcni run the same confs with the same fake plugins: what these get on stdin and in their
variables, and what is in the cache afterwards, must be the same bytes, and each can go on where the other stopped.

usage: libcni_test.py WINCNI [unittest arguments]      (77: Go or libcni is not installed)
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
CONFS = HERE.parent / "e2e" / "data" / "confs"
EXAMPLES = HERE.parent.parent / "conf-examples"
GOPATH = "/usr/share/gocode"
WINCNI = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else None
NETNS = "7C1E0B52-9A41-4F0E-8D35-0E7B6A1C41AF"

# Writes down how it was called, and answers ADD with what lies beside it.
PLUGIN = """#!/bin/sh
number=$(ls "$RECORDS" | wc -l)
{
    echo "$(basename "$0") $CNI_COMMAND|$CNI_CONTAINERID|$CNI_NETNS|$CNI_IFNAME|$CNI_ARGS|$CNI_PATH"
    cat
} > "$RECORDS/$number"
[ "$CNI_COMMAND" != ADD ] || cat "$0.answer"
"""

RESULTS = {
    "addresses of both families": {
        "cniVersion": "1.0.0", "dns": {"nameservers": ["10.96.0.10"], "search": ["svc.cluster.local"]},
        "interfaces": [{"name": "c1_cbr0", "mac": "00-15-5D-00-10-00", "sandbox": NETNS}, {"name": "lo"}],
        "ips": [{"address": "10.244.4.3/24", "gateway": "10.244.4.2", "interface": 0},
                {"gateway": "fd00::1", "address": "FD00:0:0::3/64"}],
        "routes": [{"dst": "0.0.0.0/0", "gw": "10.244.4.2"}, {"dst": "fd00:1::/64"}]},
    "nothing": {},
    "keys that nobody knows": {"cniVersion": "1.0.0", "mine": 1, "ips": [{"address": "10.0.0.1/8", "x": "y"}]},
    "0.4.0": {"cniVersion": "0.4.0", "ips": [{"version": "4", "address": "10.0.0.1/8", "interface": 0}],
              "interfaces": [{"name": "a"}]},
    "0.3.1": {"cniVersion": "0.3.1", "ips": [{"version": "4", "address": "10.0.0.1/8"}], "dns": {"domain": "<x&y>"}},
    "0.2.0": {"cniVersion": "0.2.0", "ip4": {"ip": "10.0.0.1/8", "gateway": "10.0.0.2",
                                             "routes": [{"dst": "0.0.0.0/0"}]}},
}

CONF_LISTS = {
    "numbers as Go has them": '{"cniVersion": "1.0.0", "name": "cbr0", "plugins": [{"type": "one", "a": 1.0, "b": 1e3,'
                              ' "c": 1e21, "d": 0.0000001, "e": 12345678901234567890, "f": -0.0, "g": 10244.00400,'
                              ' "h": 9007199254740993, "i": -5e-324, "j": 1.7976931348623157e308, "k": [1, [2.5]]}]}',
    "text as Go has it": '{"cniVersion": "1.0.0", "name": "cbr0", "plugins": [{"type": "one", "a": "<b>&\'\\"\\u2028'
                         '\\u00e4\\ud83d\\ude00\\b\\f\\n\\t\\u0001\\u007f\\/", "\\u00e4": null, "": {}, "B": [], "b": true}]}',
    "three, of different wishes": '{"cniVersion": "1.0.0",  "name": "cbr0", "plugins": [\n'
                                  '{"type": "one", "capabilities": {"portMappings": true, "dns": false}},\n'
                                  '{"type": "two", "name": "mine", "cniVersion": "0.1.0", "prevResult": {}},\n'
                                  '{"type": "three", "capabilities": {"dns": true, "bandwidth": true}}]}\n',
    "0.4.0": '{"cniVersion": "0.4.0", "name": "cbr0", "plugins": [{"type": "one"}, {"type": "two"}]}',
    "0.3.1": '{"cniVersion": "0.3.1", "name": "cbr0", "plugins": [{"type": "one"}, {"type": "two"}]}',
    "no CHECK": '{"cniVersion": "1.0.0", "disableCheck": true, "name": "cbr0", "plugins": [{"type": "one"}]}',
    "no version": '{"name": "cbr0", "plugins": [{"type": "one"}, {"type": "two"}]}',
}

REFUSED = {
    "no name": '{"cniVersion": "1.0.0", "plugins": [{"type": "one"}]}',
    "a bad name": '{"cniVersion": "1.0.0", "name": "a/b", "plugins": [{"type": "one"}]}',
    "no type": '{"cniVersion": "1.0.0", "name": "cbr0", "plugins": [{}]}',
    "no plugins": '{"cniVersion": "1.0.0", "name": "cbr0"}',
    "an empty list": '{"cniVersion": "1.0.0", "name": "cbr0", "plugins": []}',
    "a plugin that is not there": '{"cniVersion": "1.0.0", "name": "cbr0", "plugins": [{"type": "nowhere"}]}',
    "a byte-order mark": '\ufeff{"cniVersion": "1.0.0", "name": "cbr0", "plugins": [{"type": "one"}]}',
    "a list that is a text": '{"cniVersion": "1.0.0", "name": "cbr0", "plugins": [{"type": "one",'
                             ' "dns": {"nameservers": "10.0.0.1"}}]}',
    "a wrong capability": '{"cniVersion": "1.0.0", "name": "cbr0", "plugins": [{"type": "one",'
                          ' "capabilities": {"dns": "true"}}]}',
}

ARGS = [["IgnoreUnknown", "1"], ["K8S_POD_NAMESPACE", "default"], ["K8S_POD_NAME", "web <7d9f>"]]
CAPABILITIES = {"portMappings": [{"hostPort": 8080, "containerPort": 80, "protocol": "tcp"}],
                "dns": {"servers": ["10.96.0.10"], "searches": ["a.b"]}, "x": 1}


def build_libcni(folder):
    """The program of libcni/main.go, or None."""
    program = pathlib.Path(folder, "libcni")
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": GOPATH, "GOFLAGS": "", "GOTOOLCHAIN": "local",
                   "GOCACHE": os.path.join(folder, "cache"), "CGO_ENABLED": "0"}
    subprocess.run(["go", "build", "-o", program, HERE / "libcni" / "main.go"], env=environment, check=True)
    return program


class Node:
    """A folder with fake plugins, in which one of the two runtimes works; both see the same paths."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.plugins = self.folder / "plugins"
        self.records = self.folder / "records"
        self.cache = self.folder / "cache"

    def install(self, types, result):
        shutil.rmtree(self.plugins, ignore_errors=True)
        self.plugins.mkdir()
        for type in types:
            (self.plugins / type).write_text(PLUGIN)
            (self.plugins / type).chmod(0o755)
            (self.plugins / f"{type}.answer").write_text(json.dumps(result))

    def clear(self):
        for folder in (self.records, self.cache):
            shutil.rmtree(folder, ignore_errors=True)
        self.records.mkdir()

    def call(self, runtime, command, conf, args, capabilities):
        """What a runtime did: whether it succeeded, the calls of plugins, and the cache."""
        shutil.rmtree(self.records, ignore_errors=True)
        self.records.mkdir()
        done = subprocess.run(runtime(self, command, conf, args, capabilities), capture_output=True, text=True,
                              check=False, timeout=60, env={**os.environ, "RECORDS": str(self.records)})
        calls = [(self.records / str(number)).read_text() for number in range(len(list(self.records.iterdir())))]
        return done, calls, self.cached()

    def cached(self):
        """Each file of the cache, without what libcni 1.1.2 does not write yet."""
        return {file.name: re.sub(r',"netns":"[^"]*"', "", file.read_text())
                for file in self.cache.glob("results/*")}


def by_libcni(node, command, conf, args, capabilities):
    return [LIBCNI, command, conf, node.cache, node.plugins, "c1", NETNS, json.dumps(args), json.dumps(capabilities)]


def by_wincni(node, command, conf, args, capabilities):
    return [WINCNI, command, conf, "--cache", node.cache, "--path", node.plugins, "--container", "c1", "--netns", NETNS,
            *[word for pair in args for word in ("--arg", "=".join(pair))],
            *[word for key, value in capabilities.items() for word in ("--capability", f"{key}={json.dumps(value)}")]]


BOTH = (by_libcni, by_wincni)


class Same(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="libcni interop ")
        self.addCleanup(scratch.cleanup)
        self.node = Node(scratch.name)
        self.file = pathlib.Path(scratch.name, "net.conflist")

    def assert_same(self, conf, args=(), capabilities=None, commands=("add", "check", "del")):
        """Each command may be refused, but then by both, before or after the same calls."""
        seen = []
        for runtime in BOTH:
            self.node.clear()
            done = [self.node.call(runtime, command, conf, list(args), capabilities or {})
                    for command in commands]
            seen.append(done)
        for command, theirs, ours in zip(commands, *seen):
            self.assertEqual(theirs[1], ours[1], command)
            self.assertEqual(theirs[2], ours[2], command)
            self.assertEqual(theirs[0].returncode == 0, ours[0].returncode == 0, (command, theirs[0], ours[0]))
        if seen[0][0][0].returncode == 0:
            self.assertEqual(*(json.loads(done[0][0].stdout) for done in seen))
        return seen[0]

    def write(self, text):
        self.file.write_text(text)
        return self.file

    def test_lists(self):
        for name, text in CONF_LISTS.items():
            with self.subTest(name):
                result = {"0.4.0": "nothing", "0.3.1": "nothing", "no version": "0.2.0"}
                self.node.install(["one", "two", "three"], RESULTS[result.get(name, "addresses of both families")])
                for args, capabilities in (([], {}), (ARGS, CAPABILITIES)):
                    done = self.assert_same(self.write(text), args, capabilities)
                    self.assertEqual(done[0][0].returncode, 0, done[0][0].stderr)

    def test_results(self):
        for name, result in RESULTS.items():
            for capabilities in ({}, CAPABILITIES):
                with self.subTest(name):
                    self.node.install(["one", "two", "three"], result)
                    self.assert_same(self.write(CONF_LISTS["three, of different wishes"]), ARGS, capabilities)

    def test_what_is_refused(self):
        self.node.install(["one"], RESULTS["nothing"])
        for name, text in REFUSED.items():
            with self.subTest(name):
                # Of a name that makes a path ours refuses CHECK and DEL as well.
                commands = ("add",) if name == "a bad name" else ("add", "check", "del")
                done = self.assert_same(self.write(text), commands=commands)
                self.assertEqual((done[0][0].returncode, done[0][1]), (1, []))

    def test_confs_of_people(self):
        files = sorted([*CONFS.glob("*.conf*"), *CONFS.glob("*.json"), *EXAMPLES.glob("*.conf*")])
        accepted = 0
        for file in files:
            with self.subTest(file.name):
                content = file.read_bytes()
                types = set(re.findall(r'"type"\s*:\s*"([\w.-]+)"', content.decode("utf-8", "replace")))
                self.node.install(types, RESULTS["nothing"])
                # libcni 1.1.2 does not know the version after that.
                conf = self.node.folder / file.name
                conf.write_bytes(content.replace(b'"1.1.0"', b'"1.0.0"'))
                done = self.assert_same(conf, ARGS, CAPABILITIES)
                accepted += done[0][0].returncode == 0
        self.assertGreater(accepted, len(files) / 2)

    def test_each_goes_on_where_the_other_stopped(self):
        conf = self.write(CONF_LISTS["three, of different wishes"])
        self.node.install(["one", "two", "three"], RESULTS["addresses of both families"])
        seen = []
        for first in BOTH:
            for second in BOTH:
                self.node.clear()
                self.node.call(first, "add", conf, ARGS, CAPABILITIES)
                checked = self.node.call(second, "check", conf, ARGS, CAPABILITIES)
                removed = self.node.call(second, "del", conf, ARGS, CAPABILITIES)
                self.assertEqual((checked[0].returncode, removed[0].returncode, removed[2]), (0, 0, {}))
                seen.append((checked[1:], removed[1:]))
        self.assertEqual(seen, seen[:1] * len(seen))

    def test_ours_knows_from_the_cache_what_it_was_told_for_add(self):
        conf = self.write(CONF_LISTS["three, of different wishes"])
        self.node.install(["one", "two", "three"], RESULTS["addresses of both families"])
        self.node.clear()
        self.node.call(by_libcni, "add", conf, ARGS, CAPABILITIES)
        told = self.node.call(by_wincni, "check", conf, ARGS, CAPABILITIES)
        self.assertEqual(self.node.call(by_wincni, "check", conf, [], {})[1:], told[1:])


if __name__ == "__main__":
    if not shutil.which("go") or not os.path.isdir(f"{GOPATH}/src/github.com/containernetworking/cni/libcni"):
        print("Go's libcni is not there: install the packages golang-go and golang-github-appc-cni-dev")
        sys.exit(77)
    with tempfile.TemporaryDirectory(prefix="libcni-build-") as build:
        LIBCNI = build_libcni(build)
        unittest.main()
