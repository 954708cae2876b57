// SPDX-License-Identifier: Apache-2.0
#include <map>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "libcni/base/platform.hpp"
#include "libcni/config.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "tests/unit/thrown.hpp"

using libcni::Attachment;
using libcni::Command;
using libcni::Error;
using libcni::ErrorCode;
using libcni::NetworkConfig;
using libcni::parse_config;
using libcni::SpecVersion;
using libcni::log::Captured;
using libcni::log::Level;
using nlohmann::json;

namespace {

/// A conf that has all that it needs, with one key set.
std::string conf_with(const std::string& key, const json& value) {
    json conf{{"cniVersion", "1.1.0"}, {"name", "cbr0"}, {"type", "win-bridge"}};
    conf[key] = value;
    return conf.dump();
}

NetworkConfig read_with(const std::string& key, const json& value) {
    return parse_config(conf_with(key, value));
}

Error fault_with(const std::string& key, const json& value) {
    return error_of([&] { return read_with(key, value); });
}

} // namespace

TEST_CASE("The keys that every plugin knows are read") {
    const auto conf = parse_config(R"({"cniVersion": "0.4.0", "name": "cbr0", "type": "win-bridge",
        "ipam": {"type": "host-local"}, "extra": {"kept": 1}})");
    CHECK(conf.version == SpecVersion::v0_4_0);
    CHECK(conf.name == "cbr0");
    CHECK(conf.type == "win-bridge");
    CHECK(ipam_type_of(conf) == "host-local");
    CHECK(conf.json->at("extra").at("kept") == 1);
    CHECK_FALSE(read_prev_result(conf));
    CHECK(error_of([&] { return require_valid_attachments(conf); }).code()
          == ErrorCode::invalid_network_config);
}

TEST_CASE("Keys may be spelled in any case, as in Go") {
    const auto conf =
        parse_config(R"({"CNIVersion": "1.0.0", "Name": "cbr0", "IPAM": {"Type": "host-local"}})");
    CHECK(conf.version == SpecVersion::v1_0_0);
    CHECK(conf.name == "cbr0");
    CHECK(ipam_type_of(conf) == "host-local");
}

TEST_CASE("Delegates get the conf as it came, without its byte-order mark") {
    const std::string text = "{ \"name\":\"cbr0\",\r\n \"zz\": 1.50, \"aa\": \"\\u00e4\" }\n";
    CHECK(parse_config("\xEF\xBB\xBF" + text).bytes == text);
}

TEST_CASE("Every released spec version is accepted; none, or an empty one, means 0.1.0") {
    for (const auto name : libcni::spec_version_names)
        CHECK(to_string(read_with("cniVersion", name).version) == name);
    CHECK(parse_config(R"({"name": "cbr0"})").version == SpecVersion::v0_1_0);
    CHECK(read_with("cniVersion", "").version == SpecVersion::v0_1_0);
    CHECK(read_with("cniVersion", nullptr).version == SpecVersion::v0_1_0);
}

TEST_CASE("An unknown spec version is code 1 with the versions that are known") {
    for (const std::string version : {"0.2", "1.2.0", "2.0.0", "v1.0.0", " 1.0.0", "0.9.1"}) {
        CAPTURE(version);
        const Error error = fault_with("cniVersion", version);
        CHECK(error.code() == ErrorCode::incompatible_version);
        CHECK(missing_in(error.msg(), {version}) == "");
        CHECK(missing_in(error.details(), {"0.1.0, 0.2.0, 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0"})
              == "");
    }
}

TEST_CASE("The version of a conf that is otherwise useless is still told, for its error") {
    using libcni::version_asked_for;
    CHECK(version_asked_for(R"({"cniVersion": "0.4.0"})") == SpecVersion::v0_4_0);
    CHECK(version_asked_for(R"({"cniVersion": "0.3.1", "name": 7, "ipam": []})")
          == SpecVersion::v0_3_1);
    CHECK(version_asked_for("{}") == SpecVersion::v0_1_0);
    for (const std::string text : {"",
                                   "[]",
                                   "7",
                                   "{\"cniVersion\": 1}",
                                   "{\"cniVersion\": \"9.9.9\"}",
                                   "{\"cniVersion\": \"1.0.0\",}"}) {
        CAPTURE(text);
        CHECK_FALSE(version_asked_for(text));
    }
    CHECK(version_asked_for("\xEF\xBB\xBF{\"cniVersion\": \"1.0.0\"}") == SpecVersion::v1_0_0);
}

