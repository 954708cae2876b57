// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "hnsclient/features.hpp"
#include "tools/wincni/hns.hpp"
#include "tools/wincni/table.hpp"
#include "tools/wincni/view.hpp"

namespace wincni::hns {

using hnsclient::Feature;
using hnsclient::Version;
using nlohmann::ordered_json;

namespace {

constexpr std::array features{Feature::v2_api,
                              Feature::loopback_dsr,
                              Feature::slash_32_prefixes,
                              Feature::vxlan_port,
                              Feature::ipv6_dual_stack};

std::string as_json(const Version& version) {
    ordered_json json{{"version", {{"major", version.major}, {"minor", version.minor}}},
                      {"features", ordered_json::array()}};
    for (const Feature feature : features)
        json["features"].push_back({{"name", name_of(feature)},
                                    {"versions", versions_of(feature)},
                                    {"supported", supports(version, feature)}});
    return document(json);
}

std::string as_text(const Version& version) {
    Table table({"HERE", "FEATURE", "IN HNS VERSIONS"});
    for (const Feature feature : features)
        table.add({supports(version, feature) ? "yes" : "no",
                   std::string(name_of(feature)),
                   std::string(versions_of(feature))});
    return "HNS version " + std::to_string(version.major) + "." + std::to_string(version.minor)
           + "\n\n" + table.text();
}

} // namespace

std::string version(hnsclient::ClientV2& client, Format format) {
    const Version version = client.version();
    return format == Format::json ? as_json(version) : as_text(version);
}

} // namespace wincni::hns
