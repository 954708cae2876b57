// SPDX-License-Identifier: Apache-2.0
#include "ipam/host-local/lease_holder.hpp"

#include "ipam/host-local/conf.hpp"
#include "ipam/host-local/lease_store.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/files.hpp"
#include "libcni/log.hpp"
#include "libcni/names.hpp"

namespace host_local {

bool keeps_leases(const libcni::NetworkConfig& conf) noexcept try {
    return libcni::means_plugin(libcni::ipam_type_of(conf), "host-local");

} catch (const std::exception&) {

    return false;
}

std::optional<libcni::Attachment> find_holder(const libcni::NetworkConfig& conf,
                                              const libcni::Address& address) noexcept try {
    if (!keeps_leases(conf)) return std::nullopt;
    // The one file: a whole store would make each plugin tens of kilobytes larger.
    const auto text =
        libcni::read_file(read_data_dir(conf) / libcni::path_of(conf.name) / lease_name(address));
    const auto owner = text ? parse_owner(*text) : std::nullopt;
    if (!owner) return std::nullopt;
    return libcni::Attachment{owner->container_id, owner->interface_name};

} catch (const std::exception& error) {

    libcni::log::debug(std::string("who holds ") + address.to_string()
                       + " cannot be found out: " + error.what());
    return std::nullopt;
}

} // namespace host_local
