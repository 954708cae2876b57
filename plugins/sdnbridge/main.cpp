// SPDX-License-Identifier: Apache-2.0
#include "plugins/sdnbridge/sdnbridge.hpp"

int main(int argc, char** argv) {
    return libcni::plugin_main(
        plugins::handlers<sdnbridge::driver>(
            "CNI plugin that attaches Windows pods to an HNS network of type L2Bridge, L2Tunnel or "
            "Transparent, for confs of Microsoft's sdnbridge."),
        argc,
        argv);
}
