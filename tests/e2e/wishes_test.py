# SPDX-License-Identifier: Apache-2.0
"""What a runtime or an author asks for one interface: a limit of its traffic, a MAC address, no default route."""
from harness import host_path, main, sample
from node import CODE_CHECK, CODE_CONF, CODE_ENVIRONMENT, NodeTestCase
from setups import OF_MICROSOFT, SETUPS, WIN_BRIDGE_V2, SetupTestCase, for_each_setup

MAC = "02-11-22-33-44-55"
DEFAULT = ("0.0.0.0/0", "::/0")


def limit_of(endpoint):
    """The bytes per second of the endpoint's one QOS policy, or None."""
    limits = [policy["Settings"]["MaximumOutgoingBandwidthInBytes"] for policy in endpoint["Policies"]
              if policy["Type"] == "QOS"]
    return limits[0] if len(limits) == 1 else limits or None


def default_routes(endpoint):
    return [route for route in endpoint["Routes"] if route["DestinationPrefix"] in DEFAULT]


class Logged:
    """Delegates write to the same file."""

    def logged(self, command, conf, **env):
        """What the command left in the log, when it succeeds, and its result."""
        log = self.folder / "cni.log"
        log.unlink(missing_ok=True)
        result = self.succeed(command, {**conf, "logFile": host_path(log)}, **env)
        return log.read_text() if log.exists() else "", result


class Wishes(Logged):
    """One life of a pod for each plugin and API."""

    def with_wishes(self, mac=MAC, egress=800000, **other):
        return {**self.conf, "capabilities": {"bandwidth": True, "mac": True},
                "runtimeConfig": {"mac": mac, "bandwidth": {"egressRate": egress, "egressBurst": 4294967295, **other}}}

    def test_n31_n32_bandwidth_and_mac_address(self):
        log, first = self.logged("ADD", self.with_wishes())
        self.assertEqual(log, "")
        endpoint = self.endpoint()
        self.assertEqual((limit_of(endpoint), endpoint["MacAddress"]), (100000, MAC))
        self.assertEqual(first["interfaces"][0]["mac"], MAC)
        log, again = self.logged("ADD", self.with_wishes("02:11:22:33:44:66", 1600000, ingressRate=9))
        self.assertEqual((again, self.endpoint()), (first, endpoint))
        for part in (f"already exists with the MAC address {MAC} and keeps it: 02-11-22-33-44-66",
                     "limited to 100000 bytes per second and keeps it: 200000 bytes per second",
                     "ingressRate 9 has no effect"):
            self.assertIn(part, log)
        self.pass_check(first, self.with_wishes())
        error = self.fail_with(CODE_CHECK, "CHECK", {**self.with_wishes("02:11:22:33:44:66", 808000),
                                                     "prevResult": first})
        self.assertIn("MAC address: expected 02-11-22-33-44-66, found " + MAC, error["details"])
        self.assertIn("101000", error["details"])
        self.succeed("DEL", self.with_wishes())
        self.assert_nothing_left()

    def without_default_route(self):
        conf = {**self.conf}
        if self.setup.is_flannel:
            conf["delegate"] = {**conf["delegate"], "isDefaultGateway": False}
        else:
            conf["isDefaultGateway"] = False
        return conf

    def test_no_default_route(self):
        conf = self.without_default_route()
        log, first = self.logged("ADD", conf)
        self.assertEqual(log, "")
        self.assertEqual(default_routes(self.endpoint()), [])
        self.assertNotIn("gateway", first["ips"][0])
        self.assertNotIn("routes", first)
        self.assertEqual(self.succeed("ADD", conf), first)
        self.pass_check(first, conf)
        self.change_endpoint(Routes=[{"NextHop": "10.244.4.1", "DestinationPrefix": "0.0.0.0/0"}])
        error = self.fail_with(CODE_CHECK, "CHECK", {**conf, "prevResult": first})
        self.assertIn("expected none to 0.0.0.0/0, found 0.0.0.0/0 via 10.244.4.1", error["details"])
        self.succeed("DEL", conf)
        self.assert_nothing_left()


