# SPDX-License-Identifier: Apache-2.0
"""win-bridge as a runtime starts it: the life of a pod, and everything that can go wrong in it."""
from harness import host_path, main, new_id, run
from node import (CODE_CHECK, CODE_CONF, CODE_ENVIRONMENT, CODE_HNS, CODE_NOT_AVAILABLE, CODE_TRY_AGAIN, NodeTestCase,
                  port_mapping, runtime_ports, valid_attachments)


class Life(NodeTestCase):
    def test_a_pod_comes_and_goes(self):
        result = self.succeed("ADD")
        self.assertEqual(result["ips"], [{"address": "10.244.4.3/24", "gateway": "10.244.4.2"}])
        self.assertEqual(result["interfaces"][0]["name"], "c1_cbr0")
        self.assertEqual(result["interfaces"][0]["sandbox"], self.namespace)
        self.assertEqual(self.endpoint()["NamespaceID"], self.namespace)
        self.pass_check(result)
        self.succeed("DEL", {**self.conf, "prevResult": result})
        self.assert_nothing_left()
        self.succeed("DEL")
        self.assert_no_handles_left_open()

    def test_an_add_needs_at_most_eleven_calls_and_a_del_six(self):
        for command, most in (("ADD", 11), ("DEL", 6)):
            self.hns.forget_calls()
            self.succeed(command)
            self.assertLessEqual(len(self.hns.calls()), most, self.hns.calls())

    def test_dual_stack_gives_both_families_their_own_routes_and_ports(self):
        self.hns.create_network("dual0", subnets=[("10.244.7.0/24", "10.244.7.1"), ("fd00:10:244:7::/64", "fd00:10:244:7::1")])
        conf = {**self.conf, "name": "dual0", **runtime_ports(port_mapping())}
        for order in (1, -1):
            conf["ipam"] = {**self.conf["ipam"],
                            "ranges": [[{"subnet": "10.244.7.0/24"}], [{"subnet": "fd00:10:244:7::/64"}]][::order]}
            result = self.succeed("ADD", conf)
            self.assertEqual(sorted(ip["gateway"] for ip in result["ips"]), ["10.244.7.2", "fd00:10:244:7::2"])
            endpoint = self.endpoint()
            self.assertEqual(sorted((route["DestinationPrefix"], route["NextHop"]) for route in endpoint["Routes"]),
                             [("0.0.0.0/0", "10.244.7.2"), ("::/0", "fd00:10:244:7::2")])
            self.assertEqual([policy["Settings"].get("Flags", 0) for policy in endpoint["Policies"]], [1, 3])
            self.pass_check(result, conf)
            self.succeed("DEL", conf)
        self.assertEqual(self.leases("dual0"), [])

    def test_b11_the_gateway_is_of_the_hns_subnet_that_holds_the_address(self):
        self.hns.create_network("two0", subnets=[("10.244.8.0/24", "10.244.8.1"), ("10.244.9.0/24", "10.244.9.1")])
        for ranges, expected in [
                ([[{"subnet": "10.244.9.0/24"}], [{"subnet": "10.244.8.0/24"}]],
                 [("10.244.9.3/24", "10.244.9.2"), ("10.244.8.3/24", None)]),
                ([[{"subnet": "10.244.0.0/16", "rangeStart": "10.244.9.10"}]], [("10.244.9.10/24", "10.244.9.2")]),
                ([[{"subnet": "10.244.8.64/27"}]], [("10.244.8.66/24", "10.244.8.2")])]:
            conf = {**self.conf, "name": "two0", "ipam": {**self.conf["ipam"], "ranges": ranges}}
            result = self.succeed("ADD", conf)
            self.assertEqual([(ip["address"], ip.get("gateway")) for ip in result["ips"]], expected)
            self.assertEqual(self.succeed("ADD", conf), result)
            self.pass_check(result, conf)
            self.succeed("DEL", conf)

    def test_hns_chooses_when_the_conf_names_no_ipam(self):
        del self.conf["ipam"]
        self.conf["loopbackDSR"] = True
        result = self.succeed("ADD")
        self.assertEqual(result["ips"], [{"address": "10.244.4.2/24", "gateway": "10.244.4.1"}])
        self.assertEqual(self.endpoint()["Policies"],
                         [{"Type": "OutBoundNAT", "Settings": {"Destinations": ["10.244.4.2"]}}])
        self.pass_check(result)
        other = {**result, "ips": [{"address": "10.244.4.9/24", "gateway": "10.244.4.1"}]}
        self.assertIn("10.244.4.9", self.fail_with(CODE_CHECK, "CHECK", {**self.conf, "prevResult": other})["details"])
        self.succeed("DEL")
        self.assert_nothing_left()

    def test_gateway_from_ipam_or_network(self):
        self.conf["ipam"]["ranges"] = [[{"subnet": "10.244.4.0/24", "gateway": "10.244.4.9", "rangeStart": "10.244.4.20"}]]
        for source, gateway in (("ipam", "10.244.4.9"), ("network", "10.244.4.1")):
            result = self.succeed("ADD", {**self.conf, "gatewayFrom": source})
            self.assertEqual(result["ips"][0]["gateway"], gateway)
            self.pass_check(result, {**self.conf, "gatewayFrom": source})
            self.succeed("DEL")
        self.assertIn("gatewayFrom", self.fail_with(CODE_CONF, "ADD", {**self.conf, "gatewayFrom": "moon"})["msg"])

    def test_routes_of_ipam_reach_the_endpoint_and_the_result(self):
        self.conf["ipam"]["routes"] = [{"dst": "0.0.0.0/0"}, {"dst": "10.20.0.0/16", "gw": "10.244.4.9"},
                                       {"dst": "10.30.0.0/16"}]
        result = self.succeed("ADD")
        self.assertEqual([(route["DestinationPrefix"], route["NextHop"]) for route in self.endpoint()["Routes"]],
                         [("0.0.0.0/0", "10.244.4.2"), ("10.20.0.0/16", "10.244.4.9"), ("10.30.0.0/16", "10.244.4.2")])
        self.assertEqual([route["dst"] for route in result["routes"]], ["10.20.0.0/16", "10.30.0.0/16"])
        self.pass_check(result)

    def test_b12_the_bridge_keeps_its_own_address_when_the_range_wraps(self):
        self.conf["ipam"]["ranges"] = [[{"subnet": "10.244.4.0/24", "rangeEnd": "10.244.4.4"}]]
        addresses = []
        for container in ("a", "b"):
            addresses.append(self.succeed("ADD", CNI_CONTAINERID=container)["ips"][0]["address"])
        self.succeed("DEL", CNI_CONTAINERID="a")
        addresses.append(self.succeed("ADD", CNI_CONTAINERID="c")["ips"][0]["address"])
        self.assertEqual(addresses, ["10.244.4.3/24", "10.244.4.4/24", "10.244.4.3/24"])

    def test_a_range_that_holds_only_the_bridge_is_refused(self):
        self.conf["ipam"]["ranges"] = [[{"subnet": "10.244.4.0/24", "rangeStart": "10.244.4.2", "rangeEnd": "10.244.4.2"}]]
        self.assertIn("10.244.4.2", self.fail_with(CODE_CONF, "ADD")["msg"])
        self.assert_nothing_left()

    def test_network_types_compare_without_regard_to_case(self):
        for type in ("l2bridge", "L2TUNNEL"):
            self.hns.create_network("n" + type, type=type, subnet="10.244.4.0/24")
            self.succeed("ADD", {**self.conf, "name": "n" + type})
            self.succeed("DEL", {**self.conf, "name": "n" + type})

    def test_api_version_is_chosen_by_the_namespace(self):
        del self.conf["apiVersion"]
        self.succeed("ADD", CNI_NETNS="{" + self.namespace.lower() + "}")
        self.succeed("DEL")
        self.assert_nothing_left()

    def test_adapter_and_network_names_outside_of_ascii_do_no_harm(self):
        self.hns.create_network("以太网", subnet="10.1.0.0/24", NetworkAdapterName="Подключение")
        self.succeed("ADD")
        self.assertIn("以太网", self.fail_with(CODE_TRY_AGAIN, "ADD", {**self.conf, "name": "nosuch"})["details"])


