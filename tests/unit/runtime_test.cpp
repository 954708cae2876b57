// SPDX-License-Identifier: Apache-2.0
// A runtime's commands on plugins that only write down how they were called, and its cache.
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "libcni/runtime/runtime.hpp"
#include "tests/unit/scratch.hpp"
#include "tests/unit/thrown.hpp"

using libcni::Attachment;
using libcni::Ended;
using libcni::ErrorCode;
using libcni::runtime::Attached;
using libcni::runtime::Cache;
using libcni::runtime::CacheEntry;
using libcni::runtime::ConfList;
using libcni::runtime::PluginCall;
using libcni::runtime::PluginFailure;
using libcni::runtime::read_conf_list;
using libcni::runtime::Runtime;
using nlohmann::json;

using Texts = std::vector<std::string>;

namespace {

/// Answers as it is told for "<type> <COMMAND>", and ADD with an address otherwise.
class FakePlugins final : public libcni::runtime::Plugins {
public:
    Ended run(const PluginCall& call) override {
        const std::string name = call.type + " " + std::string(to_string(call.command));
        calls.push_back(name);
        inputs.push_back(json::parse(call.input));
        attached.push_back(call.attached);
        if (const auto it = answers.find(name); it != answers.end()) return it->second;
        const bool is_add = call.command == libcni::Command::add;
        return {.exit_code = 0, .output = is_add ? address_of(call.type) : ""};
    }

    static std::string address_of(const std::string& type) {
        return R"({"cniVersion": "1.0.0", "ips": [{"address": "10.0.0.)"
               + std::to_string(static_cast<int>(type[0])) + R"(/8"}]})";
    }

    std::map<std::string, Ended> answers;
    Texts calls;
    std::vector<json> inputs;
    std::vector<Attached> attached;
};

struct Node {
    Scratch scratch;
    Cache cache{scratch.path() / "cache"};
    FakePlugins plugins;
    Runtime runtime{plugins, cache};
};

ConfList list_of(const std::string& version, const std::string& more = "") {
    return read_conf_list(R"({"name": "n", "cniVersion": ")" + version
                              + R"(", "plugins": [{"type": "a"}, {"type": "b"}, {"type": "c"}])"
                              + more + "}",
                          "n.conflist");
}

Attached pod(const std::string& id = "c1") {
    return {.container_id = id, .netns = "ns", .args = {{"K8S_POD_NAME", "web"}}};
}

const Ended refusal{.exit_code = 1,
                    .output = "{ \"code\": 11, \"msg\": \"no room\",\n \"details\": \"d\" }"};

/// The failure that `body` ends with.
template <class Body>
PluginFailure failure_of(Body body) {
    try {
        body();
    } catch (const PluginFailure& failure) {
        return failure;
    }
    throw std::logic_error("no plugin has failed");
}

} // namespace

TEST_CASE("ADD hands on what each plugin came to, and remembers the last") {
    Node node;
    const auto result = node.runtime.add(list_of("1.0.0"), pod(), "MADE");
    CHECK(node.plugins.calls == Texts{"a ADD", "b ADD", "c ADD"});
    CHECK_FALSE(node.plugins.inputs[0].contains("prevResult"));
    CHECK(node.plugins.inputs[1]["prevResult"]["ips"][0]["address"] == "10.0.0.97/8");
    CHECK(node.plugins.inputs[2]["prevResult"]["ips"][0]["address"] == "10.0.0.98/8");
    CHECK(result.result.ips[0].address.to_string() == "10.0.0.99/8");
    const auto entry = node.cache.find("n", "c1", "eth0");
    REQUIRE(entry);
    CHECK(entry->attached == pod());
    CHECK(entry->config == list_of("1.0.0").bytes);
    CHECK(entry->made_namespace == "MADE");
    CHECK((*entry->result)["ips"][0]["address"] == "10.0.0.99/8");
}

