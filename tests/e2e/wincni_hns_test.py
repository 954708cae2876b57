# SPDX-License-Identifier: Apache-2.0
"""The person's command `wincni hns`, each subcommand, on an emulated HNS."""
import contextlib
import fcntl
import json
import os
import struct
import subprocess
import termios

from harness import EmulatorTestCase, clean_environment, executable, host_path, main, path_list, plugin_folders, run, settings
from node import CODE_CONF, NodeTestCase, flannel_files
from setups import SUBNET_ENV

MISSING = "A1111111-2222-4333-8444-555555555599"


class WincniTestCase(EmulatorTestCase):
    def ok(self, *arguments):
        """What the command prints; fails when it complains."""
        done = self.run_tool(*arguments)
        self.assertEqual((done.status, done.stderr), (0, ""), done)
        return done

    def refused(self, *arguments, status=1):
        """What the command complains of; fails when it prints a result."""
        done = self.run_tool(*arguments)
        self.assertEqual((done.status, done.stdout), (status, ""), done)
        self.assertNotEqual(done.stderr, "")
        return done.stderr


class List(WincniTestCase):
    def test_says_so_when_there_is_nothing(self):
        for kind in ("networks", "endpoints", "namespaces"):
            self.assertRegex(self.ok("hns", "list", kind).stdout, f"^HNS has no (such )?{kind}\\.\n$")
            self.assertEqual(self.ok("hns", "list", kind, "--json").json, [])

    def test_networks_are_aligned_lines(self):
        first = self.hns.create_network("cbr0")
        second = self.hns.create_network("Brücke", type="Overlay", subnets=[("10.5.0.0/16", None)])
        rows = {line.split("  ")[0]: line for line in self.ok("hns", "list", "networks").lines}
        self.assertEqual(rows["NAME"].index("TYPE"), rows["cbr0"].index("L2Bridge"))
        self.assertEqual(rows["NAME"].index("TYPE"), rows["Brücke"].index("Overlay"))
        self.assertTrue(rows["cbr0"].endswith(first.lower()))
        self.assertTrue(rows["Brücke"].endswith(second.lower()))

    def test_endpoints_are_sorted_by_network_and_address(self):
        self.hns.create_network("b", subnets=[("10.2.0.0/16", "10.2.0.1")])
        self.hns.create_network("a", subnets=[("10.1.0.0/16", "10.1.0.1")])
        for network, address in (("b", "10.2.0.9"), ("b", "10.2.0.100"), ("a", "10.1.0.30"), ("b", "10.2.0.10"),
                                 ("a", "10.1.0.4")):
            self.ok("hns", "create", "endpoint", "e", "--network", network, "--ip", address)
        listed = self.ok("hns", "list", "endpoints", "--json").json
        self.assertEqual([one["addresses"][0].split("/")[0] for one in listed],
                         ["10.1.0.4", "10.1.0.30", "10.2.0.9", "10.2.0.10", "10.2.0.100"])
        self.assertEqual([line.split()[-1] for line in self.ok("hns", "list", "endpoints").lines[1:]],
                         [one["id"] for one in listed])
        self.assertEqual([one["name"] for one in self.ok("hns", "list", "networks", "--json").json], ["a", "b"])

    def test_fits_a_terminal_and_a_pipe_gets_all(self):
        if settings.wine:
            self.skipTest("Python has no Windows console")
        network = self.hns.create_network("cbr0", subnets=[("10.1.0.0/16", "10.1.0.1")])
        for i in range(3):
            self.hns.create_endpoint(f"{i}" * 64 + "_cbr0", network, f"10.1.0.{i + 5}/16")
        ids = [endpoint["ID"].upper() for endpoint in self.hns.endpoints()]
        for columns in (80, 100, 120, 300):
            lines = self.on_terminal(columns, "hns", "list", "endpoints")
            self.assertEqual(len(lines), 4)
            self.assertLessEqual(max(map(len, lines)), columns)
            for line in lines[1:]:
                found, = (id for id in ids if id.startswith(line.split()[-1].upper()))
                self.assertEqual(self.ok("hns", "show", "endpoint", line.split()[-1], "--json").json["id"].upper(), found)
        self.assertIn("0" * 64 + "_cbr0", self.ok("hns", "list", "endpoints").stdout)

    def on_terminal(self, columns, *arguments):
        """The lines that a person sees whose terminal is that wide."""
        ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        subprocess.run([executable("wincni"), *arguments], stdout=theirs, check=True,
                       env={**clean_environment(), **self.hns.env})
        os.close(theirs)
        text = b""
        # Linux ends the reading of a terminal that nobody holds with an error.
        with contextlib.suppress(OSError):
            while part := os.read(ours, 4096):
                text += part
        os.close(ours)
        return text.decode().splitlines()

    def test_endpoints_of_other_nodes_are_marked(self):
        network = self.hns.create_network("a", subnets=[("10.1.0.0/16", "10.1.0.1")])
        for name, flags in (("here", 0), ("far", 1), ("farther", 3)):
            self.hns.create_endpoint(name, network, "10.1.0.5/16", Flags=flags)
        marked = [line.split()[0] for line in self.ok("hns", "list", "endpoints").lines if "(remote)" in line]
        self.assertEqual(marked, ["far", "farther"])

    def test_networks_as_json(self):
        id = self.hns.create_network("cbr0", subnets=[("10.244.4.0/24", "10.244.4.1"), ("fd00:4::/64", "fd00:4::1")])
        [network] = self.ok("hns", "list", "networks", "--json").json
        self.assertEqual(network["id"], id)
        self.assertEqual(network["type"], "L2Bridge")
        self.assertEqual(network["subnets"][1], {"prefix": "fd00:4::/64", "gateway": "fd00:4::1", "vni": None})
        self.assertEqual(network["managementAddress"], "192.168.1.10")

    def test_endpoints_of_one_network(self):
        self.hns.create_network("cbr0")
        self.hns.create_network("other", subnet="10.9.0.0/24", gateway="10.9.0.1")
        self.ok("hns", "create", "endpoint", "a", "--network", "cbr0")
        self.ok("hns", "create", "endpoint", "b", "--network", "other")
        names = [endpoint["name"] for endpoint in self.ok("hns", "list", "endpoints", "--network", "other",
                                                          "--json").json]
        self.assertEqual(names, ["b"])
        table = self.ok("hns", "list", "endpoints").stdout
        self.assertRegex(table, r"\na +10\.244\.4\.2/24 +cbr0 +- ")

    def test_a_singular_means_the_same(self):
        self.assertEqual(self.ok("hns", "list", "network").stdout, "HNS has no networks.\n")

    def test_a_hostile_name_cannot_steer_the_terminal(self):
        self.hns.create_network("a\x1b[2J\nb")
        lines = self.ok("hns", "list", "networks").lines
        self.assertEqual(len(lines), 2)
        self.assertNotIn("\x1b", lines[1])

    def test_leaves_no_handle_open(self):
        self.hns.create_network("cbr0")
        self.hns.create_namespace()
        for kind in ("networks", "endpoints", "namespaces"):
            self.ok("hns", "list", kind)
        self.assert_no_handles_left_open()


