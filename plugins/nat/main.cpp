// SPDX-License-Identifier: Apache-2.0
#include "plugins/nat/nat.hpp"

int main(int argc, char** argv) {
    return libcni::plugin_main(
        plugins::handlers<nat::driver>(
            "CNI plugin that attaches Windows pods to an HNS network of type NAT, and makes it "
            "when it is missing."),
        argc,
        argv);
}
