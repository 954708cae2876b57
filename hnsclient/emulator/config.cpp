// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/config.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/failure.hpp"
#include "hnsclient/emulator/object_store.hpp"
#include "libcni/base/files.hpp"

namespace hnsclient::emulator {

using nlohmann::json;

namespace {

Version version_of(const json& value) {
    return {.major = value.at("Major").get<int>(), .minor = value.at("Minor").get<int>()};
}

/// One value, or what is told one after the other.
template <class Value>
std::vector<Value> one_or_more(const json& value) {
    auto values =
        value.is_array() ? value.get<std::vector<Value>>() : std::vector<Value>{value.get<Value>()};
    if (values.empty()) throw std::invalid_argument("a list is empty");
    return values;
}

HostDns dns_of(const json& value) {
    return {.suffix = value.value("Suffix", ""),
            .servers = value.at("Servers").get<std::vector<std::string>>()};
}

using Setter = void (*)(Config&, const json&);

const std::map<std::string, Setter>& setters() {
    static const std::map<std::string, Setter> all{
        {"version", [](Config& config, const json& value) { config.version = version_of(value); }},
        {"managementIP",
         [](Config& config, const json& value) {
             config.management_ips = one_or_more<std::string>(value);
         }},
        {"logCalls", [](Config& config, const json& value) { value.get_to(config.log_calls); }},
        {"attachedState",
         [](Config& config, const json& value) {
             config.attached_states = one_or_more<unsigned>(value);
         }},
        {"sharedAddresses",
         [](Config& config, const json& value) { value.get_to(config.shared_addresses); }},
        {"foreignObjects",
         [](Config& config, const json& value) { value.get_to(config.foreign_objects); }},
        {"natNetworks",
         [](Config& config, const json& value) { config.nat_networks = value.get<unsigned>(); }},
        {"hostDns", [](Config& config, const json& value) { config.host_dns = dns_of(value); }},
        {"computeSystems", [](Config& config, const json& value) {
             config.compute_systems = value.get<std::vector<std::string>>();
         }}};
    return all;
}

Config config_of(const json& values) {
    Config config;
    for (const auto& [key, value] : values.items()) {
        const auto setter = setters().find(key);
        if (setter == setters().end()) throw std::invalid_argument("unknown key \"" + key + "\"");
        setter->second(config, value);
    }
    return config;
}

} // namespace

bool Config::has_compute_system(const std::string& id) const {
    return !compute_systems || std::ranges::find(*compute_systems, id) != compute_systems->end();
}

Config Config::read(const std::filesystem::path& folder) {
    Config config;
    const auto file = folder / "config.json";
    if (const auto text = libcni::base::read_file(file)) {
        try {
            config = config_of(json::parse(*text));
        } catch (const std::exception& error) {
            refuse_setup(file, error.what());
        }
    }
    return config;
}

void refuse_setup(const std::filesystem::path& file, const std::string& reason) {
    const std::string text = "HNS emulator: " + file.string() + ": " + reason;
    std::fprintf(stderr, "%s\n", text.c_str());
    throw Failure(Code::invalid_data, text);
}

} // namespace hnsclient::emulator
