# SPDX-License-Identifier: Apache-2.0
"""What people read when something fails: each message names the thing, and its details say what to do. Only messages
that no other test reads word by word."""
import json

from harness import EmulatorTestCase, host_path, main, path_list, plugin_folders, run, settings
from node import (CODE_CONF, CODE_DECODING, CODE_DELEGATE, CODE_ENVIRONMENT, CODE_HNS, CODE_INPUT_OUTPUT,
                  CODE_NOT_AVAILABLE, CODE_TRY_AGAIN, NodeTestCase, flannel_files, port_mapping, runtime_ports,
                  valid_attachments)
from setups import SUBNET, SUBNET_ENV

CODE_INTERNAL = 999
REFUSED = "0x80070005"
ADMINISTRATOR = "run as SYSTEM or as an administrator"
USABLE = "check that the path is right and that this user may use it"


def some_of(rows):
    """Every second row of a table where processes cost ten times as much, as under Wine: the text is the same."""
    return rows[::2] if settings.sampled else rows


class MessagesTestCase(NodeTestCase):
    def assert_told(self, code, msg, details, command="ADD", conf=None, **env):
        """Both texts hold what they must; `details` may be several."""
        error = self.fail_with(code, command, conf, **env)
        self.assertIn(msg, error["msg"])
        for text in (details,) if isinstance(details, str) else details:
            self.assertIn(text, error["details"])
        return error

    def ranges(self, *sets):
        """The conf with these range sets."""
        return {**self.conf, "ipam": {**self.conf["ipam"], "ranges": list(sets)}}


