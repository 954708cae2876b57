# SPDX-License-Identifier: Apache-2.0
"""`wincni conf explain` and `wincni conf new`: what explain says of a conf is what ADD then makes, and what new writes
passes lint and works."""
import json
import re

import confs_test
from harness import EXAMPLES, REAL, ROOT, EmulatorTestCase, host_path, main, path_list, plugin_folders, sample, some
from node import NodeTestCase

LINT = ROOT / "tests" / "data" / "lint"
OF_CONF = {6, 7}


def policies_of(policies):
    """In any order, without settings that say nothing, as HNS keeps them."""
    return sorted(json.dumps([one["Type"], {key: value for key, value in one["Settings"].items() if value}],
                             sort_keys=True) for one in policies)


class Explains:
    """Runs `wincni conf explain`."""

    def explain(self, *arguments, status=0, hns=True, stdin=b""):
        env = {"CNI_PATH": path_list(*plugin_folders()), **({} if hns else {"WINCNI_EMULATOR": ""})}
        done = self.run_tool("conf", "explain", *arguments, env=env, stdin=stdin)
        self.assertEqual(done.status, status, done)
        return done

    def text(self, *arguments, **more):
        """What is on stdout, wherever its lines break."""
        return " ".join(self.explain(*arguments, **more).stdout.split())

    def explained(self, *arguments, **more):
        """The only plugin of the conf that ours do the work of."""
        plugin, = self.explain("--json", *arguments, **more).json["plugins"]
        return plugin

    def written(self, conf, name="net.conf"):
        file = self.folder / name
        file.write_bytes(conf if isinstance(conf, bytes) else json.dumps(conf).encode())
        return host_path(file)


class Runs(Explains):
    """Each run of confs_test: explain on the node, ADD, and what HNS then has."""

    def same_as_add(self, run, netns):
        self.prepare(run, netns)
        api = "1" if netns == "none" else "2"
        # Under its old name it is the plugin that the node has under it.
        conf = re.sub(rb'("type"\s*:\s*)"wincni(\.exe)?"', rb'\1"' + run["run"].encode() + b'"', self.conf)
        file = self.written(conf)
        alone = self.run_tool("conf", "explain", "--json", "--api", api, file, env={"WINCNI_EMULATOR": ""})
        lively = self.run_tool("conf", "explain", "--json", "--live", "--api", api, file,
                               env={"CNI_PATH": path_list(*plugin_folders())})
        self.assertEqual(self.hns.state(), self.before)
        self.succeed(run, "ADD")
        stored, = self.pods_endpoints()
        made = self.run_tool("hns", "show", "endpoint", stored["ID"], "--json").json
        for done, is_live in ((alone, False), (lively, True)):
            with self.subTest("live" if is_live else "alone"):
                self.assertIn(done.status, (0, 3), done)
                plugin, = done.json["plugins"]
                self.compare(plugin, made, is_live)
        self.succeed(run, "DEL")

    def compare(self, plugin, made, is_live):
        said = plugin["apis"][0]["endpoint"]
        said = json.loads(json.dumps(said).replace("<container>", "c1").replace("<namespace>", "shop"))
        self.assertEqual(said["name"], made["name"])
        self.compare_policies(said, made)
        if said["routes"]:
            # HNS does not set the default route that is to lead nowhere.
            routes = [route for route in said["routes"] if route["nextHop"] not in ("0.0.0.0", "::")]
            self.assertEqual(sorted(map(str, routes)), sorted(map(str, made["routes"])))
        if any(said["dns"].values()):
            self.assertEqual(said["dns"], made["dns"])
        self.compare_addresses(plugin, said, made)
        if said["mac"] and is_live:
            self.assertEqual(said["mac"].upper(), made["mac"].upper())
        if is_live:
            self.assertEqual(plugin["network"]["state"] in ("found", "toBeMade"), True)
            self.assertEqual([one["name"] for one in plugin["executables"] if not one["file"]
                              and one["name"] in ("flannel", "win-bridge", "win-overlay", "nat", "host-local")], [])

    def compare_policies(self, said, made):
        addresses = {address.split("/")[0] for address in made["addresses"]}
        node = {network["ManagementIP"] for network in self.hns.networks() if "ManagementIP" in network}
        # HNS adds routes to the pod and to the node beside each host port.
        of_hns = [{"Type": "SDNRoute", "Settings": {"DestinationPrefix": address + "/32", "NeedEncap": encap}}
                  for address, encap in [*((one, False) for one in addresses), *((one, True) for one in node)]]
        policies = [one for one in made["policies"] if one not in of_hns or one in said["policies"]]

        def plain(policies):
            text = json.dumps(policies)
            for value, name in [*((one, "<address>") for one in addresses), *((one, "<node>") for one in node)]:
                text = text.replace(f'"{value}"', f'"{name}"')
            return policies_of(json.loads(text))
        self.assertEqual(plain(said["policies"]), plain(policies))

    def compare_addresses(self, plugin, said, made):
        addresses = [address.split("/")[0] for address in made["addresses"]]
        if said["addresses"]:
            self.assertEqual([address.split("/")[0] for address in said["addresses"]], addresses)
        self.assertEqual(len(plugin["rangeSets"]), len(said["addresses"]))
        for one in plugin["rangeSets"]:
            self.assertGreater(one["capacity"], 0)
        if said["routes"]:
            self.assertEqual([one["address"] for one in plugin["apis"][0]["gateways"]],
                             [route["nextHop"] for route in said["routes"]
                              if route["destination"].endswith("/0") and route["nextHop"] not in ("0.0.0.0", "::")])

    def refused_as_well(self, run, netns):
        self.prepare(run, netns)
        done = self.run_tool("conf", "explain", "--live", self.written(self.conf))
        self.assertIn(done.status, (1, 3), done)
        self.assertNotEqual(done.stderr, "")


