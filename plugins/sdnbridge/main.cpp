// SPDX-License-Identifier: Apache-2.0
#include "libcni/plugin_main.hpp"
#include "plugins/sdnbridge/sdnbridge.hpp"

int main(int argc, char** argv) {
    return libcni::plugin_main(sdnbridge::SdnBridge(), argc, argv);
}
