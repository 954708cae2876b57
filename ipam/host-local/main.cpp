// SPDX-License-Identifier: Apache-2.0
#include "ipam/host-local/host_local.hpp"
#include "libcni/plugin_main.hpp"

int main(int argc, char** argv) {
    return libcni::plugin_main(host_local::HostLocal(), argc, argv);
}
