// SPDX-License-Identifier: Apache-2.0
// A delegate for tests: does what CNI_ARGS says ("DO=...") and tells what it was called with.
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <thread>

#include <boost/process/async_pipe.hpp> // on Windows io.hpp needs what it includes
#include <boost/process/child.hpp>
#include <boost/process/env.hpp>
#include <boost/process/environment.hpp>
#include <boost/process/io.hpp>
#include <nlohmann/json.hpp>

#include "libcni/base/files.hpp"
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
                             "WINCNI_TEST_OWN",
                             "WINCNI_TIME_LEFT"})
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

/// "<what fails>:<file>": records the call; then fails if its command is among those named, with
/// code 11 where "later" is, too.
int record_and_answer(const std::string& what) {
    const auto colon = what.find(':');
    record(what.substr(colon + 1));
    const std::string failing = what.substr(0, colon);
    if (failing.find(variable("CNI_COMMAND")) != std::string::npos)
        return fail(failing.find("later") != std::string::npos ? 11 : 100);
    return print(variable("CNI_COMMAND") == "ADD" ? R"({"ips":[{"address":"10.0.0.1/8"}]})" : "",
                 0);
}

int print_without_end() {
    const std::string part(1U << 16U, ' ');
    while (std::fwrite(part.data(), 1, part.size(), stdout) == part.size()) {
    }
    return 1;
}

/// Holds the lock of this folder for as long as it lives.
int hold(const std::filesystem::path& folder) {
    const libcni::base::FileLock lock(folder / "lock");
    libcni::base::append(folder / "held", "x");
    std::this_thread::sleep_for(std::chrono::minutes(10));
    return 99;
}

/// Starts this program once more, to hold the lock, and hangs.
int hang_with_child(const char* program, const std::string& folder) {
    auto env = boost::this_process::environment();
    env["CNI_ARGS"] = "DO=hold:" + folder;
    boost::process::child child(program, env, boost::process::std_out > boost::process::null);
    child.wait();
    return 99;
}

/// Starts this program once more, to hold the lock and this one's stdout, and ends.
int leave_child(const char* program, const std::string& folder) {
    auto env = boost::this_process::environment();
    env["CNI_ARGS"] = "DO=hold:" + folder;
    boost::process::child child(program, env);
    child.detach();
    while (!std::filesystem::exists(folder + "/held"))
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return 0;
}

int run(const char* program, const std::string& what) {
    if (what == "result") return print(result(), 0);
    if (what == "result-without-reading") return print(R"({"ips":[{"address":"10.0.0.1/8"}]})", 0);
    if (what == "old-result") return print(R"({"ip4":{"ip":"10.0.0.1/8"}})", 0);
    if (what == "error") return fail(11);
    if (what == "garbage") return print("panic: " + std::string(5000, 'x') + "END", 2);
    if (what == "garbage-as-result") return print("Loaded 3 plugins", 0);
    if (what == "wrong-result") return print(R"({"ips": 7})", 0);
    if (what == "error-without-code") return print(R"({"msg": "no idea"})", 3);
    if (what == "error-with-wrong-code") return print(R"({"code": "7", "msg": "x"})", 1);
    if (what == "error-with-code-0") return print(R"({"code": 0, "msg": "nothing wrong"})", 1);
    if (what == "error-with-exit-code-0") return print(R"({"code": 7, "msg": "polite"})", 0);
    if (what == "refuse-conf") return fail(7);
    if (what == "endless-result") return print_without_end();
    if (what.starts_with("hold:")) return hold(what.substr(5));
    if (what.starts_with("hang-with-child:")) return hang_with_child(program, what.substr(16));
    if (what.starts_with("leave-child:")) {
        print(result(), 0);
        std::fflush(stdout);
        return leave_child(program, what.substr(12));
    }
    if (what == "abort") std::abort();
    if (what == "nothing") return 4;
    if (what == "large-result") return print(R"({"x": ")" + std::string(1U << 20U, 'x') + "\"}", 0);
    if (what.starts_with("fail")) return record_and_answer(what);
    if (what == "hang") std::this_thread::sleep_for(std::chrono::minutes(10));
    return 99;
}

} // namespace

int main(int, char** argv) {
    libcni::make_stdio_binary();
    const std::string args = variable("CNI_ARGS");
    return run(argv[0], args.substr(args.find("DO=") + 3));
}
