// SPDX-License-Identifier: Apache-2.0
#include "libcni/plugin_main.hpp"
#include "plugins/win-bridge/win_bridge.hpp"

int main(int argc, char** argv) {
    return libcni::plugin_main(win_bridge::WinBridge(), argc, argv);
}
