// SPDX-License-Identifier: Apache-2.0
#include "plugins/sdnoverlay/sdnoverlay.hpp"

int main(int argc, char** argv) {
    return libcni::plugin_main(
        plugins::handlers<sdnoverlay::driver>(
            "CNI plugin that attaches Windows pods to an HNS network of type Overlay, for confs of "
            "Microsoft's sdnoverlay."),
        argc,
        argv);
}
