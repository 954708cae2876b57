// SPDX-License-Identifier: Apache-2.0
#include "libcni/runtime/cache.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include <nlohmann/json.hpp>

#include "libcni/base/platform.hpp"
#include "libcni/error.hpp"
#include "libcni/files.hpp"
#include "libcni/json_reader.hpp"
#include "libcni/runtime/go_json.hpp"

namespace libcni::runtime {

namespace fs = std::filesystem;

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* kind = "cniCacheV1";
constexpr const char* our_key = "wincniNamespace";
constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::vector<std::pair<std::string, std::string>> decode_args(const JsonReader& entry) {
    std::vector<std::pair<std::string, std::string>> args;
    const auto found = entry.find("cniArgs");
    if (!found) return args;
    for (const auto& pair : found->elements())
        if (const auto parts = pair.elements(); parts.size() == 2)
            args.emplace_back(parts[0].text(), parts[1].text());
    return args;
}

JsonValue object_in(const JsonReader& entry, const char* key) {
    const auto found = entry.find(key);
    return found && found->is_object() ? JsonValue(found->json()) : JsonValue();
}

CacheEntry decode(const JsonReader& entry) {
    return {.network = entry.text_or_empty("networkName"),
            .attached = {.container_id = entry.text_or_empty("containerId"),
                         .netns = entry.text_or_empty("netns"),
                         .interface_name = entry.text_or_empty("ifName"),
                         .args = decode_args(entry),
                         .capabilities = object_in(entry, "capabilityArgs")},
            .config = from_base64(entry.text_or_empty("config")).value_or(""),
            .result = object_in(entry, "result"),
            .made_namespace = entry.text_or_empty(our_key)};
}

/// As libcni, which passes over what it cannot read.
std::optional<CacheEntry> entry_in(const fs::path& file) try {
    const auto text = read_file(file);
    return text ? decode_cache_entry(*text) : std::nullopt;

} catch (const Error&) {

    return std::nullopt;
}

} // namespace

std::string encode(const CacheEntry& entry) {
    const Attached& attached = entry.attached;
    ordered_json object{{"kind", kind},
                        {"containerId", attached.container_id},
                        {"config", to_base64(entry.config)},
                        {"ifName", attached.interface_name},
                        {"networkName", entry.network}};
    if (!attached.netns.empty()) object["netns"] = attached.netns;
    for (const auto& [key, value] : attached.args)
        object["cniArgs"].push_back(ordered_json::array({key, value}));
    if (!attached.capabilities->empty()) object["capabilityArgs"] = *attached.capabilities;
    if (!entry.result->empty()) object["result"] = *entry.result;
    if (!entry.made_namespace.empty()) object[our_key] = entry.made_namespace;
    return go_text(object);
}

std::optional<CacheEntry> decode_cache_entry(std::string_view text) try {
    const auto object = json::parse(text, nullptr, false);
    if (!object.is_object() || object.value("kind", json()) != kind) return std::nullopt;
    CacheEntry entry = decode(JsonReader(object, "cache"));
    if (entry.network.empty() || entry.attached.interface_name.empty()) return std::nullopt;
    return entry;

} catch (const BadShape&) {

    return std::nullopt;
}

std::string to_base64(std::string_view bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto part = bytes.substr(i, 3);
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k)
            bits = bits << 8U | (k < part.size() ? static_cast<unsigned char>(part[k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k)
            text += k <= part.size() ? digits[bits >> (18 - 6 * k) & 63U] : '=';
    }
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::string bytes;
    const auto end = std::min(text.find('='), text.size());
    const auto filling = text.substr(end);
    if (filling.size() > 2 || filling.find_first_not_of('=') != std::string_view::npos)
        return std::nullopt;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < end; ++i) {
        const auto digit = digits.find(text[i]);
        if (digit == std::string_view::npos) return std::nullopt;
        bits = bits << 6U | static_cast<std::uint32_t>(digit);
        // Of four digits the first tells no whole byte, each other one.
        if (i % 4 != 0) bytes += static_cast<char>(bits >> (6 - 2 * (i % 4)) & 0xFFU);
    }
    return bytes;
}

fs::path Cache::file_of(const std::string& network,
                        const std::string& container_id,
                        const std::string& interface_name) const {
    return folder_ / "results" / path_of(network + "-" + container_id + "-" + interface_name);
}

std::optional<CacheEntry> Cache::find(const std::string& network,
                                      const std::string& container_id,
                                      const std::string& interface_name) const {
    return entry_in(file_of(network, container_id, interface_name));
}

void Cache::put(const CacheEntry& entry) const {
    const Attached& attached = entry.attached;
    const auto file = file_of(entry.network, attached.container_id, attached.interface_name);
    make_folders(file.parent_path());
    // The name of no attachment, should it be left behind.
    const auto temporary = file.parent_path() / path_of("." + utf8_of(file.filename()) + ".new");
    write_file_durably(file, temporary, encode(entry));
}

void Cache::remove(const std::string& network,
                   const std::string& container_id,
                   const std::string& interface_name) const {
    (void)remove_file(file_of(network, container_id, interface_name));
}

std::vector<CacheEntry> Cache::entries() const {
    auto names = names_in(folder_ / "results").value_or(std::vector<std::string>());
    std::ranges::sort(names);
    std::vector<CacheEntry> entries;
    for (const auto& name : names)
        if (auto entry = entry_in(folder_ / "results" / path_of(name)))
            entries.push_back(std::move(*entry));
    return entries;
}

} // namespace libcni::runtime
