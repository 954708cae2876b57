# SPDX-License-Identifier: Apache-2.0
"""Confs that people run: those of conf-examples/, and real ones (tests/e2e/data/confs/), unchanged.

What is to become of them is in tests/e2e/data/examples.json and tests/e2e/data/confs/expectations.json, lists of runs:
"conf", its file; "case", where one conf has several; "run", the executable; "subnetEnv", the file that flanneld left
(or "subnetEnvText", its text); "network", the HNS network that is there, named as the conf says; "netns", "guid"
(containerd, the default) and "none" (Docker); "runtimeConfig"; then either "expect", the HNS endpoint, and "creates",
the network that the plugin makes, or "refused", the code and a piece of the text; and "why" that is right.
"""
import json
import os
import pathlib
import re
import shutil

from harness import EXAMPLES, REAL, ROOT, EmulatorTestCase, host_path, leases_in, main, sample, settings
from node import CODE_DECODING, NodeTestCase, flannel_files, valid_attachments


class Delegates(NodeTestCase):
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
        conf = json.loads((REAL / "86-unattributed-guide-host-gw-win-bridge.conf").read_text())
        error = self.fail_with(7, "ADD", {**self.conf, "policies": conf["delegate"]["policies"]})
        self.assertIn('Exceptions[2] "<node-underlay-cidr>" is a placeholder', error["msg"])
        self.assert_nothing_left()

    def test_d15_lists_that_powershell_unrolled(self):
        conf = json.loads((REAL / "97-derived-powershell-scalar-instead-of-array.conf").read_text())
        conf.update(apiVersion="2", name="cbr0", ipam=self.conf["ipam"])
        result = self.succeed("ADD", conf)
        self.assertEqual(result["dns"]["nameservers"], ["10.96.0.10"])
        self.assertTrue(any(p["Settings"].get("Exceptions") for p in self.endpoint()["Policies"]))


class SourceVip(NodeTestCase):
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


EXAMPLE_RUNS = json.loads((ROOT / "tests" / "e2e" / "data" / "examples.json").read_text())
EXPECTATIONS = json.loads((REAL / "expectations.json").read_text())
# Confs that scripts hand to host-local itself: see SourceVip.
FOR_HOST_LOCAL = {"13-sdn-sourcevip-host-local-request.json", "43-rke2-source-vip-host-local.json",
                  "91-derived-utf16le-sourcevip-request.json"}


def with_keys(conf, **keys):
    """The bytes of a conf with more keys, put in by hand, since not all confs are JSON and all are to stay as their
    authors wrote them."""
    more = b"".join(b"%s: %s, " % (json.dumps(key).encode(), json.dumps(value).encode()) for key, value in keys.items())
    return conf.replace(b"{", b"{" + more, 1)


def of_version(conf, version):
    """The same in another version: most real confs are older than CHECK, STATUS and GC."""
    changed, found = re.subn(rb'("cniVersion"\s*:\s*)"[^"]*"', rb'\g<1>"' + version.encode() + b'"', conf)
    return changed if found else with_keys(conf, cniVersion=version)


def plugin_conf(file):
    """What a runtime sends: a conf as it is, or a list's plugin with the list's name and version."""
    conf = file.read_bytes()
    if file.suffix != ".conflist":
        return conf
    conflist = json.loads(conf)
    plugin, = conflist["plugins"]
    return json.dumps({"name": conflist["name"], "cniVersion": conflist["cniVersion"], **plugin}).encode()


def plain_policies(policies):
    """Policies in any order, without settings that say nothing."""
    return sorted(json.dumps([kind, {key: value for key, value in settings.items() if value}], sort_keys=True)
                  for kind, settings in policies)


def addresses_of(result):
    """Of a result of any version."""
    old = [result[key]["ip"] for key in ("ip4", "ip6") if key in result]
    return old or [ip["address"] for ip in result.get("ips", [])]


