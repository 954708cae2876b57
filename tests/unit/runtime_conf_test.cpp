// SPDX-License-Identifier: Apache-2.0
// A runtime's reading of confs, and what a plugin gets of them.
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "libcni/runtime/conf_list.hpp"
#include "libcni/runtime/derive.hpp"
#include "libcni/runtime/go_json.hpp"
#include "tests/unit/scratch.hpp"
#include "tests/unit/thrown.hpp"

namespace fs = std::filesystem;

using libcni::ErrorCode;
using libcni::VersionedResult;
using libcni::runtime::Attached;
using libcni::runtime::ConfList;
using libcni::runtime::read_conf_list;
using libcni::runtime::read_single_conf;
using nlohmann::json;

namespace {

void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

ConfList list_of(const std::string& keys) {
    return read_conf_list(R"({"name": "n", "plugins": [{"type": "a"}])" + keys + "}", "x.conflist");
}

/// What is wrong with a text.
std::string fault_of_list(const std::string& text) {
    return one_line(error_of([&] { return read_conf_list(text, "x.conflist"); }));
}

std::string fault_of_conf(const std::string& text) {
    return one_line(error_of([&] { return read_single_conf(text, "x.conf"); }));
}

std::vector<std::string> types_of(const ConfList& list) {
    std::vector<std::string> types;
    for (const auto& plugin : list.plugins)
        types.push_back(plugin.type);
    return types;
}

VersionedResult result_with(const char* address, libcni::SpecVersion version) {
    VersionedResult result{.version = version};
    result.result.interfaces = {{.name = "eth0", .sandbox = "ns"}};
    result.result.ips = {{.address = *libcni::Cidr::parse(address), .interface_index = 0U}};
    return result;
}

} // namespace

TEST_CASE("JSON looks as Go writes it") {
    for (const auto& [text, expected] : std::vector<std::pair<std::string, std::string>>{
             {R"({"b": [1, 2.50, -0.0, true, null], "a": {}})",
              R"({"a":{},"b":[1,2.5,-0,true,null]})"},
             {R"("<a href=\"x\">&\u2028\u2029\u00e4\u007f\\")",
              "\"\\u003ca href=\\\"x\\\"\\u003e\\u0026\\u2028\\u2029\xC3\xA4\x7F\\\\\""},
             {R"("\b\f\n\r\t\u0001")", R"("\u0008\u000c\n\r\t\u0001")"},
             {"1e20", "100000000000000000000"},
             {"1e21", "1e+21"},
             {"123456789012345678", "123456789012345680"},
             {"0.000001", "0.000001"},
             {"0.0000001", "1e-7"},
             {"1.5e-12", "1.5e-12"},
             {"1e300", "1e+300"},
             {"10244.004", "10244.004"},
             {"0.05", "0.05"}}) {
        const std::string shown = text;
        CAPTURE(shown);
        CHECK(libcni::runtime::go_text(json::parse(text)) == expected);
    }
    CHECK(libcni::runtime::go_text(nlohmann::ordered_json{{"b", 1}, {"a", 2}})
          == R"({"b":1,"a":2})");
}

TEST_CASE("A list has its name, version, flags and plugins, and keeps its text") {
    const std::string text = R"({ "cniVersion": "1.0.0", "name": "cbr0", "disableCheck": "True",
        "plugins": [{"type": "flannel", "capabilities": {"dns": true, "bandwidth": false}},
                    {"type": "tuning"}] })";
    const ConfList list = read_conf_list(text, "x.conflist");
    CHECK(list.name == "cbr0");
    CHECK(list.version == "1.0.0");
    CHECK(list.disable_check);
    CHECK_FALSE(list.disable_gc);
    CHECK(types_of(list) == std::vector<std::string>{"flannel", "tuning"});
    CHECK(list.plugins[0].capabilities
          == std::map<std::string, bool>{{"dns", true}, {"bandwidth", false}});
    CHECK(list.bytes == text);
}

TEST_CASE("Of several versions the highest that exists counts") {
    for (const auto& [keys, version] : std::vector<std::pair<std::string, std::string>>{
             {R"(, "cniVersions": ["0.3.1", "1.0.0", "0.4.0"])", "1.0.0"},
             {R"(, "cniVersions": ["1.0.0", "1.1.0", "1.2.0"])", "1.1.0"},
             {R"(, "cniVersion": "1.0.0", "cniVersions": ["0.4.0"])", "1.0.0"},
             {R"(, "cniVersion": "0.4.0", "cniVersions": ["7.0.0"])", "0.4.0"},
             {R"(, "cniVersion": "7.0.0", "cniVersions": ["8.0.0"])", "7.0.0"},
             {R"(, "cniVersions": [])", ""},
             {R"(, "cniVersion": "0.3.1")", "0.3.1"}}) {
        const std::string shown = keys;
        CAPTURE(shown);
        CHECK(list_of(keys).version == version);
    }
}