class OfReal(Runs, confs_test.ConfTestCase):
    confs = REAL


class OfExamples(Runs, confs_test.ConfTestCase):
    confs = EXAMPLES
    of_this_node = confs_test.Examples.of_this_node


def is_of_conf(run):
    return run["refused"]["code"] in OF_CONF and "azure" not in run["refused"]["text"]


def add_runs(cls, runs):
    for number, run in enumerate(runs):
        for netns in run.get("netns", ["guid"]):
            name = f"test_{number:02}_{run['conf'].split('.')[0].replace('-', '_')}_{netns}"
            if "expect" in run:
                setattr(cls, name, lambda self, run=run, netns=netns: self.same_as_add(run, netns))
            elif is_of_conf(run):
                setattr(cls, name, lambda self, run=run, netns=netns: self.refused_as_well(run, netns))


add_runs(OfReal, confs_test.EXPECTATIONS)
add_runs(OfExamples, confs_test.EXAMPLE_RUNS)


class Words(Explains, NodeTestCase):
    """What a person reads."""

    def test_says_what_a_pod_gets(self):
        self.conf["ipam"]["ranges"] = [[{"subnet": "10.244.4.0/24", "rangeStart": "10.244.4.3"}]]
        self.conf.update(dns={"nameservers": ["10.96.0.10"]}, policies=[
            {"name": "EndpointPolicy", "value": {"Type": "OutBoundNAT",
                                                 "Settings": {"Exceptions": ["10.244.0.0/16", "10.96.0.0/12"]}}},
            {"name": "EndpointPolicy", "value": {"Type": "SDNRoute", "Settings": {"DestinationPrefix": "10.96.0.0/12",
                                                                                  "NeedEncap": True}}}])
        text = self.text(self.written(self.conf), hns=False)
        for words in ('HNS network "cbr0"', "L2Bridge or L2Tunnel; this conf does not make it", "<container>_cbr0 in its namespace",
                      "one of 10.244.4.3 - 10.244.4.254 (252)", "rule of win-bridge: subnet base + 2",
                      "the node's address, but not to 10.244.0.0/16 10.96.0.0/12", "10.96.0.0/12 encapsulated",
                      "none: without capability portMappings"):
            self.assertIn(words, text)

    def test_live_counts_what_is_free(self):
        file = self.written(self.conf)
        self.assertIn("(252)", self.text(file))
        for container in ("a", "b"):
            self.succeed("ADD", CNI_CONTAINERID=container)
        text = self.text("--live", file)
        self.assertIn("(250 of 252 free)", text)
        self.assertIn("there: L2Bridge 10.244.4.0/24 by 10.244.4.1", text)
        pool, = self.explained("--live", file)["rangeSets"]
        self.assertEqual((pool["capacity"], pool["free"]), (252, 250))

    def test_live_says_what_is_missing(self):
        file = self.written({**self.conf, "name": "nowhere"})
        self.assertIn("NOT there, and this conf does not make it", self.text("--live", file))
        self.assertEqual(self.explained("--live", file)["network"]["state"], "missing")

    def test_live_refuses_a_network_of_another_type_as_add_does(self):
        self.hns.create_network("other", type="NAT")
        done = self.explain("--live", self.written({**self.conf, "name": "other"}), status=1)
        self.assertIn("is of type NAT", done.stderr)

    def test_live_on_full_ranges_says_what_add_says(self):
        self.conf["ipam"]["ranges"] = [[{"subnet": "10.244.4.0/24", "rangeStart": "10.244.4.3",
                                         "rangeEnd": "10.244.4.3"}]]
        self.succeed("ADD")
        done = self.explain("--live", self.written(self.conf), status=1)
        self.assertIn("no address is free", done.stderr)

    def test_both_apis(self):
        file = self.written({**self.conf, "dns": {"nameservers": ["10.96.0.10"], "options": ["ndots:5"]}})
        text = self.text("--api", "both", file)
        self.assertIn("Version 1 other dns under Docker", text)
        self.assertIn("DNS options are left out", text)
        plugin = self.explained("--api", "both", file)
        self.assertEqual([(one["apiVersion"], one["endpoint"]["dns"]["options"]) for one in plugin["apis"]],
                         [(2, ["ndots:5"]), (1, [])])
        for api in (1, 2):
            one, = self.explained("--api", str(api), file)["apis"]
            self.assertEqual(one["apiVersion"], api)

    def test_what_the_other_api_refuses(self):
        file = host_path(EXAMPLES / "overlay-create-network.conf")
        text = self.text("--api", "both", file)
        self.assertIn("Version 1 refused: conf.createNetwork.vxlanPort", text)
        self.assertIn("Overlay; made by this conf where it is missing", text)
        self.assertEqual([bool(one["refusal"]) for one in self.explained("--api", "both", file)["apis"]],
                         [False, True])
        self.assertIn("vxlanPort", self.explain("--api", "1", file, status=1).stderr)

    def test_gateways_and_who_says_so(self):
        for keys, address, rule in (
                ({}, "10.244.4.2", "rule of win-bridge"),
                ({"gatewayFrom": "network"}, "10.244.4.1", "HNS network's"),
                ({"gatewayFrom": "ipam", "ipam": {**self.conf["ipam"], "ranges": [
                    [{"subnet": "10.244.4.0/24", "gateway": "10.244.4.9"}]]}}, "10.244.4.9", "conf.ipam.ranges")):
            file = self.written({**self.conf, **keys})
            for live in ([], ["--live"]):
                gateway, = self.explained(*live, file)["apis"][0]["gateways"]
                self.assertEqual(gateway["address"], address, keys)
                self.assertIn(rule, gateway["rule"])
        text = self.text(self.written({**self.conf, "isDefaultGateway": False}))
        self.assertIn("none: isDefaultGateway is false", text)

    def test_flannel_without_subnet_env(self):
        conf = {"cniVersion": "1.0.0", "name": "cbr0", "type": "flannel",
                "subnetFile": host_path(self.folder / "none.env"), "delegate": {"type": "win-bridge", "apiVersion": 2}}
        text = self.text(self.written(conf))
        self.assertIn("cbr0 = flannel, which calls win-bridge with a conf that it makes", text)
        self.assertIn("NOT there: flanneld writes it. What follows is for a made-up one", text)
        self.assertFalse(self.explained(self.written(conf))["subnetEnv"]["isThere"])
        (self.folder / "none.env").write_text("FLANNEL_NETWORK=10.9.0.0/16\nFLANNEL_SUBNET=10.9.7.1/24\n"
                                              "FLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n")
        self.assertIn("there: 10.9.7.0/24 of 10.9.0.0/16", self.text(self.written(conf)))

    def test_other_peoples_plugins(self):
        conf = {"cniVersion": "1.0.0", "name": "net", "plugins": [{"type": "calico"}, {**self.conf, "name": None}]}
        text = self.text(self.written(conf, "net.conflist"))
        self.assertIn("net = calico", text)
        self.assertIn("no plugin of ours", text)
        self.assertIn("<container>_net", text)

    def test_from_stdin(self):
        self.assertIn("cbr0 = win-bridge", self.text("-", stdin=json.dumps(self.conf)))

    def test_control_characters_do_not_reach_the_terminal(self):
        text = self.explain(self.written({**self.conf, "dns": {"search": ["a\x1b[31m"]}})).stdout
        self.assertNotIn("\x1b", text)