class ConfTestCase(EmulatorTestCase):
    """What becomes of the confs in a folder: one test method a run and kind of namespace, added below."""
    confs = REAL

    def prepare(self, run, netns):
        self.hns.create_namespace()
        self.namespace = self.hns.namespaces()[0]["ID"]
        self.env = {"CNI_NETNS": self.namespace if netns == "guid" else "none",
                    "CNI_ARGS": "IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web"}
        self.conf = self.of_this_node(plugin_conf(self.confs / run["conf"]), run)
        self.name = re.search(rb'"name"\s*:\s*"([^"]*)"', self.conf)[1].decode()
        if run["network"]:
            self.make_network(**run["network"])
        if "subnetEnv" in run:
            shutil.copy(REAL / run["subnetEnv"], self.folder / "subnet.env")
        elif "subnetEnvText" in run:
            (self.folder / "subnet.env").write_text(run["subnetEnvText"])
        self.before = self.hns.state()

    def of_this_node(self, conf, run):
        """The conf with this test's folders where it has, or leaves to defaults, paths of a node."""
        if "runtimeConfig" in run:
            conf = with_keys(conf, runtimeConfig=run["runtimeConfig"])
        leases = host_path(self.folder / "ipam")
        if run["run"] != "flannel":
            return re.sub(rb'("ipam"\s*:\s*\{)(?=\s*"type"\s*:\s*"host-local")',
                          lambda m: m[1] + b'"dataDir": ' + json.dumps(leases).encode() + b",", conf)
        missing = {}
        for key, path in flannel_files(self.folder).items():
            # Single backslashes are what one of the confs is about; its paths stay.
            conf, found = re.subn(b'("%s"\\s*:\\s*)"[^"\\\\]*"' % key.encode(),
                                  lambda m, path=path: m[1] + json.dumps(path).encode(), conf)
            if not found and b'"%s"' % key.encode() not in conf:
                missing[key] = path
        # flannel hands the conf's own ipam to host-local, whose default folder all tests of a machine would share.
        return with_keys(conf, **missing, ipam={"dataDir": leases})

    def make_network(self, type, subnets):
        network = self.hns.create_network(self.name, type=type, subnets=subnets)
        if type in ("L2Bridge", "L2Tunnel"):
            # The host's own leg, which flannel and the setup scripts make; HNS gives its address to nobody else.
            prefix, _, length = subnets[0][0].partition("/")
            address = prefix[:-1] + "2"
            self.hns.create_endpoint(self.name + "_ep", network, f"{address}/{length}", State=2)

    def cni(self, run, command, conf=None):
        return self.run_plugin(run["run"], command, self.conf if conf is None else conf, self.env)

    def succeed(self, run, command, conf=None):
        done = self.cni(run, command, conf)
        self.assertEqual(done.status, 0, (command, done))
        return done.json if done.stdout else None

    def pods_endpoints(self):
        names = {endpoint["Name"] for endpoint in self.before["endpoints"]}
        return [endpoint for endpoint in self.endpoints_of_pods() if endpoint["Name"] not in names]

    def assert_nothing_left(self):
        after = {**self.hns.state(), "endpoints": self.endpoints_of_pods()}
        for kind in ("endpoints", "namespaces"):
            self.assertEqual(after[kind], self.before[kind])
        left = [file for folder in self.folder.glob("ipam/*") for file in leases_in(folder)]
        left += [file for file in self.folder.glob("flannel/*") if file.name != "lock"]
        self.assertEqual(left, [])

    def life(self, run, netns):
        """A pod's whole life. The plugin that makes its network says so in STATUS, too."""
        self.prepare(run, netns)
        newest = of_version(self.conf, "1.1.0")
        self.succeed(run, "STATUS", newest)
        result = self.succeed(run, "ADD")
        endpoint, = self.pods_endpoints()
        self.assert_endpoint(endpoint, result, run["expect"])
        self.assertEqual(self.succeed(run, "ADD"), result)
        self.succeed(run, "CHECK", with_keys(newest, prevResult=result))
        self.succeed(run, "GC", with_keys(newest, **valid_attachments("c1")))
        self.assertEqual(self.pods_endpoints(), [endpoint])
        if "creates" in run:
            self.assert_network(**run["creates"])
        self.succeed(run, "DEL")
        self.assert_nothing_left()
        self.succeed(run, "DEL")
        self.assert_no_handles_left_open()

    def assert_endpoint(self, endpoint, result, expected):
        self.assertEqual(endpoint["Name"], "c1_" + self.name)
        self.assertEqual([f"{ip['IpAddress']}/{ip['PrefixLength']}" for ip in endpoint["IpConfigurations"]],
                         expected["addresses"])
        self.assertEqual(addresses_of(result), expected["addresses"])
        self.assertEqual(sorted([route["DestinationPrefix"], route["NextHop"]] for route in endpoint["Routes"]),
                         sorted(expected["routes"]))
        if "dns" in expected:
            dns = expected["dns"] or self.dns_of_hns(endpoint)
            self.assertEqual({key: value for key, value in endpoint["Dns"].items() if value}, dns)
            self.assertEqual(result.get("dns", {}).get("nameservers", []), dns.get("ServerList", []))
        if "policies" in expected:
            self.assertEqual(plain_policies((p["Type"], p["Settings"]) for p in endpoint["Policies"]),
                             plain_policies(expected["policies"]))
        if "mac" in expected:
            self.assertEqual(endpoint["MacAddress"].upper(), expected["mac"])

    def dns_of_hns(self, endpoint):
        """What an endpoint has where nobody asks for anything: on NAT networks the host's."""
        network, = [network for network in self.hns.networks() if network["ID"] == endpoint["NetworkID"]]
        return {"Search": ["example.net"], "ServerList": ["192.168.1.1"]} if network["Type"] == "NAT" else {}

    def assert_network(self, type, subnets):
        network, = [network for network in self.hns.networks() if network["Name"] == self.name]
        self.assertEqual(network["Type"].upper(), type.upper())
        made = [[subnet["AddressPrefix"], subnet["GatewayAddress"]] for subnet in network["Subnets"]]
        self.assertEqual(made, subnets)

    def refusal(self, run, netns):
        """The reason is given, and nothing is taken. A DEL follows, as runtimes send one; it may be refused as well."""
        self.prepare(run, netns)
        done = self.cni(run, "ADD")
        self.assertEqual((done.status, done.json["code"]), (1, run["refused"]["code"]), done)
        self.assertIn(run["refused"]["text"], done.json["msg"] + " " + done.json.get("details", ""), done)
        self.cni(run, "DEL")
        self.assertEqual(self.hns.state(), self.before)
        self.assert_nothing_left()


