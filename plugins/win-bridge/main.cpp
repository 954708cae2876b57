// SPDX-License-Identifier: Apache-2.0
#include "plugins/win-bridge/win_bridge.hpp"

int main(int argc, char** argv) {
    return libcni::plugin_main(
        {.name = "win-bridge",
         .about = "CNI plugin that attaches Windows pods to an HNS network of type L2Bridge or "
                  "L2Tunnel.",
         .add = win_bridge::add,
         .del = win_bridge::del,
         .check = win_bridge::check,
         .status = win_bridge::status,
         .gc = win_bridge::gc},
        argc,
        argv);
}
