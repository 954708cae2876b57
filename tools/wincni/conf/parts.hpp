// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/flannel/subnet_env.hpp"
#include "tools/wincni/conf/document.hpp"

namespace wincni::conf {

/// The plugin of ours that a type means, by its name or an older one ("l2bridge"); empty for
/// another's.
std::string plugin_named(std::string_view type);

/// The name of ours for a type of Microsoft's that has another now; empty for other types.
std::string_view new_name_of(std::string_view type) noexcept;

/// What flanneld could have written on a node.
flannel::SubnetEnv sample_environment();

/// The objects of the plugins: the conf itself, or the elements of a list.
std::vector<const Node*> plugin_objects(const Document& document);

/// Every plugin's part, flannel's delegates behind flannel's own. Never throws for a conf of any
/// shape.
std::vector<Part> parts_of(const Document& document);

} // namespace wincni::conf
