// SPDX-License-Identifier: Apache-2.0
// A delegate for tests: does what CNI_ARGS says ("DO=...") and tells what it was called with.
#include <array>
#include <chrono>
#include <cstdio>
#include <map>
#include <string>
#include <thread>

#include <nlohmann/json.hpp>

#include "libcni/base/platform.hpp"

using nlohmann::json;

namespace {

std::string variable(const char* name) {
    return libcni::environment_variable(name).value_or("");
}

std::string read_stdin() {
    std::string text;
    std::array<char, 4096> part{};
    while (const auto count = std::fread(part.data(), 1, part.size(), stdin))
        text.append(part.data(), count);
    return text;
}

int print(const std::string& text, int status) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return status;
}

/// The environment in `dns.search`, stdin in `dns.options`: the parts of a result that hold text.
std::string result() {
    json search = json::array();
    for (const char* name : {"CNI_COMMAND",
                             "CNI_CONTAINERID",
                             "CNI_NETNS",
                             "CNI_IFNAME",
                             "CNI_PATH",
                             "CNI_ARGS",
                             "WINCNI_TEST_OWN"})
        search.push_back(std::string(name) + "=" + variable(name));
    return json{{"cniVersion", "1.1.0"},
                {"ips", {{{"address", "10.244.3.7/24"}}}},
                {"dns", {{"search", search}, {"options", {read_stdin()}}}}}
        .dump();
}

int fail(int code) {
    return print(json{{"cniVersion", "1.1.0"},
                      {"code", code},
                      {"msg", variable("CNI_COMMAND") + " refused"},
                      {"details", "no room"}}
                     .dump(),
                 1);
}

/// Adds "<command> <stdin>" to a file, as one line.
void record(const std::string& file) {
    std::FILE* const opened = std::fopen(file.c_str(), "ab");
    if (opened == nullptr) return;
    const std::string line = variable("CNI_COMMAND") + " " + read_stdin() + "\n";
    std::fwrite(line.data(), 1, line.size(), opened);
    std::fclose(opened);
}

/// "<what fails>:<file>": records the call; then fails if its command is among those named.
int record_and_answer(const std::string& what) {
    const auto colon = what.find(':');
    record(what.substr(colon + 1));
    if (what.substr(0, colon).find(variable("CNI_COMMAND")) != std::string::npos) return fail(11);
    return print(variable("CNI_COMMAND") == "ADD" ? R"({"ips":[{"address":"10.0.0.1/8"}]})" : "",
                 0);
}

int run(const std::string& what) {
    if (what == "result") return print(result(), 0);
    if (what == "result-without-reading") return print(R"({"ips":[{"address":"10.0.0.1/8"}]})", 0);
    if (what == "old-result") return print(R"({"ip4":{"ip":"10.0.0.1/8"}})", 0);
    if (what == "error") return fail(11);
    if (what == "garbage") return print("panic: " + std::string(5000, 'x') + "END", 2);
    if (what == "garbage-as-result") return print("Loaded 3 plugins", 0);
    if (what == "wrong-result") return print(R"({"ips": 7})", 0);
    if (what == "error-without-code") return print(R"({"msg": "no idea"})", 3);
    if (what == "error-with-wrong-code") return print(R"({"code": "7", "msg": "x"})", 1);
    if (what == "nothing") return 4;
    if (what == "large-result") return print(R"({"x": ")" + std::string(1U << 20U, 'x') + "\"}", 0);
    if (what.starts_with("fail")) return record_and_answer(what);
    if (what == "hang") std::this_thread::sleep_for(std::chrono::minutes(10));
    return 99;
}

} // namespace

int main() {
    libcni::make_stdio_binary();
    const std::string args = variable("CNI_ARGS");
    return run(args.substr(args.find("DO=") + 3));
}
