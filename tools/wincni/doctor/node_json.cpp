// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "libcni/json_reader.hpp"
#include "libcni/runtime/cache.hpp"
#include "tools/wincni/doctor/node.hpp"
#include "tools/wincni/refusal.hpp"
#include "tools/wincni/view.hpp"

namespace wincni::doctor {

using libcni::BadShape;
using libcni::JsonReader;
using nlohmann::ordered_json;

namespace {

constexpr const char* kind = "wincniNode1";

bool is_utf8(const std::string& text) {
    try {
        (void)nlohmann::json(text).dump();
        return true;
    } catch (const nlohmann::json::exception&) {
        return false;
    }
}

ordered_json to_json(const File& file) {
    ordered_json json{{"path", file.path}, {"age", file.age}};
    if (!file.fault.empty()) json["fault"] = file.fault;
    if (!file.text) return json;
    if (is_utf8(*file.text))
        json["text"] = *file.text;
    else
        json["base64"] = libcni::runtime::to_base64(*file.text);
    return json;
}

template <class Element>
ordered_json array_of(const std::vector<Element>& elements,
                      ordered_json (*encode_one)(const Element&)) {
    auto array = ordered_json::array();
    for (const auto& element : elements)
        array.push_back(encode_one(element));
    return array;
}

ordered_json to_json(const Folder& folder) {
    return {{"path", folder.path},
            {"isThere", folder.is_there},
            {"files", array_of(folder.files, to_json)}};
}

ordered_json to_json(const ConfFile& conf) {
    return {{"file", to_json(conf.file)},
            {"subnetEnv", to_json(conf.subnet_env)},
            {"leases", to_json(conf.leases)},
            {"stored", to_json(conf.stored)}};
}

ordered_json to_json(const Executable& executable) {
    return {{"type", executable.type},
            {"path", executable.path},
            {"versions", executable.versions},
            {"fault", executable.fault}};
}

/// As `wincni hns list --json` has it, and what only HNS v1 tells.
ordered_json of_endpoint(const hnsclient::Endpoint& endpoint) {
    auto json = wincni::to_json(endpoint);
    json["containerIds"] = endpoint.container_ids;
    json["state"] = endpoint.state;
    return json;
}

ordered_json to_json(const Hns& hns) {
    ordered_json json{{"fault", hns.fault},
                      {"advice", hns.advice},
                      {"version", {{"major", hns.version.major}, {"minor", hns.version.minor}}}};
    json["networks"] = array_of(hns.networks, wincni::to_json);
    json["endpoints"] = array_of(hns.endpoints, of_endpoint);
    json["namespaces"] = array_of(hns.namespaces, wincni::to_json);
    return json;
}

template <class Element>
std::vector<Element>
list_of(const JsonReader& object, std::string_view key, Element (*read)(const JsonReader&)) {
    std::vector<Element> list;
    const auto found = object.find(key);
    if (!found) return list;
    for (const auto& element : found->elements())
        list.push_back(read(element));
    return list;
}

std::optional<libcni::Address> find_address(const JsonReader& object, std::string_view key) {
    const auto found = object.find(key);
    if (!found) return std::nullopt;
    auto address = libcni::parse_address(found->text());
    if (!address) found->mismatch("an address");
    return address;
}

hnsclient::Dns read_dns(const JsonReader& object) {
    const auto json = object.find("dns");
    if (!json) return {};
    return {.domain = json->text_or_empty("domain"),
            .search = json->texts_or_none("search"),
            .servers = json->texts_or_none("servers"),
            .options = json->texts_or_none("options")};
}

std::uint32_t number_or_zero(const JsonReader& object, std::string_view key) {
    const auto found = object.find(key);
    return found ? found->number<std::uint32_t>() : 0;
}

hnsclient::MacRange read_mac_range(const JsonReader& json) {
    const auto mac = [&](const char* key) {
        const auto text = json.require(key);
        const auto parsed = hnsclient::MacAddress::parse(text.text());
        if (!parsed) text.mismatch("a MAC address");
        return *parsed;
    };
    return {.first = mac("first"), .last = mac("last")};
}

hnsclient::Subnet read_subnet(const JsonReader& json) {
    const auto prefix = json.require("prefix");
    const auto cidr = libcni::Cidr::parse(prefix.text());
    if (!cidr) prefix.mismatch("a prefix");
    hnsclient::Subnet subnet{.prefix = *cidr, .gateway = find_address(json, "gateway")};
    if (const auto vni = json.find("vni")) subnet.vni = vni->number<std::uint32_t>();
    return subnet;
}

hnsclient::Network read_network(const JsonReader& json) {
    return {.id = json.require("id").text(),
            .name = json.require("name").text(),
            .type = json.text_or_empty("type"),
            .subnets = list_of(json, "subnets", read_subnet),
            .mac_ranges = list_of(json, "macRanges", read_mac_range),
            .dns = read_dns(json),
            .adapter = json.text_or_empty("adapter"),
            .management_address = find_address(json, "managementAddress"),
            .flags = number_or_zero(json, "flags")};
}

hnsclient::EndpointAddress read_address(const JsonReader& json) {
    const std::string text = json.text();
    if (const auto address = libcni::parse_address(text)) return {.address = *address};
    const auto cidr = libcni::Cidr::parse(text);
    if (!cidr) json.mismatch("an address");
    return {.address = cidr->address(), .prefix_length = cidr->prefix_length()};
}

hnsclient::EndpointRoute read_route(const JsonReader& json) {
    const auto destination = json.require("destination");
    const auto cidr = libcni::Cidr::parse(destination.text());
    if (!cidr) destination.mismatch("a prefix");
    return {.destination = *cidr, .next_hop = find_address(json, "nextHop")};
}

std::optional<hnsclient::MacAddress> find_mac(const JsonReader& object) {
    const auto found = object.find("mac");
    return found ? hnsclient::MacAddress::parse(found->text()) : std::nullopt;
}

bool is_true(const JsonReader& object, std::string_view key) {
    const auto found = object.find(key);
    return found && found->boolean();
}

hnsclient::Endpoint read_endpoint(const JsonReader& json) {
    return {.id = json.require("id").text(),
            .name = json.require("name").text(),
            .network_id = json.text_or_empty("networkId"),
            .namespace_id = json.text_or_empty("namespaceId"),
            .container_ids = json.texts_or_none("containerIds"),
            .addresses = list_of(json, "addresses", read_address),
            .routes = list_of(json, "routes", read_route),
            .mac = find_mac(json),
            .dns = read_dns(json),
            .policies = list_of(json, "policies", hnsclient::decode_policy),
            .is_remote = is_true(json, "isRemote"),
            .health_error = number_or_zero(json, "healthError"),
            .state = number_or_zero(json, "state")};
}

hnsclient::Namespace read_namespace(const JsonReader& json) {
    return {.id = json.require("id").text(),
            .compartment = number_or_zero(json, "compartment"),
            .type = json.text_or_empty("type"),
            .endpoint_ids = json.texts_or_none("endpointIds"),
            .container_ids = json.texts_or_none("containerIds")};
}

Hns read_hns(const JsonReader& json) {
    const auto version = json.require("version");
    return {.fault = json.text_or_empty("fault"),
            .advice = json.text_or_empty("advice"),
            .version = {.major = version.require("major").number<unsigned>(),
                        .minor = version.require("minor").number<unsigned>()},
            .networks = list_of(json, "networks", read_network),
            .endpoints = list_of(json, "endpoints", read_endpoint),
            .namespaces = list_of(json, "namespaces", read_namespace)};
}

File read_file(const JsonReader& json) {
    File file{.path = json.require("path").text(), .fault = json.text_or_empty("fault")};
    if (const auto age = json.find("age")) file.age = age->number<std::int64_t>();
    if (const auto text = json.find("text")) file.text = text->text();
    if (const auto bytes = json.find("base64")) {
        file.text = libcni::runtime::from_base64(bytes->text());
        if (!file.text) bytes->mismatch("base64");
    }
    return file;
}

Folder read_folder(const JsonReader& json) {
    return {.path = json.require("path").text(),
            .is_there = is_true(json, "isThere"),
            .files = list_of(json, "files", read_file)};
}

ConfFile read_conf(const JsonReader& json) {
    return {.file = read_file(json.require("file")),
            .subnet_env = read_file(json.require("subnetEnv")),
            .leases = read_folder(json.require("leases")),
            .stored = read_folder(json.require("stored"))};
}

Executable read_executable(const JsonReader& json) {
    return {.type = json.require("type").text(),
            .path = json.text_or_empty("path"),
            .versions = json.texts_or_none("versions"),
            .fault = json.text_or_empty("fault")};
}

Node read_all(const JsonReader& json) {
    return {.hns = read_hns(json.require("hns")),
            .conf_dir = json.require("confDir").text(),
            .has_conf_dir = is_true(json, "hasConfDir"),
            .confs = list_of(json, "confs", read_conf),
            .bin_dirs = json.texts_or_none("binDirs"),
            .executables = list_of(json, "executables", read_executable),
            .cache = read_folder(json.require("cache"))};
}

} // namespace

std::string name_of(const File& file) {
    const auto end = file.path.find_last_of("/\\");
    return end == std::string::npos ? file.path : file.path.substr(end + 1);
}

std::string encode(const Node& node) {
    return document({{"kind", kind},
                     {"wincni", WINCNI_VERSION},
                     {"hns", to_json(node.hns)},
                     {"confDir", node.conf_dir},
                     {"hasConfDir", node.has_conf_dir},
                     {"confs", array_of(node.confs, to_json)},
                     {"binDirs", node.bin_dirs},
                     {"executables", array_of(node.executables, to_json)},
                     {"cache", to_json(node.cache)}});
}

Node decode(const std::string& text, const std::string& what) {
    constexpr const char* advice = "such a file is written by: wincni doctor --save FILE";
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() || json.value("kind", nlohmann::json()) != kind)
        throw Refusal(what + " is no saved node", advice);
    try {
        return read_all(JsonReader(json, "node"));
    } catch (const BadShape& error) {
        throw Refusal(what + " is no saved node: " + error.what(), advice);
    }
}

} // namespace wincni::doctor
