// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/listed.hpp"

namespace hnsclient {

using libcni::JsonReader;

std::string text_if_any(const JsonReader& object, std::string_view key) {
    if (!object.is_object()) return "";
    try {
        return object.text_or_empty(key);
    } catch (const libcni::BadShape&) {
        return "";
    }
}

void name_only(Network& network, const JsonReader& object) {
    network.id = text_if_any(object, "ID");
    network.name = text_if_any(object, "Name");
    network.type = text_if_any(object, "Type");
}

void name_only(Endpoint& endpoint, const JsonReader& object) {
    endpoint.id = text_if_any(object, "ID");
    endpoint.name = text_if_any(object, "Name");
    for (const char* key : {"HostComputeNetwork", "VirtualNetwork"})
        if (endpoint.network_id.empty()) endpoint.network_id = text_if_any(object, key);
}

void name_only(Namespace& hns_namespace, const JsonReader& object) {
    hns_namespace.id = text_if_any(object, "ID");
    hns_namespace.type = text_if_any(object, "Type");
}

} // namespace hnsclient
