// SPDX-License-Identifier: Apache-2.0
#include "ipam/host-local/host_local.hpp"
#include "libcni/plugin_main.hpp"

int main(int argc, char** argv) {
    return libcni::plugin_main(
        {
            .name = "host-local",
            .about = "Gives pods addresses out of ranges, and keeps the leases in files.",
            .add = host_local::add,
            .del = host_local::del,
            .check = host_local::check,
            .status = host_local::status,
            .gc = host_local::gc,
        },
        argc,
        argv);
}
