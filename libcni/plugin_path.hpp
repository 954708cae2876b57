// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace libcni {

/// The folders of a CNI_PATH, quotes and empty elements taken away. A separator in quotes is part
/// of a folder's name, as in Windows' own PATH.
std::vector<std::string> read_plugin_path(std::string_view text);

/// CNI_PATH for a plugin: a folder whose name holds the separator stands in quotes.
std::string plugin_path_text(const std::vector<std::string>& folders);

} // namespace libcni
