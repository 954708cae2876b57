// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/calls_v1.hpp"

#include "hnsclient/codec.hpp"
#include "hnsclient/listed.hpp"

namespace hnsclient::v1 {

using libcni::JsonReader;

bool has_name(const JsonReader& object, std::string_view name) {
    return text_if_any(object, "Name") == name;
}

std::optional<Network> find_network(Caller& caller, std::string_view name) {
    auto found = list(caller, networks_path, &decode_network, [&](const JsonReader& network) {
        return has_name(network, name);
    });
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

Version service_version(Caller& caller) {
    constexpr auto path = "/globals/version";
    const nlohmann::json output = caller.hns_call("GET", path);
    return decoded(hns_operation("GET", path), output, [](const JsonReader& version) {
        return Version{version.require("Major").number<unsigned>(),
                       version.require("Minor").number<unsigned>()};
    });
}

} // namespace hnsclient::v1