class Tree(WincniTestCase):
    def setUp(self):
        super().setUp()
        self.cbr0 = self.hns.create_network("cbr0", subnets=[("10.1.0.0/16", "10.1.0.1")])
        self.hns.create_network("a nat", type="NAT", subnets=[("172.20.16.0/20", "172.20.16.1")])
        self.here = self.ok("hns", "create", "namespace", "--json").json["id"]
        self.ok("hns", "create", "endpoint", "web_cbr0", "--network", "cbr0", "--ip", "10.1.0.30", "--namespace", self.here)
        self.hns.create_endpoint("gone_cbr0", self.cbr0, "10.1.0.4/16", NamespaceID=MISSING)
        self.hns.create_endpoint("cbr0_ep", self.cbr0, "10.1.0.2/16")
        self.hns.create_endpoint("left", self.cbr0, "10.1.0.5/16")
        for i in range(3):
            self.hns.create_endpoint(f"far{i}", self.cbr0, f"10.1.2.{i + 1}/16", Flags=1)

    def standings(self, *arguments):
        return {endpoint["name"]: endpoint["standing"] for network in self.ok("hns", "tree", "--json", *arguments).json
                for endpoint in network["endpoints"]}

    def test_every_endpoint_is_below_its_network_by_address(self):
        lines = self.ok("hns", "tree").lines
        self.assertEqual([line.split("  ")[0] for line in lines],
                         ["a nat", "cbr0", "|- cbr0_ep", "|- gone_cbr0", "|- left", "|- web_cbr0",
                          "`- 3 remote endpoints, of other nodes (--all)"])
        self.assertEqual(lines[0], "a nat  NAT  172.20.16.0/20 by 172.20.16.1  no endpoints")
        for word in ("10.1.0.4", f"stale: namespace {MISSING.lower()} is gone"):
            self.assertIn(word, lines[3].replace(MISSING, MISSING.lower()))
        for line, word in ((2, "(host)"), (4, "(unattached)"), (5, f"namespace {self.here}")):
            self.assertTrue(lines[line].endswith(word), lines[line])
        self.assertEqual(len(self.ok("hns", "tree", "--all").lines), 9)
        self.assertTrue(self.ok("hns", "tree", "--all").lines[-1].startswith("`- far2"))

    def test_json_says_what_each_is(self):
        self.assertEqual(self.standings(), {"web_cbr0": "pod", "gone_cbr0": "stale", "cbr0_ep": "host",
                                            "left": "unattached", "far0": "remote", "far1": "remote", "far2": "remote"})
        self.assertEqual(self.standings("--stale"), {"gone_cbr0": "stale"})
        self.assertEqual(self.standings("--network", "a nat"), {})
        self.refused("hns", "tree", "--network", "none")

    def test_stale_alone(self):
        self.assertEqual([line.split("  ")[0] for line in self.ok("hns", "tree", "--stale").lines],
                         ["cbr0", "`- gone_cbr0"])
        self.ok("hns", "create", "namespace", "--id", MISSING)
        self.assertEqual(self.ok("hns", "tree", "--stale").stdout, "HNS has no stale endpoints.\n")
        self.assertEqual(self.standings("--stale"), {})

    def test_policies_and_faults_are_told_in_short(self):
        policies = [{"Type": "OutBoundNAT", "Settings": {"Exceptions": ["10.0.0.0/8", "192.168.0.0/16"]}},
                    {"Type": "SDNRoute", "Settings": {"DestinationPrefix": "10.96.0.0/12", "NeedEncap": True}},
                    {"Type": "PortMapping", "Settings": {"Protocol": 6, "InternalPort": 80, "ExternalPort": 8080}},
                    {"Type": "ACL", "Settings": {"Action": "Allow", "Direction": "In"}}, {"Type": "L2Driver"}]
        self.hns.create_endpoint("busy", self.cbr0, "10.1.0.7/16", Policies=policies,
                                 Health={"LastErrorCode": 0x803B0008})
        line, = (line for line in self.ok("hns", "tree").lines if "busy" in line)
        for word in ("NAT-2", "route-1", "ACL-1", "8080->80/", "degraded"):
            self.assertIn(word, line)

    def test_names_of_others_cannot_break_a_line(self):
        self.hns.create_endpoint("a\nb\x1b[31m", self.cbr0, "10.1.0.9/16")
        self.assertEqual(len(self.ok("hns", "tree").lines), 8)
        self.assertNotIn("\x1b", self.ok("hns", "tree").stdout)


