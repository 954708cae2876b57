// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "libcni/error.hpp"
#include "libcni/runtime/runtime.hpp"
#include "tools/wincni/refusal.hpp"
#include "tools/wincni/run.hpp"

// What the commands of run.hpp make of their options.
namespace wincni::run {

/// The network that is meant. Throws Refusal, libcni::Error.
libcni::runtime::ConfList conf_of(const Options& options);

/// Where its plugins are.
std::vector<std::string> plugin_folders_of(const Options& options);

/// <ProgramData>\wincni\cache, or /var/lib/wincni/cache.
std::filesystem::path own_cache();

/// Where libcni keeps its cache unless a runtime says otherwise: /var/lib/cni, on the system drive.
std::filesystem::path runtime_cache();

libcni::runtime::Cache cache_of(const Options& options);

/// The attachment that the options speak of; what they leave open is as the entry of the cache
/// says, where there is one. Throws Refusal for values that make no sense.
libcni::runtime::Attached attached_of(const Options& options,
                                      const std::optional<libcni::runtime::CacheEntry>& entry);

/// The options that one has to give once more to speak of the same attachment, in front of which
/// "wincni del" makes a command.
std::string same_again(const Options& options, const std::string& container);

/// "cbr0: /etc/cni/10.conf, ...": what was run, for people.
std::string summary_of(const libcni::runtime::ConfList& list);

/// The arguments make no sense: exit code 2.
class Misuse : public Refusal {
public:
    using Refusal::Refusal;
};

/// What a plugin's failure, on stdout, or another of a runtime, on stderr, ends a command with.
Answer answer_of(const libcni::Error& error);

/// Runs a command with the file of its trace, which is empty unless the options want one; an Error
/// or a Misuse that it throws becomes its answer. What was traced stands in front on stderr.
Answer traced(const Options& options,
              const std::function<Answer(const std::string& trace)>& command);

/// Runs a command; an Error or a Misuse that it throws becomes its answer.
Answer answering(const std::function<Answer()>& command);

/// "wincni: <msg>" and, on a line of its own, what to do.
std::string complaint(const std::string& sentence, const std::string& advice);

/// Removes a namespace that ADD made; gone is success. The ID is empty where there is none. Throws
/// Refusal that says how to remove it.
void remove_made_namespace(const std::string& id);

} // namespace wincni::run
