// SPDX-License-Identifier: Apache-2.0
#include "libcni/cni_args.hpp"

#include <algorithm>
#include <array>

#include "libcni/base/text.hpp"
#include "libcni/error.hpp"

namespace libcni {

std::string CniArgs::get(std::string_view key) const {
    const auto it = values.find(key);
    return it == values.end() ? std::string() : it->second;
}

bool CniArgs::ignores_unknown() const {
    const std::string value = get("IgnoreUnknown");
    return value == "1" || same_ignoring_case(value, "true");
}

void CniArgs::require_known(const std::vector<std::string_view>& known) const {
    if (ignores_unknown()) return;
    constexpr std::array<std::string_view, 7> usual{"IgnoreUnknown",
                                                    "K8S_POD_NAMESPACE",
                                                    "K8S_POD_NAME",
                                                    "K8S_POD_INFRA_CONTAINER_ID",
                                                    "K8S_POD_UID",
                                                    "IP",
                                                    "MAC"};
    std::vector<std::string> unknown;
    for (const auto& [key, value] : values) {
        if (std::ranges::find(usual, key) != usual.end()
            || std::ranges::find(known, key) != known.end())
            continue;
        unknown.push_back(key);
    }
    if (!unknown.empty())
        throw Error(ErrorCode::invalid_environment,
                    "CNI_ARGS holds unknown keys: " + joined(unknown, ", "),
                    "add IgnoreUnknown=1 to CNI_ARGS to have them ignored");
}

CniArgs parse_cni_args(std::string_view text) {
    CniArgs args;
    args.text = text;
    for (const std::string_view pair : split(text, ';')) {
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || equals == 0)
            throw Error(ErrorCode::invalid_environment,
                        "CNI_ARGS holds \"" + std::string(pair)
                            + "\", which is not a KEY=VALUE pair",
                        "write CNI_ARGS as KEY=VALUE;KEY=VALUE");
        args.values[std::string(pair.substr(0, equals))] = pair.substr(equals + 1);
    }
    return args;
}

} // namespace libcni
