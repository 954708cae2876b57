// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "plugins/common/hns_plugin.hpp"
#include "tools/wincni/conf/document.hpp"

// What the plugins themselves say of a conf.
namespace wincni::conf {

/// Has the plugin of this part, and host-local where it is its IPAM plugin, read the conf as for an
/// ADD. The first refusal of each reader, and all warnings. Asks neither HNS nor the disk.
std::vector<Remark> remarks_of_plugins(const Part& part);

/// The plugin of that name that makes endpoints; null for another name.
std::unique_ptr<plugins::HnsPlugin> windows_plugin(std::string_view name);

/// The keys that the plugin warns of, as nobody reads them; those that are there twice not.
std::vector<libcni::UnreadKey> unread_keys_of(const Part& part);

} // namespace wincni::conf
