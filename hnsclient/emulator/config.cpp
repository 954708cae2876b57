// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/config.hpp"

#include <algorithm>
#include <cstdio>

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

Config config_of(const json& values) {
    Config config;
    for (const auto& [key, value] : values.items()) {
        if (key == "version")
            config.version = version_of(value);
        else if (key == "managementIP")
            config.management_ip = value.get<std::string>();
        else if (key == "logCalls")
            config.log_calls = value.get<bool>();
        else if (key == "attachedState")
            config.attached_state = value.get<unsigned>();
        else if (key == "computeSystems")
            config.compute_systems = value.get<std::vector<std::string>>();
        else
            throw std::invalid_argument("unknown key \"" + key + "\"");
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
