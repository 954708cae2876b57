// SPDX-License-Identifier: Apache-2.0
#include "libcni/plugin_main.hpp"
#include "plugins/sdnoverlay/sdnoverlay.hpp"

int main(int argc, char** argv) {
    return libcni::plugin_main(sdnoverlay::SdnOverlay(), argc, argv);
}