TEST_CASE("A result without a version is in that of the list; one with another keeps it") {
    for (const auto& [answer, version] : std::vector<std::pair<std::string, std::string>>{
             {R"({"ips": []})", "0.4.0"},
             {R"({"cniVersion": "", "ips": []})", "0.4.0"},
             {R"({"cniVersion": "0.3.1"})", "0.3.1"}}) {
        Node node;
        node.plugins.answers["a ADD"] = {.exit_code = 0, .output = answer};
        node.runtime.add(list_of("0.4.0"), pod());
        CHECK(node.plugins.inputs[1]["prevResult"]["cniVersion"] == version);
    }
}

TEST_CASE(
    "A plugin that fails ends ADD; its error is there as it came, and nothing is remembered") {
    Node node;
    node.plugins.answers["b ADD"] = refusal;
    const auto failure = failure_of([&] { node.runtime.add(list_of("1.0.0"), pod()); });
    CHECK(node.plugins.calls == Texts{"a ADD", "b ADD"});
    CHECK(failure.output() == refusal.output);
    CHECK(failure.msg() == "b ADD: no room");
    CHECK(failure.code() == ErrorCode::try_again_later);
    CHECK(node.cache.entries().empty());
}

TEST_CASE("An answer that is no CNI answer becomes an error that shows it") {
    for (const auto& [answer, said] : std::vector<std::pair<Ended, std::string>>{
             {{.exit_code = 2, .output = "panic: x"}, "panic: x"},
             {{.exit_code = 3}, "it printed nothing"},
             {{.exit_code = 0, .output = "Loaded"}, "it printed: Loaded"},
             {{.exit_code = 0, .output = R"({"ips": 7})"}, "result.ips must be an array"},
             {{.exit_code = 0, .output = R"({"cniVersion": "9.0.0"})"}, "9.0.0"},
             {{.exit_code = 1, .output = R"({"code": "7", "msg": "x"})"}, "wrong shape"}}) {
        Node node;
        node.plugins.answers["a ADD"] = answer;
        const auto failure = failure_of([&] { node.runtime.add(list_of("1.0.0"), pod()); });
        const std::string shown = answer.output;
        CAPTURE(shown);
        CHECK(missing_in(one_line(failure), {said, "a ADD"}) == "");
        CHECK(json::parse(failure.output()).contains("code"));
    }
}

TEST_CASE("An error that is printed with exit code 0 is an error all the same") {
    Node node;
    node.plugins.answers["a ADD"] = {.exit_code = 0, .output = refusal.output};
    CHECK(failure_of([&] { node.runtime.add(list_of("1.0.0"), pod()); }).output()
          == refusal.output);
}

TEST_CASE("CHECK asks each plugin, with what ADD came to") {
    Node node;
    node.runtime.add(list_of("1.0.0"), pod());
    node.plugins.calls.clear();
    node.plugins.inputs.clear();
    CHECK(node.runtime.check(list_of("0.4.0"), pod()));
    CHECK(node.plugins.calls == Texts{"a CHECK", "b CHECK", "c CHECK"});
    for (const auto& input : node.plugins.inputs)
        CHECK(input["prevResult"] == json::parse(R"({"cniVersion": "0.4.0", "dns": {},
                  "ips": [{"address": "10.0.0.99/8", "version": "4"}]})"));
}

TEST_CASE("CHECK is refused below 0.4.0 and may be disabled") {
    Node node;
    for (const char* old : {"", "0.2.0", "0.3.1"})
        CHECK(error_of([&] { return node.runtime.check(list_of(old), pod()); }).code()
              == ErrorCode::incompatible_version);
    CHECK_FALSE(node.runtime.check(list_of("1.0.0", R"(, "disableCheck": true)"), pod()));
    CHECK(node.plugins.calls.empty());
}

TEST_CASE("DEL goes backwards, from 0.4.0 on with what ADD came to, and forgets") {
    for (const auto& [version, has_result] : std::vector<std::pair<std::string, bool>>{
             {"0.3.1", false}, {"0.4.0", true}, {"1.1.0", true}}) {
        Node node;
        node.runtime.add(list_of(version), pod());
        node.plugins.calls.clear();
        node.plugins.inputs.clear();
        node.runtime.del(list_of(version), pod());
        CHECK(node.plugins.calls == Texts{"c DEL", "b DEL", "a DEL"});
        for (const auto& input : node.plugins.inputs)
            CHECK(input.contains("prevResult") == has_result);
        CHECK(node.cache.entries().empty());
        CHECK_NOTHROW(node.runtime.del(list_of(version), pod()));
        CHECK_FALSE(node.plugins.inputs.back().contains("prevResult"));
    }
}

