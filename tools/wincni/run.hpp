// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tools/wincni/answer.hpp"

// `wincni add`, `check`, `del`, `status` and `gc`: a network's plugins as a runtime runs them.
// stdout gets what plugins answer, results and errors alike; stderr what a person wants to know.
namespace wincni::run {

/// The exit code of a CHECK which found that the attachment is other than it should be (CNI error
/// 101).
constexpr int differs = 3;

struct Options {
    /// A file, or the name of a network in `conf_dir`.
    std::string conf;
    /// Else NETCONFPATH.
    std::string conf_dir;
    /// Empty lets ADD make one up.
    std::string container;
    std::string netns;
    /// ADD makes a namespace in HNS, which DEL takes away.
    bool new_namespace = false;
    std::string interface_name = "eth0";
    /// Folders of plugins; none means CNI_PATH, else the folder of wincni.
    std::vector<std::string> path;
    /// "portMappings=[...]"
    std::vector<std::string> capabilities;
    /// "K8S_POD_NAME=web"
    std::vector<std::string> args;
    /// Empty means that of wincni, which no runtime uses.
    std::string cache;
    /// "calls" or "full"; empty for none.
    std::string trace;
    /// What an ADD that fails has made stays, to be looked at.
    bool keep_on_failure = false;
};

struct GcOptions {
    Options run;
    /// "ID" or "ID/eth0"
    std::vector<std::string> keep;
    bool keep_live = false;
    bool keep_none = false;
    bool dry_run = false;
    /// Where the runtime of the node remembers its attachments; empty means libcni's default.
    std::string runtime_cache;
};

struct AttachmentsOptions {
    /// Only this one; empty means that of the runtime and that of wincni.
    std::string cache;
    bool as_json = false;
};

Answer add(const Options& options);
Answer check(const Options& options);
Answer del(const Options& options);
Answer status(const Options& options);
Answer gc(const GcOptions& options);
Answer attachments(const AttachmentsOptions& options);

} // namespace wincni::run
