// SPDX-License-Identifier: Apache-2.0
#include "libcni/plugin_path.hpp"

#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"

namespace libcni {

std::vector<std::string> read_plugin_path(std::string_view text) {
    std::vector<std::string> folders(1);
    bool in_quotes = false;
    for (const char c : text) {
        if (c == '"')
            in_quotes = !in_quotes;
        else if (c == path_list_separator && !in_quotes)
            folders.emplace_back();
        else
            folders.back() += c;
    }
    std::erase(folders, "");
    return folders;
}

std::string plugin_path_text(const std::vector<std::string>& folders) {
    const auto quoted = [](const std::string& folder) {
        const bool holds_separator = folder.find(path_list_separator) != std::string::npos;
        return holds_separator ? '"' + folder + '"' : folder;
    };
    return joined(folders, {&path_list_separator, 1}, quoted);
}

} // namespace libcni
