// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hnsclient/answers.hpp"
#include "hnsclient/caller.hpp"
#include "hnsclient/model.hpp"

// HNSCalls that the clients of both APIs make, and what they are made of. An HNSCall knows no
// filter: every list is one of all the node's objects.
namespace hnsclient::v1 {

inline constexpr auto networks_path = "/networks/";

/// The objects of a list for which `is_wanted` is true: one round trip. The others, which may be
/// anybody's and of any shape, are not even read.
template <class Object>
std::vector<Object> list(Caller& caller,
                         const std::string& path,
                         Object (*decode)(const libcni::JsonReader&),
                         const std::function<bool(const libcni::JsonReader&)>& is_wanted) {
    const nlohmann::json output = caller.hns_call("GET", path);
    if (output.is_null()) return {};
    return decoded(hns_operation("GET", path), output, [&](const libcni::JsonReader& answer) {
        std::vector<Object> objects;
        for (const auto& object : answer.elements())
            if (object.is_object() && is_wanted(object)) objects.push_back(decode(object));
        return objects;
    });
}

/// True when a network or an endpoint in a list has that name.
bool has_name(const libcni::JsonReader& object, std::string_view name);

/// The network of that name, with its management address: one round trip.
std::optional<Network> find_network(Caller& caller, std::string_view name);

/// The version of the HNS service.
Version service_version(Caller& caller);

/// As Client::attach_to_host().
void attach_to_host(Caller& caller, const std::string& endpoint_id);

} // namespace hnsclient::v1

namespace hnsclient {

/// As Client::enable_forwarding().
void forward(Caller& caller, const libcni::Address& address);

} // namespace hnsclient
