// SPDX-License-Identifier: Apache-2.0
#include "libcni/runtime/attachment.hpp"

#include "libcni/base/text.hpp"

namespace libcni::runtime {

std::string arg_of(const Attached& attached, const std::string& key) {
    for (const auto& [name, value] : attached.args)
        if (name == key) return value;
    return {};
}

std::string args_text(const Attached& attached) {
    return joined(attached.args, ";", [](const auto& arg) { return arg.first + "=" + arg.second; });
}

} // namespace libcni::runtime