class Repeated(NodeTestCase):
    def test_b26_a_second_add_gives_the_same_result_and_changes_nothing(self):
        first = self.succeed("ADD")
        before = self.hns.state()
        self.assertEqual(self.succeed("ADD"), first)
        self.assertEqual(self.hns.state(), before)
        self.assertEqual(self.leases(), ["10.244.4.3"])

    def test_d6_an_add_that_fails_takes_nothing_from_a_running_pod(self):
        self.succeed("ADD")
        before = self.hns.state()
        self.fail_with(CODE_ENVIRONMENT, "ADD", CNI_NETNS=new_id())
        self.assertEqual(self.hns.state(), before)
        self.assertEqual(self.leases(), ["10.244.4.3"])

    def test_b29_an_endpoint_in_another_namespace_is_replaced(self):
        self.succeed("ADD")
        self.change_endpoint(Policies=[{"Type": "L2Driver", "Settings": {}}])
        other = self.hns.create_namespace()
        self.succeed("ADD", CNI_NETNS=other)
        # A new one, with the same ID.
        self.assertEqual(self.endpoint()["Policies"], [])
        self.assertEqual(self.endpoint()["NamespaceID"], other)
        self.assertEqual(self.leases(), ["10.244.4.3"])

    def test_b29_an_endpoint_whose_namespace_is_dead_is_replaced(self):
        self.succeed("ADD")
        self.change_endpoint(NamespaceID=new_id())
        self.succeed("ADD")
        self.assertEqual(self.endpoint()["NamespaceID"], self.namespace)

    def test_b07_a_lease_of_an_earlier_life_is_used_again(self):
        first = self.succeed("ADD")
        self.hns.remove("endpoints", self.endpoint()["ID"])
        self.assertEqual(self.succeed("ADD")["ips"], first["ips"])
        self.assertEqual(self.leases(), ["10.244.4.3"])

    def test_b33_guids_compare_without_regard_to_case(self):
        self.succeed("ADD")
        before = self.endpoint()["ID"]
        self.change_endpoint(NetworkID=self.network.lower(), NamespaceID=self.namespace.lower())
        self.succeed("ADD")
        self.assertEqual(self.endpoint()["ID"], before)


