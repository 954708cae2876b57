// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcni/json_value.hpp"
#include "libcni/plugin_answer.hpp"
#include "libcni/runtime/attachment.hpp"

// What a runtime remembers of each attachment, in the files of Go's libcni ("cniCacheV1"):
// <folder>/results/<network>-<container>-<interface>.
namespace libcni::runtime {

/// One file of a cache.
struct CacheEntry {
    std::string network;
    Attached attached;
    /// The text of the list by which ADD was done.
    std::string config = {};
    /// What ADD came to, as its JSON.
    JsonValue result = {};
    /// The namespace that was made for it, which DEL takes away again; empty where it was there. A
    /// key of ours, which libcni ignores.
    std::string made_namespace = {};
};

/// The text of a file, byte for byte as libcni 1.1.2 writes it; "netns" and what is ours are only
/// written where they are not empty. libcni has written "netns" since 1.2.0.
std::string encode(const CacheEntry& entry);

/// No value for what is no file of this kind.
std::optional<CacheEntry> decode_cache_entry(std::string_view text);

/// The base64 of RFC 4648, section 4, and back; no value for what is not in it.
std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

/// A folder of such files. Throws Error for files that cannot be read, written or removed.
class Cache {
public:
    explicit Cache(std::filesystem::path folder) : folder_(std::move(folder)) {}

    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

    [[nodiscard]] std::filesystem::path file_of(const std::string& network,
                                                const std::string& container_id,
                                                const std::string& interface_name) const;

    /// The entry of an attachment; no value where there is none, or none that can be read.
    [[nodiscard]] std::optional<CacheEntry> find(const std::string& network,
                                                 const std::string& container_id,
                                                 const std::string& interface_name) const;

    void put(const CacheEntry& entry) const;

    /// Nothing happens when it is not there.
    void remove(const std::string& network,
                const std::string& container_id,
                const std::string& interface_name) const;

    /// All that can be read, in the order of the names of their files.
    [[nodiscard]] std::vector<CacheEntry> entries() const;

private:
    std::filesystem::path folder_;
};

} // namespace libcni::runtime
