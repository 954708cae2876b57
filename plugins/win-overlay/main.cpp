// SPDX-License-Identifier: Apache-2.0
#include "plugins/win-overlay/win_overlay.hpp"

int main(int argc, char** argv) {
    return libcni::plugin_main(
        plugins::handlers<win_overlay::driver>(
            "CNI plugin that attaches Windows pods to an HNS network of type Overlay (VXLAN)."),
        argc,
        argv);
}
