// SPDX-License-Identifier: Apache-2.0
// Any text is a network configuration or an Error with words; what was read reads the same again.
#include "libcni/config.hpp"
#include "libcni/error.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

void check(const libcni::NetworkConfig& conf) {
    const auto again = libcni::parse_config(conf.json.dump());
    must(again.version == conf.version && again.name == conf.name && again.type == conf.type);
    must(again.prev_result == conf.prev_result);
    must(again.valid_attachments == conf.valid_attachments);
    must(again.timeout == conf.timeout);
    must(libcni::version_asked_for(conf.bytes) == conf.version);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = text_of(data, size);
    (void)libcni::version_asked_for(text);
    try {
        check(libcni::parse_config(text));
    } catch (const libcni::Error& error) {
        must(!error.msg().empty() && !error.details().empty());
        // That it can be printed is part of it.
        must(!encode(error, "1.1.0").empty());
    }
    return 0;
}
