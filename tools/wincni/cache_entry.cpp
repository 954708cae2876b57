// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/cache_entry.hpp"

#include "libcni/json_reader.hpp"
#include "libcni/result.hpp"

namespace wincni {

using libcni::runtime::CacheEntry;

std::string pod_of(const CacheEntry& entry) {
    const auto space = arg_of(entry.attached, "K8S_POD_NAMESPACE");
    const auto name = arg_of(entry.attached, "K8S_POD_NAME");
    return space.empty() || name.empty() ? space + name : space + "/" + name;
}

std::vector<libcni::Cidr> addresses_of(const CacheEntry& entry) {
    std::vector<libcni::Cidr> addresses;
    try {
        const auto result = libcni::decode_result(libcni::JsonReader(*entry.result, "result"),
                                                  libcni::SpecVersion::v0_1_0);
        for (const auto& ip : result.ips)
            addresses.push_back(ip.address);
    } catch (const libcni::BadShape&) {
        addresses.clear();
    }
    return addresses;
}

} // namespace wincni
