// SPDX-License-Identifier: Apache-2.0
// The plugins as the executables know them.
#include <utility>

#include <doctest/doctest.h>

#include "plugins/nat/nat.hpp"
#include "plugins/sdnbridge/sdnbridge.hpp"
#include "plugins/sdnoverlay/sdnoverlay.hpp"
#include "plugins/win-bridge/win_bridge.hpp"
#include "plugins/win-overlay/win_overlay.hpp"
#include "tests/unit/plugin_requests.hpp"

TEST_CASE("Each plugin says who it is, and makes endpoints of its own kind") {
    const nat::Nat nat_plugin;
    const sdnbridge::SdnBridge sdn_bridge;
    const sdnoverlay::SdnOverlay sdn_overlay;
    const win_bridge::WinBridge bridge;
    const win_overlay::WinOverlay overlay;
    const std::pair<const plugins::HnsPlugin*, std::string> cases[] = {{&nat_plugin, "nat"},
                                                                       {&sdn_bridge, "sdnbridge"},
                                                                       {&sdn_overlay, "sdnoverlay"},
                                                                       {&bridge, "win-bridge"},
                                                                       {&overlay, "win-overlay"}};
    for (const auto& one : cases) {
        const auto* const plugin = one.first;
        const std::string& name = one.second;
        CAPTURE(name);
        CHECK(plugin->name() == name);
        CHECK(plugin->kind_of(request_with(nlohmann::json::object()))->plugin() == name);
        CHECK_FALSE(plugin->about().empty());
    }
}
