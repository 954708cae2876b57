// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "hnsclient/emulator/endpoint_index.hpp"
#include "libcni/base/files.hpp"

namespace hnsclient::emulator {

/// What handles stand for. A compute system is HCS's, and no object of the store.
enum class Kind { network, endpoint, name_space, compute_system };

/// The HNS objects: a JSON file each, in "<folder>/networks/<ID>.json", "endpoints", "namespaces".
/// IDs are upper-case GUIDs without braces, in the file's name as well as in its "ID".
///
/// A store is held for one HNS call, and with it a lock that excludes all other calls: of other
/// threads, of other processes. Files are replaced whole.
class ObjectStore {
public:
    /// Waits for the lock; makes the folders. Throws std::runtime_error.
    explicit ObjectStore(const std::filesystem::path& folder);

    /// In order.
    [[nodiscard]] std::vector<std::string> ids(Kind kind) const;

    /// No value when there is none with that ID. Throws Failure when the file is not JSON.
    [[nodiscard]] std::optional<nlohmann::json> find(Kind kind, const std::string& id) const;

    /// Creates or replaces the object by its "ID".
    void put(Kind kind, const nlohmann::json& object);

    void erase(Kind kind, const std::string& id);

    /// All endpoints, by ID.
    const std::map<std::string, EndpointSummary, std::less<>>& endpoints();

private:
    [[nodiscard]] std::filesystem::path path(Kind kind, const std::string& id) const;
    EndpointIndex& index();

    std::filesystem::path folder_;
    std::unique_lock<std::mutex> threads_;
    libcni::base::FileLock processes_;
    EndpointIndex* index_ = nullptr;
};

/// Readers see the old content or the new, never a part. Throws std::system_error.
void replace_file(const std::filesystem::path& path, const std::string& content);

} // namespace hnsclient::emulator