class Show(WincniTestCase):
    def test_a_network_by_name_and_by_id_in_any_spelling(self):
        id = self.hns.create_network("cbr0")
        by_name = self.ok("hns", "show", "network", "cbr0").stdout
        self.assertRegex(by_name, r"(?m)^Subnet +10\.244\.4\.0/24 via 10\.244\.4\.1$")
        for spelling in (id, id.lower(), "{" + id + "}"):
            self.assertEqual(self.ok("hns", "show", "network", spelling).stdout, by_name)

    def test_an_endpoint_with_its_policies(self):
        network = self.hns.create_network("cbr0")
        namespace = self.hns.create_namespace()
        self.ok("hns", "create", "endpoint", "pod", "--network", "cbr0", "--namespace", namespace, "--ip", "10.244.4.7")
        [stored] = self.hns.endpoints()
        policy = {"Type": "OutBoundNAT", "Settings": {"Exceptions": ["10.0.0.0/8"]}}
        self.hns.put("endpoints", {**stored, "Policies": [policy]})
        shown = self.ok("hns", "show", "endpoint", "pod", "--json").json
        self.assertEqual(shown["policies"], [policy])
        self.assertEqual(shown["addresses"], ["10.244.4.7/24"])
        self.assertEqual(shown["networkId"], network)
        self.assertEqual(shown["namespaceId"], namespace)
        self.assertIn('"Exceptions":["10.0.0.0/8"]', self.ok("hns", "show", "endpoint", "pod").stdout)

    def test_a_namespace_with_its_endpoints(self):
        self.hns.create_network("cbr0")
        namespace = self.hns.create_namespace()
        self.ok("hns", "create", "endpoint", "pod", "--network", "cbr0", "--namespace", namespace)
        [endpoint] = self.hns.endpoints()
        shown = self.ok("hns", "show", "namespace", namespace.lower(), "--json").json
        self.assertEqual(shown["endpointIds"], [endpoint["ID"]])
        self.assertIn(endpoint["ID"], self.ok("hns", "show", "namespace", namespace).stdout)

    def test_what_is_not_there_is_an_error_that_says_where_to_look(self):
        for kind, reference in (("network", "cbr0"), ("network", MISSING), ("endpoint", "pod"),
                                ("endpoint", MISSING), ("namespace", MISSING), ("namespace", "a-name")):
            complaint = self.refused("hns", "show", kind, reference)
            self.assertIn(reference, complaint)
            self.assertIn(f"wincni hns list {kind}s", complaint)

    def test_an_ambiguous_name_is_an_error_that_lists_the_ids(self):
        ids = [self.hns.create_network("cbr0"), self.hns.create_network("cbr0")]
        complaint = self.refused("hns", "show", "network", "cbr0")
        for id in ids:
            self.assertIn(id, complaint)

    def test_names_are_compared_in_their_exact_case(self):
        self.hns.create_network("cbr0")
        self.refused("hns", "show", "network", "CBR0")