class Removal(NodeTestCase):
    def test_b02_b19_b20_del_succeeds_whatever_is_gone(self):
        def endpoint_gone():
            self.hns.remove("endpoints", self.endpoint()["ID"])

        def network_gone():
            endpoint_gone()
            self.hns.remove("networks", self.network)

        def namespace_gone():
            self.hns.remove("namespaces", self.namespace)

        for loss in (endpoint_gone, namespace_gone, network_gone):
            with self.subTest(loss.__name__):
                self.succeed("ADD")
                loss()
                self.succeed("DEL")
                self.assertEqual((self.hns.endpoints(), self.leases()), ([], []))
                if loss is namespace_gone:
                    self.namespace = self.hns.create_namespace()

    def test_del_takes_any_cni_netns(self):
        for netns in ("", None, "none", new_id(), "/var/run/netns/x"):
            with self.subTest(netns):
                self.succeed("ADD")
                self.succeed("DEL", CNI_NETNS=netns)
                self.assert_nothing_left()

    def test_b27_a_container_that_shares_a_sandbox_ends_nothing(self):
        self.succeed("ADD")
        before = self.hns.state(), self.leases()
        self.succeed("DEL", CNI_CONTAINERID="workload", CNI_NETNS="container:c1")
        self.assertEqual((self.hns.state(), self.leases()), before)

    def test_an_address_stays_reserved_while_hns_holds_an_endpoint_with_it(self):
        self.succeed("ADD")
        self.hns.faults({"function": "HcnDeleteEndpoint", "hresult": "0x80070005"})
        error = self.fail_with(CODE_HNS, "DEL")
        self.assertIn("c1_cbr0", error["msg"])
        self.assertIn("0x80070005", error["msg"])
        self.assertEqual(self.leases(), ["10.244.4.3"])
        self.hns.faults()
        self.succeed("DEL")
        self.assert_nothing_left()

    def test_b21_a_detach_that_fails_does_not_keep_the_endpoint(self):
        for code in ("0x80070490", "0x803B002E", "0x80004005"):
            with self.subTest(code):
                self.succeed("ADD")
                self.hns.faults({"function": "HcnModifyNamespace", "hresult": code})
                self.succeed("DEL")
                self.hns.faults()
                self.assert_nothing_left()

    def test_an_endpoint_that_must_be_detached_first_is_detached_from_where_it_is(self):
        self.succeed("ADD")
        self.hns.faults({"function": "HcnDeleteEndpoint", "call": 1, "hresult": "0x803B002C"})
        self.succeed("DEL", CNI_NETNS="")
        self.assert_nothing_left()

    def test_a_delegate_that_is_gone_from_disk_is_an_error(self):
        self.succeed("ADD")
        error = self.fail_with(CODE_CONF, "DEL", CNI_PATH=host_path(self.folder))
        self.assertIn("host-local", error["msg"])
        self.assertIn(host_path(self.folder), error["details"])
        self.assertEqual(self.leases(), ["10.244.4.3"])


