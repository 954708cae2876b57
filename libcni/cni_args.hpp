// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace libcni {

/// CNI_ARGS: `K=V;K=V`. A value may hold "="; the last of several equal keys wins.
struct CniArgs {
    /// As it came, for delegates.
    std::string text;
    std::map<std::string, std::string, std::less<>> values = {};

    /// Empty when absent.
    [[nodiscard]] std::string get(std::string_view key) const;

    /// IgnoreUnknown=1|true, as Go reads it.
    [[nodiscard]] bool ignores_unknown() const;

    /// Throws Error(invalid_environment) naming every key that is not among `known` or the usual
    /// ones (IgnoreUnknown, K8S_POD_*, IP, MAC), unless IgnoreUnknown says otherwise. Only a plugin
    /// that uses the arguments may be that strict.
    void require_known(const std::vector<std::string_view>& known = {}) const;
};

/// Throws Error(invalid_environment) for a pair without "=".
CniArgs parse_cni_args(std::string_view text);

} // namespace libcni
