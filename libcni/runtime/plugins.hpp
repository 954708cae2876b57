// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "libcni/child_process.hpp"
#include "libcni/command.hpp"
#include "libcni/error.hpp"
#include "libcni/runtime/attachment.hpp"
#include "libcni/runtime/conf_list.hpp"

// Starting plugins, as a runtime does.
namespace libcni::runtime {

/// One call of a plugin.
struct PluginCall {
    Command command = Command::version;
    std::string type;
    /// What CNI_CONTAINERID, CNI_NETNS, CNI_IFNAME and CNI_ARGS say; empty for GC and STATUS.
    Attached attached;
    /// The derived conf.
    std::string input;
    std::chrono::seconds time_limit{};
};

/// A plugin that failed. msg() and details() are its own, with its type and command in front.
class PluginFailure : public Error {
public:
    /// `answer` has ended with another exit code than 0, or in another way without success.
    PluginFailure(const PluginCall& call, const Ended& answer, Error error);

    /// The CNI error for stdout: what the plugin has printed, byte for byte, where that is one.
    [[nodiscard]] const std::string& output() const noexcept { return output_; }

private:
    std::string output_;
};

/// What runs plugins: the processes of ProcessPlugins, or a test's.
class Plugins {
public:
    Plugins() = default;
    virtual ~Plugins();
    Plugins(const Plugins&) = delete;
    Plugins& operator=(const Plugins&) = delete;

    /// Runs a plugin to its end, however it ends. Throws Error where that cannot be done: it is not
    /// found, does not start, takes too long, prints without end.
    virtual Ended run(const PluginCall& call) = 0;
};

/// The executables in these folders.
class ProcessPlugins final : public Plugins {
public:
    /// `trace` is the file in which they and their delegates write down what they do; empty for
    /// none.
    explicit ProcessPlugins(std::vector<std::string> folders, std::string trace = {})
        : folders_(std::move(folders)), trace_(std::move(trace)) {}

    Ended run(const PluginCall& call) override;

private:
    [[nodiscard]] std::vector<std::pair<std::string, std::string>>
    variables_for(const PluginCall& call) const;

    std::vector<std::string> folders_;
    std::string trace_;
};

/// Runs a plugin; throws PluginFailure unless it succeeds.
Ended require_success(Plugins& plugins, const PluginCall& call);

} // namespace libcni::runtime