class Real(ConfTestCase):
    def test_every_real_conf_has_an_expectation(self):
        described = {run[key] for run in EXPECTATIONS for key in ("conf", "subnetEnv") if key in run}
        self.assertEqual({file.name for file in REAL.iterdir()}, described | FOR_HOST_LOCAL | {"expectations.json"})


class Examples(ConfTestCase):
    confs = EXAMPLES

    def of_this_node(self, conf, run):
        """Examples are JSON throughout, and may name folders of their own."""
        conf = json.loads(conf)
        if "runtimeConfig" in run:
            conf["runtimeConfig"] = run["runtimeConfig"]
        if run["run"] == "flannel":
            conf.update(flannel_files(self.folder))
            conf.setdefault("ipam", {})
        if run["run"] == "flannel" or conf.get("ipam", {}).get("type") == "host-local":
            conf["ipam"]["dataDir"] = host_path(self.folder / "ipam")
        return json.dumps(conf).encode()

    def test_every_example_has_a_test(self):
        self.assertEqual({file.name for file in EXAMPLES.glob("*.conf*")}, {run["conf"] for run in EXAMPLE_RUNS})

    def test_every_example_is_explained(self):
        text = (EXAMPLES / "README.md").read_text()
        self.assertEqual([run["conf"] for run in EXAMPLE_RUNS if f"`{run['conf']}`" not in text], [])


def add_runs(cls, runs):
    for run in runs:
        for netns in run.get("netns", ["guid"]):
            name = re.sub(r"\W+", "_", " ".join([pathlib.Path(run["conf"]).stem, run.get("case", ""), netns]))
            replay = cls.life if "expect" in run else cls.refusal
            setattr(cls, "test_" + name, lambda self, run=run, netns=netns, replay=replay: replay(self, run, netns))


add_runs(Examples, EXAMPLE_RUNS)
add_runs(Real, EXPECTATIONS)


def load_tests(_loader, standard_tests, _pattern):
    return sample(standard_tests, Real, Examples)


if __name__ == "__main__":
    main()