TEST_CASE("A network name is a letter or digit, then letters, digits, _ . and -") {
    for (const std::string name :
         {"cbr0", "0", "vxlan0", "flannel.4096", "a-b_c.d", "OVNKubernetesHybridOverlayNetwork"})
        CHECK(read_with("name", name).name == name);
    for (const std::string name : {"vSwitch (nat)",
                                   "../x",
                                   ".hidden",
                                   "-a",
                                   "_a",
                                   "a/b",
                                   "a\\b",
                                   "a:b",
                                   "a b",
                                   "\xC3\xA4",
                                   "a\n"}) {
        CAPTURE(name);
        const Error error = fault_with("name", name);
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(missing_in(error.msg(), {"conf.name", name}) == "");
    }
    for (const json& absent : {json(nullptr), json("")}) {
        CHECK(fault_with("name", absent).code() == ErrorCode::invalid_network_config);
        CHECK(fault_with("name", absent).msg() == "conf.name is missing");
    }
}

TEST_CASE("A wrong type is code 6 and names the key") {
    struct Case {
        std::string key;
        json value;
        std::string named;
    };

    const Case cases[] = {
        {"cniVersion", 1, "conf.cniVersion must be a string, not 1"},
        {"name", 7, "conf.name must be a string, not 7"},
        {"type", {"x"}, "conf.type must be a string, not array"},
        {"timeoutSeconds", "60", "conf.timeoutSeconds must be a whole number from 1 to 3600"},
        {"timeoutSeconds", 1.5, "conf.timeoutSeconds must be a whole number"},
        {"prevResult", "x", "conf.prevResult must be an object"}};
    for (const Case& one : cases) {
        CAPTURE(one.key);
        const Error error = fault_with(one.key, one.value);
        CHECK(error.code() == ErrorCode::decoding_failure);
        CHECK(missing_in(error.msg(), {one.named}) == "");
    }
    for (const std::string text : {"[]", "7", "\"x\"", "true", "null"}) {
        CAPTURE(text);
        const Error error = error_of([&] { return parse_config(text); });
        CHECK(error.code() == ErrorCode::decoding_failure);
        CHECK(missing_in(error.msg(), {"conf must be an object"}) == "");
    }
}

TEST_CASE("What only some commands use is read by them, and a wrong type names the key") {
    CHECK(missing_in(shape_fault_of([] { return ipam_type_of(read_with("ipam", "host-local")); }),
                     {"conf.ipam must be an object"})
          == "");
    CHECK(missing_in(shape_fault_of([] {
                         return ipam_type_of(read_with("ipam", {{"type", true}}));
                     }),
                     {"conf.ipam.type must be a string, not true"})
          == "");
    CHECK(missing_in(shape_fault_of([] {
                         return require_valid_attachments(
                             read_with("cni.dev/valid-attachments", 1));
                     }),
                     {"conf.cni.dev/valid-attachments"})
          == "");
    const std::pair<json, std::string> results[] = {
        {{{"ips", 1}}, "conf.prevResult.ips must be an array"},
        {{{"cniVersion", "7.0.0"}}, "conf.prevResult.cniVersion must be a spec version"}};
    for (const auto& one : results) {
        const json& value = one.first;
        const std::string& fault = one.second;
        CAPTURE(fault);
        const auto conf = read_with("prevResult", value);
        CHECK(missing_in(shape_fault_of([&] { return read_prev_result(conf); }), {fault}) == "");
    }
}

TEST_CASE("DEL and GC need no more than version and name: the rest may be as broken as it likes") {
    const std::pair<std::string, json> broken[] = {{"type", {"x"}},
                                                   {"type", 5},
                                                   {"ipam", "host-local"},
                                                   {"ipam", {{"type", true}}},
                                                   {"prevResult", "x"},
                                                   {"prevResult", {{"cniVersion", "1.2.0"}}},
                                                   {"cni.dev/valid-attachments", 1},
                                                   {"dns", 7},
                                                   {"runtimeConfig", false},
                                                   {"args", {1}}};
    for (const auto& one : broken) {
        const auto& key = one.first;
        const json& value = one.second;
        CAPTURE(key);
        CAPTURE(value.dump());
        for (const Command command : {Command::del, Command::gc})
            CHECK(parse_config(conf_with(key, value), command).name == "cbr0");
    }
    for (const json& wrong : {json("abc"), json(0), json(-1), json(3601), json(1.5), json({1})}) {
        CAPTURE(wrong.dump());
        const std::string conf = conf_with("timeoutSeconds", wrong);
        for (const Command command : {Command::del, Command::gc}) {
            const Captured log;
            CHECK(parse_config(conf, command).timeout == std::chrono::seconds(120));
            CHECK(log.holds(Level::warning,
                            "conf.timeoutSeconds must be a whole number from 1 to 3600, not "));
        }
        for (const Command command : {Command::add, Command::check, Command::status})
            CHECK(error_of([&] { return parse_config(conf, command); }).code()
                  == ErrorCode::decoding_failure);
    }
    const Captured log;
    CHECK(parse_config(conf_with("timeoutSeconds", 7), Command::del).timeout
          == std::chrono::seconds(7));
    CHECK(log.records().empty());
    parse_config(conf_with("type", 5), Command::del);
    CHECK(log.holds(Level::warning, "conf.type must be a string, not 5: DEL goes on without it"));
    for (const auto& one : std::map<std::string, json>{{"name", 7}, {"cniVersion", 1}}) {
        const std::string conf = conf_with(one.first, one.second);
        CHECK(error_of([&] { return parse_config(conf, Command::del); }).code()
              == ErrorCode::decoding_failure);
    }
}

