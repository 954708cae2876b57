// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hnsclient/model.hpp"

// What a node is, as far as it can be read: what doctor and why judge. Files are here as they were
// read, so that what is made of them can be made anew of a saved node.
namespace wincni::doctor {

/// A file, or that there is none.
struct File {
    /// As the node spells it.
    std::string path;
    /// Its bytes; no value where it is not there, or could not be read.
    std::optional<std::string> text = {};
    /// Why it could not be read; empty where it could, or is not there.
    std::string fault = {};
    /// How long ago it was written, in seconds, when it was read.
    std::int64_t age = 0;
};

/// The path without its folder, which "/" or "\" ends.
std::string name_of(const File& file);

/// A folder with what is read of it.
struct Folder {
    /// Empty where nobody names one.
    std::string path = {};
    bool is_there = false;
    std::vector<File> files = {};
};

/// A conf, and the files that its plugins would use.
struct ConfFile {
    File file;
    /// flannel's "subnetFile"; its path is empty where the conf is not flannel's.
    File subnet_env = {};
    /// host-local's leases of the conf's network.
    Folder leases = {};
    /// flannel's "dataDir": a conf of each container.
    Folder stored = {};
};

/// An executable that a conf needs.
struct Executable {
    std::string type;
    /// Where it was found; empty where it is missing.
    std::string path = {};
    /// The versions of the spec that it says it speaks.
    std::vector<std::string> versions = {};
    /// Why it could not be asked; empty where it could.
    std::string fault = {};
};

/// What HNS says.
struct Hns {
    /// Why it does not answer; empty where it does.
    std::string fault = {};
    /// What a person does about that.
    std::string advice = {};
    hnsclient::Version version = {};
    std::vector<hnsclient::Network> networks = {};
    std::vector<hnsclient::Endpoint> endpoints = {};
    std::vector<hnsclient::Namespace> namespaces = {};
};

/// All of it.
struct Node {
    Hns hns = {};
    /// The runtime's folder of confs; these are in `confs`, by name.
    std::string conf_dir = {};
    bool has_conf_dir = false;
    std::vector<ConfFile> confs = {};
    std::vector<std::string> bin_dirs = {};
    std::vector<Executable> executables = {};
    /// The runtime's cache of attachments.
    Folder cache = {};
};

/// Where a live node is looked at; what is empty is as containerd and libcni have it.
struct Places {
    std::string conf_dir = {};
    std::vector<std::string> bin_dirs = {};
    std::string cache = {};
};

/// This machine. A node that changes meanwhile is read again, a few times. Throws Refusal on a
/// machine that can have no HNS, and for a folder that cannot be read.
Node read_node(const Places& places);

/// A node as JSON, and back. Throws Refusal for what is no saved node; `what` names it.
std::string encode(const Node& node);
Node decode(const std::string& text, const std::string& what);

} // namespace wincni::doctor
