// SPDX-License-Identifier: Apache-2.0
#include "libcni/plugin_main.hpp"
#include "plugins/flannel/flannel.hpp"

int main(int argc, char** argv) {
    return libcni::plugin_main(flannel::Flannel(), argc, argv);
}