TEST_CASE("A DEL that fails keeps what is remembered for the next") {
    Node node;
    node.runtime.add(list_of("1.0.0"), pod());
    node.plugins.answers["b DEL"] = refusal;
    node.plugins.calls.clear();
    CHECK(failure_of([&] { node.runtime.del(list_of("1.0.0"), pod()); }).msg() == "b DEL: no room");
    CHECK(node.plugins.calls == Texts{"c DEL", "b DEL"});
    CHECK(node.cache.entries().size() == 1);
}

TEST_CASE("A file of the cache that does not read is as none for DEL, and goes") {
    for (
        const char* text :
        {"",
         "{",
         "[]",
         R"({"kind": "other"})",
         R"({"kind": "cniCacheV1", "networkName": "n", "ifName": "eth0", "result": {"cniVersion": "1.0.0", "ips": 7}})"}) {
        Node node;
        const auto file = node.cache.file_of("n", "c1", "eth0");
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file) << text;
        node.runtime.del(list_of("1.0.0"), pod());
        CHECK_FALSE(node.plugins.inputs.at(0).contains("prevResult"));
        CHECK_FALSE(std::filesystem::exists(file));
    }
}

TEST_CASE("STATUS stops at the first plugin that is not ready, and exists from 1.1.0 on") {
    Node node;
    CHECK_FALSE(node.runtime.status(list_of("1.0.0")));
    CHECK(node.plugins.calls.empty());
    CHECK(node.runtime.status(list_of("1.1.0")));
    CHECK(node.plugins.calls == Texts{"a STATUS", "b STATUS", "c STATUS"});
    CHECK(node.plugins.attached[0].container_id == "");
    CHECK(node.plugins.attached[0].interface_name == "");
    node.plugins.calls.clear();
    node.plugins.answers["b STATUS"] = refusal;
    CHECK_THROWS_AS(node.runtime.status(list_of("1.1.0")), PluginFailure);
    CHECK(node.plugins.calls == Texts{"a STATUS", "b STATUS"});
}

TEST_CASE("GC removes what of this network is not to be kept, then tells the plugins") {
    Node node;
    for (const char* id : {"c1", "c2", "c3"})
        node.runtime.add(list_of("1.1.0"), pod(id));
    node.cache.put({.network = "other", .attached = pod("c9")});
    node.plugins.calls.clear();
    node.plugins.inputs.clear();
    node.plugins.attached.clear();
    const std::vector<Attachment> valid{{"c2", "eth0"}, {"c3", "eth1"}};
    const auto collected = node.runtime.gc(list_of("1.1.0"), valid);
    CHECK(node.plugins.calls
          == Texts{"c DEL", "b DEL", "a DEL", "c DEL", "b DEL", "a DEL", "a GC", "b GC", "c GC"});
    CHECK(node.plugins.attached[0] == pod("c1"));
    CHECK(node.plugins.attached[3] == pod("c3"));
    CHECK(node.plugins.inputs.back()["cni.dev/valid-attachments"].size() == 2);
    CHECK(collected.removed.size() == 2);
    CHECK(collected.faults.empty());
    CHECK(node.cache.entries().size() == 2);
}

TEST_CASE("GC goes on when one thing fails, and tells each") {
    Node node;
    for (const char* id : {"c1", "c2"})
        node.runtime.add(list_of("1.1.0"), pod(id));
    node.plugins.calls.clear();
    node.plugins.answers["c DEL"] = refusal;
    node.plugins.answers["a GC"] = {.exit_code = 4};
    const auto collected = node.runtime.gc(list_of("1.1.0"), {});
    CHECK(node.plugins.calls == Texts{"c DEL", "c DEL", "a GC", "b GC", "c GC"});
    CHECK(collected.faults.size() == 3);
    CHECK(collected.output == refusal.output);
    CHECK(collected.removed.empty());
}