class Endpoints(MessagesTestCase):
    def test_what_hns_refuses_is_explained(self):
        ports = runtime_ports(port_mapping(8080), port_mapping(5353, 53, "udp"))
        for hresult, conf, details in some_of((
                ("0x803B001E", {}, 'the subnets of network "cbr0" are: 10.244.4.0/24'),
                ("0x803B0013", ports, "one of these host ports is taken: 8080/tcp, 5353/udp"),
                ("0x803B0013", {}, 'the host port is taken: check "wincni hns list endpoints"'),
                ("0x803B0012", {}, 'something else already has what this asks for: check "wincni hns list endpoints"'),
                ("0x803B002F", {}, "another endpoint has the address, or HNS keeps it for itself"),
                (REFUSED, {}, ADMINISTRATOR))):
            with self.subTest(hresult, conf=conf):
                self.hns.faults({"function": "HcnCreateEndpoint", "hresult": hresult})
                error = self.assert_told(CODE_HNS, "endpoint c1_cbr0: HcnCreateEndpoint failed with ", details,
                                         conf={**self.conf, **conf})
                self.assertIn(hresult, error["msg"])
                self.assertEqual("host ports" in error["details"], bool(conf))
        self.assert_nothing_left()

    def test_what_was_sent_is_told(self):
        route = {"name": "EndpointPolicy", "value": {"Type": "ROUTE", "DestinationPrefix": "10.96.0.0/12",
                                                     "NeedEncap": True}}
        acl = {"name": "EndpointPolicy", "value": {"Type": "ACL", "Action": "Block", "Direction": "Out"}}
        conf = {**self.conf, "policies": [route, acl]}
        for hresult in some_of(("0x803B000D", "0x803B000E", "0x80070057", "0x803B0015")):
            with self.subTest(hresult):
                self.hns.faults({"function": "HcnCreateEndpoint", "hresult": hresult})
                self.assert_told(CODE_HNS, hresult, ("sent were: address 10.244.4.", "10.96.0.0/12", "policy SDNRoute ",
                                                     "policy ACL ", '"Action":"Block"'), conf=conf)
        for hresult in ("0x80070020", "0x803B0013"):
            with self.subTest(hresult):
                self.hns.faults({"function": "HcnCreateEndpoint", "hresult": hresult})
                self.assert_told(CODE_HNS, hresult, ("one of these host ports is taken: 8080/tcp", "netstat"),
                                 conf={**self.conf, **runtime_ports(port_mapping(8080))})

    def test_an_attachment_that_is_refused_names_both(self):
        for hresult in some_of(("0x803B002E", "0x80070057", "0x803B0017")):
            with self.subTest(hresult):
                self.hns.faults({"function": "HcnModifyNamespace", "hresult": hresult})
                error = self.fail_with(CODE_HNS, "ADD")
                self.assertRegex(error["msg"], r"^endpoint c1_cbr0 \([0-9A-Fa-f-]{36}\) could not be put into namespace "
                                 + self.namespace + ": HcnModifyNamespace failed with .*" + hresult)
        self.assert_nothing_left()

    def test_hnss_own_words_when_the_call_itself_failed(self):
        conf = {**self.conf, "apiVersion": 1}
        self.hns.faults({"function": "HNSCall", "method": "POST", "hresult": "0x80070057"})
        error = self.fail_with(CODE_HNS, "ADD", conf, CNI_NETNS="none")
        self.assertIn("HNSCall POST /endpoints/ failed with E_INVALIDARG (0x80070057)", error["msg"])

    def test_dual_stack_on_an_hns_that_is_too_old(self):
        self.hns.remove("networks", self.network)
        self.hns.create_network(subnets=[(SUBNET, "10.244.4.1"), ("fd00:4::/64", "fd00:4::1")])
        self.hns.faults({"function": "HcnCreateEndpoint", "hresult": "0x803B000C"})
        said = "this HNS does not support IPv6 dual-stack (versions 11.10 and later do)"
        conf = self.ranges([{"subnet": SUBNET}], [{"subnet": "fd00:4::/64"}])
        self.hns.configure(version={"Major": 11, "Minor": 9})
        self.assert_told(CODE_HNS, "endpoint c1_cbr0: ", ("check policies and addresses", said), conf=conf)
        self.assertNotIn(said, self.fail_with(CODE_HNS, "ADD")["details"])
        self.hns.configure(version={"Major": 11, "Minor": 10})
        self.assertNotIn(said, self.fail_with(CODE_HNS, "ADD", conf)["details"])

    def test_hns_gave_no_address(self):
        self.hns.create_network("empty", subnets=[])
        self.assert_told(CODE_HNS, "HNS gave the endpoint c1_empty no address",
                         'the subnets of network "empty" are: none; name an IPAM plugin in the conf, or create the '
                         "network with a subnet", conf={**self.conf, "name": "empty", "ipam": {}})

    def test_a_stale_endpoint_that_stays(self):
        other = self.hns.create_network("cbr1", subnet="10.9.0.0/24")
        stale = self.hns.create_endpoint("c1_cbr0", other, "10.9.0.2/24")
        self.hns.faults({"function": "HcnDeleteEndpoint", "hresult": REFUSED})
        self.assert_told(CODE_HNS, f"the stale endpoint c1_cbr0 ({stale}) is in the way and cannot be removed: ",
                         ADMINISTRATOR)

    def test_an_endpoint_that_del_or_gc_cannot_remove(self):
        self.succeed("ADD")
        name = f"endpoint c1_cbr0 ({self.endpoint()['ID']}) could not be removed"
        self.hns.faults({"function": "HcnDeleteEndpoint", "hresult": REFUSED})
        self.assert_told(CODE_HNS, name,
                         (ADMINISTRATOR, "its address stays reserved until it is gone; DEL can be repeated"), "DEL")
        self.assert_told(CODE_HNS, 'GC of network "cbr0" is not complete', (name, ADMINISTRATOR), "GC",
                         {**self.conf, **valid_attachments()})


    def test_a_gc_that_fails_for_one_reason_has_its_code(self):
        self.succeed("ADD")
        for ipam, code in (({"type": "nope"}, CODE_CONF), ({**self.conf["ipam"], "dataDir": 5}, CODE_DECODING)):
            self.assert_told(code, 'GC of network "cbr0" is not complete', "", "GC",
                             {**self.conf, **valid_attachments(), "ipam": ipam})


