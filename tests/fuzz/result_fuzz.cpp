// SPDX-License-Identifier: Apache-2.0
// A result that was read can be written in every version, and in the newest one nothing is lost.
#include <nlohmann/json.hpp>

#include "libcni/result.hpp"
#include "tests/fuzz/fuzz.hpp"

using libcni::decode_result;
using libcni::JsonReader;
using libcni::SpecVersion;
using nlohmann::json;

namespace {

void check(const libcni::Result& result) {
    for (const auto name : libcni::spec_version_names) {
        const auto version = *libcni::parse_spec_version(name);
        const json text = json::parse(encode(result, version));
        const auto again = decode_result(JsonReader(text, "result"), version);
        if (version == SpecVersion::v1_1_0) must(again == result);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const json value = json::parse(data, data + size, nullptr, false);
    if (value.is_discarded()) return 0;
    libcni::Result result;
    try {
        result = decode_result(JsonReader(value, "result"), SpecVersion::v1_0_0);
    } catch (const libcni::BadShape&) {
        return 0;
    }
    check(result);
    return 0;
}
