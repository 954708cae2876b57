// SPDX-License-Identifier: Apache-2.0
// A policy that was read is written in a spelling that reads the same.
#include <nlohmann/json.hpp>

#include "hnsclient/codec.hpp"
#include "hnsclient/policy.hpp"
#include "tests/fuzz/fuzz.hpp"

using libcni::JsonReader;
using nlohmann::json;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const json value = json::parse(data, data + size, nullptr, false);
    if (value.is_discarded()) return 0;
    std::optional<hnsclient::Policy> policy;
    try {
        policy = hnsclient::decode_policy(JsonReader(value, "policy"));
    } catch (const libcni::BadShape&) {
        return 0;
    }
    const json written = hnsclient::v2::encode(*policy);
    must(hnsclient::decode_policy(JsonReader(written, "policy")) == *policy);
    return 0;
}