class CreateNetwork(WincniTestCase):
    def test_with_everything(self):
        made = self.ok("hns", "create", "network", "vxlan0", "--type", "overlay", "--subnet", "10.244.4.7/24",
                       "--gateway", "10.244.4.1", "--adapter", "Ethernet 2", "--vni", "4096", "--mac-range",
                       "00:15:5d:52:c0:00-00-15-5D-52-CF-FF", "--json").json
        self.assertEqual(made["type"], "Overlay")
        self.assertEqual(made["subnets"], [{"prefix": "10.244.4.0/24", "gateway": "10.244.4.1", "vni": 4096}])
        self.assertEqual(made["adapter"], "Ethernet 2")
        self.assertEqual(made["macRanges"], [{"first": "00-15-5D-52-C0-00", "last": "00-15-5D-52-CF-FF"}])
        [stored] = self.hns.networks()
        self.assertEqual(stored["ID"], made["id"])

    def test_families_are_peers(self):
        made = self.ok("hns", "create", "network", "cbr0", "--subnet", "fd00:4::/64", "--subnet", "10.244.4.0/24",
                       "--gateway", "10.244.4.1", "--gateway", "fd00:4::1", "--json").json
        self.assertEqual([subnet["gateway"] for subnet in made["subnets"]], ["fd00:4::1", "10.244.4.1"])

    def test_says_what_it_made(self):
        said = self.ok("hns", "create", "network", "Brücke", "--subnet", "10.244.4.0/24").stdout
        [stored] = self.hns.networks()
        self.assertEqual(said, f"Created network Brücke (L2Bridge, {stored['ID']}).\n")
        self.assertEqual(stored["Name"], "Brücke")

    def test_a_second_of_that_name_is_refused(self):
        id = self.hns.create_network("cbr0")
        self.assertIn(id, self.refused("hns", "create", "network", "cbr0"))
        self.assertEqual(len(self.hns.networks()), 1)

    def test_nonsense_is_refused_before_hns_is_changed(self):
        for options in (["--subnet", "10.244.4.0"], ["--subnet", "nonsense"], ["--gateway", "10.244.4.1"],
                        ["--subnet", "10.244.4.0/24", "--gateway", "fd00::1"],
                        ["--subnet", "10.244.4.0/24", "--subnet", "10.244.6.0/24", "--gateway", "10.244.5.1"],
                        ["--subnet", "10.244.4.0/24", "--gateway", "10.244.4.1", "--gateway", "10.244.4.2"],
                        ["--mac-range", "00-15-5D"], ["--id", "nonsense"],
                        ["--mac-range", "00-15-5D-52-CF-FF-00-15-5D-52-C0-00"]):
            self.refused("hns", "create", "network", "cbr0", *options)
        self.refused("hns", "create", "network", "")
        self.assertEqual(self.hns.networks(), [])

    def test_a_gateway_may_be_outside_of_the_only_subnet_of_its_family(self):
        self.ok("hns", "create", "network", "cbr0", "--subnet", "10.244.4.0/24", "--gateway", "192.168.1.1",
                "--subnet", "fd00:4::/64")
        network, = self.hns.networks()
        self.assertEqual([(subnet["AddressPrefix"], subnet.get("GatewayAddress", "")) for subnet in network["Subnets"]],
                         [("10.244.4.0/24", "192.168.1.1"), ("fd00:4::/64", "")])

    def test_leaves_nothing_behind_when_the_create_answer_is_lost_or_the_query_fails(self):
        for fault in ({"function": "HcnQueryNetworkProperties", "hresult": "0x80070005"},
                      {"function": "HcnCreateNetwork", "hresult": "0x80070005", "after": True}):
            with self.subTest(fault=fault):
                self.hns.faults(fault)
                complaint = self.refused("hns", "create", "network", "cbr0", "--subnet", "10.244.4.0/24")
                self.assertIn(fault["function"] + " failed with E_ACCESSDENIED (0x80070005)", complaint)
                self.assertIn("administrator", complaint)
                self.assertEqual(self.hns.networks(), [])

    def test_an_id_that_is_taken_is_refused_and_its_network_stays(self):
        id = self.hns.create_network("cbr0")
        complaint = self.refused("hns", "create", "network", "other", "--subnet", "10.245.0.0/24", "--id", id)
        self.assertIn("HNS already has a network with the ID", complaint)
        self.assertEqual(len(self.hns.networks()), 1)

    def test_an_unknown_type_is_a_usage_error(self):
        self.refused("hns", "create", "network", "cbr0", "--type", "Bridge", status=2)