class Checked(NodeTestCase):
    def setUp(self):
        super().setUp()
        self.conf["dns"] = {"nameservers": ["10.96.0.10"], "search": ["svc.cluster.local"]}
        self.conf["policies"] = [{"name": "EndpointPolicy",
                                  "value": {"Type": "OutBoundNAT", "Settings": {"Exceptions": ["10.244.0.0/16"]}}}]
        self.conf["prevResult"] = self.succeed("ADD")

    def assert_difference(self, *texts):
        error = self.fail_with(CODE_CHECK, "CHECK")
        for text in texts:
            self.assertIn(text, error["details"])

    def test_an_attachment_as_add_made_it_passes(self):
        self.succeed("CHECK")
        del self.conf["prevResult"]
        self.succeed("CHECK")

    def test_b85_every_difference_is_named_expected_against_found(self):
        good = self.endpoint()
        changes = {
            "addresses": {"IpConfigurations": [{"IpAddress": "10.244.4.77", "PrefixLength": 24}]},
            "route": {"Routes": [{"NextHop": "10.244.4.1", "DestinationPrefix": "0.0.0.0/0"}]},
            "MAC address": {"MacAddress": "00-15-5D-00-00-01"},
            "DNS servers": {"Dns": {"ServerList": ["8.8.8.8"], "Search": ["svc.cluster.local"]}},
            "policy": {"Policies": []},
            "namespace": {"NamespaceID": ""},
        }
        for what, change in changes.items():
            with self.subTest(what):
                self.hns.put("endpoints", {**good, **change})
                self.assert_difference(what, "expected")
        self.hns.put("endpoints", {**good, **changes["policy"], **changes["namespace"]})
        self.assert_difference("policy", "namespace")

    def test_a_missing_endpoint_or_lease_is_found(self):
        good = self.endpoint()
        self.hns.remove("endpoints", good["ID"])
        self.assert_difference("no such endpoint")
        self.hns.put("endpoints", good)
        (self.folder / "ipam" / "cbr0" / "10.244.4.3").unlink()
        done = self.cni("CHECK")
        self.assertEqual(done.status, 1)
        self.assertIn("host-local", done.json["msg"])

    def test_policies_that_others_added_are_none_of_our_business(self):
        self.change_endpoint(Policies=self.endpoint()["Policies"] + [{"Type": "L2Driver", "Settings": {}}])
        self.succeed("CHECK")


