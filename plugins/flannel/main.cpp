// SPDX-License-Identifier: Apache-2.0
#include "plugins/flannel/flannel.hpp"

int main(int argc, char** argv) {
    return libcni::plugin_main(
        {.name = "flannel",
         .about = "CNI plugin that makes a conf for win-bridge or win-overlay from what flanneld "
                  "has written, and calls it.",
         .add = flannel::add,
         .del = flannel::del,
         .check = flannel::check,
         .status = flannel::status,
         .gc = flannel::gc},
        argc,
        argv);
}
