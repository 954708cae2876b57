# SPDX-License-Identifier: Apache-2.0
"""An attachment is a network, a container and an interface (CNI spec 1.1.0): two interfaces of a container on one
network never take each other's endpoint or address, in whatever order they come and go."""
import itertools
import json
import pathlib
import subprocess

from harness import (clean_environment, executable, leases_in, main, new_id, path_list, plugin_variables, sample,
                     settings)
from node import CODE_CHECK, NodeTestCase
from setups import (FLANNEL_BRIDGE, NAT, NAT_TO_BE_MADE, SDNBRIDGE, WIN_BRIDGE_V1, WIN_BRIDGE_V2, WIN_OVERLAY_V1,
                    WIN_OVERLAY_V2, SetupTestCase, for_each_setup)

INTERFACES = ("eth0", "eth1")
STEPS = [(command, interface) for command in ("ADD", "DEL", "GC") for interface in INTERFACES]


class Sequences:
    """Every order of ADD, DEL and GC of two interfaces, beside another container."""

    def valid(self, pairs):
        return {"cni.dev/valid-attachments": [{"containerID": container, "ifname": interface}
                                              for container, interface in pairs]}

    def owners(self):
        """Who holds which address, as host-local's leases say."""
        return {file.name: tuple(file.read_text().split()) for file in leases_in(self.folder / "ipam" / "cbr0")}

    def addresses_in_hns(self):
        return sorted(endpoint["IpConfigurations"][0]["IpAddress"] for endpoint in self.hns.endpoints())

    def step(self, command, interface, attached):
        if command == "ADD":
            result = self.succeed("ADD", CNI_IFNAME=interface)
            attached.setdefault(("c1", interface), result["ips"][0]["address"])
            self.assertEqual(result["ips"][0]["address"], attached["c1", interface])
        elif command == "DEL":
            self.succeed("DEL", CNI_IFNAME=interface)
            attached.pop(("c1", interface), None)
        else:
            kept = {key: address for key, address in attached.items() if key != ("c1", interface)}
            self.succeed("GC", {**self.conf, **self.valid(kept)})
            attached.pop(("c1", interface), None)

    def assert_is(self, attached):
        addresses = sorted(address.split("/")[0] for address in attached.values())
        self.assertEqual(self.addresses_in_hns(), addresses)
        if self.setup.host_local:
            self.assertEqual(self.owners(), {address.split("/")[0]: key for key, address in attached.items()})

    def go_through(self, steps):
        attached = {}
        for command, interface in steps:
            self.step(command, interface, attached)
            self.assert_is(attached)
        for interface in INTERFACES:
            self.step("DEL", interface, attached)
        self.assert_is(attached)

    def test_no_order_of_commands_cuts_off_the_other_interface(self):
        length = 3 if self.setup in (WIN_BRIDGE_V2, WIN_BRIDGE_V1) else 2
        orders = list(itertools.product(STEPS, repeat=length))
        for steps in orders[::17] if settings.sampled else orders:
            # What removes before anything is there was seen in shorter ones.
            if steps[0] == ("ADD", "eth0") or steps[0] == ("ADD", "eth1"):
                with self.subTest(steps):
                    self.go_through(steps)

    def test_check_looks_at_the_endpoint_of_its_interface(self):
        results = {interface: self.succeed("ADD", CNI_IFNAME=interface) for interface in INTERFACES}
        self.assertEqual(len({result["ips"][0]["address"] for result in results.values()}), 2)
        for interface, result in results.items():
            self.pass_check(result, CNI_IFNAME=interface)
        self.succeed("DEL", CNI_IFNAME="eth0")
        self.pass_check(results["eth1"], CNI_IFNAME="eth1")
        self.fail_with(CODE_CHECK, "CHECK", {**self.conf, "prevResult": results["eth0"]}, CNI_IFNAME="eth0")