class Status(NodeTestCase):
    def test_b86_a_node_that_is_ready(self):
        self.assertIsNone(self.succeed("STATUS"))
        self.assertFalse((self.folder / "ipam").exists(), "STATUS must change nothing")

    def test_b31_a_missing_network_is_try_again_for_add_and_not_available_for_status(self):
        self.hns.remove("networks", self.network)
        self.hns.create_network("other", subnet="10.9.0.0/24")
        error = self.fail_with(CODE_TRY_AGAIN, "ADD")
        self.assertIn("cbr0", error["msg"])
        self.assertIn("other (L2Bridge)", error["details"])
        self.assertIn("wincni hns create network", error["details"])
        self.assertEqual(self.leases(), [])
        self.fail_with(CODE_NOT_AVAILABLE, "STATUS")

    def test_whatever_makes_add_fail_is_not_available(self):
        self.fail_with(CODE_NOT_AVAILABLE, "STATUS", CNI_PATH=host_path(self.folder))
        self.conf["ipam"]["ranges"] = [[{"subnet": "10.244.4.0/24", "rangeStart": "10.244.4.9", "rangeEnd": "10.244.4.9"}]]
        self.succeed("ADD")
        self.fail_with(CODE_NOT_AVAILABLE, "STATUS")
        self.hns.put("networks", {**self.hns.networks()[0], "Type": "Overlay"})
        self.assertIn("Overlay", self.fail_with(CODE_NOT_AVAILABLE, "STATUS")["msg"])

    def test_a_node_without_hns(self):
        self.hns.faults({"function": "*", "hresult": "0x800706BA"})
        self.assertIn("RPC_S_SERVER_UNAVAILABLE", self.fail_with(CODE_NOT_AVAILABLE, "STATUS")["msg"])


class GarbageCollection(NodeTestCase):
    def setUp(self):
        super().setUp()
        for container in ("c1", "c2", "c3"):
            self.succeed("ADD", CNI_CONTAINERID=container)

    def collect(self, *valid):
        return {**self.conf, **valid_attachments(*valid)}

    def names(self):
        return sorted(endpoint["Name"] for endpoint in self.hns.endpoints())

    def test_what_belongs_to_no_valid_container_goes(self):
        self.succeed("GC", self.collect("c2"))
        self.assertEqual(self.names(), ["c2_cbr0"])
        self.assertEqual(self.leases(), ["10.244.4.4"])
        self.succeed("GC", self.collect())
        self.assert_nothing_left()

    def test_endpoints_that_add_did_not_name_stay(self):
        other = self.hns.create_network("cbr1", subnet="10.9.0.0/24")
        for name, network, flags in (("cbr0_ep", self.network, 0), ("Ethernet", self.network, 0),
                                     ("r1_cbr0", self.network, 1), ("sourceVip", self.network, 0),
                                     ("x_cbr0", other, 0)):
            self.hns.create_endpoint(name, network, "10.244.4.2/24", Flags=flags)
        self.succeed("GC", self.collect())
        self.assertEqual(self.names(), ["Ethernet", "cbr0_ep", "r1_cbr0", "sourceVip", "x_cbr0"])

    def test_a_conf_without_the_list_removes_nothing(self):
        self.assertIn("valid-attachments", self.fail_with(CODE_CONF, "GC")["msg"])
        self.assertEqual(len(self.names()), 3)

    def test_all_errors_are_gathered_and_addresses_kept(self):
        self.hns.faults({"function": "HcnDeleteEndpoint", "call": 1, "hresult": "0x80070005"},
                        {"function": "HcnDeleteEndpoint", "call": 2, "hresult": "0x80004005"})
        error = self.fail_with(CODE_HNS, "GC", self.collect())
        self.assertIn("0x80070005", error["details"])
        self.assertIn("0x80004005", error["details"])
        self.assertEqual(len(self.names()), 2)
        self.assertEqual(len(self.leases()), 3)
        self.hns.faults()
        self.succeed("GC", self.collect())
        self.assert_nothing_left()

    def test_a_network_that_is_gone_leaves_only_leases_to_collect(self):
        for endpoint in self.hns.endpoints():
            self.hns.remove("endpoints", endpoint["ID"])
        self.hns.remove("networks", self.network)
        self.succeed("GC", self.collect())
        self.assertEqual(self.leases(), [])