class Refused(Explains, EmulatorTestCase):
    """No command here needs HNS, emulated or not."""

    def test_what_lint_calls_an_error_is_told_in_its_words(self):
        for case in ("C104", "C110", "C311", "C404"):
            file = next((LINT / case).glob("bad.*"))
            done = self.explain(host_path(file), status=3, hns=False)
            lint = self.run_tool("conf", "lint", host_path(file), env={"WINCNI_EMULATOR": ""})
            told = done.stderr.splitlines()[0]
            self.assertRegex(told, r"^error\[C\d+\]")
            self.assertIn(told, lint.stdout)

    def test_what_is_no_conf(self):
        for text in (b"", b"\xff\xfe{\x00}\x00", b"[]", b"{", b"null", b"\x00" * 100, b'{"name": 1}', b"{}",
                     b'{"name": "a", "plugins": []}', b'{"name": "a", "plugins": [1, null]}', b"[" * 5000):
            done = self.explain(self.written(text), status=3, hns=False)
            self.assertEqual(done.stdout.count("A pod gets"), 0)
            self.assertIn("error[", done.stderr)

    def test_confs_of_lints_own_tests(self):
        """What lint finds no error in is explained, unless no plugin is meant to read it."""
        for file in some(sorted(LINT.glob("*/good.*")) + sorted(LINT.glob("*/bad.*"))):
            with self.subTest(file.relative_to(LINT)):
                env = {"WINCNI_EMULATOR": ""}
                done = self.run_tool("conf", "explain", "--api", "both", host_path(file), env=env)
                lint = self.run_tool("conf", "lint", "--json", host_path(file), env=env).json
                wanted = 3 if lint["errors"] else 1 if "net-conf.json" in done.stderr else 0
                self.assertEqual((done.status, wanted != 0), (wanted, done.stderr != ""), done)

    def test_a_file_of_another_machine(self):
        conf = {"cniVersion": "1.0.0", "name": "cbr0", "type": "win-bridge", "apiVersion": 2, "ipam": {
            "type": "host-local", "subnet": "10.244.4.0/24", "resolvConf": host_path(self.folder / "none")}}
        self.assertIn("resolvConf is not known here", self.text(self.written(conf), hns=False))
        self.explain("--live", self.written(conf), status=1)

    def test_net_conf_of_flanneld(self):
        file = self.written({"Network": "10.244.0.0/16", "Backend": {"Type": "host-gw"}})
        self.assertIn("net-conf.json", self.explain(file, status=1, hns=False).stderr)

    def test_arguments(self):
        for arguments in ((), ("--api", "3", "x"), ("--key", "a", "--live"), ("--nonsense",), ("a", "b")):
            self.assertNotEqual(self.explain(*arguments, status=2).stderr, "")
        self.assertIn("is not there", self.explain(host_path(self.folder / "none"), status=1).stderr)