class Networks(MessagesTestCase):
    def test_one_that_is_missing(self):
        way = ('; the network is created by flanneld, by a start-up script, by "createNetwork" in the conf, or by '
               "hand: wincni hns create network cbr0 --type ")
        self.hns.remove("networks", self.network)
        self.assert_told(CODE_TRY_AGAIN, 'HNS has no network "cbr0"', "it has no networks" + way + "L2Bridge")
        self.hns.create_network("a", subnet="10.8.0.0/24")
        self.hns.create_network("b", type="Overlay", subnet="10.9.0.0/24")
        self.plugin = "win-overlay"
        self.assert_told(CODE_TRY_AGAIN, 'HNS has no network "cbr0"',
                         ("it has: ", "a (L2Bridge)", "b (Overlay)",
                          way + "Overlay --subnet <pod subnet of this node> --gateway <its first address> --vni 4096"))

    def test_how_a_missing_one_is_made_fits_the_plugin(self):
        self.hns.remove("networks", self.network)
        for plugin, other, way in (
                ("nat", {}, "--type NAT --subnet <pod subnet of this node>"),
                ("sdnoverlay", {}, "--type Overlay --subnet <pod subnet of this node> --gateway <its first address> "
                                   "--vni 4096"),
                ("sdnbridge", {}, "--type <L2Bridge|L2Tunnel|Transparent> --subnet"),
                ("sdnbridge", {"name": "transparent"}, "network transparent --type Transparent"),
                ("sdnbridge", {"createNetwork": {"type": "transparent", "subnet": "10.0.5.0/24"}},
                 "--type Transparent --subnet 10.0.5.0/24 --gateway 10.0.5.1")):
            with self.subTest(plugin, **other):
                self.plugin = plugin
                # CHECK makes no network.
                error = self.fail_with(CODE_TRY_AGAIN, "CHECK",
                                       {**self.conf, **other, "prevResult": {"cniVersion": "1.1.0", "ips": []}})
                self.assertIn(way, error["details"])

    def test_n11_a_name_that_is_taken_while_nothing_is_listed(self):
        self.hns.remove("networks", self.network)
        self.hns.create_network("other", type="NAT", subnet="10.244.0.0/16")
        for plugin, hresult, details in (
                ("nat", "0x80071392", ("another NAT network may hold the prefix (other (NAT))", "Get-NetNat")),
                ("nat", "0x803B0010", ("another NAT network may hold the prefix", "Restart-Service hns")),
                ("win-bridge", "0x803B0010", ("HNS lists no network of that name", "Restart-Service hns"))):
            with self.subTest(plugin, hresult=hresult):
                self.plugin = plugin
                code = CODE_HNS if plugin == "nat" else CODE_TRY_AGAIN
                self.hns.faults({"function": "HcnCreateNetwork", "hresult": hresult})
                error = self.assert_told(code, 'HNS network "cbr0" could not be created: HcnCreateNetwork failed '
                                         "with ", (*details, "subnet 10.244.4.0/24 via 10.244.4.1"),
                                         conf={**self.conf, "createNetwork": {"subnet": SUBNET}})
                self.assertIn(hresult, error["msg"])

    def test_an_adapter_that_is_not_found(self):
        self.hns.remove("networks", self.network)
        self.hns.faults({"function": "HcnCreateNetwork", "hresult": "0x803B0006"})
        self.assert_told(CODE_HNS, 'HNS network "cbr0" could not be created: ',
                         ("createNetwork.adapter", "master", "Get-NetAdapter", "adapter Ethernet 7"),
                         conf={**self.conf, "createNetwork": {"subnet": SUBNET, "adapter": "Ethernet 7"}})

    def test_one_of_a_type_that_does_not_fit(self):
        self.plugin = "win-overlay"
        self.assert_told(CODE_CONF, 'HNS network "cbr0" is of type L2Bridge',
                         "win-overlay works on networks of type Overlay: correct the conf's \"type\" or \"name\"")

    def test_one_that_cannot_be_made(self):
        self.hns.remove("networks", self.network)
        self.hns.faults({"function": "HcnCreateNetwork", "hresult": REFUSED})
        made = {"createNetwork": {"subnet": SUBNET}}
        self.assert_told(CODE_HNS, 'HNS network "cbr0" could not be created: HcnCreateNetwork failed with ',
                         ADMINISTRATOR, conf={**self.conf, **made})
        outside = {"createNetwork": {"subnet": SUBNET, "gateway": "fd00::1"}}
        self.assert_told(CODE_CONF, 'conf.createNetwork.gateway "fd00::1" is not of the family of 10.244.4.0/24',
                         "name a gateway of the subnet's family", conf={**self.conf, **outside})
        self.plugin = "nat"
        old = {"ipam": {"subnet": SUBNET, "routes": [{"GW": "10.9.0.1"}]}}
        self.assert_told(CODE_CONF, 'HNS network "cbr0" cannot be created: its gateway 10.9.0.1 is outside its subnet '
                         "10.244.4.0/24", "correct conf.ipam.routes or conf.ipam.subnet", conf={**self.conf, **old})