class CreateEndpoint(WincniTestCase):
    def setUp(self):
        super().setUp()
        self.hns.create_network("cbr0")

    def test_hns_chooses_what_is_not_given(self):
        made = self.ok("hns", "create", "endpoint", "pod", "--network", "cbr0", "--json").json
        self.assertEqual(made["addresses"], ["10.244.4.2/24"])
        self.assertEqual(made["mac"], "00-15-5D-FA-40-00")
        self.assertIsNone(made["namespaceId"])

    def test_takes_what_is_given(self):
        namespace = self.hns.create_namespace()
        made = self.ok("hns", "create", "endpoint", "pod", "--network", "cbr0", "--ip", "10.244.4.9", "--mac",
                       "00:15:5d:fa:40:77", "--namespace", "{" + namespace.lower() + "}", "--json").json
        self.assertEqual((made["addresses"], made["mac"], made["namespaceId"]),
                         (["10.244.4.9/24"], "00-15-5D-FA-40-77", namespace))

    def test_leaves_nothing_behind_when_attaching_fails(self):
        namespace = self.hns.create_namespace()
        self.hns.faults({"function": "HcnModifyNamespace", "hresult": "0x803B002E"})
        complaint = self.refused("hns", "create", "endpoint", "pod", "--network", "cbr0", "--namespace", namespace)
        self.assertIn("0x803B002E", complaint)
        self.assertEqual(self.hns.endpoints(), [])

    def test_a_refused_attach_says_what_to_do_and_not_what_kubelet_would(self):
        namespace = self.hns.create_namespace()
        self.hns.faults({"function": "HcnModifyNamespace", "hresult": "0x80070005"})
        complaint = self.refused("hns", "create", "endpoint", "pod", "--network", "cbr0", "--namespace", namespace)
        self.assertIn("HcnModifyNamespace failed with E_ACCESSDENIED (0x80070005)", complaint)
        self.assertIn("administrator", complaint)
        self.assertNotIn("left behind", complaint)
        self.assertNotIn("DEL", complaint)
        self.assertEqual(self.hns.endpoints(), [])

    def test_what_stays_when_attaching_fails_is_told_with_the_way_to_remove_it(self):
        namespace = self.hns.create_namespace()
        self.hns.faults({"function": "HcnModifyNamespace", "hresult": "0x80070005"},
                        {"function": "HcnDeleteEndpoint", "hresult": "0x803B0017"})
        complaint = self.refused("hns", "create", "endpoint", "pod", "--network", "cbr0", "--namespace", namespace)
        [left] = self.hns.endpoints()
        self.assertIn("HcnModifyNamespace failed with E_ACCESSDENIED (0x80070005)", complaint)
        self.assertIn("administrator", complaint)
        self.assertIn("endpoint pod is left behind", complaint)
        self.assertIn("HCN_E_DEGRADED_OPERATION (0x803B0017)", complaint)
        self.assertIn(f"wincni hns delete endpoint {left['ID']}", complaint)
        self.assertNotIn("DEL ", complaint)
        self.hns.faults()
        self.ok("hns", "delete", "endpoint", left["ID"])
        self.assertEqual(self.hns.endpoints(), [])

    def test_leaves_nothing_behind_when_the_create_answer_is_lost_or_the_query_fails(self):
        namespace = self.hns.create_namespace()
        for fault in ({"function": "HcnQueryEndpointProperties", "hresult": "0x80070005"},
                      {"function": "HcnCreateEndpoint", "hresult": "0x80070005", "after": True}):
            for options in ([], ["--namespace", namespace]):
                with self.subTest(fault=fault, options=options):
                    self.hns.faults(fault)
                    complaint = self.refused("hns", "create", "endpoint", "pod", "--network", "cbr0", *options)
                    self.assertIn(fault["function"] + " failed with E_ACCESSDENIED (0x80070005)", complaint)
                    self.assertIn("administrator", complaint)
                    self.assertNotIn("left behind", complaint)
                    self.assertEqual(self.hns.endpoints(), [])

    def test_what_a_lost_answer_may_have_left_is_told(self):
        self.hns.faults({"function": "HcnCreateEndpoint", "hresult": "0x80070005", "after": True},
                        {"function": "HcnDeleteEndpoint", "hresult": "0x803B0017"})
        complaint = self.refused("hns", "create", "endpoint", "pod", "--network", "cbr0")
        [left] = self.hns.endpoints()
        self.assertIn("administrator", complaint)
        self.assertIn("endpoint pod may be left behind", complaint)
        self.assertIn(f"wincni hns delete endpoint {left['ID']}", complaint)

    def test_an_id_that_is_taken_is_refused_and_its_endpoint_stays(self):
        made = self.ok("hns", "create", "endpoint", "one", "--network", "cbr0", "--json").json
        self.hns.faults({"function": "HcnCreateEndpoint", "hresult": "0x803B002F"})
        complaint = self.refused("hns", "create", "endpoint", "two", "--network", "cbr0", "--id", made["id"])
        self.assertIn("HNS already has an endpoint with the ID " + made["id"], complaint)
        self.assertEqual([one["ID"] for one in self.hns.endpoints()], [made["id"]])

    def test_a_namespace_that_is_not_there_is_found_out_first(self):
        self.refused("hns", "create", "endpoint", "pod", "--network", "cbr0", "--namespace", MISSING)
        self.assertEqual(self.hns.endpoints(), [])

    def test_an_address_that_is_taken_is_refused_by_name_and_number(self):
        self.ok("hns", "create", "endpoint", "one", "--network", "cbr0", "--ip", "10.244.4.9")
        complaint = self.refused("hns", "create", "endpoint", "two", "--network", "cbr0", "--ip", "10.244.4.9")
        self.assertIn("HCN_E_ADDR_INVALID_OR_RESERVED (0x803B002F)", complaint)
        self.assertIn("wincni hns list endpoints", complaint)


