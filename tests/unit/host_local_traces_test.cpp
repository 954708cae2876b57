// SPDX-License-Identifier: Apache-2.0
// What the Go plugin was seen to do, replayed; tests/data/traces/README.md.
#include <doctest/doctest.h>

#include "libcni/files.hpp"
#include "tests/unit/host_local_node.hpp"

using Json = nlohmann::json;

namespace {

std::filesystem::path traces() {
    return std::filesystem::path(WINCNI_TEST_DATA) / "traces";
}

Json read_json(const std::filesystem::path& file) {
    return Json::parse(libcni::read_file(file).value());
}

/// The folder of the recording is this test's folder; its separators go on every platform.
std::string at(const Scratch& scratch, std::string text) {
    const std::string recorded = "{{dir}}\\\\";
    const std::string here = scratch.path().generic_string() + "/";
    for (auto found = text.find(recorded); found != std::string::npos; found = text.find(recorded))
        text.replace(found, recorded.size(), here);
    return text;
}

std::string variable(const Json& step, const char* name) {
    return step.at("env").value(name, "");
}

/// All files below the folder; "\r\n" is "\n" in the recordings.
Json files_below(const std::filesystem::path& folder) {
    Json files = Json::object();
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        std::string content = libcni::read_file(entry.path()).value();
        std::erase(content, '\r');
        files[entry.path().lexically_relative(folder).generic_string()] = content;
    }
    return files;
}

void compare(const HostLocalNode::Answer& answer, const Json& expected) {
    CHECK(answer.status == expected.at("rc").get<int>());
    if (answer.status != 0) {
        CHECK(answer.code() == expected.at("output").at("code").get<unsigned>());
        CHECK(answer.json().contains("cniVersion"));
    } else if (expected.at("output").is_null()) {
        CHECK(answer.output.empty());
    } else {
        CHECK(answer.json() == expected.at("output"));
    }
}

void replay(const Json& trace, const Json& differences) {
    const Scratch scratch;
    for (const auto& [name, content] : trace.at("inputFiles").items())
        host_local::Disk().write(
            scratch.path() / name, scratch.path() / "t", content.get<std::string>());
    std::size_t index = 0;
    for (Json step : trace.at("steps")) {
        const std::string number = std::to_string(index++);
        CAPTURE(number);
        if (differences.contains(number)) step.merge_patch(differences.at(number));
        const auto answer = HostLocalNode::run({.command = variable(step, "CNI_COMMAND"),
                                                .container_id = variable(step, "CNI_CONTAINERID"),
                                                .interface_name = variable(step, "CNI_IFNAME"),
                                                .args = variable(step, "CNI_ARGS")},
                                               at(scratch, step.at("stdin")));
        compare(answer, step);
        CHECK(files_below(scratch.path()) == step.at("files"));
    }
}

} // namespace

TEST_CASE(
    "every recorded case of the Go host-local goes as recorded, but for the wanted differences") {
    const Json differences = read_json(traces() / "host-local-differences.json");
    std::size_t replayed = 0;
    for (const auto& entry : std::filesystem::directory_iterator(traces())) {
        const std::string name = entry.path().stem().string();
        if (!name.starts_with("host-local") || name == "host-local-differences") continue;
        CAPTURE(name);
        replay(read_json(entry.path()), differences.value(name, Json::object()));
        ++replayed;
    }
    CHECK(replayed == 9);
}
