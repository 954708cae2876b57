// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "libcni/json_value.hpp"
#include "libcni/request.hpp"

namespace flannel {

/// Whose conf it is.
struct Owner {
    /// The ID of the container, or of that whose sandbox it shares.
    std::string sandbox;
    std::string interface_name;
};

/// The owner of what is stored for this request. Throws Error(invalid_environment) for an ID that
/// is not one, or that names a device on Windows.
Owner owner_of(const libcni::Request& request);

/// The conf that an interface's delegate was given at ADD, as its file holds it.
struct StoredConf {
    /// As the delegate was given it.
    std::string text;
    libcni::JsonValue json;
    /// The delegate.
    std::string type;
    /// The network.
    std::string name;
    /// Empty where the file does not tell: the Go plugin's, and those of eth0.
    std::string interface_name = {};
};

/// A stored conf of this text. Throws Error(decoding_failure) and BadShape for what is not one, or
/// has a version, type or name with which no delegate can be called.
StoredConf parse_stored(std::string text);

/// The folder "dataDir". The first interface of a container has a file named like the container's
/// ID, as the Go plugin has it; the others' names have the interface behind it ("c1@eth1"). All
/// functions throw Error(io_failure) naming the file.
class StoredConfs {
public:
    explicit StoredConfs(std::filesystem::path folder) : folder_(std::move(folder)) {}

    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

    /// The file of a container's first interface.
    [[nodiscard]] std::filesystem::path file_of(const std::string& sandbox) const;

    /// Where put() would put the conf: over its old one, else into the container's file where that
    /// is free or of no use, else into one of its own.
    [[nodiscard]] std::filesystem::path place_of(const Owner& owner) const;

    /// What is at place_of(). No value when there is none. Throws Error(decoding_failure) naming a
    /// file that is not a conf.
    [[nodiscard]] std::optional<StoredConf> find_own(const Owner& owner) const;

    /// The same, or the container's conf where that may be the interface's, since it does not tell
    /// whose it is.
    [[nodiscard]] std::optional<StoredConf> find(const Owner& owner) const;

    /// Afterwards there is the whole new conf on the disk, or what was there before.
    void put(const Owner& owner, const std::string& text) const;

    /// Removes the interface's own conf, and what a killed put() has left. Gone already is success.
    /// What is no file goes, too; a folder that is not empty stays, with a warning.
    void remove(const Owner& owner) const;

    /// A file that GC of a network looks at.
    struct File {
        /// In the folder, of the conf.
        std::string name;
        /// Its interface is empty where that is not known.
        Owner owner;
    };

    /// What GC of a network looks at.
    struct Listed {
        /// In no order, confs of the network; also those that are broken, or of which a killed
        /// put() has left only the temporary file: of no use to any network.
        std::vector<File> files;
        /// Sentences on what could not be read.
        std::vector<std::string> faults;
    };

    [[nodiscard]] Listed concerning(const std::string& network) const;

    /// Removes a file that concerning() has listed, as remove() does.
    void remove(const File& file) const;

private:
    [[nodiscard]] std::filesystem::path own_file_of(const Owner& owner) const;
    [[nodiscard]] bool is_containers_file_of(const Owner& owner) const;
    [[nodiscard]] bool may_be_of(File& file, const std::string& network, Listed& listed) const;

    std::filesystem::path folder_;
};

} // namespace flannel
