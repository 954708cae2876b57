# SPDX-License-Identifier: Apache-2.0
"""A node that starts many pods at once, and ends them at once."""
import json

from harness import at_once, main, settings
from setups import WIN_BRIDGE_V1, WIN_BRIDGE_V2, WIN_OVERLAY_V2, for_each_setup


class ManyAtOnce:
    def test_all_succeed_no_address_twice_nothing_left(self):
        all_pods, sample = (200, 32) if self.setup is WIN_BRIDGE_V2 else (60, 16)
        pods = sample if settings.sampled else all_pods
        in_namespaces = self.setup.api_version == 2
        sandboxes = [self.hns.create_namespace() if in_namespaces else "none" for _ in range(pods)]

        def pod(command):
            return lambda n: self.cni(command, CNI_CONTAINERID=f"pod{n}", CNI_NETNS=sandboxes[n])

        added = at_once(pod("ADD"), range(pods))
        self.assertEqual([done for done in added if done.status != 0], [])
        addresses = {json.loads(done.stdout)["ips"][0]["address"] for done in added}
        self.assertEqual(len(addresses), pods)
        # The bridge's own.
        self.assertEqual("10.244.4.2/24" in addresses, self.setup.plugin != "win-bridge")
        self.assertEqual(len(self.hns.endpoints()), pods)
        deleted = at_once(pod("DEL"), range(pods))
        self.assertEqual([done for done in deleted if done.status != 0], [])
        self.assert_nothing_left()
        self.assert_no_handles_left_open()


for_each_setup(globals(), ManyAtOnce, [WIN_BRIDGE_V2, WIN_BRIDGE_V1, WIN_OVERLAY_V2])

if __name__ == "__main__":
    main()