class OfTheGoPlugins:
    """A pod that the Go plugins attached: its endpoint has an ID that tells nothing, whatever its interface's name."""

    def attach_as_go(self, interface):
        result = self.succeed("ADD", CNI_IFNAME=interface)
        endpoint = self.endpoint()
        self.hns.remove("endpoints", endpoint["ID"])
        other = new_id()
        for namespace in self.hns.namespaces():
            ids = [other if id == endpoint["ID"] else id for id in namespace["Endpoints"]]
            self.hns.put("namespaces", {**namespace, "Endpoints": ids})
        self.hns.put("endpoints", {**endpoint, "ID": other})
        return result

    def test_it_is_found_and_removed(self):
        for interface in ("eth0", "eth1", "net7"):
            with self.subTest(interface):
                result = self.attach_as_go(interface)
                again = self.succeed("ADD", CNI_IFNAME=interface)
                self.assertEqual(again["ips"], result["ips"])
                self.pass_check(result, CNI_IFNAME=interface)
                self.succeed("DEL", CNI_IFNAME=interface)
                self.assertEqual((self.hns.endpoints(), self.leases()), ([], []))

    def test_a_second_interface_leaves_it_alone(self):
        for interface, other in (("eth0", "eth1"), ("eth1", "eth0")):
            with self.subTest(interface):
                first = self.attach_as_go(interface)
                second = self.succeed("ADD", CNI_IFNAME=other)
                self.assertNotEqual(first["ips"], second["ips"])
                self.succeed("DEL", CNI_IFNAME=other)
                self.pass_check(first, CNI_IFNAME=interface)
                self.succeed("DEL", CNI_IFNAME=other)
                self.assertEqual(len(self.hns.endpoints()), 1)
                self.succeed("DEL", CNI_IFNAME=interface)
                self.assertEqual((self.hns.endpoints(), self.leases()), ([], []))

    def test_the_result_of_add_tells_where_its_lease_is_lost(self):
        first = self.attach_as_go("eth0")
        for file in leases_in(self.folder / "ipam" / "cbr0"):
            file.unlink()
        other = {**first, "ips": [{**first["ips"][0], "address": "10.244.4.99/24"}]}
        self.succeed("DEL", {**self.conf, "prevResult": other}, CNI_IFNAME="eth1")
        self.assertEqual(len(self.hns.endpoints()), 1)
        self.succeed("DEL", {**self.conf, "prevResult": first}, CNI_IFNAME="eth0")
        self.assertEqual(self.hns.endpoints(), [])

    def test_gc_keeps_what_is_valid(self):
        self.attach_as_go("eth1")
        self.succeed("GC", {**self.conf, "cni.dev/valid-attachments": [{"containerID": "c1", "ifname": "eth1"}]})
        self.assertEqual((len(self.hns.endpoints()), len(self.leases())), (1, 1))
        self.succeed("GC", {**self.conf, "cni.dev/valid-attachments": [{"containerID": "c1", "ifname": "eth0"}]})
        self.assertEqual((self.hns.endpoints(), self.leases()), ([], []))


class LostLeases(NodeTestCase):
    def test_an_add_of_a_pod_that_runs_leases_its_address_again(self):
        for keep in (0, 1):
            with self.subTest(keep=keep):
                result = self.succeed("ADD")
                address = result["ips"][0]["address"].split("/")[0]
                for file in (self.folder / "ipam" / "cbr0").glob("*"):
                    if not keep or file.name == address:
                        file.unlink()
                self.assertEqual(self.succeed("ADD")["ips"], result["ips"])
                self.assertEqual(self.leases(), [address])
                self.succeed("DEL")
                self.assertEqual((self.hns.endpoints(), self.leases()), ([], []))