TEST_CASE("Versions are compared by their numbers") {
    using libcni::runtime::is_at_least;
    for (const auto& [version, other] :
         std::vector<std::pair<const char*, const char*>>{{"0.4.0", "0.4.0"},
                                                          {"0.10.0", "0.4.0"},
                                                          {"1", "0.4.0"},
                                                          {"1.0", "1.0.0"},
                                                          {"2.0.0", "1.1.0"}})
        CHECK(is_at_least(version, other));
    for (const auto& [version, other] : std::vector<std::pair<const char*, const char*>>{
             {"", "0.4.0"}, {"0.3.1", "0.4.0"}, {"1.0.0", "1.1.0"}})
        CHECK_FALSE(is_at_least(version, other));
    for (const char* bad : {"x", "1.", "1.0.0.0", "v1.0.0", "1.-1"})
        CHECK(error_of([&] { return is_at_least(bad, "1.0.0"); }).code()
              == ErrorCode::invalid_network_config);
}

TEST_CASE("What a runtime refuses in a list is refused, and named") {
    for (const auto& [text, named] : std::vector<std::pair<std::string, std::string>>{
             {"{\"name\": }", "line 1, column 10"},
             {"\xEF\xBB\xBF{}", "byte-order mark"},
             {"[]", "not a JSON object"},
             {R"({"plugins": []})", "no \"name\""},
             {R"({"name": 1})", "x.conflist.name"},
             {R"({"name": "n", "plugins": []})", "plugins is empty"},
             {R"({"name": "n", "plugins": {}})", "plugins must be an array"},
             {R"({"name": "n", "plugins": [{"type": "a"}, {}]})", "plugins[1] has no \"type\""},
             {R"({"name": "n", "disableGC": "yes"})", "disableGC"},
             {R"({"name": "n", "cniVersions": ["x"]})", "\"x\""},
             {R"({"name": "n", "cniVersion": 1.0})", "cniVersion"}}) {
        const std::string shown = text;
        CAPTURE(shown);
        CHECK(missing_in(fault_of_list(text), {named}) == "");
    }
}

TEST_CASE("A single conf is a list of one, in text too") {
    const ConfList list = read_single_conf(
        R"({"type": "nat", "Name": "nat", "cniVersion": "0.3.0", "x": "<", "dns": {}})", "x.conf");
    CHECK(list.name == "nat");
    CHECK(types_of(list) == std::vector<std::string>{"nat"});
    CHECK(list.bytes
          == R"({"cniVersion":"0.3.0","name":"nat","plugins":[{"Name":"nat","cniVersion":"0.3.0",)"
             R"("dns":{},"type":"nat","x":"\u003c"}]})");
}

TEST_CASE("A conf with a key of a type that libcni reads otherwise is no conf to a runtime") {
    for (const auto& [text, named] : std::vector<std::pair<std::string, std::string>>{
             {R"({"name": "n"})", "no \"type\""},
             {R"({"name": "n", "plugins": []})", ".conflist"},
             {R"({"type": 1})", "x.conf.type"},
             {R"({"type": "a", "ipam": "host-local"})", "x.conf.ipam"},
             {R"({"type": "a", "dns": {"nameservers": "10.0.0.10"}})", "x.conf.dns.nameservers"},
             {R"({"type": "a", "dns": {"search": [1]}})", "x.conf.dns.search[0]"},
             {R"({"type": "a", "capabilities": {"dns": "true"}})", "x.conf.capabilities.dns"},
             {R"({"type": "a", "prevResult": []})", "x.conf.prevResult"}}) {
        const std::string shown = text;
        CAPTURE(shown);
        CHECK(missing_in(fault_of_conf(text), {named}) == "");
    }
}

TEST_CASE("Plugins of the network's own folder come behind those of the list") {
    const Scratch scratch;
    const auto file = scratch.path() / "10-n.conflist";
    write(scratch.path() / "n" / "20-c.conf", R"({"type": "c"})");
    write(scratch.path() / "n" / "10-b.conf", R"({"type": "b"})");
    write(scratch.path() / "n" / "10-b.conflist", R"({"type": "not read"})");
    write(file, R"({"name": "n", "plugins": [{"type": "a"}]})");
    CHECK(types_of(libcni::runtime::load_conf(file)) == std::vector<std::string>{"a", "b", "c"});
    write(file, R"({"name": "n"})");
    CHECK(types_of(libcni::runtime::load_conf(file)) == std::vector<std::string>{"b", "c"});
    write(file, R"({"name": "n", "loadOnlyInlinedPlugins": true, "plugins": [{"type": "a"}]})");
    CHECK(types_of(libcni::runtime::load_conf(file)) == std::vector<std::string>{"a"});
    write(file, R"({"name": "other"})");
    CHECK(missing_in(error_of([&] { return libcni::runtime::load_conf(file); }).msg(),
                     {"10-n.conflist", "no \"plugins\""})
          == "");
}