class Refused(NodeTestCase):
    def test_n31_n32_what_makes_no_sense_takes_nothing(self):
        for code, name, runtime, args in [
                (CODE_CONF, "runtimeConfig.mac", {"mac": "01:00:5e:00:00:01"}, ""),
                (CODE_CONF, "runtimeConfig.mac", {"mac": "ff:ff:ff:ff:ff:ff"}, ""),
                (CODE_CONF, "runtimeConfig.mac", {"mac": "eth0"}, ""),
                (CODE_ENVIRONMENT, "MAC in CNI_ARGS", {}, "MAC=00:00:00:00:00:00"),
                (CODE_ENVIRONMENT, "MAC in CNI_ARGS", {}, "IgnoreUnknown=1;MAC=02:11:22:33:44"),
                (CODE_CONF, "bandwidth.egressRate", {"bandwidth": {"egressRate": -8}}, ""),
                (CODE_CONF, "bandwidth.egressRate", {"bandwidth": {"egressRate": "10M"}}, ""),
                (CODE_CONF, "bandwidth.egressRate", {"bandwidth": {"egressRate": 7}}, ""),
                (CODE_CONF, "bandwidth.ingressBurst", {"bandwidth": {"ingressBurst": 0.5}}, "")]:
            with self.subTest(runtime=runtime, args=args):
                error = self.fail_with(code, "ADD", {**self.conf, "runtimeConfig": runtime}, CNI_ARGS=args)
                self.assertIn(name, error["msg"])
        self.assert_nothing_left()
        # host-local was never asked: the first address is the next one still.
        self.assertFalse((self.folder / "ipam").exists())
        # What ADD refuses keeps no pod from being removed.
        self.succeed("DEL", {**self.conf, "runtimeConfig": {"mac": "eth0", "bandwidth": 7}}, CNI_ARGS="MAC=x")


class Precedence(Logged, SetupTestCase):
    setup = WIN_BRIDGE_V2

    def test_n32_the_runtime_then_the_author_then_cni_args(self):
        args = "IgnoreUnknown=1;K8S_POD_NAME=web;MAC=02:11:22:33:44:03"
        authors = {**self.conf, "args": {"cni": {"mac": "0211.2233.4402"}}}
        for number, (conf, mac) in enumerate([
                ({**authors, "runtimeConfig": {"mac": "02:11:22:33:44:01"}}, "02-11-22-33-44-01"),
                (authors, "02-11-22-33-44-02"), (self.conf, "02-11-22-33-44-03")]):
            env = {"CNI_ARGS": args, "CNI_CONTAINERID": f"c{number}"}
            result = self.succeed("ADD", conf, **env)
            self.assertEqual(result["interfaces"][0]["mac"], mac)
            self.pass_check(result, conf, **env)

    def test_n31_the_authors_limit_counts_where_it_is_lower(self):
        for number, (policy, rate, limit) in enumerate([
                ({"Type": "QOS", "Settings": {"MaximumOutgoingBandwidthInBytes": 5000}}, 80000, 5000),
                ({"Type": "QOS", "maximumoutgoingbandwidthinbytes": 5000}, 8000, 1000)]):
            conf = {**self.conf, "policies": [{"name": "EndpointPolicy", "value": policy}],
                    "runtimeConfig": {"bandwidth": {"egressRate": rate}}}
            result = self.succeed("ADD", conf, CNI_CONTAINERID=f"c{number}")
            endpoint, = [one for one in self.hns.endpoints() if one["Name"] == f"c{number}_cbr0"]
            self.assertEqual(limit_of(endpoint), limit)
            self.pass_check(result, conf, CNI_CONTAINERID=f"c{number}")

    def test_other_routes_stay_and_an_authors_default_route_is_told(self):
        conf = {**self.conf, "isDefaultGateway": False,
                "ipam": {**self.conf["ipam"], "routes": [{"dst": "0.0.0.0/0"}, {"dst": "10.20.0.0/16"}]}}
        self.succeed("ADD")
        log, result = self.logged("ADD", conf)
        self.assertIn("already exists with a default route and keeps it: none is asked for", log)
        self.assertEqual(result["ips"][0]["gateway"], "10.244.4.2")
        self.succeed("DEL")
        log, result = self.logged("ADD", conf)
        self.assertIn("conf.ipam.routes[0] is a default route, which the pod does not get", log)
        self.assertEqual(result["routes"], [{"dst": "10.20.0.0/16", "gw": "10.244.4.2"}])
        self.assertEqual(self.endpoint()["Routes"], [{"DestinationPrefix": "10.20.0.0/16", "NextHop": "10.244.4.2"}])
        self.assertEqual(self.succeed("ADD", conf), result)
        self.pass_check(result, conf)

    def test_a_second_network_of_a_pod(self):
        self.hns.create_network("storage", subnet="10.9.0.0/24", gateway="10.9.0.1")
        ipam = {**self.conf["ipam"], "ranges": [[{"subnet": "10.9.0.0/24"}]]}
        second = {**self.conf, "name": "storage", "isDefaultGateway": False, "ipam": ipam}
        results = [self.succeed("ADD"), self.succeed("ADD", second, CNI_IFNAME="net1")]
        self.assertEqual([result["ips"][0].get("gateway") for result in results], ["10.244.4.2", None])
        self.assertEqual([len(default_routes(endpoint)) for endpoint in self.hns.endpoints()].count(1), 1)
        self.pass_check(results[0])
        self.pass_check(results[1], second, CNI_IFNAME="net1")


for_each_setup(globals(), Wishes, SETUPS + OF_MICROSOFT)


def load_tests(_loader, standard_tests, _pattern):
    return sample(standard_tests, *(cls for name, cls in globals().items() if name.startswith("Wishes")))


if __name__ == "__main__":
    main()