class OldLeases(NodeTestCase):
    """Of Go plugins that wrote no interface."""

    def test_a_second_interface_gets_an_address_of_its_own(self):
        for api, netns in ((2, self.namespace), (1, "none")):
            for first, second in (("eth0", "eth1"), ("eth1", "eth0")):
                with self.subTest(api=api, first=first):
                    conf = {**self.conf, "apiVersion": api}
                    call = lambda command, interface: self.succeed(command, conf, CNI_IFNAME=interface, CNI_NETNS=netns)
                    old = call("ADD", first)["ips"][0]["address"]
                    endpoint, = self.hns.endpoints()
                    self.hns.remove("endpoints", endpoint["ID"])
                    self.hns.put("endpoints", {**endpoint, "ID": new_id()})
                    lease, = leases_in(self.folder / "ipam" / "cbr0")
                    lease.write_text("c1")
                    self.assertEqual(call("ADD", first)["ips"][0]["address"], old)
                    self.assertEqual(lease.read_bytes(), b"c1\r\n" + first.encode())
                    self.assertNotEqual(call("ADD", second)["ips"][0]["address"], old)
                    call("DEL", second)
                    self.assertEqual(len(self.hns.endpoints()), 1)
                    call("DEL", first)
                    self.assertEqual((self.hns.endpoints(), self.leases()), ([], []))


class V1(NodeTestCase):
    """With HNS v1 only names, leases and results tell whose an endpoint is."""

    def setUp(self):
        super().setUp()
        self.conf["apiVersion"] = 1
        self.namespace = "none"

    def names(self):
        return sorted(endpoint["Name"] for endpoint in self.hns.endpoints())

    def add_both(self):
        return [self.succeed("ADD", CNI_IFNAME=interface)["ips"][0]["address"] for interface in INTERFACES]

    def test_lost_leases_do_not_make_one_interface_take_the_other(self):
        for interface, left in (("eth1", ["c1_cbr0"]), ("eth0", ["c1_cbr0:eth1"])):
            with self.subTest(interface):
                self.add_both()
                for file in leases_in(self.folder / "ipam" / "cbr0"):
                    file.unlink()
                self.succeed("DEL", CNI_IFNAME=interface)
                self.assertEqual(self.names(), left)
                self.succeed("DEL", CNI_IFNAME=next(other for other in INTERFACES if other != interface))
                self.assertEqual(self.names(), [])

    def test_a_del_that_does_not_tell_the_api(self):
        del self.conf["apiVersion"]
        for ipam in (self.conf.pop("ipam"), None):
            if ipam:
                self.conf["ipam"] = ipam
            else:
                self.conf.pop("ipam", None)
            for interface, left in (("eth1", ["c1_cbr0"]), ("eth0", ["c1_cbr0:eth1"])):
                with self.subTest(interface, ipam=bool(ipam)):
                    self.add_both()
                    self.succeed("DEL", CNI_IFNAME=interface, CNI_NETNS="")
                    self.assertEqual((self.names(), len(self.leases())), (left, 1 if ipam else 0))
                    for each in INTERFACES:
                        self.succeed("DEL", CNI_IFNAME=each, CNI_NETNS="")
                    self.assertEqual((self.names(), self.leases()), ([], []))

    def test_endpoints_of_hcn_keep_their_interface(self):
        for ipam in (self.conf["ipam"], None):
            if not ipam:
                del self.conf["ipam"]
            namespace = self.hns.create_namespace()
            for interface in INTERFACES:
                self.succeed("ADD", {**self.conf, "apiVersion": 2}, CNI_IFNAME=interface, CNI_NETNS=namespace)
            self.succeed("DEL", CNI_IFNAME="eth0", CNI_NETNS="")
            self.assertEqual(len(self.hns.endpoints()), 1)
            self.succeed("DEL", CNI_IFNAME="eth1", CNI_NETNS="")
            self.assertEqual(self.names(), [])

    def test_another_ipam_plugin(self):
        if settings.wine:
            self.skipTest("a script is not a plugin on Windows")
        ipam = self.folder / "others"
        ipam.write_text("#!/bin/sh\ncat > /dev/null\n[ $CNI_COMMAND = ADD ] || exit 0\n"
                        'echo "{\\"cniVersion\\":\\"1.1.0\\",\\"ips\\":[{\\"address\\":\\"10.244.4.1${CNI_IFNAME#eth}/24\\"}]}"\n')
        ipam.chmod(0o755)
        self.conf["ipam"] = {"type": "others"}
        path = path_list(self.folder)
        for order in (INTERFACES, INTERFACES[::-1]):
            with self.subTest(order):
                results = [self.succeed("ADD", CNI_IFNAME=interface, CNI_PATH=path) for interface in order]
                self.assertEqual({result["ips"][0]["address"] for result in results},
                                 {"10.244.4.10/24", "10.244.4.11/24"})
                self.assertEqual(self.names(), ["c1_cbr0", "c1_cbr0:eth1"])
                self.succeed("DEL", CNI_IFNAME=order[1], CNI_PATH=path)
                self.assertEqual(len(self.names()), 1)
                self.succeed("DEL", CNI_IFNAME=order[0], CNI_PATH=path)
                self.assertEqual(self.names(), [])

    def test_one_that_joins_leaves_the_endpoint_of_its_interface(self):
        self.add_both()
        joiner = {"CNI_CONTAINERID": "j", "CNI_NETNS": "container:c1"}
        for interface in INTERFACES:
            self.succeed("ADD", CNI_IFNAME=interface, **joiner)
        sharing = lambda: {endpoint["Name"] for endpoint in self.hns.endpoints()
                           if "j" in endpoint.get("SharedContainers", [])}
        self.assertEqual(sharing(), {"c1_cbr0", "c1_cbr0:eth1"})
        self.succeed("DEL", CNI_IFNAME="eth1", **joiner)
        self.assertEqual(sharing(), {"c1_cbr0"})
        self.succeed("DEL", CNI_IFNAME="eth0", **joiner)
        self.assertEqual((sharing(), len(self.names())), (set(), 2))


