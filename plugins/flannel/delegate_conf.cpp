// SPDX-License-Identifier: Apache-2.0
#include "plugins/flannel/delegate_conf.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "libcni/names.hpp"

namespace flannel {

using libcni::Cidr;
using libcni::Error;
using libcni::ErrorCode;
using libcni::JsonReader;
using libcni::NetworkConfig;
using nlohmann::json;

namespace {

/// Removes every spelling of a key; true when there was one with a value.
bool erase_key(json& object, std::string_view key) {
    bool had_value = false;
    for (auto it = object.begin(); it != object.end();) {
        const bool is_it = libcni::same_ignoring_case(it.key(), key);
        had_value = had_value || (is_it && !it->is_null());
        it = is_it ? object.erase(it) : std::next(it);
    }
    return had_value;
}

bool has_key(const json& object, std::string_view key) {
    return JsonReader(object, "").find(key).has_value();
}

bool is_overlay(const json& delegate) {
    const auto& type = delegate.at("type").get_ref<const std::string&>();
    return libcni::means_plugin(type, "win-overlay") || libcni::means_plugin(type, "sdnoverlay");
}

/// What HNS can do on an overlay network.
SubnetEnv ipv4_of(SubnetEnv env) {
    if (env.subnets.empty()) return env;
    const auto is_v6 = [](const Cidr& cidr) { return !cidr.is_v4(); };
    std::erase_if(env.networks, is_v6);
    if (std::erase_if(env.subnets, is_v6) == 0) return env;
    if (env.subnets.empty())
        throw Error(
            ErrorCode::invalid_network_config,
            "overlay networks are IPv4 only, but this node has no IPv4 subnet",
            "give the cluster an IPv4 network (FLANNEL_SUBNET in subnet.env comes from it), "
            "or use win-bridge as the delegate");
    libcni::log::warning("overlay networks are IPv4 only: FLANNEL_IPV6_SUBNET is left out");
    return env;
}

/// People and scripts also write "true", "yes" or 1.
bool read_boolean(const JsonReader& value) {
    if (value.json().is_boolean()) return value.boolean();
    const std::string text = value.is_string() ? value.text() : value.json().dump();
    const auto boolean = parse_boolean(text);
    if (!boolean) value.mismatch("true or false");
    return *boolean;
}

void set_ip_masq(json& delegate, const SubnetEnv& env) {
    const auto own = JsonReader(delegate, "conf.delegate").find("ipMasq");
    const bool ip_masq = own ? read_boolean(*own) : env.ip_masq;
    set_key(delegate, "ipMasq", ip_masq);
    const bool author_names_networks =
        has_key(delegate, "ipMasqNetwork") || has_key(delegate, "ipMasqNetworks");
    if (!ip_masq || author_names_networks || env.networks.empty()) return;
    json all = json::array();
    for (const Cidr& network : env.networks)
        all.push_back(network.to_string());
    set_key(delegate, "ipMasqNetwork", all.front());
    if (all.size() > 1) set_key(delegate, "ipMasqNetworks", std::move(all));
}

/// On a bridge, base + 2 is the bridge's own address, the gateway of all pods.
json range_of(const Cidr& subnet, bool overlay) {
    constexpr std::uint64_t first_of_pods = 3;
    json range{{"subnet", subnet.to_string()}};
    const auto start = libcni::plus(subnet.address(), first_of_pods);
    if (!overlay && start) range["rangeStart"] = start->to_string();
    return range;
}

void leave_out(json& ipam, std::initializer_list<const char*> keys) {
    for (const char* key : keys)
        if (erase_key(ipam, key))
            libcni::log::warning("conf.ipam." + std::string(key)
                                 + " is left out: the subnets are those of subnet.env");
}

/// The author's section with the ranges that flanneld decides.
json make_ipam(const NetworkConfig& conf, const SubnetEnv& env, bool overlay) {
    const auto own = conf.reader().find("ipam");
    if (own && !own->is_object()) own->mismatch("an object");
    json ipam = own ? own->json() : json::object();
    if (libcni::ipam_type_of(conf).empty()) set_key(ipam, "type", "host-local");
    leave_out(ipam, {"subnet", "ranges"});
    if (env.subnets.size() == 1) {
        const json range = range_of(env.subnets.front(), overlay);
        for (const auto& [key, value] : range.items())
            if (!has_key(ipam, key)) set_key(ipam, key, value);
    } else if (!env.subnets.empty()) {
        leave_out(ipam, {"rangeStart", "rangeEnd", "gateway"});
        for (const Cidr& subnet : env.subnets)
            ipam["ranges"].push_back(json::array({range_of(subnet, overlay)}));
    }
    return ipam;
}

/// runtimeConfig is the runtime's word and wins; the others may be the delegate's own.
void pass_on(const NetworkConfig& conf, json& delegate) {
    if (const auto value = conf.reader().find("runtimeConfig"))
        set_key(delegate, "runtimeConfig", value->json());
    for (const char* key : {"args", "dns", "timeoutSeconds", "logFile", "logLevel"})
        if (const auto value = conf.reader().find(key); value && !has_key(delegate, key))
            set_key(delegate, key, value->json());
}

/// Without a version the reference writes 0.2.0: Microsoft's plugins speak nothing older.
std::string version_for_delegate(const NetworkConfig& conf) {
    const bool is_absent = conf.reader().text_or_empty("cniVersion").empty();
    return std::string(is_absent ? "0.2.0" : to_string(conf.version));
}

bool names_flannel(const JsonReader& type) {
    return libcni::means_plugin(type.text(), "flannel");
}

void refuse_key(const JsonReader& delegate, const char* key, const char* cure) {
    if (const auto found = delegate.find(key))
        throw Error(ErrorCode::invalid_network_config, found->path() + " is set by flannel", cure);
}

void leave_out_broken(const std::string& what) {
    libcni::log::warning(what + ": the removal goes on without it");
}

/// True where there is no type, or it may name a delegate.
bool type_reads(const json& delegate) {
    const auto type = JsonReader(delegate, "conf.delegate").find("type");
    return !type || (type->is_string() && !type->text().empty() && !names_flannel(*type));
}

bool ip_masq_reads(const json& delegate) {
    const auto own = JsonReader(delegate, "conf.delegate").find("ipMasq");
    if (!own || own->json().is_boolean()) return true;
    return parse_boolean(own->is_string() ? own->text() : own->json().dump()).has_value();
}

/// What is left of "delegate" when everything is gone that read_delegate() and make_delegate_conf()
/// refuse.
json readable_delegate(const JsonReader& found) {
    if (!found.is_object()) {
        leave_out_broken(found.path() + " is not an object");
        return json::object();
    }
    json delegate = found.json();
    for (const char* key : {"name", "ipam"})
        if (erase_key(delegate, key))
            leave_out_broken(found.path() + "." + key + " is set by flannel");
    if (!type_reads(delegate) && erase_key(delegate, "type"))
        leave_out_broken(found.path() + ".type names no delegate");
    if (!ip_masq_reads(delegate) && erase_key(delegate, "ipMasq"))
        leave_out_broken(found.path() + ".ipMasq is neither true nor false");
    return delegate;
}

std::filesystem::path path_or(const NetworkConfig& conf, const char* key, const char* otherwise) {
    const auto path = conf.reader().find(key);
    if (path && !path->text().empty()) return libcni::conf_path(*path);
    return libcni::conf_path(otherwise, std::string("the default of conf.") + key);
}

} // namespace

json read_delegate(const NetworkConfig& conf) {
    const auto found = conf.reader().find("delegate");
    if (found && !found->is_object()) found->mismatch("an object");
    json delegate = found ? found->json() : json::object();
    const JsonReader reader(delegate, "conf.delegate");
    refuse_key(reader, "name", "remove it: the network's name is conf.name");
    refuse_key(reader,
               "ipam",
               "remove it: subnet.env says which addresses there are; what host-local needs "
               "besides them (dataDir, routes) goes into conf.ipam");
    const auto type = reader.find("type");
    if (type && names_flannel(*type))
        throw Error(ErrorCode::invalid_network_config,
                    type->path() + " is flannel itself, which would call itself in a circle",
                    "name the plugin that does the work, as win-bridge or win-overlay");
    set_key(delegate, "type", type ? type->text() : "win-bridge");
    return delegate;
}

json make_delegate_conf(const NetworkConfig& conf, const SubnetEnv& env) {
    json delegate = read_delegate(conf);
    const bool overlay = is_overlay(delegate);
    const SubnetEnv usable = overlay ? ipv4_of(env) : env;
    set_key(delegate, "name", conf.name);
    set_key(delegate, "cniVersion", version_for_delegate(conf));
    pass_on(conf, delegate);
    set_ip_masq(delegate, usable);
    set_key(delegate, "ipam", make_ipam(conf, usable, overlay));
    return delegate;
}

json make_conf_for_removal(const NetworkConfig& conf, const SubnetEnv& env) {
    NetworkConfig readable = conf;
    json all = *conf.json;
    if (const auto delegate = conf.reader().find("delegate"))
        set_key(all, "delegate", readable_delegate(*delegate));
    readable.json = std::move(all);
    try {
        return make_delegate_conf(readable, env);
    } catch (const Error& error) {
        // An overlay for which subnet.env has no subnet.
        leave_out_broken(one_line(error));
        return make_delegate_conf(readable, {});
    }
}

json read_log_keys(const NetworkConfig& conf) {
    const auto delegate = conf.reader().find("delegate");
    json keys = json::object();
    for (const char* key : {"logFile", "logLevel"}) {
        auto value = delegate && delegate->is_object() ? delegate->find(key) : std::nullopt;
        if (!value) value = conf.reader().find(key);
        if (value && value->is_string()) keys[key] = value->json();
    }
    return keys;
}

void set_key(json& object, const std::string& key, json value) {
    erase_key(object, key);
    object[key] = std::move(value);
}

std::filesystem::path read_subnet_file(const NetworkConfig& conf) {
    return path_or(conf, "subnetFile", "/run/flannel/subnet.env");
}

std::filesystem::path read_data_dir(const NetworkConfig& conf) {
    return path_or(conf, "dataDir", "/var/lib/cni/flannel");
}

} // namespace flannel