class Ipam(MessagesTestCase):
    def test_only_the_hosts_own_address(self):
        only = {"subnet": SUBNET, "rangeStart": "10.244.4.2", "rangeEnd": "10.244.4.2"}
        self.assert_told(CODE_CONF, "IPAM gives only 10.244.4.2, which is a gateway or the host's own address on network \"cbr0\"",
                         "set rangeStart to a later address, or ask for another address", conf=self.ranges([only]))

    def of_others(self, add, delete="exit 0"):
        """The conf with an IPAM plugin that is not ours, from what it does; and the CNI_PATH on which it is."""
        if settings.wine:
            self.skipTest("a script is not a plugin on Windows")
        script = self.folder / "others"
        script.write_text(f"#!/bin/sh\ncat > /dev/null\nif [ $CNI_COMMAND = ADD ]; then {add}; else {delete}; fi\n")
        script.chmod(0o755)
        return {**self.conf, "ipam": {"type": "others"}}, path_list(self.folder, *plugin_folders())

    def test_no_address(self):
        conf, path = self.of_others("""echo '{"cniVersion": "1.1.0", "ips": []}'""")
        self.assert_told(CODE_DELEGATE, 'IPAM plugin "others" gave no address', 'check the "ipam" section of the conf',
                         conf=conf, CNI_PATH=path)

    def test_an_address_that_cannot_be_given_back(self):
        conf, path = self.of_others(
            """echo '{"cniVersion": "1.1.0", "ips": [{"address": "10.244.4.2/24"}]}'""",
            """echo '{"cniVersion": "1.1.0", "code": 5, "msg": "disk full", "details": "free some"}'; exit 1""")
        error = self.assert_told(5, "could not give back the address 10.244.4.2 of container c1: ", "free some",
                                 conf=conf, CNI_PATH=path)
        self.assertIn("disk full", error["msg"])