class Keys(Explains, EmulatorTestCase):
    def key(self, path, *more, **how):
        return self.explain("--key", path, *more, hns=False, **how)

    def test_what_a_key_means(self):
        for path, words in (("ipMasq", "win-overlay"), ("delegate.ipMasq", "win-overlay"),
                            ("delegate.gatewayFrom", "ipam or network"), ("createNetwork.subnet", "prefix"),
                            ("ipam.ranges", "rangeStart"), ("ipam.ranges[][].subnet", "the subnet of a range"),
                            ("conf.ipam.ranges[0][1].subnet", "the subnet of a range"), ("APIVERSION", "1 or 2"),
                            ("plugins[0].dns", "nameservers")):
            self.assertIn(words, self.key(path).stdout, path)

    def test_what_it_is_in_a_conf(self):
        file = self.folder / "net.conf"
        file.write_text('{"name": "cbr0", "type": "flannel",\n "delegate": {"type": "win-bridge",\n'
                        '  "apiVersion": 2}}')
        self.assertIn("line 3: 2", self.key("delegate.apiVersion", host_path(file)).stdout)
        self.assertIn("not set", self.key("delegate.dns", host_path(file)).stdout)
        self.assertEqual(self.key("delegate.apiVersion", "--json", host_path(file)).json["value"], "2")
        self.assertIsNone(self.key("delegate.dns", "--json", host_path(file)).json["value"])

    def test_every_key_of_the_schema_is_explained(self):
        schema = self.run_tool("conf", "schema").json["definitions"]["plugin"]["properties"]
        paths = [*schema, *(f"ipam.{key}" for key in schema["ipam"]["properties"])]
        for path in paths[::7]:
            self.assertIn("Meaning", self.key(path).stdout, path)

    def test_a_key_that_nobody_reads(self):
        for path, meant in (("polices", "policies"), ("delegate.polices", "delegate.policies"),
                            ("createNetwork.subent", "createNetwork.subnet")):
            self.assertIn(f'did you mean "{meant}"?', self.key(path, status=2).stderr)
        for path in ("zzzzzz", "", ".", "[]", "[[[", "delegate.", "a" * 10000):
            self.explain("--key", path, status=2, hns=False)


