// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <CLI/CLI.hpp>

#include "tools/wincni/command_groups.hpp"
#include "tools/wincni/hns_session.hpp"
#include "tools/wincni/source_vip.hpp"

namespace wincni {

void add_source_vip(CLI::App& root, Action& action) {
    const auto options = std::make_shared<SourceVipOptions>();
    CLI::App& app =
        *root.add_subcommand("source-vip", "The address of kube-proxy on an overlay, leased once");
    app.footer("Examples, in PowerShell as in sh:\n"
               "  wincni source-vip --network vxlan0\n"
               "  wincni source-vip --conf 10-flannel.conf --file sourceVip.json\n"
               "  wincni source-vip --network vxlan0 --release");
    app.add_option("--network", options->network, "the pods' HNS network; else the only overlay")
        ->type_name("NAME|ID");
    app.add_option("--conf", options->conf, "a conf that names the network and its leases' folder")
        ->type_name("FILE");
    app.add_option("--data-dir", options->data_dir, "where host-local keeps the leases")
        ->type_name("FOLDER");
    app.add_option(
           "--file", options->file, "gets the address as JSON, as kube-proxy's scripts read it")
        ->type_name("FILE");
    app.add_flag("--release", options->release, "gives the address back")->excludes("--file");
    app.add_flag_callback(
        "--json", [options] { options->format = Format::json; }, "one JSON document");
    app.callback([options, &action] {
        action = [options] {
            return answer_with_hns(
                [&](hnsclient::ClientV2& client) { return source_vip(client, *options); });
        };
    });
}

} // namespace wincni
