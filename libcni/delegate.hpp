// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "libcni/request.hpp"
#include "libcni/result.hpp"

// CNI spec 1.1.0, section 4, "Plugin Delegation".
namespace libcni {

/// The executable of `type` in the folders of CNI_PATH (with ".exe" on Windows, or as it is).
/// Throws Error: code 7 for a type that holds more than a file name, code 4 when CNI_PATH is empty,
/// code 7 naming every folder searched when the executable is in none.
std::filesystem::path find_plugin(std::string_view type, const std::vector<std::string>& folders);

/// The same for a delegate. Throws Error: code 7 for this program itself, be it reached by a link
/// or under another name, which would start processes without end.
std::filesystem::path find_delegate(std::string_view type, const std::vector<std::string>& folders);

/// ADD of a delegate with the request's variables and `conf` on stdin, byte for byte. Throws the
/// delegate's own error, prefixed by who said it; Error(delegate_failure) when its output is no
/// JSON or longer than 16 MiB; NotBegun when the machine cannot start it now;
/// Error(try_again_later) when it does not end within time_left(request): it and what it started
/// are killed. What such a one has taken is not known.
Result delegate_add(std::string_view type, const Request& request, std::string_view conf);

/// DEL, CHECK, STATUS or GC of a delegate. Throws as delegate_add does.
void delegate(std::string_view type,
              Command command,
              const Request& request,
              std::string_view conf);

} // namespace libcni
