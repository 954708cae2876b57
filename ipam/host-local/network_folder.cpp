// SPDX-License-Identifier: Apache-2.0
#include "ipam/host-local/network_folder.hpp"

#include <algorithm>

#include "ipam/host-local/conf.hpp"
#include "ipam/host-local/lease_store.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/names.hpp"

namespace host_local {

using libcni::Error;
using libcni::ErrorCode;
using libcni::utf8_of;

std::optional<std::string> same_to_windows(const std::vector<std::string>& names,
                                           std::string_view network) {
    const auto found = std::ranges::find_if(names, [&](const auto& n) {
        return n != network && libcni::same_ignoring_case(n, network);
    });
    if (found == names.end()) return std::nullopt;
    return *found;
}

void require_folder_of_its_own(const libcni::NetworkConfig& conf, const Files& files) {
    constexpr bool is_windows = native_names == NameStyle::underscores;
    if constexpr (!is_windows) return;
    const std::string_view reason = libcni::why_windows_misreads(conf.name);
    if (!reason.empty())
        throw Error(ErrorCode::invalid_network_config,
                    "network name \"" + conf.name
                        + "\" cannot name a folder: " + std::string(reason),
                    "give the network another name");
    const auto names = files.names(read_data_dir(conf));
    const auto other = names ? same_to_windows(*names, conf.name) : std::optional<std::string>();
    if (other)
        throw Error(ErrorCode::invalid_network_config,
                    "network name \"" + conf.name + "\" differs only in case from \"" + *other
                        + "\", which has leases",
                    "Windows keeps both in one folder of " + utf8_of(read_data_dir(conf))
                        + "; spell the network's name like that folder's");
}

} // namespace host_local