TEST_CASE("GC of plugins exists from 1.1.0 on, and all of it may be disabled") {
    Node node;
    node.runtime.add(list_of("1.0.0"), pod());
    node.plugins.calls.clear();
    CHECK(node.runtime.gc(list_of("1.0.0", R"(, "disableGC": true)"), {}).removed.empty());
    CHECK(node.plugins.calls.empty());
    CHECK(node.runtime.gc(list_of("1.0.0"), {}).removed.size() == 1);
    CHECK(node.plugins.calls == Texts{"c DEL", "b DEL", "a DEL"});
}

TEST_CASE("A file of the cache is written as libcni does, and comes back") {
    CacheEntry entry{.network = "n",
                     .attached = {.container_id = "c1", .interface_name = "eth0"},
                     .config = R"({"name":"n"})"};
    CHECK(encode(entry)
          == R"({"kind":"cniCacheV1","containerId":"c1","config":"eyJuYW1lIjoibiJ9",)"
             R"("ifName":"eth0","networkName":"n"})");
    entry.attached.netns = "ns";
    entry.attached.args = {{"B", "1"}, {"A", "<2>"}};
    entry.attached.capabilities = json{{"dns", json::object()}};
    entry.result = json{{"cniVersion", "1.0.0"}};
    entry.made_namespace = "ns";
    CHECK(encode(entry)
          == R"({"kind":"cniCacheV1","containerId":"c1","config":"eyJuYW1lIjoibiJ9",)"
             R"("ifName":"eth0","networkName":"n","netns":"ns",)"
             R"("cniArgs":[["B","1"],["A","\u003c2\u003e"]],"capabilityArgs":{"dns":{}},)"
             R"("result":{"cniVersion":"1.0.0"},"wincniNamespace":"ns"})");
    const auto back = libcni::runtime::decode_cache_entry(encode(entry));
    REQUIRE(back);
    CHECK(encode(*back) == encode(entry));
    CHECK(back->attached == entry.attached);
}

TEST_CASE("What is no file of a cache is none of its entries") {
    for (const char* text :
         {"",
          "7",
          "{}",
          R"({"kind":"cniCacheV2"})",
          R"({"kind":"cniCacheV1","networkName":"n"})",
          R"({"kind":"cniCacheV1","networkName":7,"ifName":"e"})",
          R"({"kind":"cniCacheV1","networkName":"n","ifName":"e","cniArgs":{}})"}) {
        CAPTURE(text);
        CHECK_FALSE(libcni::runtime::decode_cache_entry(text));
    }
    const Scratch scratch;
    const Cache cache(scratch.path());
    CHECK(cache.entries().empty());
    std::filesystem::create_directories(scratch.path() / "results" / "a folder");
    CHECK(cache.entries().empty());
}

TEST_CASE("Base64, there and back") {
    for (const auto& [bytes, text] :
         std::vector<std::pair<std::string, std::string>>{{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"\xFB\xFF\xFE", "+//+"}}) {
        CHECK(libcni::runtime::to_base64(bytes) == text);
        CHECK(libcni::runtime::from_base64(text) == bytes);
    }
    for (const char* bad : {"Zg", "Z===", "Zg=!", "Z g=", "===="})
        CHECK_FALSE(libcni::runtime::from_base64(bad));
}

TEST_CASE("Names that are none are refused before a plugin is started") {
    const auto require = [](const std::string& network, const Attached& attached) {
        return error_of([&] {
            libcni::runtime::require_names({.name = network}, attached);
            return 0;
        });
    };
    CHECK(require("n", pod()).code() == ErrorCode{});
    for (const char* bad : {"", "..", "a/b", "-a", "a b"}) {
        CHECK(missing_in(require(bad, pod()).msg(), {"network"}) == "");
        CHECK(missing_in(require("n", pod(bad)).msg(), {"container"}) == "");
    }
    for (const char* bad : {"", "..", "a/b", "a b", "0123456789abcdef"})
        CHECK(missing_in(require("n", {.container_id = "c", .interface_name = bad}).msg(),
                         {"interface"})
              == "");
}
