// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/json_reader.hpp"
#include "plugins/flannel/subnet_env.hpp"
#include "tools/wincni/conf/print.hpp"
#include "tools/wincni/conf/rules.hpp"
#include "tools/wincni/doctor/check.hpp"

// What the runtime's folders hold.
namespace wincni::doctor {

namespace {

void conf_not_used(const Facts& facts, Findings& findings) {
    for (std::size_t i = 1; i < facts.confs.size(); ++i) {
        const File& file = facts.confs[i].file->file;
        const auto& first = facts.used()->file->file;
        findings.add({.what = name_of(file) + " is not used: the runtime takes " + name_of(first)
                              + ", the first by name",
                      .from = file.path,
                      .so = "pods get the network of " + name_of(first) + " only",
                      .next = "move the one that is not meant out of " + facts.node.conf_dir
                              + " ; Restart-Service containerd"});
    }
}

void no_conf(const Facts& facts, Findings& findings) {
    if (facts.used() != nullptr) return;
    findings.add({.what = facts.node.has_conf_dir
                              ? facts.node.conf_dir + " holds no .conf, .conflist or .json"
                              : "there is no folder " + facts.node.conf_dir,
                  .so = "the node stays NotReady: \"cni plugin not initialized\"",
                  .next = "put the network's conf there, or name the runtime's folder: wincni "
                          "doctor --conf-dir DIR"});
}

void lint(const Facts& facts, Findings& findings) {
    const Conf* conf = facts.used();
    if (conf == nullptr) return;
    const File& file = conf->file->file;
    if (!file.fault.empty())
        return findings.add({.what = file.fault, .so = "the runtime cannot read it, either"});
    auto found = conf::findings_in(*conf->document, {});
    std::erase_if(found, [](const auto& one) { return one.severity == conf::Severity::note; });
    if (found.empty()) return;
    const auto worst = std::ranges::max_element(found, {}, &conf::Finding::severity);
    findings.add(worst->severity == conf::Severity::error ? Severity::broken : Severity::warning,
                 {.what = name_of(file) + ": " + conf::counts_of(found) + ", first "
                          + std::string(worst->id) + ", " + worst->message,
                  .from = file.path,
                  .so = worst->consequence,
                  .next = "wincni conf lint \"" + file.path + "\""});
}

/// The executable of a type; null where nobody has looked for it.
const Executable* find_executable(const Node& node, const std::string& type) {
    const auto found = std::ranges::find(node.executables, type, &Executable::type);
    return found == node.executables.end() ? nullptr : &*found;
}

void plugin_missing(const Facts& facts, Findings& findings) {
    if (facts.used() == nullptr) return;
    for (const auto& type : facts.used()->facts.types) {
        const Executable* executable = find_executable(facts.node, type);
        if (executable == nullptr || !executable->path.empty()) continue;
        const auto folders = libcni::joined(facts.node.bin_dirs, ", ");
        findings.add({.what = "plugin \"" + type + "\" is not in " + folders,
                      .from = facts.used()->file->file.path,
                      .so = "every ADD fails",
                      .next = "copy it there, or name the runtime's folder: wincni doctor "
                              "--bin-dir DIR"});
    }
}

void plugin_version(const Facts& facts, Findings& findings) {
    if (facts.used() == nullptr) return;
    const std::string& version = facts.used()->facts.version;
    for (const auto& type : facts.used()->facts.types) {
        const Executable* executable = find_executable(facts.node, type);
        if (executable == nullptr || executable->path.empty()) continue;
        if (!executable->fault.empty()) {
            findings.add(
                {.what = "plugin \"" + type + "\" does not tell its versions: " + executable->fault,
                 .from = executable->path,
                 .so = "it may be of another machine, or cut short",
                 .next = "copy it anew to " + executable->path});
            continue;
        }
        const auto& known = executable->versions;
        if (version.empty() || std::ranges::find(known, version) != known.end()) continue;
        findings.add({.what = "plugin \"" + type + "\" does not speak CNI " + version + ", only "
                              + libcni::joined(known, ", "),
                      .from = executable->path,
                      .so = "every ADD fails with code 1",
                      .next = "install a newer one, or lower \"cniVersion\" in "
                              + facts.used()->file->file.path});
    }
}

/// Why flannel cannot use it; empty where it can.
std::string fault_of(const File& file) {
    if (!file.fault.empty()) return file.fault;
    if (!file.text) return "there is no " + file.path;
    try {
        (void)flannel::parse_subnet_env(*file.text);
        return "";
    } catch (const libcni::Error& error) {
        return file.path + ": " + error.msg();
    }
}

void subnet_env(const Facts& facts, Findings& findings) {
    const Conf* conf = facts.used();
    if (conf == nullptr || !conf->facts.is_flannel) return;
    const std::string fault = fault_of(conf->file->subnet_env);
    if (fault.empty()) return;
    findings.add({.what = fault,
                  .from = conf->file->file.path,
                  .so = "flanneld has got no subnet for this node, or writes it elsewhere; every "
                        "ADD fails with code 11",
                  .next = "Restart-Service flanneld ; its log says what it waits for"});
}

constexpr std::array checks{
    Check{"N401",
          "conf-not-used",
          Severity::warning,
          false,
          conf_not_used,
          "the runtime's folder holds one conf, as it takes the first only"},
    Check{"N402", "no-conf", Severity::broken, false, no_conf, "there is a conf"},
    Check{"N403",
          "lint",
          Severity::broken,
          false,
          lint,
          "`wincni conf lint` finds no error, and no warning, in the conf that is used"},
    Check{"N404",
          "plugin-missing",
          Severity::broken,
          false,
          plugin_missing,
          "its plugins, flannel's delegate and the IPAM plugin are in the bin folder"},
    Check{"N405",
          "plugin-version",
          Severity::broken,
          false,
          plugin_version,
          "they start, and speak the version of the conf"},
    Check{"N501",
          "subnet-env",
          Severity::broken,
          false,
          subnet_env,
          "flanneld has written subnet.env, and flannel can read it"},
};

} // namespace

std::span<const Check> checks_of_confs() noexcept {
    return checks;
}

} // namespace wincni::doctor