class Policies(NodeTestCase):
    def policies_for(self, **conf):
        self.succeed("ADD", {**self.conf, **conf})
        policies = self.endpoint()["Policies"]
        self.succeed("CHECK", {**self.conf, **conf})
        self.succeed("DEL")
        return policies

    def test_b51_policies_in_the_old_spelling_are_translated(self):
        old = [{"Type": "OutBoundNAT", "ExceptionList": ["10.244.0.0/16"]},
               {"Type": "ROUTE", "DestinationPrefix": "10.96.0.0/12", "NeedEncap": True},
               {"Type": "PA", "PA": "192.168.1.10"},
               {"Type": "NAT", "Protocol": "TCP", "InternalPort": 80, "ExternalPort": 8080}]
        new = [{"Type": "OutBoundNAT", "Settings": {"Exceptions": ["10.244.0.0/16"]}},
               {"Type": "SDNRoute", "Settings": {"DestinationPrefix": "10.96.0.0/12", "NeedEncap": True}},
               {"Type": "ProviderAddress", "Settings": {"ProviderAddress": "192.168.1.10"}},
               {"Type": "PortMapping",
                "Settings": {"Protocol": 6, "InternalPort": 80, "ExternalPort": 8080, "VIP": ""}}]
        for key, name, value in (("policies", "name", "value"), ("AdditionalArgs", "Name", "Value"),
                                 ("POLICIES", "NAME", "VALUE")):
            self.assertEqual(self.policies_for(**{key: [{name: "endpointpolicy", value: p} for p in old]}), new)

    def test_b54_only_the_widest_of_several_prefixes_with_one_base_is_sent(self):
        nat = {"Type": "OutBoundNAT", "Settings": {"Exceptions": ["10.240.0.0/16", "10.240.0.0/12", "10.240.0.0/12"]}}
        self.assertEqual(self.policies_for(policies=[{"name": "EndpointPolicy", "value": nat}]),
                         [{"Type": "OutBoundNAT", "Settings": {"Exceptions": ["10.240.0.0/12"]}}])

    def test_ports_that_hns_can_map(self):
        policies = self.policies_for(**runtime_ports(
            port_mapping(8080, 80), port_mapping(5353, 53, "UDP", hostIP="0.0.0.0"),
            port_mapping(8081, 81, "6", hostIP="192.168.1.10"), {"hostPort": 8082, "containerPort": 82},
            port_mapping(0, 83)))
        self.assertEqual([(p["Type"], p["Settings"]["Protocol"], p["Settings"]["ExternalPort"], p["Settings"]["VIP"])
                          for p in policies],
                         [("PortMapping", 6, 8080, ""), ("PortMapping", 17, 5353, ""),
                          ("PortMapping", 6, 8081, "192.168.1.10"), ("PortMapping", 6, 8082, "")])

    def test_b73_a_host_port_that_is_taken_is_named(self):
        mapping = runtime_ports(port_mapping())
        self.succeed("ADD", {**self.conf, **mapping})
        before = self.hns.state(), self.leases()
        error = self.fail_with(CODE_HNS, "ADD", {**self.conf, **mapping}, CNI_CONTAINERID="c2",
                               CNI_NETNS=self.hns.create_namespace())
        self.assertIn("8080/tcp", error["details"])
        self.assertEqual((self.hns.endpoints(), self.leases()), (before[0]["endpoints"], before[1]))

    def test_loopback_dsr_is_left_out_where_hns_lacks_it(self):
        (self.hns.folder / "config.json").write_text('{"version": {"Major": 10, "Minor": 1}, "logCalls": true}')
        done = self.cni("ADD", {**self.conf, "loopbackDSR": True})
        self.assertEqual((done.status, self.endpoint()["Policies"]), (0, []))
        self.assertIn("loopback DSR", done.stderr)

    def test_policies_that_are_not_for_endpoints_are_a_warning(self):
        for entry, what in (({"name": "NetworkPolicy"}, 'conf.policies[0] is named "NetworkPolicy": '),
                            ({"value": {"Type": "L4Proxy"}}, "conf.policies[0] has no name: ")):
            with self.subTest(entry):
                done = self.cni("ADD", {**self.conf, "policies": [entry]})
                self.assertEqual((done.status, self.endpoint()["Policies"]), (0, []))
                self.assertIn(what + "only policies named EndpointPolicy are put on endpoints", done.stderr)

    def test_a_policy_that_is_not_one_is_refused(self):
        for value in ({"Settings": {}}, {"Type": 7}, "OutBoundNAT", {"Type": "OutBoundNAT", "Settings": {"Exceptions": 5}}):
            with self.subTest(value):
                self.assertIn("polic", self.fail_with(
                    CODE_CONF, "ADD", {**self.conf, "policies": [{"name": "EndpointPolicy", "value": value}]})["msg"])
        self.assert_nothing_left()


