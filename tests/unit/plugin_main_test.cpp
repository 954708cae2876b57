// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <map>
#include <new>
#include <regex>
#include <stdexcept>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "libcni/plugin_main.hpp"
#include "tests/unit/recording_plugin.hpp"
#include "tests/unit/thrown.hpp"

using libcni::Error;
using libcni::ErrorCode;
using libcni::Outcome;
using libcni::Request;
using libcni::Result;
using libcni::log::Captured;
using libcni::log::Level;
using nlohmann::json;

namespace {

using Variables = std::map<std::string, std::string>;

struct Answer {
    Outcome outcome;
    json text;
    /// The commands that reached the plugin, and the last request.
    std::string called;
    Request seen;

    [[nodiscard]] int code() const { return text.value("code", 0); }
};

/// Runs a command as a runtime does, with every variable set. What is printed must be one JSON
/// document or nothing.
Answer run(const RecordingPlugin& plugin, Variables changed, const std::string& conf) {
    Variables variables{{"CNI_CONTAINERID", "c1"},
                        {"CNI_NETNS", "none"},
                        {"CNI_IFNAME", "eth0"},
                        {"CNI_PATH", "cni"}};
    changed.merge(variables);
    Outcome outcome = libcni::dispatch(
        plugin,
        [&](const char* name) -> std::optional<std::string> {
            const auto it = changed.find(name);
            if (it == changed.end() || it->second.empty()) return std::nullopt;
            return it->second;
        },
        conf);
    json text = outcome.output.empty() ? json::object() : json::parse(outcome.output);
    return {std::move(outcome), std::move(text), plugin.called, plugin.seen};
}

Answer run(const std::string& command, const std::string& conf) {
    return run(RecordingPlugin(), {{"CNI_COMMAND", command}}, conf);
}

std::string conf_of(std::string_view version) {
    return json{{"cniVersion", version}, {"name", "cbr0"}}.dump();
}

/// An ADD that throws what `body` throws.
Answer add_that_throws(std::function<Result(const Request&)> body) {
    RecordingPlugin plugin;
    plugin.on_add = std::move(body);
    return run(plugin, {{"CNI_COMMAND", "ADD"}}, conf_of("0.4.0"));
}

} // namespace

TEST_CASE("ADD prints the handler's result in the version of the conf") {
    for (const auto version : libcni::spec_version_names) {
        CAPTURE(version);
        const Answer answer = run("ADD", conf_of(version));
        CHECK(answer.outcome.status == 0);
        CHECK(answer.text.at("cniVersion") == version);
        CHECK(answer.text.contains(version < "0.3.0" ? "ip4" : "ips"));
        CHECK(answer.called == "add");
        CHECK(answer.seen.container_id == "c1");
        CHECK(answer.seen.netns == "none");
        CHECK(answer.seen.conf.name == "cbr0");
    }
}

TEST_CASE("The other commands reach their handler and print nothing") {
    for (const auto& [command, handler] : std::map<std::string, std::string>{
             {"DEL", "del"}, {"CHECK", "check"}, {"STATUS", "status"}, {"GC", "gc"}}) {
        const Answer answer = run(command, conf_of("1.1.0"));
        CHECK(answer.outcome.status == 0);
        CHECK(answer.outcome.output.empty());
        CHECK(answer.called == handler);
    }
}

TEST_CASE("A command does not exist before the spec version that brought it") {
    struct Case {
        std::string command;
        std::string first;
    };

    const Case cases[] = {{"ADD", "0.1.0"},
                          {"DEL", "0.1.0"},
                          {"CHECK", "0.4.0"},
                          {"STATUS", "1.1.0"},
                          {"GC", "1.1.0"}};
    for (const Case& one : cases) {
        for (const auto version : libcni::spec_version_names) {
            CAPTURE(one.command);
            CAPTURE(version);
            const Answer answer = run(one.command, conf_of(version));
            CHECK(answer.code() == (version < one.first ? 1 : 0));
            CHECK(answer.called.empty() == (version < one.first));
        }
    }
    const Answer answer = run("CHECK", conf_of("0.3.1"));
    CHECK(answer.outcome.status == 1);
    CHECK(answer.text.at("cniVersion") == "0.3.1");
    CHECK(missing_in(answer.text.at("msg"), {"CHECK", "0.3.1"}) == "");
    CHECK(missing_in(answer.text.at("details"), {"0.4.0"}) == "");
}

