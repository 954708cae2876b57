// SPDX-License-Identifier: Apache-2.0
// CNI_ARGS are pairs or an error, and the pairs put together again are the same ones.
#include "libcni/error.hpp"
#include "libcni/request.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

void check(const libcni::CniArgs& args) {
    std::string again;
    for (const auto& [key, value] : args.values) {
        must(!key.empty() && key.find_first_of("=;") == std::string::npos);
        again += key + "=" + value + ";";
    }
    must(libcni::parse_cni_args(again).values == args.values);
    (void)args.ignores_unknown();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = text_of(data, size);
    try {
        const auto args = libcni::parse_cni_args(text);
        must(args.text == text);
        check(args);
    } catch (const libcni::Error& error) {
        must(error.code() == libcni::ErrorCode::invalid_environment);
    }
    return 0;
}