class CreateNamespace(WincniTestCase):
    def test_with_an_id_of_ones_own(self):
        id = "{a1111111-2222-4333-8444-555555555501}"
        made = self.ok("hns", "create", "namespace", "--type", "guest", "--id", id, "--json").json
        self.assertEqual((made["id"], made["type"]), (id.strip("{}").upper(), "Guest"))

    def test_leaves_nothing_behind_when_the_create_answer_is_lost_or_the_query_fails(self):
        for fault in ({"function": "HcnQueryNamespaceProperties", "hresult": "0x80070005"},
                      {"function": "HcnCreateNamespace", "hresult": "0x80070005", "after": True}):
            with self.subTest(fault=fault):
                self.hns.faults(fault)
                complaint = self.refused("hns", "create", "namespace")
                self.assertIn(fault["function"] + " failed with E_ACCESSDENIED (0x80070005)", complaint)
                self.assertEqual(self.hns.namespaces(), [])

    def test_an_id_that_is_taken_is_refused_and_its_namespace_stays(self):
        id = self.hns.create_namespace()
        complaint = self.refused("hns", "create", "namespace", "--id", id)
        self.assertIn("HNS already has a namespace with the ID", complaint)
        self.assertEqual(len(self.hns.namespaces()), 1)

    def test_says_the_id(self):
        said = self.ok("hns", "create", "namespace").stdout
        [stored] = self.hns.namespaces()
        self.assertEqual(said, f"Created namespace {stored['ID']}.\n")


class Delete(WincniTestCase):
    def test_each_kind(self):
        self.hns.create_network("cbr0")
        namespace = self.hns.create_namespace()
        self.ok("hns", "create", "endpoint", "pod", "--network", "cbr0", "--namespace", namespace)
        self.assertIn("Deleted endpoint pod", self.ok("hns", "delete", "endpoint", "pod").stdout)
        self.assertEqual(self.hns.endpoints(), [])
        self.assertEqual(self.hns.namespaces()[0]["Endpoints"], [])
        self.ok("hns", "delete", "network", "cbr0")
        self.ok("hns", "delete", "namespace", namespace.lower())
        self.assertEqual(self.hns.state(), {"networks": [], "endpoints": [], "namespaces": []})
        self.assert_no_handles_left_open()

    def test_an_endpoint_that_went_meanwhile_is_as_good_as_deleted(self):
        self.hns.create_network("cbr0")
        self.ok("hns", "create", "endpoint", "pod", "--network", "cbr0")
        self.hns.faults({"function": "HcnDeleteEndpoint", "hresult": "0x803B0002", "after": True})
        self.assertIn("Deleted endpoint pod", self.ok("hns", "delete", "endpoint", "pod").stdout)
        self.assertEqual(self.hns.endpoints(), [])

    def test_prints_what_it_deleted(self):
        id = self.hns.create_network("cbr0")
        self.assertEqual(self.ok("hns", "delete", "network", id, "--json").json["name"], "cbr0")

    def test_what_is_not_there_is_an_error(self):
        for kind in ("network", "endpoint", "namespace"):
            self.refused("hns", "delete", kind, MISSING)

    def test_a_network_in_use_stays_unless_forced(self):
        self.hns.create_network("cbr0")
        for count, names in ((1, "1 endpoint (p0)"), (2, "2 endpoints ("), (12, "12 endpoints (")):
            while len(self.hns.endpoints()) < count:
                self.ok("hns", "create", "endpoint", f"p{len(self.hns.endpoints())}", "--network", "cbr0")
            with self.subTest(count=count):
                complaint = self.refused("hns", "delete", "network", "cbr0")
                self.assertIn('network "cbr0" is in use: it has ' + names, complaint)
                self.assertIn("--force", complaint)
                self.assertEqual("..." in complaint, count > 10)
                self.assertEqual(len(self.hns.endpoints()), count)
        self.ok("hns", "delete", "network", "cbr0", "--force")
        self.assertEqual(self.hns.networks(), [])

    def test_a_namespace_in_use_stays_unless_forced(self):
        self.hns.create_network("cbr0")
        namespace = self.hns.create_namespace()
        for name in ("one", "two"):
            self.ok("hns", "create", "endpoint", name, "--network", "cbr0", "--namespace", namespace)
        complaint = self.refused("hns", "delete", "namespace", namespace)
        self.assertIn(f"namespace {namespace} is in use: it has 2 endpoints (", complaint)
        for word in ("one", "two", "--force"):
            self.assertIn(word, complaint)
        self.assertEqual(len(self.hns.namespaces()), 1)
        self.ok("hns", "delete", "namespace", namespace, "--force")
        self.assertEqual((self.hns.namespaces(), len(self.hns.endpoints())), ([], 2))

    def test_force_is_for_what_can_be_in_use(self):
        self.refused("hns", "delete", "endpoint", "pod", "--force", status=2)
        self.refused("hns", "show", "network", "cbr0", "--force", status=2)

    def test_an_ambiguous_name_deletes_nothing(self):
        self.hns.create_network("cbr0")
        for _ in range(2):
            self.ok("hns", "create", "endpoint", "pod", "--network", "cbr0")
        complaint = self.refused("hns", "delete", "endpoint", "pod")
        for stored in self.hns.endpoints():
            self.assertIn(stored["ID"], complaint)
        self.assertEqual(len(self.hns.endpoints()), 2)


