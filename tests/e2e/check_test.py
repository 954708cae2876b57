# SPDX-License-Identifier: Apache-2.0
"""CHECK: what HNS adds of its own and what later plugins of a chain told are well; what ADD would not make is not."""
from harness import main, sample
from node import CODE_CHECK
from setups import OF_MICROSOFT, SETUPS, SetupTestCase, WIN_BRIDGE_V2, for_each_setup


def policy(type, **settings):
    return {"Type": type, "Settings": settings}


class Check:
    def setUp(self):
        super().setUp()
        self.result = self.succeed("ADD")
        self.made = self.endpoint()

    def add_policies(self, *policies):
        self.hns.put("endpoints", {**self.made, "Policies": [*self.made["Policies"], *policies]})

    def check(self, result=None):
        return {**self.conf, "prevResult": result or self.result}

    def test_what_hns_adds_of_its_own_is_well(self):
        settings = [{**p, "Settings": {**p["Settings"], "Scope": 0}} for p in self.made["Policies"]]
        self.hns.put("endpoints", {
            **self.made, "Policies": [*settings, policy("L2Driver")], "Health": {"LastErrorCode": 0},
            "Dns": self.made.get("Dns") or {"ServerList": ["192.168.1.1"], "Search": ["corp.example"], "Domain": "corp"},
            "Routes": [*self.made["Routes"], {"NextHop": "10.244.4.1", "DestinationPrefix": "169.254.169.254/32"}]})
        self.succeed("CHECK", self.check())
        self.succeed("CHECK")

    def test_a_policy_that_add_would_not_make_is_told(self):
        for added in (policy("OutBoundNAT", Exceptions=["10.99.0.0/16"]), policy("ACL", Action="Block", Direction="In"),
                      policy("PortMapping", InternalPort=80, ExternalPort=8099, Protocol=6)):
            with self.subTest(added["Type"]):
                self.add_policies(added)
                error = self.fail_with(CODE_CHECK, "CHECK", self.check())
                self.assertIn("policy that ADD would not make", error["details"])
                self.assertIn(added["Type"], error["details"])
        self.add_policies()
        self.succeed("CHECK", self.check())

    def test_what_later_plugins_of_a_chain_told_is_theirs(self):
        ips, interfaces = self.result["ips"], self.result["interfaces"]
        other = {"name": "net1", "mac": "00-15-5d-00-00-09"}
        for change in ({"interfaces": [*interfaces, other],
                        "ips": [*ips, {"address": "192.168.7.3/24", "gateway": "192.168.7.1", "interface": 1}]},
                       {"interfaces": [other, *interfaces], "ips": [{**ips[0], "interface": 1},
                                                                    {"address": "10.244.4.77/24", "interface": 0}]},
                       {"routes": [{"dst": "10.50.0.0/16", "gw": ips[0].get("gateway", "10.244.4.1")}]},
                       {"dns": {"nameservers": ["1.1.1.1"], "search": ["later.example"], "domain": "later"}}):
            with self.subTest(change):
                self.succeed("CHECK", self.check({**self.result, **change}))

    def test_what_a_result_says_of_the_endpoint_itself_counts(self):
        ips, interfaces = self.result["ips"], self.result["interfaces"]
        changes = [({"ips": [{**ips[0], "address": "10.244.4.99/24"}]}, "10.244.4.99"),
                   ({"interfaces": [{**interfaces[0], "mac": "00-15-5d-00-00-09"}]}, "MAC address"),
                   ({"ips": [*ips, {"address": "10.244.4.98/24", "interface": 0}]}, "10.244.4.98")]
        # An endpoint of v1 cannot have the second.
        for change, text in changes[:2] if self.setup.api_version == 1 else changes:
            with self.subTest(change):
                error = self.fail_with(CODE_CHECK, "CHECK", self.check({**self.result, **change}))
                self.assertIn(text, error["msg"] + error["details"])


for_each_setup(globals(), Check, SETUPS + OF_MICROSOFT)


class Ports(SetupTestCase):
    setup = WIN_BRIDGE_V2

    def test_a_route_for_mapped_ports_is_of_hns(self):
        ports = {"runtimeConfig": {"portMappings": [{"hostPort": 8080, "containerPort": 80, "protocol": "tcp"}]}}
        result = self.succeed("ADD", {**self.conf, **ports})
        self.change_endpoint(Policies=[*self.endpoint()["Policies"],
                                       policy("SDNRoute", DestinationPrefix="192.168.1.10/32", NeedEncap=True)])
        self.succeed("CHECK", {**self.conf, **ports, "prevResult": result})
        # Without the mapping that the runtime asked for it is nobody's.
        error = self.fail_with(CODE_CHECK, "CHECK", {**self.conf, "prevResult": result})
        self.assertIn("8080", error["details"])

    def test_routes_and_dns_of_the_conf_are_compared(self):
        self.conf["ipam"]["routes"] = [{"dst": "10.60.0.0/16"}]
        self.conf["dns"] = {"nameservers": ["10.96.0.10"]}
        result = self.succeed("ADD")
        self.pass_check(result)
        made = self.endpoint()
        for change, text in (({"Routes": [r for r in made["Routes"] if r["DestinationPrefix"] == "0.0.0.0/0"]},
                              "10.60.0.0/16"), ({"Dns": {"ServerList": ["8.8.8.8"]}}, "10.96.0.10")):
            self.hns.put("endpoints", {**made, **change})
            error = self.fail_with(CODE_CHECK, "CHECK", {**self.conf, "prevResult": result})
            self.assertIn(text, error["details"])


def load_tests(_loader, standard_tests, _pattern):
    return sample(standard_tests, Check)


if __name__ == "__main__":
    main()