class HostLocal(MessagesTestCase):
    plugin = "host-local"

    def test_ranges_and_requests(self):
        plain, second = [{"subnet": SUBNET}], [{"subnet": "10.9.0.0/24"}]
        for sets, ip, msg, details in some_of((
                ([plain, second], ["10.8.0.9"], "requested address 10.8.0.9 is not in any range",
                 "the ranges are 10.244.4.1-10.244.4.254; 10.9.0.1-10.9.0.254"),
                ([plain], ["10.244.4.1"], "requested address 10.244.4.1 is the gateway of subnet 10.244.4.0/24",
                 "ask for another one"),
                ([plain], ["10.244.4.8", "10.244.4.9"],
                 "requested addresses 10.244.4.8 and 10.244.4.9 are from the same range set",
                 "a container gets one address from each range set"),
                ([plain], ["x"], 'conf.runtimeConfig.ips holds "x", which is not an IP address',
                 "write addresses with or without a prefix length"),
                ([plain, plain], [], "range set 0 (10.244.4.1-10.244.4.254) overlaps with range set 1 ",
                 "give each range set addresses of its own"),
                ([], [], "conf.ipam holds no ranges", '"ranges": [[{"subnet": "10.244.4.0/24"}]]'))):
            with self.subTest(msg):
                conf = {**self.ranges(*sets), "runtimeConfig": {"ips": ip}}
                self.assert_told(CODE_CONF, msg, details, conf=conf)
        self.assertEqual(self.leases(), [])

    def test_without_ipam(self):
        del self.conf["ipam"]
        self.assert_told(CODE_CONF, "conf.ipam is missing", "host-local needs it to know its ranges")

    def test_an_address_that_is_taken(self):
        wanted = {**self.conf, "runtimeConfig": {"ips": ["10.244.4.9"]}}
        self.succeed("ADD", wanted)
        self.assert_told(CODE_INTERNAL, "requested address 10.244.4.9 is taken",
                         ("it is held by container c1, interface eth0",
                          "the leases are in " + host_path(self.folder / "ipam" / "cbr0")),
                         conf=wanted, CNI_CONTAINERID="c2")

    def test_a_folder_that_is_a_file(self):
        file = self.folder / "ipam"
        file.write_text("a file")
        self.assert_told(CODE_INPUT_OUTPUT, host_path(file), USABLE)
        self.assert_told(CODE_NOT_AVAILABLE, "the lease folder " + host_path(file / "cbr0")
                         + " cannot be used: " + host_path(file) + " is not a folder",
                         "correct dataDir in the conf, or the permissions on that folder", "STATUS")

    def test_leases_that_gc_cannot_read(self):
        self.succeed("ADD")
        unreadable = self.folder / "ipam" / "cbr0" / "10.244.4.77"
        unreadable.mkdir()
        self.assert_told(CODE_INPUT_OUTPUT, 'not all stale leases of network "cbr0" could be released',
                         host_path(unreadable), "GC", {**self.conf, **valid_attachments()})
        self.assertEqual(self.leases(), ["10.244.4.77"])

    def test_a_network_named_like_a_device(self):
        if not settings.wine:
            self.skipTest("con is a name like others here")
        self.assert_told(CODE_CONF, 'network name "con" cannot name a folder: it is the name of a Windows device',
                         "give the network another name", conf={**self.conf, "name": "con"})