class UnreadResults:
    """An ADD whose result nobody reads gives back what it took, and nothing of a pod that runs."""

    def add_in_vain(self):
        if settings.wine or not pathlib.Path("/dev/full").exists():
            self.skipTest("needs a device that is always full")
        with open("/dev/full", "wb") as full:
            done = subprocess.run([executable(self.plugin)], input=json.dumps(self.conf).encode(), stdout=full,
                                  stderr=subprocess.PIPE, check=False,
                                  env={**clean_environment(), **self.hns.env,
                                       **plugin_variables("ADD", {"CNI_NETNS": self.namespace})})
        self.assertEqual(done.returncode, 1, done)
        return done.stderr.decode()

    def test_a_new_pod_is_given_back(self):
        self.assertIn("given back", self.add_in_vain())
        self.assertEqual((self.endpoints_of_pods(), self.leases(), self.stored()), ([], [], []))

    def test_one_that_runs_stays(self):
        self.succeed("ADD")
        before = (self.endpoints_of_pods(), self.leases(), self.stored())
        self.assertIn("stays", self.add_in_vain())
        self.assertEqual((self.endpoints_of_pods(), self.leases(), self.stored()), before)


for_each_setup(globals(), UnreadResults, [WIN_BRIDGE_V2, WIN_BRIDGE_V1, WIN_OVERLAY_V2, NAT, FLANNEL_BRIDGE])


