// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/calls_v1.hpp"

#include <nlohmann/json.hpp>

#include "hnsclient/answers.hpp"
#include "hnsclient/codec.hpp"
#include "hnsclient/listed.hpp"
#include "libcni/base/unicode.hpp"

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

void attach_to_host(Caller& caller, const std::string& endpoint_id) {
    const nlohmann::json request{{"SystemType", "Host"}, {"CompartmentId", 1}};
    try {
        caller.hns_call("POST", "/endpoints/" + endpoint_id + "/attach", text_of(request));
    } catch (const HnsError& error) {
        if (error.kind() != ErrorKind::already_attached) throw;
    }
}

} // namespace hnsclient::v1

namespace hnsclient {

void forward(Caller& caller, const libcni::Address& address) {
    const auto wide = libcni::to_utf16(address.to_string());
    caller.call("SetIpInterfaceEntry", caller.functions().enable_forwarding, wide.c_str());
}

} // namespace hnsclient
