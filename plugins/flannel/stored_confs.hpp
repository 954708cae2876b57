// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "libcni/json_value.hpp"
#include "libcni/request.hpp"

namespace flannel {

/// The conf that a container's delegate was given at ADD, as its file holds it.
struct StoredConf {
    std::string text;
    libcni::JsonValue json;
    /// The delegate.
    std::string type;
    /// The network.
    std::string name;
};

/// A stored conf of this text. Throws Error(decoding_failure) and BadShape for what is not one.
StoredConf parse_stored(std::string text);

/// The ID under which a container's conf is stored: that of its sandbox. Throws
/// Error(invalid_environment) for an ID that is not one, or that names a device on Windows.
std::string sandbox_id_of(const libcni::Request& request);

/// The folder "dataDir": one file a sandbox, named like its ID, as the Go plugin has it. All
/// functions throw Error(io_failure) naming the file.
class StoredConfs {
public:
    explicit StoredConfs(std::filesystem::path folder) : folder_(std::move(folder)) {}

    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

    [[nodiscard]] std::filesystem::path file_of(const std::string& sandbox) const;

    /// No value when there is none. Throws Error(decoding_failure) naming a file that is not a
    /// conf.
    [[nodiscard]] std::optional<StoredConf> find(const std::string& sandbox) const;

    /// Afterwards there is the whole new conf on the disk, or what was there before.
    void put(const std::string& sandbox, const std::string& text) const;

    /// Removes the conf, and what a killed put() has left. Gone already is success.
    void remove(const std::string& sandbox) const;

    /// What GC of a network looks at.
    struct Listed {
        /// The sandboxes, in no order, whose confs belong to the network; also those of which only
        /// a broken conf is there, or what a killed put() has left: of no use to any network.
        std::vector<std::string> sandboxes;
        /// Sentences on files that could not be read.
        std::vector<std::string> faults;
    };

    [[nodiscard]] Listed concerning(const std::string& network) const;

private:
    [[nodiscard]] bool
    may_be_of(const std::string& sandbox, const std::string& network, Listed& listed) const;
    [[nodiscard]] std::filesystem::path temporary_of(const std::string& sandbox) const;

    std::filesystem::path folder_;
};

} // namespace flannel
