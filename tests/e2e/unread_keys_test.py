# SPDX-License-Identifier: Apache-2.0
"""Keys that nobody reads are told in the log, each once, whichever plugin of a chain is asked."""
from harness import host_path, main
from node import NodeTestCase, flannel_files
from setups import SUBNET_ENV


class UnreadKeys(NodeTestCase):
    def warnings(self, plugin, command, conf):
        # In the file is what the delegates say, too.
        log = self.folder / "cni.log"
        log.unlink(missing_ok=True)
        conf = {**conf, "logFile": host_path(log)}
        done = self.run_plugin(plugin, command, conf, {"CNI_NETNS": self.namespace})
        self.assertEqual(done.status, 0, done)
        lines = log.read_text().splitlines() if log.exists() else []
        # That nobody has made the host's endpoint is no fault of the conf.
        return [line for line in lines if " warning " in line and "which should be the host's" not in line]

    def expect_each_once(self, lines, *keys):
        for key in keys:
            self.assertEqual(len([line for line in lines if f" conf.{key} " in line]), 1, (key, lines))
        self.assertEqual(len(lines), len(keys), lines)

    def test_a_bridge_with_host_local(self):
        conf = {**self.conf, "polices": [], "loopbackDRS": True, "capabilities": {"portMapping": True, "dns": True},
                "ipam": {**self.conf["ipam"], "rangStart": "10.244.4.9"}}
        for command in ("STATUS", "ADD"):
            self.expect_each_once(self.warnings("win-bridge", command, conf),
                                  "polices", "loopbackDRS", "capabilities.portMapping", "ipam.rangStart")
        self.assertEqual(self.warnings("win-bridge", "DEL", conf), [])

    def test_flannel_with_its_delegate(self):
        (self.folder / "subnet.env").write_text(SUBNET_ENV)
        conf = {"cniVersion": "1.1.0", "name": "cbr0", "type": "flannel", **flannel_files(self.folder),
                "policies": [], "delegate": {"type": "win-bridge", "gatewayfrm": "ipam", "hairpinMode": True},
                "ipam": {"dataDir": self.conf["ipam"]["dataDir"], "resolvConff": ""}}
        self.expect_each_once(self.warnings("flannel", "ADD", conf), "policies", "delegate.gatewayfrm", "ipam.resolvConff",
                              "delegate.hairpinMode")

    def test_what_is_right_is_no_warning(self):
        self.assertEqual(self.warnings("win-bridge", "ADD", {**self.conf, "dns": {"Nameservers": ["10.96.0.10"]}}), [])
        self.assertEqual(self.warnings("host-local", "STATUS", self.conf), [])


if __name__ == "__main__":
    main()
