// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <new>
#include <stdexcept>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "libcni/error.hpp"
#include "libcni/plugin_main.hpp"
#include "tests/unit/thrown.hpp"

using libcni::Error;
using libcni::ErrorCode;
using libcni::Handlers;
using libcni::Outcome;
using libcni::Request;
using libcni::Result;
using nlohmann::json;

namespace {

/// Handlers are plain functions, so what they were called with is kept here.
std::string called;
Request seen;

void note(const char* what, const Request& request) {
    called += std::string(called.empty() ? "" : " ") + what;
    seen = request;
}

Result add(const Request& request) {
    note("add", request);
    Result result;
    result.ips = {{.address = libcni::Cidr::parse("10.244.3.7/24").value(),
                   .gateway = {},
                   .interface_index = {}}};
    return result;
}

Handlers plugin() {
    return {.name = "fake",
            .about = "A plugin for tests.",
            .add = add,
            .del = [](const Request& r) { note("del", r); },
            .check = [](const Request& r) { note("check", r); },
            .status = [](const Request& r) { note("status", r); },
            .gc = [](const Request& r) { note("gc", r); }};
}

struct Answer {
    Outcome outcome;
    json text;

    [[nodiscard]] int code() const { return text.value("code", 0); }
};

/// Runs a command as a runtime does, with every variable set. What is printed must be one JSON
/// document or nothing.
Answer run(const Handlers& handlers, const std::string& command, const std::string& conf) {
    const std::map<std::string, std::string> variables{{"CNI_COMMAND", command},
                                                       {"CNI_CONTAINERID", "c1"},
                                                       {"CNI_NETNS", "none"},
                                                       {"CNI_IFNAME", "eth0"},
                                                       {"CNI_PATH", "cni"}};
    called.clear();
    Outcome outcome = libcni::dispatch(
        handlers,
        [&](const char* name) -> std::optional<std::string> {
            const auto it = variables.find(name);
            if (it == variables.end() || it->second.empty()) return std::nullopt;
            return it->second;
        },
        conf);
    json text = outcome.output.empty() ? json::object() : json::parse(outcome.output);
    return {std::move(outcome), std::move(text)};
}

Answer run(const std::string& command, const std::string& conf) {
    return run(plugin(), command, conf);
}

std::string conf_of(std::string_view version) {
    return json{{"cniVersion", version}, {"name", "cbr0"}}.dump();
}

/// An ADD whose handler throws what `body` throws.
Answer add_that_throws(Result (*body)(const Request&)) {
    Handlers handlers = plugin();
    handlers.add = body;
    return run(handlers, "ADD", conf_of("0.4.0"));
}

} // namespace

TEST_CASE("ADD prints the handler's result in the version of the conf") {
    for (const auto version : libcni::spec_version_names) {
        CAPTURE(version);
        const Answer answer = run("ADD", conf_of(version));
        CHECK(answer.outcome.status == 0);
        CHECK(answer.text.at("cniVersion") == version);
        CHECK(answer.text.contains(version < "0.3.0" ? "ip4" : "ips"));
        CHECK(called == "add");
    }
    CHECK(seen.container_id == "c1");
    CHECK(seen.netns == "none");
    CHECK(seen.conf.name == "cbr0");
}

TEST_CASE("The other commands reach their handler and print nothing") {
    for (const auto& [command, handler] : std::map<std::string, std::string>{
             {"DEL", "del"}, {"CHECK", "check"}, {"STATUS", "status"}, {"GC", "gc"}}) {
        const Answer answer = run(command, conf_of("1.1.0"));
        CHECK(answer.outcome.status == 0);
        CHECK(answer.outcome.output.empty());
        CHECK(called == handler);
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
            CHECK(called.empty() == (version < one.first));
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
    CHECK(called.empty());
}

TEST_CASE("An unknown command is code 4 and calls nothing") {
    for (const std::string command : {"", "UPDATE", "add"}) {
        const Answer answer = run(command, conf_of("1.0.0"));
        CHECK(answer.code() == 4);
        CHECK(answer.text.at("cniVersion") == "1.0.0");
        CHECK(called.empty());
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

TEST_CASE("Output ends with a line end, so that a terminal and a log stay readable") {
    for (const std::string command : {"ADD", "VERSION", "NONSENSE"})
        CHECK(run(command, conf_of("1.1.0")).outcome.output.back() == '\n');
}
