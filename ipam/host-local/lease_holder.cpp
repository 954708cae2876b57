// SPDX-License-Identifier: Apache-2.0
#include "ipam/host-local/lease_holder.hpp"

#include "ipam/host-local/conf.hpp"
#include "ipam/host-local/lease_store.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/log.hpp"

namespace host_local {

bool keeps_leases(const libcni::NetworkConfig& conf) noexcept try {
    const std::string type = libcni::ipam_type_of(conf);
    return libcni::same_ignoring_case(type, "host-local")
           || libcni::same_ignoring_case(type, "host-local.exe");

} catch (const std::exception&) {

    return false;
}

std::optional<libcni::Attachment> find_holder(const libcni::NetworkConfig& conf,
                                              const libcni::Address& address) noexcept try {
    if (!keeps_leases(conf)) return std::nullopt;
    Disk disk;
    const LeaseStore store(read_data_dir(conf) / libcni::path_of(conf.name), disk);
    const auto lease = store.find(address);
    if (!lease || !lease->owner) return std::nullopt;
    return libcni::Attachment{lease->owner->container_id, lease->owner->interface_name};

} catch (const std::exception& error) {

    libcni::log::debug(std::string("who holds ") + address.to_string()
                       + " cannot be found out: " + error.what());
    return std::nullopt;
}

} // namespace host_local
