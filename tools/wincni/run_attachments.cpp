// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <chrono>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "tools/wincni/cache_entry.hpp"
#include "tools/wincni/run.hpp"
#include "tools/wincni/run_parts.hpp"
#include "tools/wincni/table.hpp"
#include "tools/wincni/view.hpp"

namespace wincni::run {

namespace fs = std::filesystem;

using libcni::runtime::Cache;
using libcni::runtime::CacheEntry;

namespace {

/// "2026-11-27T06:32:00Z"
std::string since(const fs::path& file) {
    std::error_code error;
    const auto written = fs::last_write_time(file, error);
    if (error) return "";
    const auto time = std::chrono::file_clock::to_sys(written);
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
    std::array<char, 32> text{};
    (void)std::snprintf(text.data(),
                        text.size(),
                        "%04d-%02u-%02uT%02d:%02d:%02dZ",
                        static_cast<int>(date.year()),
                        static_cast<unsigned>(date.month()),
                        static_cast<unsigned>(date.day()),
                        static_cast<int>(clock.hours().count()),
                        static_cast<int>(clock.minutes().count()),
                        static_cast<int>(clock.seconds().count()));
    return text.data();
}

struct Row {
    std::string pod;
    CacheEntry entry;
    std::vector<std::string> addresses;
    std::string since;
    fs::path file;
};

std::vector<Row> rows_of(const std::vector<Cache>& caches) {
    std::vector<Row> rows;
    for (const auto& cache : caches)
        for (const auto& entry : cache.entries()) {
            const auto file = cache.file_of(
                entry.network, entry.attached.container_id, entry.attached.interface_name);
            std::vector<std::string> addresses;
            for (const auto& address : addresses_of(entry))
                addresses.push_back(address.to_string());
            rows.push_back({.pod = pod_of(entry),
                            .entry = entry,
                            .addresses = std::move(addresses),
                            .since = since(file),
                            .file = file});
        }
    return rows;
}

std::string table_of(const std::vector<Row>& rows) {
    Table table({"POD", "CONTAINER", "NETWORK", "INTERFACE", "ADDRESSES", "SINCE"});
    for (const auto& row : rows)
        table.add({row.pod,
                   row.entry.attached.container_id,
                   row.entry.network,
                   row.entry.attached.interface_name,
                   libcni::joined(row.addresses, ", "),
                   row.since});
    return table.text();
}

nlohmann::json text_or_null(const std::string& text) {
    return text.empty() ? nlohmann::json() : nlohmann::json(text);
}

std::string json_of(const std::vector<Row>& rows) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& row : rows)
        list.push_back({{"pod", text_or_null(row.pod)},
                        {"containerId", row.entry.attached.container_id},
                        {"network", row.entry.network},
                        {"interface", row.entry.attached.interface_name},
                        {"netns", text_or_null(row.entry.attached.netns)},
                        {"addresses", row.addresses},
                        {"since", text_or_null(row.since)},
                        {"file", libcni::utf8_of(row.file)}});
    return document(list);
}

Answer list_attachments(const AttachmentsOptions& options) {
    std::vector<Cache> caches;
    if (options.cache.empty())
        caches = {Cache(runtime_cache()), Cache(own_cache())};
    else
        caches = {Cache(libcni::path_of(options.cache))};
    const auto rows = rows_of(caches);
    if (options.as_json) return {.out = json_of(rows)};
    const auto folders = libcni::joined(
        caches, " and ", [](const Cache& cache) { return libcni::utf8_of(cache.folder()); });
    return {.out = rows.empty() ? "No attachments in " + folders + ".\n" : table_of(rows)};
}

} // namespace

Answer attachments(const AttachmentsOptions& options) {
    return answering([&] { return list_attachments(options); });
}

} // namespace wincni::run