class ShortIds(WincniTestCase):
    FIRST = "ABC11111-2222-4333-8444-555555555501"
    SECOND = "ABD11111-2222-4333-8444-555555555502"

    def test_what_is_unique_is_enough(self):
        for id in (self.FIRST, self.SECOND):
            self.ok("hns", "create", "network", "n" + id[2], "--id", id)
            self.ok("hns", "create", "endpoint", "e" + id[2], "--network", id, "--id", id)
            self.ok("hns", "create", "namespace", "--id", id)
        for kind in ("network", "endpoint", "namespace"):
            for short in ("abc", "ABC11111-2", self.FIRST[:-1].lower()):
                with self.subTest(kind=kind, short=short):
                    self.assertEqual(self.ok("hns", "show", kind, short, "--json").json["id"], self.FIRST)
            with self.subTest(kind=kind):
                complaint = self.refused("hns", "delete", kind, "ab")
                self.assertIn(f"2 {kind}s have an ID that begins with ab", complaint)
                for id in (self.FIRST, self.SECOND):
                    self.assertIn(id, complaint)
                self.assertIn("HNS has no " + kind, self.refused("hns", "show", kind, "abe"))
        self.assertEqual(self.ok("hns", "list", "endpoints", "--network", "abd", "--json").json[0]["id"], self.SECOND)

    def test_a_name_is_meant_before_an_id(self):
        self.ok("hns", "create", "network", "other", "--id", self.FIRST)
        self.ok("hns", "create", "network", "abc", "--id", self.SECOND)
        self.ok("hns", "create", "endpoint", "other", "--network", "abc", "--id", self.FIRST)
        self.ok("hns", "create", "endpoint", "abc", "--network", "abc", "--id", self.SECOND)
        for kind in ("network", "endpoint"):
            self.assertEqual(self.ok("hns", "show", kind, "abc", "--json").json["id"], self.SECOND)


class Attach(WincniTestCase):
    def setUp(self):
        super().setUp()
        self.hns.create_network("cbr0")
        self.namespace, self.other = self.hns.create_namespace(), self.hns.create_namespace()
        self.ok("hns", "create", "endpoint", "pod", "--network", "cbr0")

    def attached_to(self):
        endpoint, = self.hns.endpoints()
        return endpoint["NamespaceID"]

    def test_there_and_back_as_often_as_wanted(self):
        for _ in range(2):
            said = self.ok("hns", "attach", "pod", self.namespace.lower()).stdout
            self.assertEqual(said, f"Attached endpoint pod to namespace {self.namespace}.\n")
            self.assertEqual(self.attached_to(), self.namespace)
        for _ in range(2):
            self.assertIn("is not attached", self.ok("hns", "detach", "pod", self.namespace[:8]).stdout)
            self.assertEqual(self.attached_to(), "")
        self.assertEqual(self.ok("hns", "attach", "pod", self.namespace, "--json").json["namespaceId"], self.namespace)

    def test_one_that_is_elsewhere_stays_there(self):
        self.ok("hns", "attach", "pod", self.namespace)
        for command in ("attach", "detach"):
            complaint = self.refused("hns", command, "pod", self.other)
            self.assertIn(f"endpoint pod is attached to namespace {self.namespace}", complaint)
            self.assertEqual(self.attached_to(), self.namespace)

    def test_what_is_not_there_is_an_error(self):
        for command in ("attach", "detach"):
            self.refused("hns", command, "nobody", self.namespace)
            self.refused("hns", command, "pod", MISSING)
            self.refused("hns", command, "pod", status=2)


