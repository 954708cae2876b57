// SPDX-License-Identifier: Apache-2.0
#include "libcni/plugin_main.hpp"
#include "plugins/nat/nat.hpp"

int main(int argc, char** argv) {
    return libcni::plugin_main(nat::Nat(), argc, argv);
}
