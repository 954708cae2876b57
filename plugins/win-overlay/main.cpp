// SPDX-License-Identifier: Apache-2.0
#include "libcni/plugin_main.hpp"
#include "plugins/win-overlay/win_overlay.hpp"

int main(int argc, char** argv) {
    return libcni::plugin_main(win_overlay::WinOverlay(), argc, argv);
}