TEST_CASE("A network is looked for by its name: lists first, in the order of the files") {
    const Scratch scratch;
    const auto find = [&](const char* name) {
        return libcni::runtime::find_conf(scratch.path(), name);
    };
    CHECK(missing_in(one_line(error_of([&] { return find("a"); })), {"\"a\"", "has no .conflist"})
          == "");
    write(scratch.path() / "1.conf", R"({"name": "a", "type": "single"})");
    write(scratch.path() / "2.conflist", R"({"name": "a", "plugins": [{"type": "list"}]})");
    write(scratch.path() / "3.json", R"({"name": "b", "type": "json"})");
    write(scratch.path() / "4.txt", "no conf");
    CHECK(types_of(find("a")) == std::vector<std::string>{"list"});
    CHECK(types_of(find("b")) == std::vector<std::string>{"json"});
    CHECK(
        missing_in(one_line(error_of([&] { return find("c"); })), {"\"c\"", "\"a\", \"a\", \"b\""})
        == "");
}

TEST_CASE("A plugin gets its conf sorted, with the name and version of the list") {
    const ConfList list = read_conf_list(R"({"name": "n", "cniVersion": "1.0.0",
        "plugins": [{"type": "a", "z": 1.0, "name": "mine", "b": {"y": 1, "x": [2]}}]})",
                                         "x.conflist");
    const auto& plugin = list.plugins[0];
    CHECK(libcni::runtime::stdin_of_status(list, plugin)
          == R"({"b":{"x":[2],"y":1},"cniVersion":"1.0.0","name":"n","type":"a","z":1})");
    CHECK(libcni::runtime::stdin_of(list, plugin, {.container_id = "c"}, std::nullopt)
          == libcni::runtime::stdin_of_status(list, plugin));
}

TEST_CASE("What ADD came to stands in the order of the specification, unless all is sorted") {
    const ConfList list = read_conf_list(R"({"name": "n", "cniVersion": "1.0.0",
        "plugins": [{"type": "a", "capabilities": {"dns": true, "portMappings": false}}]})",
                                         "x.conflist");
    const auto& plugin = list.plugins[0];
    const auto result = result_with("10.0.0.5/24", libcni::SpecVersion::v1_0_0);
    CHECK(libcni::runtime::stdin_of(list, plugin, {.container_id = "c"}, result)
          == R"({"capabilities":{"dns":true,"portMappings":false},"cniVersion":"1.0.0","name":"n",)"
             R"("prevResult":{"cniVersion":"1.0.0","interfaces":[{"name":"eth0","sandbox":"ns"}],)"
             R"("ips":[{"interface":0,"address":"10.0.0.5/24"}],"dns":{}},"type":"a"})");
    const Attached with_capabilities{
        .container_id = "c",
        .capabilities =
            json{{"dns", {{"servers", {"10.0.0.10"}}}}, {"portMappings", json::array()}, {"x", 1}}};
    CHECK(libcni::runtime::stdin_of(list, plugin, with_capabilities, result)
          == R"({"capabilities":{"dns":true,"portMappings":false},"cniVersion":"1.0.0","name":"n",)"
             R"("prevResult":{"cniVersion":"1.0.0","dns":{},"interfaces":[{"name":"eth0",)"
             R"("sandbox":"ns"}],"ips":[{"address":"10.0.0.5/24","interface":0}]},)"
             R"("runtimeConfig":{"dns":{"servers":["10.0.0.10"]}},"type":"a"})");
}

TEST_CASE("GC is told the valid attachments by both names, none as an empty list") {
    const ConfList list = list_of("");
    CHECK(libcni::runtime::stdin_of_gc(list, list.plugins[0], {})
          == R"({"cni.dev/attachments":[],"cni.dev/valid-attachments":[],"cniVersion":"",)"
             R"("name":"n","type":"a"})");
    CHECK(missing_in(libcni::runtime::stdin_of_gc(
                         list, list.plugins[0], {{.container_id = "c", .interface_name = "e"}}),
                     {R"("cni.dev/attachments":[{"containerID":"c","ifname":"e"}])",
                      R"("cni.dev/valid-attachments":[{"containerID":"c","ifname":"e"}])"})
          == "");
}

TEST_CASE("A plugin's time is that of its conf and a margin") {
    for (const auto& [keys, seconds] :
         std::vector<std::pair<std::string, int>>{{"", 150},
                                                  {R"(, "timeoutSeconds": 10)", 40},
                                                  {R"(, "timeoutSeconds": 99999)", 3630},
                                                  {R"(, "timeoutSeconds": "1")", 150}})
        CHECK(libcni::runtime::time_limit_of(
                  read_single_conf(R"({"type": "a")" + keys + "}", "x").plugins[0])
              == std::chrono::seconds(seconds));
}
