// SPDX-License-Identifier: Apache-2.0
#include "plugins/win-bridge/win_bridge.hpp"

int main(int argc, char** argv) {
    return libcni::plugin_main(
        plugins::handlers<win_bridge::driver>(
            "CNI plugin that attaches Windows pods to an HNS network of type L2Bridge or "
            "L2Tunnel."),
        argc,
        argv);
}