class EqualNames(NodeTestCase):
    """Container a_b on cbr0 and container a on b_cbr0 have endpoints of one name."""
    api_version = 2

    def setUp(self):
        super().setUp()
        self.hns.create_network("b_cbr0", subnet="10.244.5.0/24", gateway="10.244.5.1")
        self.conf["apiVersion"] = self.api_version
        ipam = {**self.conf["ipam"], "ranges": [[{"subnet": "10.244.5.0/24"}]]}
        self.pods = {"a_b": self.conf, "a": {**self.conf, "name": "b_cbr0", "ipam": ipam}}
        self.spaces = {container: self.hns.create_namespace() if self.api_version == 2 else "none"
                       for container in self.pods}

    def call(self, command, container, **keys):
        return self.succeed(command, {**self.pods[container], **keys}, CNI_CONTAINERID=container,
                            CNI_NETNS=self.spaces[container])

    def forget_ids(self):
        """As if the Go plugins had made the endpoints."""
        for endpoint in self.hns.endpoints():
            self.hns.remove("endpoints", endpoint["ID"])
            self.hns.put("endpoints", {**endpoint, "ID": new_id()})

    def held(self):
        """The addresses that HNS has, and those that are leased; each must be the other's."""
        addresses = {ip["IpAddress"] for endpoint in self.hns.endpoints() for ip in endpoint["IpConfigurations"]}
        leased = {file.name for name in ("cbr0", "b_cbr0") for file in (self.folder / "ipam" / name).glob("10.*")}
        self.assertEqual(addresses, leased)
        return addresses

    def add(self, container, by_go):
        result = self.call("ADD", container)
        if by_go:
            self.forget_ids()
        return result

    def in_each_order(self, test):
        for by_go in (False, True):
            for first, second in (("a", "a_b"), ("a_b", "a")):
                with self.subTest(first=first, by_go=by_go):
                    test(first, second, by_go)

    def test_neither_is_taken_for_the_other(self):
        def test(first, second, by_go):
            results = {container: self.add(container, by_go) for container in (first, second)}
            # In HNS v1 a name must tell one from the other.
            names = {"a_b_cbr0"} if self.api_version == 2 else {"a_b_cbr0", "a_b_cbr0:eth0"}
            self.assertEqual({endpoint["Name"] for endpoint in self.hns.endpoints()}, names)
            self.assertEqual(len(self.held()), 2)
            for container, result in results.items():
                self.call("CHECK", container, prevResult=result)
                again = self.call("ADD", container)
                self.assertEqual(again["ips"], result["ips"])
            self.call("DEL", first)
            self.call("DEL", first)
            self.assertEqual(len(self.held()), 1)
            self.call("CHECK", second, prevResult=results[second])
            self.call("DEL", second)
            self.assertEqual(self.held(), set())

        self.in_each_order(test)

    def test_gc_of_one_network_leaves_the_other(self):
        def test(first, second, by_go):
            result = {container: self.add(container, by_go) for container in (first, second)}[second]
            self.call("GC", first, **{"cni.dev/valid-attachments": []})
            self.assertEqual(self.held(), {ip["address"].partition("/")[0] for ip in result["ips"]})
            self.call("CHECK", second, prevResult=result)
            self.call("GC", second, **{"cni.dev/valid-attachments": []})
            self.assertEqual(self.held(), set())

        self.in_each_order(test)


class EqualNamesV1(EqualNames):
    api_version = 1


class PrefixLengths(NodeTestCase):
    """A pod range may be narrower than the network's subnet."""

    def test_add_add_again_and_check_agree(self):
        for subnet in ("10.244.4.64/27", "10.244.4.128/25", "10.244.4.0/24", "10.244.4.248/29"):
            with self.subTest(subnet):
                self.conf["ipam"]["ranges"] = [[{"subnet": subnet}]]
                first = self.succeed("ADD")
                self.assertTrue(first["ips"][0]["address"].endswith("/24"), first)
                self.assertEqual(self.succeed("ADD")["ips"], first["ips"])
                self.pass_check(first)
                # As the Go plugin told it.
                length = subnet.split("/")[1]
                told = {**first["ips"][0], "address": first["ips"][0]["address"].replace("/24", "/" + length)}
                self.pass_check({**first, "ips": [told]})
                self.succeed("DEL")


SETUPS = [WIN_BRIDGE_V2, WIN_BRIDGE_V1, WIN_OVERLAY_V2, WIN_OVERLAY_V1, NAT, NAT_TO_BE_MADE, SDNBRIDGE, FLANNEL_BRIDGE]
for_each_setup(globals(), Sequences, SETUPS)
for_each_setup(globals(), OfTheGoPlugins, [WIN_BRIDGE_V2, WIN_OVERLAY_V2, NAT])


def load_tests(_loader, standard_tests, _pattern):
    return sample(standard_tests, OfTheGoPlugins, Sequences)


if __name__ == "__main__":
    main()