TEST_CASE("timeoutSeconds is 120 unless the conf says 1 to 3600") {
    using std::chrono::seconds;
    CHECK(read_with("name", "cbr0").timeout == seconds(120));
    CHECK(read_with("timeoutSeconds", 1).timeout == seconds(1));
    CHECK(read_with("timeoutSeconds", 3600).timeout == seconds(3600));
    for (const json& wrong : {json(0), json(3601), json(-1), json(1e300), json(4294967299)}) {
        CAPTURE(wrong.dump());
        CHECK(fault_with("timeoutSeconds", wrong).code() == ErrorCode::decoding_failure);
    }
}

TEST_CASE("No list of valid attachments is not an empty one: GC must not take it for 'none'") {
    const char* key = "cni.dev/valid-attachments";
    const auto attachments_with = [&](const json& value) {
        return require_valid_attachments(read_with(key, value));
    };
    const auto refused = [&](const NetworkConfig& conf) {
        return error_of([&] { return require_valid_attachments(conf); }).code();
    };
    CHECK(refused(read_with("name", "cbr0")) == ErrorCode::invalid_network_config);
    CHECK(refused(read_with(key, nullptr)) == ErrorCode::invalid_network_config);
    CHECK(attachments_with(json::array()).empty());
    CHECK(attachments_with({{{"containerID", "c1"}, {"ifname", "eth0"}}, {{"containerID", "c2"}}})
          == std::vector<Attachment>{{"c1", "eth0"}, {"c2", ""}});
    CHECK(missing_in(shape_fault_of([&] {
                         return attachments_with(json::array({{{"ifname", "eth0"}}}));
                     }),
                     {"[0].containerID is missing"})
          == "");
}

TEST_CASE("prevResult is read in its own version, else in that of the conf") {
    const json old{{"ip4", {{"ip", "10.244.3.7/24"}}}};
    const json list{{"ips", {{{"address", "10.244.3.7/24"}}}}};
    for (const auto version : libcni::spec_version_names) {
        CAPTURE(version);
        const bool is_old = version < "0.3.0";
        json conf{{"cniVersion", version}, {"name", "cbr0"}, {"prevResult", is_old ? old : list}};
        const auto in_conf_version = read_prev_result(parse_config(conf.dump()));
        REQUIRE(in_conf_version);
        REQUIRE(in_conf_version->ips.size() == 1);
        conf["cniVersion"] = is_old ? "1.1.0" : "0.2.0";
        conf["prevResult"]["cniVersion"] = version;
        CHECK(read_prev_result(parse_config(conf.dump())) == in_conf_version);
    }
}

TEST_CASE("A path out of a conf may have either slash, and begins at the system drive") {
    const std::string drive = libcni::system_drive();
    CHECK(libcni::utf8_of(libcni::conf_path("/run/flannel/subnet.env", "k"))
          == drive + "/run/flannel/subnet.env");
    CHECK(libcni::utf8_of(libcni::conf_path("\\k\\cni", "k")) == drive + "\\k\\cni");
    for (const std::string path : {"C:\\k\\cni",
                                   "C:/k/cni",
                                   "relative/x",
                                   "\\\\server\\share\\x",
                                   "//server/share",
                                   "C:\\Users\\\xC3\xA4\xE6\x97\xA5"})
        CHECK(libcni::utf8_of(libcni::conf_path(path, "k")) == path);
}

TEST_CASE(
    "A path with control characters comes from unescaped backslashes and is refused by name") {
    // "C:\run\net", "C:\bin\flannel" and "C:\tmp" are valid JSON and mean something else.
    for (const std::string text :
         {R"("C:\run\net")", R"("C:\bin\flannel")", R"("C:\tmp")", R"("\u0000")", R"("a\u007f")"}) {
        CAPTURE(text);
        const json value = json::parse(text);
        const Error error =
            error_of([&] { return libcni::conf_path(libcni::JsonReader(value, "conf.dataDir")); });
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(missing_in(error.msg(), {"conf.dataDir", "control characters"}) == "");
        CHECK(missing_in(error.details(), {"doubled"}) == "");
    }
    const Error error = error_of([] { return libcni::conf_path("", "conf.dataDir"); });
    CHECK(error.code() == ErrorCode::invalid_network_config);
    CHECK(error.msg() == "conf.dataDir is empty");
}
