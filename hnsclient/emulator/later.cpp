// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/later.hpp"

#include <utility>

#include <nlohmann/json.hpp>

namespace hnsclient::emulator {

using nlohmann::json;

void set_over_time(json& object, const char* key, json values) {
    if (values.empty()) return;
    object[key] = values.front();
    values.erase(values.begin());
    if (!values.empty()) object["Later"][key] = std::move(values);
}

void forget(json& object, const char* key) {
    object.erase(key);
    if (object.contains("Later")) object["Later"].erase(key);
}

void was_told(ObjectStore& store, Kind kind, json object) {
    if (!object.contains("Later") || object["Later"].empty()) return;
    for (auto& [key, values] : object["Later"].items()) {
        if (values.empty()) continue;
        object[key] = values.front();
        values.erase(values.begin());
    }
    store.put(kind, object);
}

} // namespace hnsclient::emulator
