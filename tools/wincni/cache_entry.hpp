// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "libcni/ip.hpp"
#include "libcni/runtime/cache.hpp"

// What a runtime's memory of an attachment tells a person.
namespace wincni {

/// "default/web", or what is known of it; empty where nothing is.
std::string pod_of(const libcni::runtime::CacheEntry& entry);

/// The addresses that ADD gave, of a result in any spelling; none of what is no result.
std::vector<libcni::Cidr> addresses_of(const libcni::runtime::CacheEntry& entry);

} // namespace wincni
