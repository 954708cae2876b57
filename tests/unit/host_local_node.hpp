// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "ipam/host-local/files.hpp"
#include "ipam/host-local/host_local.hpp"
#include "libcni/dispatch.hpp"
#include "tests/unit/scratch.hpp"

/// host-local on a data folder of the test's own, called as a runtime calls it but in this process.
class HostLocalNode {
public:
    struct Call {
        std::string command;
        std::string container_id = "c1";
        std::string interface_name = "eth0";
        std::string args = {};
    };

    struct Answer {
        int status;
        std::string output;

        [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(output); }

        /// 0 for success.
        [[nodiscard]] unsigned code() const {
            return status == 0 ? 0U : json().at("code").get<unsigned>();
        }

        [[nodiscard]] std::string msg() const { return json().at("msg"); }

        [[nodiscard]] std::string details() const { return json().value("details", ""); }

        /// The addresses of a result of 0.3.0 or later.
        [[nodiscard]] std::vector<std::string> addresses() const {
            const nlohmann::json result = json();
            std::vector<std::string> found;
            for (const auto& ip : result.at("ips"))
                found.push_back(ip.at("address"));
            return found;
        }
    };

    /// A conf with these `ipam` keys on the node's data folder.
    [[nodiscard]] nlohmann::json conf(const nlohmann::json& ipam) const {
        nlohmann::json json{{"cniVersion", "1.1.0"}, {"name", "cbr0"}, {"ipam", ipam}};
        json["ipam"]["type"] = "host-local";
        json["ipam"]["dataDir"] = data_dir().generic_string();
        return json;
    }

    static Answer run(const Call& call, const std::string& conf) {
        const std::map<std::string, std::string, std::less<>> variables{
            {"CNI_COMMAND", call.command},
            {"CNI_CONTAINERID", call.container_id},
            {"CNI_IFNAME", call.interface_name},
            {"CNI_NETNS", "none"},
            {"CNI_PATH", "/opt/cni/bin"},
            {"CNI_ARGS", call.args}};
        const libcni::Environment env = [&](const char* name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt
                                            : std::optional<std::string>(found->second);
        };
        const libcni::Outcome outcome = libcni::dispatch(host_local::HostLocal(), env, conf);
        return {outcome.status, outcome.output};
    }

    static Answer run(const Call& call, const nlohmann::json& conf) {
        return run(call, conf.dump());
    }

    /// The request that dispatch() would hand to the plugin.
    static libcni::Request request(const nlohmann::json& conf,
                                   const std::string& container_id = "c1") {
        libcni::Request made;
        made.container_id = container_id;
        made.interface_name = "eth0";
        made.conf = libcni::parse_config(conf.dump());
        return made;
    }

    [[nodiscard]] std::filesystem::path data_dir() const { return scratch_.path() / "ipam"; }

    [[nodiscard]] std::filesystem::path folder() const { return data_dir() / "cbr0"; }

    /// The names of all lease files, sorted; "lock" and "last_reserved_ip.*" left out.
    [[nodiscard]] std::vector<std::string> leases() const {
        std::vector<std::string> names =
            host_local::Disk().names(folder()).value_or(std::vector<std::string>());
        std::erase_if(names, [](const std::string& name) {
            return name == "lock" || name.starts_with("last_reserved_ip.");
        });
        std::ranges::sort(names);
        return names;
    }

    /// Puts a file there as it is, as some other program would.
    void put(const std::string& name, const std::string& content) const {
        std::filesystem::create_directories(folder());
        host_local::Disk().write(folder() / name, folder() / "put", content);
    }

    [[nodiscard]] std::string read(const std::string& name) const {
        return host_local::Disk().read(folder() / name).value_or("(not there)");
    }

private:
    Scratch scratch_;
};