CLUSTER = ["--cluster-cidr", "10.244.0.0/16"]
SERVICE = ["--service-cidr", "10.96.0.0/12"]
NODE = ["--node-cidr", "192.168.1.0/24"]
POD = ["--pod-cidr", "10.244.4.0/24"]
NEEDS = {"l2bridge": [CLUSTER, SERVICE, NODE, POD], "overlay": [CLUSTER, SERVICE, POD], "nat": [POD],
         "flannel-host-gw": [CLUSTER, SERVICE, NODE], "flannel-vxlan": [CLUSTER, SERVICE]}
TYPES = {"l2bridge": "L2Bridge", "overlay": "Overlay", "nat": "NAT", "flannel-host-gw": "L2Bridge",
         "flannel-vxlan": "Overlay"}


def words(lists):
    return [word for one in lists for word in one]


class New(Explains, EmulatorTestCase):
    def new(self, *arguments, status=0):
        done = self.run_tool("conf", "new", *arguments, env={"WINCNI_EMULATOR": ""})
        self.assertEqual(done.status, status, done)
        return done

    def of_mode(self, mode, *more):
        return self.new("--mode", mode, *words(NEEDS[mode]), *more)

    def of_this_node(self, conf):
        conf = json.loads(conf)
        conf.setdefault("ipam", {})["dataDir"] = host_path(self.folder / "ipam")
        if conf["type"] == "flannel":
            (self.folder / "subnet.env").write_text("FLANNEL_NETWORK=10.244.0.0/16\nFLANNEL_SUBNET=10.244.4.1/24\n"
                                                    "FLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n")
            conf.update(subnetFile=host_path(self.folder / "subnet.env"), dataDir=host_path(self.folder / "flannel"))
        return conf

    def life(self, conf, netns):
        env = {"CNI_NETNS": netns}
        result = self.run_plugin(conf["type"], "ADD", conf, env)
        self.assertEqual(result.status, 0, result)
        endpoint, = self.endpoints_of_pods()
        for command, keys in (("CHECK", {"prevResult": result.json}), ("DEL", {})):
            done = self.run_plugin(conf["type"], command, {**conf, **keys}, env)
            self.assertEqual(done.status, 0, (command, done))
        self.assertEqual(self.endpoints_of_pods(), [])
        return endpoint

    def make_network(self, conf, type):
        done = self.run_tool("hns", "create", "network", conf["name"], "--type", type, "--subnet", "10.244.4.0/24",
                             "--gateway", "10.244.4.1", *(["--vni", "4096"] if type == "Overlay" else []))
        self.assertEqual(done.status, 0, done)

    def test_every_mode_passes_lint_and_works(self):
        for mode, needs in NEEDS.items():
            for runtime in ("containerd", "docker"):
                for more in ([], ["--createnetwork"]) if "flannel" not in mode else ([],):
                    with self.subTest((mode, runtime, more)):
                        self.setUp()
                        text = self.of_mode(mode, "--runtime", runtime, *more).stdout
                        lint = self.run_tool("conf", "lint", "--notes", "--runtime", runtime,
                                             *words(one for one in needs if one is not POD), self.written(text.encode()))
                        # Docker's engines hand on nothing newer.
                        self.assertEqual(set(re.findall(r"\[(C\d+)\]", lint.stdout)),
                                         {"C210"} if runtime == "docker" else set(), lint)
                        conf = self.of_this_node(text)
                        if not more:
                            self.make_network(conf, TYPES[mode])
                        netns = "none" if runtime == "docker" else self.hns.create_namespace()
                        self.life(conf, netns)
                        [network] = self.hns.networks()
                        self.assertEqual(network["Type"].upper(), TYPES[mode].upper())

    def test_dual_stack(self):
        text = self.new("--mode", "l2bridge", "--cluster-cidr", "10.244.0.0/16,fd00:10:244::/56", "--service-cidr",
                        "10.96.0.0/12", "--service-cidr", "fd00:10:96::/112", *NODE, "--pod-cidr",
                        "10.244.4.0/24,fd00:10:244:4::/64", "--createnetwork").stdout
        lint = self.run_tool("conf", "lint", "--notes", self.written(text.encode()))
        self.assertIn("nothing found", lint.stdout)
        endpoint = self.life(self.of_this_node(text), self.hns.create_namespace())
        self.assertEqual([ip["IpAddress"] for ip in endpoint["IpConfigurations"]], ["10.244.4.3", "fd00:10:244:4::3"])

    def test_values_go_where_they_belong(self):
        conf = self.of_mode("l2bridge", "--name", "pods", "--dns", "10.96.0.53").json
        self.assertEqual((conf["name"], conf["dns"]["nameservers"]), ("pods", ["10.96.0.53"]))
        self.assertEqual(conf["policies"][0]["value"]["Settings"]["Exceptions"],
                         ["10.244.0.0/16", "10.96.0.0/12", "192.168.1.0/24"])
        done = self.of_mode("flannel-vxlan")
        self.assertEqual(done.json["delegate"]["dns"]["nameservers"], ["10.96.0.10"])
        self.assertIn("10.96.0.10", done.stderr)
        conf = self.of_mode("flannel-host-gw", "--runtime", "docker").json["delegate"]
        self.assertEqual(conf["apiVersion"], 1)
        self.assertEqual(conf["policies"][0]["value"]["ExceptionList"], ["10.244.0.0/16", "10.96.0.0/12", "192.168.1.0/24"])

    def test_into_a_file(self):
        for name in ("10.conf", "10.conflist"):
            file = self.folder / name
            self.assertEqual(self.of_mode("nat", "--out", host_path(file)).stdout, "")
            conf = json.loads(file.read_text())
            self.assertEqual("plugins" in conf, name.endswith("list"))
            self.assertEqual(self.explained(host_path(file))["plugin"], "nat")
            before = file.read_bytes()
            self.assertIn("is there already", self.new("--mode", "nat", *POD, "--out", host_path(file), status=1).stderr)
            self.assertEqual(file.read_bytes(), before)
        self.assertEqual(sorted(one.name for one in self.folder.glob("10*")), ["10.conf", "10.conflist"])

    def test_what_is_missing_is_named_at_once(self):
        for mode, needs in NEEDS.items():
            error = self.new("--mode", mode, status=2).stderr
            for option, _ in needs:
                self.assertIn(option, error)
        self.assertIn("--mode is missing", self.new(status=2).stderr)

    def test_arguments_that_make_no_sense(self):
        for arguments, words_of_error in (
                (["--mode", "l2brige"], "it is one of l2bridge, overlay"),
                (["--mode", "nat", "--pod-cidr", "10.0.0.0"], "--pod-cidr"),
                (["--mode", "nat", "--pod-cidr", "10.0.0.0/33"], "--pod-cidr"),
                (["--mode", "nat", *POD, "--dns", "x"], '--dns "x" is no address'),
                (["--mode", "nat", *POD, "--name", "a b"], "is no name"),
                (["--mode", "nat", "--pod-cidr", "fd00::/64"], "is IPv6"),
                (["--mode", "nat", *POD, "--pod-cidr", "10.1.0.0/24"], "one subnet"),
                (["--mode", "flannel-vxlan", *CLUSTER, *SERVICE, *POD], "flanneld's to say"),
                (["--mode", "flannel-vxlan", *CLUSTER, *SERVICE, "--createnetwork"], "flanneld makes the network"),
                (["--mode", "flannel-vxlan", *CLUSTER, "--service-cidr", "fd00::/112"], "carry IPv4 only"),
                (["--mode", "nat", *POD, "--runtime", "rkt"], "--runtime"),
                (["--mode", "nat", "--pod-cidr", "10.0.0.0/31"], "does not work")):
            done = self.new(*arguments, status=2)
            self.assertEqual(done.stdout, "")
            self.assertIn(words_of_error, done.stderr)


def load_tests(_loader, standard_tests, _pattern):
    return sample(standard_tests, OfReal, OfExamples)


if __name__ == "__main__":
    main()