TEST_CASE("VERSION lists all versions in that of the conf, which may be missing or useless") {
    const json all = libcni::spec_version_names;
    for (const std::string conf :
         {"", "{}", "x", R"({"cniVersion": "0.4.0"})", "{\"cniVersion\": \"9.9.9\"}"}) {
        CAPTURE(conf);
        const Answer answer = run("VERSION", conf);
        CHECK(answer.outcome.status == 0);
        CHECK(answer.text.at("supportedVersions") == all);
    }
    CHECK(run("VERSION", R"({"cniVersion": "0.4.0"})").text.at("cniVersion") == "0.4.0");
    CHECK(run("VERSION", "").text.at("cniVersion") == "1.1.0");
    CHECK(run("VERSION", R"({"cniVersion": "9.9.9"})").text.at("cniVersion") == "1.1.0");
}

TEST_CASE("A version that is not spoken is code 1 with the list of those that are") {
    const Answer answer = run("ADD", conf_of("9.9.9"));
    CHECK(answer.outcome.status == 1);
    CHECK(answer.code() == 1);
    CHECK(answer.text.at("cniVersion") == "1.1.0");
    CHECK(missing_in(answer.text.at("msg"), {"9.9.9"}) == "");
    CHECK(missing_in(answer.text.at("details"), {"0.1.0, ", "1.1.0"}) == "");
    CHECK(answer.called.empty());
}

TEST_CASE("An unknown command is code 4 and calls nothing") {
    for (const std::string command : {"", "UPDATE", "add"}) {
        const Answer answer = run(command, conf_of("1.0.0"));
        CHECK(answer.code() == 4);
        CHECK(answer.text.at("cniVersion") == "1.0.0");
        CHECK(answer.called.empty());
    }
}

TEST_CASE("A conf that cannot be read is code 6, and its version is used when that can be") {
    CHECK(run("ADD", "").code() == 6);
    CHECK(run("ADD", "{").text.at("cniVersion") == "1.1.0");
    const Answer answer = run("DEL", R"({"cniVersion": "0.3.1", "name": 7})");
    CHECK(answer.code() == 6);
    CHECK(answer.text.at("cniVersion") == "0.3.1");
}

TEST_CASE("An error of a handler is printed in the version of the conf") {
    const Answer answer = add_that_throws([](const Request&) -> Result {
        throw Error(ErrorCode::hns_failure, "HNS said no", "ask again");
    });
    CHECK(answer.outcome.status == 1);
    CHECK(answer.text
          == json{{"cniVersion", "0.4.0"},
                  {"code", 100},
                  {"msg", "HNS said no"},
                  {"details", "ask again"}});
}

TEST_CASE("Whatever a handler throws becomes one JSON document") {
    const Answer shape = add_that_throws([](const Request& request) -> Result {
        (void)request.conf.reader().require("loopbackDSR");
        return {};
    });
    CHECK(shape.code() == 6);
    CHECK(missing_in(shape.text.at("msg"), {"conf.loopbackDSR is missing"}) == "");

    const Answer standard =
        add_that_throws([](const Request&) -> Result { throw std::runtime_error("surprise"); });
    CHECK(standard.code() == 999);
    CHECK(standard.text.at("cniVersion") == "0.4.0");
    CHECK(missing_in(standard.text.at("msg"), {"fake", "surprise"}) == "");

    CHECK(add_that_throws([](const Request&) -> Result { throw std::bad_alloc(); }).code() == 999);
    CHECK(add_that_throws([](const Request&) -> Result { throw 7; }).code() == 999);

    const Answer bytes = add_that_throws([](const Request&) -> Result {
        throw Error(ErrorCode::io_failure, "cannot open \xFC\xE9");
    });
    CHECK(bytes.code() == 5);
    CHECK(missing_in(bytes.text.at("msg"), {"cannot open \xEF\xBF\xBD"}) == "");
}