class AsPlugin(NodeTestCase):
    """Confs of Microsoft's first plugin have its name as their type."""
    plugin = "wincni"

    def test_it_is_sdnbridge(self):
        self.conf["type"] = "wincni"
        self.conf["policies"] = [{"name": "EndpointPolicy", "value": {"Type": "OutBoundNAT",
                                                                      "ExceptionList": ["10.244.0.0/16"]}}]
        self.assertIn("1.1.0", self.cni("VERSION").json["supportedVersions"])
        self.succeed("STATUS")
        result = self.succeed("ADD")
        self.assertEqual(result["ips"][0]["address"], "10.244.4.3/24")
        self.pass_check(result)
        self.succeed("DEL")
        self.assert_nothing_left()
        error = self.fail_with(CODE_CONF, "ADD", {**self.conf, "apiVersion": 7})
        self.assertIn("apiVersion", error["msg"])

    def test_it_may_be_flannels_delegate(self):
        (self.folder / "subnet.env").write_text(SUBNET_ENV)
        conf = {"cniVersion": "1.0.0", "name": "cbr0", "type": "flannel", **flannel_files(self.folder),
                "ipam": {"dataDir": host_path(self.folder / "ipam")}, "delegate": {"type": "wincni.exe", "apiVersion": 2}}
        folders = path_list(*plugin_folders(), executable("wincni").parent)
        for command in ("ADD", "DEL"):
            done = self.run_plugin("flannel", command, conf, {"CNI_NETNS": self.namespace, "CNI_PATH": folders})
            self.assertEqual(done.status, 0, done)
        self.assert_nothing_left()

    def test_with_arguments_it_is_the_tool(self):
        done = run("wincni", "--version", env={"CNI_COMMAND": "ADD"})
        self.assertEqual(done.status, 0, done)
        self.assertIn("wincni ", done.stdout)


class Version(WincniTestCase):
    def test_tells_what_hns_can_do(self):
        (self.hns.folder / "config.json").write_text(json.dumps({"version": {"Major": 9, "Minor": 2}}))
        answer = self.ok("hns", "version", "--json").json
        self.assertEqual(answer["version"], {"major": 9, "minor": 2})
        can = {feature["name"]: feature["supported"] for feature in answer["features"]}
        self.assertTrue(can["the HCN (v2) API"])
        self.assertFalse(can["IPv6 dual-stack"])
        text = self.ok("hns", "version").stdout
        self.assertIn("HNS version 9.2\n", text)
        self.assertRegex(text, r"(?m)^no +IPv6 dual-stack +11\.10 and later$")


class CommandLine(WincniTestCase):
    def test_usage_errors_are_status_2(self):
        for arguments in ([], ["hns"], ["hns", "list"], ["hns", "list", "cats"], ["hns", "show", "network"],
                          ["hns", "show", "network", "a", "b"], ["hns", "list", "networks", "--nonsense"],
                          ["hns", "create", "network", "a", "--vni", "16777216"]):
            self.refused(*arguments, status=2)

    def test_help_and_version(self):
        self.assertIn("hns list endpoints", self.ok("--help").stdout)
        self.assertIn("--mac-range", self.ok("hns", "create", "network", "--help").stdout)
        self.assertRegex(self.ok("--version").stdout, r"^wincni \d+\.\d+\.\d+\n$")

    def test_without_hns_it_says_what_to_do(self):
        if settings.wine:
            self.skipTest("the emulator's DLLs are there in Wine")
        done = run("wincni", "hns", "list", "networks")
        self.assertEqual((done.status, done.stdout), (1, ""))
        self.assertIn("WINCNI_EMULATOR", done.stderr)

    def test_a_failure_of_hns_is_told_by_name_and_number(self):
        self.hns.faults({"function": "HcnEnumerateNetworks", "hresult": "0x80070005"})
        complaint = self.refused("hns", "list", "networks")
        self.assertIn("E_ACCESSDENIED (0x80070005)", complaint)
        self.assertIn("administrator", complaint)

    def test_hns_that_restarts_is_waited_for(self):
        self.hns.create_network("cbr0")
        self.hns.faults({"function": "HcnEnumerateNetworks", "hresult": "0x800706BA", "call": 1})
        done = self.run_tool("hns", "list", "networks", "--json")
        self.assertEqual((done.status, len(done.json)), (0, 1), done)
        self.assertEqual(done.stderr.count("trying again"), 1)


class NearestWord(WincniTestCase):
    def test_a_wrong_word_is_answered_with_the_nearest_right_one(self):
        for words, right in ((("hnss",), "hns"), (("hns", "lst"), "list"), (("hns", "list", "netwroks"), "networks"),
                             (("hns", "shwo", "network", "a"), "show"),
                             (("hns", "create", "network", "a", "--subnt", "10.0.0.0/8"), "--subnet"),
                             (("hns", "create", "network", "a", "--type", "L2Brige"), "L2Bridge"),
                             (("hns", "create", "namespace", "--type", "Hots"), "Host"),
                             (("hns", "list", "endpoints", "--netwok", "a"), "--network")):
            with self.subTest(words):
                self.assertIn(f'Did you mean "{right}"?', self.refused(*words, status=2))

    def test_nothing_is_guessed_where_nothing_is_near(self):
        for words in (("hns", "frobnicate"), ("xyzzy",), ("hns", "list", "endpoints", "--zzzzzzz")):
            self.assertNotIn("Did you mean", self.refused(*words, status=2))


if __name__ == "__main__":
    main()
