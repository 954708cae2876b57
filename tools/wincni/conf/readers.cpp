// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/readers.hpp"

#include <functional>

#include <nlohmann/json.hpp>

#include "hnsclient/abilities.hpp"
#include "ipam/host-local/conf.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "plugins/common/makeable.hpp"
#include "plugins/flannel/delegate_conf.hpp"
#include "plugins/nat/nat.hpp"
#include "plugins/sdnbridge/sdnbridge.hpp"
#include "plugins/sdnoverlay/sdnoverlay.hpp"
#include "plugins/win-bridge/win_bridge.hpp"
#include "plugins/win-overlay/win_overlay.hpp"
#include "tools/wincni/conf/parts.hpp"

namespace wincni::conf {

namespace {

using libcni::Request;

void read_as_windows(const plugins::HnsPlugin& plugin, const Request& request) {
    const auto kind = plugin.kind_of(request);
    const auto api = kind->conf().api_version.value_or(hnsclient::ApiVersion::v2);
    plugins::require_makeable(*kind, hnsclient::abilities_of(api));
}

void read_as_host_local(const Request& request) {
    (void)host_local::read_data_dir(request.conf);
    (void)host_local::read_range_sets(request.conf);
    (void)host_local::read_routes(request.conf);
    (void)host_local::read_requested(request);
}

void read_as_flannel(const Request& request) {
    (void)flannel::read_subnet_file(request.conf);
    (void)flannel::read_data_dir(request.conf);
    (void)flannel::make_delegate_conf(request.conf, sample_environment());
}

/// The path that a message names, "conf" itself not.
std::string path_in(const std::string& message) {
    const auto begin = message.find("conf.");
    if (begin == std::string::npos) return {};
    const auto end = message.find_first_of(" :,;\"'", begin);
    std::string path = message.substr(begin, end - begin);
    while (path.ends_with('.') || path.ends_with(')'))
        path.pop_back();
    return path;
}

/// A delegate's keys are flannel's, when the delegate has none of that name.
const Node* find_node(const Part& part, const std::string& path) {
    if (path.empty()) return nullptr;
    const Node* own = node_at(*part.object, path);
    if (part.outer == nullptr || own != part.object) return own == part.object ? nullptr : own;
    const Node* outer = node_at(*part.outer, path);
    return outer == part.outer ? nullptr : outer;
}

class Remarks {
public:
    explicit Remarks(const Part& part) : part_(&part) {}

    void read(const std::function<void()>& reader, bool is_of_addresses) {
        const libcni::log::Captured captured;
        try {
            reader();
        } catch (const libcni::Error& error) {
            refuse(error.msg(), error.details(), is_of_addresses);
        } catch (const libcni::BadShape& error) {
            refuse(error.what(), "", is_of_addresses);
        } catch (const std::exception& error) {
            add(error.what(), "");
        }
        for (const auto& record : captured.records())
            if (record.level == libcni::log::Level::warning)
                add(record.text, "").is_refusal = false;
    }

    std::vector<Remark> all;

private:
    void refuse(const std::string& message, const std::string& details, bool is_of_addresses) {
        Remark& remark = add(message, details);
        remark.is_of_addresses = is_of_addresses;
        // The words of JsonReader::mismatch().
        remark.is_wrong_type = message.find(" must be ") != std::string::npos;
    }

    Remark& add(const std::string& message, const std::string& details) {
        const std::string path = path_in(message);
        return all.emplace_back(Remark{
            .node = find_node(*part_, path), .path = path, .message = message, .details = details});
    }

    const Part* part_;
};

/// No value for a conf that no command takes.
std::optional<Request> request_for(const Part& part, Remarks& remarks) {
    std::optional<Request> request;
    remarks.read(
        [&] {
            Request made;
            made.command = libcni::Command::add;
            made.container_id = "lint";
            const bool is_docker = part.api() == "1";
            made.netns = is_docker ? "none" : "E0000000-FA4E-4000-A000-000000000001";
            made.interface_name = "eth0";
            made.conf = libcni::parse_config((*part.conf)->dump());
            request = std::move(made);
        },
        false);
    return request;
}

/// flanneld decides on the ranges, so what is made up for them here says nothing of those.
bool has_own_ranges(const Part& part) {
    const Node* ipam = part.host_local();
    if (ipam == nullptr) return false;
    const bool is_flannels = part.outer != nullptr || part.plugin == "flannel";
    return !is_flannels;
}

} // namespace

std::unique_ptr<plugins::HnsPlugin> windows_plugin(std::string_view name) {
    if (name == "win-bridge") return std::make_unique<win_bridge::WinBridge>();
    if (name == "win-overlay") return std::make_unique<win_overlay::WinOverlay>();
    if (name == "nat") return std::make_unique<nat::Nat>();
    if (name == "sdnbridge") return std::make_unique<sdnbridge::SdnBridge>();
    if (name == "sdnoverlay") return std::make_unique<sdnoverlay::SdnOverlay>();
    return nullptr;
}

std::vector<Remark> remarks_of_plugins(const Part& part) {
    Remarks remarks(part);
    if (part.plugin.empty() || !part.conf) return {};
    const auto request = request_for(part, remarks);
    if (!request) return std::move(remarks.all);
    if (part.plugin == "flannel") remarks.read([&] { read_as_flannel(*request); }, false);
    if (const auto plugin = windows_plugin(part.plugin))
        remarks.read([&] { read_as_windows(*plugin, *request); }, false);
    if (has_own_ranges(part)) remarks.read([&] { read_as_host_local(*request); }, true);
    return std::move(remarks.all);
}

std::vector<libcni::UnreadKey> unread_keys_of(const Part& part) {
    if (part.plugin.empty() || !part.conf) return {};
    libcni::NetworkConfig conf;
    conf.json = *part.conf;
    return libcni::find_unread_keys(part.plugin, conf, part.outer != nullptr);
}

} // namespace wincni::conf