TEST_CASE("DEL reaches its plugin however broken the keys are that no DEL needs") {
    const std::pair<const char*, const char*> broken[] = {
        {"prevResult", R"({"cniVersion": "1.2.0", "ips": []})"},
        {"prevResult", R"({"ips": [{"address": "null/32"}]})"},
        {"prevResult", R"("x")"},
        {"timeoutSeconds", R"("abc")"},
        {"timeoutSeconds", "0"},
        {"timeoutSeconds", "-1"},
        {"timeoutSeconds", "1e300"},
        {"type", "[]"},
        {"ipam", "7"},
        {"dns", R"({"nameservers": 7})"},
        {"runtimeConfig", "[]"},
        {"args", R"("none")"},
        {"cni.dev/valid-attachments", "{}"},
        {"cni.dev/valid-attachments", "[7]"}};
    for (const auto& one : broken) {
        const auto& key = one.first;
        const auto& value = one.second;
        CAPTURE(key);
        CAPTURE(value);
        json conf = json::parse(conf_of("0.4.0"));
        conf[key] = json::parse(value);
        const Answer answer = run("DEL", conf.dump());
        CHECK(answer.outcome.status == 0);
        CHECK(answer.outcome.output.empty());
        CHECK(answer.called == "del");
        // A delegate is given what came.
        CHECK(answer.seen.conf.bytes == conf.dump());
        CHECK(answer.seen.conf.timeout == std::chrono::seconds(120));
    }
}

TEST_CASE("No command decodes prevResult or the valid attachments unless it uses them") {
    json conf = json::parse(conf_of("1.1.0"));
    conf["prevResult"] = {{"cniVersion", "1.2.0"}};
    conf["cni.dev/valid-attachments"] = 7;
    for (const std::string command : {"ADD", "DEL", "CHECK", "STATUS", "GC"}) {
        CAPTURE(command);
        CHECK(run(command, conf.dump()).outcome.status == 0);
    }
    conf["timeoutSeconds"] = "abc";
    for (const auto& one : std::map<std::string, int>{
             {"ADD", 6}, {"CHECK", 6}, {"STATUS", 6}, {"DEL", 0}, {"GC", 0}}) {
        const std::string& command = one.first;
        const int code = one.second;
        CAPTURE(command);
        CHECK(run(command, conf.dump()).code() == code);
    }
}

TEST_CASE("A DEL whose CNI_ARGS are not pairs goes on, and a delegate gets them as they came") {
    for (const std::string text : {"oops", "IP=10.0.0.1;oops", "=1"}) {
        CAPTURE(text);
        const Captured log;
        const Answer answer =
            run(RecordingPlugin(), {{"CNI_COMMAND", "DEL"}, {"CNI_ARGS", text}}, conf_of("1.1.0"));
        CHECK(log.holds(Level::warning, "DEL goes on without it"));
        CHECK(log.holds(Level::warning, "CNI_ARGS holds"));
        CHECK(answer.outcome.status == 0);
        CHECK(answer.called == "del");
        CHECK(answer.seen.args.text == text);
        const Answer refused =
            run(RecordingPlugin(), {{"CNI_COMMAND", "ADD"}, {"CNI_ARGS", text}}, conf_of("1.1.0"));
        CHECK(refused.code() == 4);
        CHECK(refused.called.empty());
    }
}

namespace {

/// Speaks the two oldest versions only.
class OldPlugin final : public RecordingPlugin {
public:
    [[nodiscard]] std::span<const std::string_view> versions() const override {
        return std::span(libcni::spec_version_names).first(2);
    }
};

} // namespace

