# SPDX-License-Identifier: Apache-2.0
"""Every plugin and API version with a conf of its own and the network that it works on, so that one test can go
through all of them: `for_each_setup(globals(), SomeTests, SETUPS)` makes a test class for each."""
import copy
import dataclasses

from harness import host_path
from node import NodeTestCase, flannel_files

SUBNET = "10.244.4.0/24"
SUBNET_ENV = "FLANNEL_NETWORK=10.244.0.0/16\nFLANNEL_SUBNET=10.244.4.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n"


@dataclasses.dataclass(frozen=True)
class Setup:
    """What a node has, and how its pods are attached."""
    name: str
    plugin: str
    conf: dict
    # Type of the HNS network cbr0; None lets the plugin make it.
    network: str | None = "L2Bridge"
    # Off: HNS chooses the addresses.
    host_local: bool = True
    # The most HNS calls that ADD and DEL may make.
    calls: tuple[int, int] = (11, 6)

    @property
    def api_version(self):
        return self.conf.get("delegate", self.conf)["apiVersion"]

    @property
    def is_flannel(self):
        return self.plugin == "flannel"


WIN_BRIDGE_V2 = Setup("WinBridgeV2", "win-bridge", {"apiVersion": 2})
WIN_BRIDGE_V1 = Setup("WinBridgeV1", "win-bridge", {"apiVersion": 1}, calls=(6, 5))
WIN_OVERLAY_V2 = Setup("WinOverlayV2", "win-overlay", {"apiVersion": 2, "ipMasq": True}, "Overlay")
WIN_OVERLAY_V1 = Setup("WinOverlayV1", "win-overlay", {"apiVersion": 1, "ipMasq": True}, "Overlay", calls=(6, 5))
NAT = Setup("Nat", "nat", {"apiVersion": 2}, "NAT")
NAT_TO_BE_MADE = Setup("NatToBeMade", "nat", {"apiVersion": 2, "createNetwork": {"subnet": SUBNET}}, None,
                       host_local=False)
FLANNEL_BRIDGE = Setup("FlannelBridge", "flannel", {"delegate": {"type": "win-bridge", "apiVersion": 2}})
FLANNEL_OVERLAY = Setup("FlannelOverlay", "flannel", {"delegate": {"type": "win-overlay", "apiVersion": 2}}, "Overlay")
SDNBRIDGE = Setup("Sdnbridge", "sdnbridge", {"apiVersion": 2})
SDNOVERLAY = Setup("Sdnoverlay", "sdnoverlay", {"apiVersion": 2}, "Overlay")

SETUPS = [WIN_BRIDGE_V2, WIN_BRIDGE_V1, WIN_OVERLAY_V2, WIN_OVERLAY_V1, NAT, NAT_TO_BE_MADE, FLANNEL_BRIDGE,
          FLANNEL_OVERLAY]
# The same objects as win-bridge and win-overlay, with another reader of the conf.
OF_MICROSOFT = [SDNBRIDGE, SDNOVERLAY]


class SetupTestCase(NodeTestCase):
    """A node as `setup` says; also its pods' CNI_NETNS."""
    setup = WIN_BRIDGE_V2

    def setUp(self):
        super().setUp()
        self.plugin = self.setup.plugin
        self.hns.remove("networks", self.network)
        if self.setup.network:
            self.network = self.hns.create_network("cbr0", type=self.setup.network, subnet=SUBNET)
        if self.setup.api_version == 1:
            self.namespace = "none"
        self.conf = {"cniVersion": "1.1.0", "name": "cbr0", "type": self.plugin, **copy.deepcopy(self.setup.conf)}
        ipam = {"dataDir": host_path(self.folder / "ipam")}
        if self.setup.is_flannel:
            (self.folder / "subnet.env").write_text(SUBNET_ENV)
            self.conf.update(flannel_files(self.folder), ipam=ipam)
        elif self.setup.host_local:
            self.conf["ipam"] = {"type": "host-local", "ranges": [[{"subnet": SUBNET}]], **ipam}

    def forget_made_network(self):
        """HNS without the network that the plugin made."""
        if not self.setup.network:
            for network in self.hns.networks():
                self.hns.remove("networks", network["ID"])

    def stored(self):
        """The containers of which flannel has stored a conf."""
        return sorted(file.name for file in (self.folder / "flannel").glob("*"))

    def assert_nothing_left(self):
        """But for a network that was made: making and removing one cuts the host off for seconds."""
        super().assert_nothing_left()
        self.assertEqual(self.stored(), [])


def for_each_setup(module, tests, setups):
    """Puts a test class into the module for each setup; `tests` is a class of tests that is not a TestCase."""
    for setup in setups:
        name = tests.__name__ + setup.name
        module[name] = type(name, (tests, SetupTestCase), {"setup": setup, "__module__": tests.__module__})
