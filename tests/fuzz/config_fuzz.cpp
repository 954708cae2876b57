// SPDX-License-Identifier: Apache-2.0
// Any text is a network configuration or an Error with words; what was read reads the same again.
#include <nlohmann/json.hpp>

#include "libcni/config.hpp"
#include "libcni/error.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

/// What `read` makes of a conf; no value for a key of the wrong shape, which names its place.
template <class Read>
auto read_or_named(Read read, const libcni::NetworkConfig& conf)
    -> std::optional<decltype(read(conf))> {
    try {
        return read(conf);
    } catch (const libcni::BadShape& error) {
        must(std::string_view(error.what()).starts_with("conf."));
        return std::nullopt;
    } catch (const libcni::Error& error) {
        must(error.code() == libcni::ErrorCode::invalid_network_config);
        return std::nullopt;
    }
}

void check(const libcni::NetworkConfig& conf) {
    const auto again = libcni::parse_config(conf.json->dump());
    must(again.version == conf.version && again.name == conf.name && again.type == conf.type);
    const auto same = [&](auto read) {
        return read_or_named(read, again) == read_or_named(read, conf);
    };
    must(same(libcni::read_prev_result));
    must(same(libcni::require_valid_attachments));
    must(same(libcni::ipam_type_of));
    must(again.timeout == conf.timeout);
    must(libcni::version_asked_for(conf.bytes) == conf.version);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = text_of(data, size);
    (void)libcni::version_asked_for(text);
    try {
        // What an ADD reads, a DEL reads, too.
        const auto conf = libcni::parse_config(text);
        must(libcni::parse_config(text, libcni::Command::del).name == conf.name);
        check(conf);
    } catch (const libcni::Error& error) {
        must(!error.msg().empty() && !error.details().empty());
        // That it can be printed is part of it.
        must(!encode(error, "1.1.0").empty());
    }
    return 0;
}