TEST_CASE("A plugin that speaks fewer versions says so, and is not asked in others") {
    const OldPlugin plugin;
    const Answer versions = run(plugin, {{"CNI_COMMAND", "VERSION"}}, "");
    CHECK(versions.text.at("supportedVersions") == json{"0.1.0", "0.2.0"});
    CHECK(run(plugin, {{"CNI_COMMAND", "DEL"}}, conf_of("0.2.0")).called == "del");
    const Answer refused = run(OldPlugin(), {{"CNI_COMMAND", "DEL"}}, conf_of("0.3.0"));
    CHECK(refused.code() == 1);
    CHECK(refused.called.empty());
    CHECK(missing_in(refused.text.at("details"), {"0.1.0, 0.2.0"}) == "");
}

TEST_CASE("Each command leaves one line at info: how long it took, what it gave, which network") {
    const auto line_of = [](const std::string& command, const RecordingPlugin& plugin) {
        const Captured log;
        CHECK(run(plugin, {{"CNI_COMMAND", command}}, conf_of("1.1.0")).outcome.status == 0);
        REQUIRE(log.records().size() == 1);
        CHECK(log.records().front().level == Level::info);
        return log.records().front().text;
    };
    const auto is_ok = [](const std::string& line, const std::string& end) {
        return std::regex_match(line, std::regex("ok [0-9]+ ms" + end));
    };
    CHECK(is_ok(line_of("ADD", RecordingPlugin()), " 10\\.244\\.3\\.7/24 cbr0"));
    for (const std::string command : {"DEL", "CHECK", "STATUS", "GC"})
        CHECK(is_ok(line_of(command, RecordingPlugin()), " cbr0"));
    CHECK(is_ok(line_of("VERSION", RecordingPlugin()), ""));
    RecordingPlugin plugin;
    plugin.on_add = [](const Request&) -> Result {
        return {.ips = {{.address = libcni::Cidr::parse("10.244.4.3/24").value(),
                         .gateway = libcni::parse_address("10.244.4.2")},
                        {.address = libcni::Cidr::parse("fd00::3/64").value()}}};
    };
    CHECK(is_ok(line_of("ADD", plugin),
                " 10\\.244\\.4\\.3/24 via 10\\.244\\.4\\.2, fd00::3/64 cbr0"));
    plugin.on_add = [](const Request&) -> Result { return {}; };
    CHECK(is_ok(line_of("ADD", plugin), " cbr0"));
}

TEST_CASE("A command that fails leaves one line at error, and none at info") {
    const Captured log;
    add_that_throws([](const Request&) -> Result {
        throw Error(ErrorCode::invalid_network_config, "no network \"cbr0\"", "make it");
    });
    add_that_throws([](const Request&) -> Result { throw std::runtime_error("surprise"); });
    run("ADD", R"({"name": 7})");
    run("UPDATE", conf_of("1.1.0"));
    const auto lines = log.texts(Level::error);
    CHECK(log.records().size() == lines.size());
    REQUIRE(lines.size() == 4);
    CHECK(lines[0] == "failed with code 7: no network \"cbr0\" (make it)");
    CHECK(lines[1] == "failed with code 999: fake: surprise");
    CHECK(missing_in(lines[2], {"failed with code 6: conf.name must be a string, not 7"}) == "");
    CHECK(missing_in(lines[3], {"failed with code 4: CNI_COMMAND"}) == "");
}

TEST_CASE("What is wrong with the log's keys is a warning, and fails nothing") {
    for (const std::string command : {"ADD", "DEL", "STATUS"}) {
        const Captured log;
        CHECK(run(command, R"({"cniVersion": "1.1.0", "name": "n", "logFile": 7})").outcome.status
              == 0);
        CHECK(log.holds(Level::warning, "conf.logFile"));
    }
    const Captured log;
    CHECK(run("ADD", R"({"logFile": 7})").code() == 7);
    CHECK(log.holds(Level::warning, "conf.logFile"));
}

TEST_CASE("Output ends with a line end, so that a terminal and a log stay readable") {
    for (const std::string command : {"ADD", "VERSION", "NONSENSE"})
        CHECK(run(command, conf_of("1.1.0")).outcome.output.back() == '\n');
}