class Flannel(MessagesTestCase):
    plugin = "flannel"

    def setUp(self):
        super().setUp()
        (self.folder / "subnet.env").write_text(SUBNET_ENV)
        self.conf = {"cniVersion": "1.1.0", "name": "cbr0", "type": "flannel", **flannel_files(self.folder),
                     "ipam": {"dataDir": host_path(self.folder / "ipam")}}

    def test_a_data_dir_with_the_conf_of_another_network(self):
        stored = self.folder / "flannel" / "c1"
        stored.parent.mkdir()
        stored.write_text(json.dumps({"name": "other", "type": "win-bridge"}))
        self.assert_told(CODE_CONF, host_path(stored) + ' is the conf of this container for network "other"',
                         'give network "cbr0" a dataDir of its own: a container has one file in each')

    def test_what_is_in_the_place_of_a_stored_conf(self):
        stored = self.folder / "flannel" / "c9"
        in_the_way = stored.parent / ".wincni-new-c9"
        (in_the_way / "folder").mkdir(parents=True)
        stored.write_text(json.dumps({"name": "cbr0", "type": "win-bridge"}))
        done = self.cni("GC", {**self.conf, **valid_attachments()})
        self.assertEqual(done.status, 0, done)
        self.assertIn(f"the folder {host_path(in_the_way)} is in the place of a stored conf", done.stderr)
        self.assertFalse(stored.exists())

    def test_an_overlay_without_ipv4(self):
        (self.folder / "subnet.env").write_text(
            "FLANNEL_IPV6_NETWORK=fd00:10:244::/48\nFLANNEL_IPV6_SUBNET=fd00:10:244:4::1/64\n"
            "FLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n")
        self.assert_told(CODE_CONF, "overlay networks are IPv4 only, but this node has no IPv4 subnet",
                         ("give the cluster an IPv4 network", "or use win-bridge as the delegate"),
                         conf={**self.conf, "delegate": {"type": "win-overlay"}})

    def test_containers_that_windows_misreads(self):
        for id, why in (("con", "it is the name of a Windows device"), ("c1.", "Windows drops the dot at its end")):
            with self.subTest(id):
                self.assert_told(CODE_ENVIRONMENT, f'container ID "{id}" cannot name a file: {why}',
                                 "must be the ID of a container", CNI_CONTAINERID=id)


class Confs(MessagesTestCase):
    def test_text_that_no_conf_holds(self):
        for text, msg, details in (
                ('{"name": ' + "[" * 1000 + "]" * 1000 + "}", "is nested deeper than 1000 levels",
                 "no network configuration needs that: check what wrote it"),
                ('{"name": 1e999}', "cannot be read: ", "there is a number that is far too large: correct it")):
            with self.subTest(msg):
                self.assert_told(CODE_DECODING, msg, details, conf=text)


class Wincni(EmulatorTestCase):
    def test_create_network(self):
        id = self.hns.create_network("cbr0")
        subnet = ["--subnet", SUBNET, "--gateway", "10.244.4.1"]
        for arguments, said, advice in some_of((
                (["x", "--mac-range", "00-15-5D-52-CF-FF-00-15-5D-52-C0-00"],
                 'the MAC range "00-15-5D-52-CF-FF-00-15-5D-52-C0-00" ends before it begins',
                 "write the lower address first"),
                (["x", "--mac-range", "00-15-5D"], '"00-15-5D" is not a range of MAC addresses',
                 "write the first, a dash and the last: 00-15-5D-52-C0-00-00-15-5D-52-CF-FF"),
                (["x", *subnet, "--gateway", "10.244.4.2"], "subnet 10.244.4.0/24 has two gateways",
                 "give one --gateway for each subnet"),
                (["x", "--subnet", SUBNET, "--gateway", "fd00::1"],
                 "the gateway fd00::1 is not in any of the subnets", "add its subnet with --subnet"),
                (["cbr0", *subnet], f'HNS already has a network "cbr0" ({id})',
                 f"choose another name, or delete that one first: wincni hns delete network {id}"),
                (["x", "--id", "y"], '"y" is not a GUID',
                 "write it like a1111111-2222-4333-8444-555555555501, or leave --id out"),
                ([""], "the network's name is empty", "give it one: `wincni hns create --help`"))):
            with self.subTest(said):
                done = self.run_tool("hns", "create", "network", *arguments)
                self.assertEqual((done.status, done.stdout, done.stderr.replace("\r", "")),
                                 (1, "", f"wincni: {said}\n  {advice}\n"))

    def test_not_a_windows_node(self):
        if settings.wine:
            self.skipTest("the emulator's DLLs are there in Wine")
        done = run("wincni", "hns", "list", "networks")
        self.assertEqual(done.stderr, "wincni: this is not a Windows node, so it has no HNS\n"
                         "  set WINCNI_EMULATOR to a folder to use an emulated HNS that lives in it\n")


if __name__ == "__main__":
    main()