class OddAnswers(NodeTestCase):
    """HNS answers are input: each gets a sentence, or does no harm."""

    def test_b32_a_network_without_subnets(self):
        self.hns.create_network("empty", subnets=[])
        for ipam in ({}, self.conf["ipam"]):
            with self.subTest(ipam=ipam):
                self.fail_with(CODE_HNS, "ADD", {**self.conf, "name": "empty", "ipam": ipam})
        self.assertEqual((self.hns.endpoints(), self.leases("empty")), ([], []))

    def test_an_address_outside_of_the_network_names_its_subnets(self):
        self.conf["ipam"]["ranges"] = [[{"subnet": "10.9.9.0/24"}]]
        self.assertIn("10.244.4.0/24", self.fail_with(CODE_HNS, "ADD")["details"])
        self.assert_nothing_left()

    def test_an_endpoint_that_vanishes_between_two_calls(self):
        self.succeed("ADD")
        for fault in ({"function": "HcnOpenEndpoint", "hresult": "0x803B0002"},
                      {"function": "HcnQueryEndpointProperties", "call": 1, "hresult": "0x803B0002"}):
            self.hns.faults(fault)
            self.assertIn("no such endpoint", self.fail_with(CODE_CHECK, "CHECK")["details"])
            self.hns.faults(fault)
            self.succeed("GC", {**self.conf, **valid_attachments()})
            self.hns.faults()
        self.succeed("DEL")

    def test_b79_two_thousand_endpoints_cost_no_further_call(self):
        for number in range(2000):
            self.hns.create_endpoint(f"remote{number}", self.network, f"10.200.{number // 250}.{number % 250}/24",
                                     Flags=1, MacAddress=f"0E-2A-0A-00-{number // 256:02X}-{number % 256:02X}")
        self.hns.forget_calls()
        self.succeed("ADD")
        self.assertLessEqual(len(self.hns.calls()), 11)

    def test_b61_a_log_that_cannot_be_written_is_no_reason_to_fail(self):
        in_the_way = self.folder / "file"
        in_the_way.write_text("x")
        for file in (self.folder, in_the_way / "no" / "such" / "folder" / "log"):
            self.succeed("ADD", WINCNI_LOG="debug", WINCNI_LOG_FILE=host_path(file))
            self.succeed("DEL")

    def test_the_log_goes_to_the_file_that_is_named(self):
        for name in ("log", "Größe 日誌 \U0001f310.log"):
            log = self.folder / name
            done = self.cni("ADD", WINCNI_LOG="debug", WINCNI_LOG_FILE=host_path(log))
            self.assertEqual((done.status, done.stderr), (0, ""))
            self.assertIn("HcnCreateEndpoint", log.read_text())
            self.succeed("DEL")


class Versions(NodeTestCase):
    def test_b47_every_version_of_the_spec_gets_a_result_of_its_own(self):
        for version in ("0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"):
            with self.subTest(version):
                result = self.succeed("ADD", {**self.conf, "cniVersion": version})
                self.assertEqual(result["cniVersion"], version)
                self.assertIn("ip4" if version < "0.3" else "ips", result)
                self.succeed("DEL", {**self.conf, "cniVersion": version, "prevResult": result})
        for conf in ({"name": "cbr0"}, {**self.conf, "cniVersion": ""}):
            self.assertEqual(self.succeed("VERSION", conf)["supportedVersions"][-1], "1.1.0")

    def test_version_needs_no_conf(self):
        self.assertEqual(self.succeed("VERSION", "")["cniVersion"], "1.1.0")
        self.assertEqual(self.succeed("VERSION", {"cniVersion": "0.3.1"})["cniVersion"], "0.3.1")

    def test_a_person_gets_an_explanation(self):
        for argument in ("--help", "--version"):
            done = run("win-bridge", argument)
            self.assertEqual(done.status, 0, done)
            self.assertIn("win-bridge", done.stdout)
        # In both shells, and where to read on.
        for words in ("CNI_COMMAND=ADD ", "$env:CNI_COMMAND = 'ADD'", ".\\win-bridge.exe", "docs/configuration.md",
                      "https://www.cni.dev/docs/spec/"):
            self.assertIn(words, run("win-bridge", "--help").stdout)


if __name__ == "__main__":
    main()
