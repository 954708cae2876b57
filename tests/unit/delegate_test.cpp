// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <map>

#include <doctest/doctest.h>

#include "libcni/base/files.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/delegate.hpp"
#include "libcni/error.hpp"
#include "libcni/names.hpp"
#include "libcni/plugin_main.hpp"
#include "tests/unit/emulator_folder.hpp"
#include "tests/unit/recording_plugin.hpp"
#include "tests/unit/scratch.hpp"
#include "tests/unit/thrown.hpp"

namespace fs = std::filesystem;
using libcni::Command;
using libcni::Error;
using libcni::ErrorCode;
using libcni::find_plugin;
using libcni::Request;
using libcni::Result;
using Texts = std::vector<std::string>;

namespace {

/// Where the build put fake_plugin.
const std::string folder = WINCNI_FAKE_PLUGIN_FOLDER;
const std::string type = "fake_plugin";

/// Asks the fake plugin to do `what`.
Request request_to(const std::string& what) {
    Request request;
    request.command = Command::add;
    request.container_id = "c1";
    request.netns = "E0000000-FA4E-4000-A000-000000000001";
    request.interface_name = "eth0";
    request.plugin_path = {folder};
    request.args = libcni::parse_cni_args("IP=10.0.0.1;DO=" + what);
    request.conf.version = libcni::SpecVersion::v1_1_0;
    return request;
}

Result add(const std::string& what, const std::string& conf = "{}") {
    return libcni::delegate_add(type, request_to(what), conf);
}

Error fault_of_add(const std::string& what) {
    return error_of([&] { return add(what); });
}

Error fault_of(Command command, const std::string& what) {
    return error_of([&] {
        libcni::delegate(type, command, request_to(what), "{}");
        return 0;
    });
}

/// An empty file that can be found as a plugin.
void make_file(const fs::path& file) {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << "x";
}

std::string type_with_suffix(const char* name) {
    return name + std::string(libcni::executable_suffix);
}

} // namespace

TEST_CASE("A plugin is found in the first folder of CNI_PATH that has it") {
    const Scratch scratch;
    const std::string a = libcni::utf8_of(scratch.path() / "a");
    const std::string b = libcni::utf8_of(scratch.path() / "b c");
    make_file(scratch.path() / "b c" / type_with_suffix("one"));
    make_file(scratch.path() / "a" / type_with_suffix("both"));
    make_file(scratch.path() / "b c" / type_with_suffix("both"));
    make_file(scratch.path() / "b c" / "plain");
    fs::create_directories(scratch.path() / "a" / type_with_suffix("one"));
    const auto found = [&](const char* name) { return find_plugin(name, {a + "/none", a, b}); };
    CHECK(fs::equivalent(found("one"), scratch.path() / "b c" / type_with_suffix("one")));
    CHECK(fs::equivalent(found("both"), scratch.path() / "a" / type_with_suffix("both")));
    // The name as it is will do, too: "type" may say "host-local.exe".
    CHECK(fs::equivalent(found("plain"), scratch.path() / "b c" / "plain"));
    for (const char* name : {"one.exe", "one.EXE"})
        CHECK(fs::equivalent(found(name), scratch.path() / "b c" / type_with_suffix("one")));
    CHECK(fs::equivalent(found("plain.exe"), scratch.path() / "b c" / "plain"));
}

TEST_CASE("A type means a plugin with .exe and without, in any case") {
    for (const char* own : {"host-local", "host-local.exe", "Host-Local.EXE"})
        CHECK(libcni::means_plugin(own, "host-local"));
    for (const char* other :
         {"", ".exe", "host-local.", "host-local.exe.exe", "host-localexe", "x"})
        CHECK_FALSE(libcni::means_plugin(other, "host-local"));
    CHECK(libcni::without_exe(".exe") == ".exe");
    CHECK(libcni::without_exe("") == "");
}

TEST_CASE("A plugin that is nowhere is an error that names every folder searched") {
    const Scratch scratch;
    const std::string here = libcni::utf8_of(scratch.path());
    const Error error = error_of([&] {
        return find_plugin("host-local", {here, here + "/x", "/no/such/folder"});
    });
    CHECK(error.code() == ErrorCode::invalid_network_config);
    CHECK(missing_in(error.msg(), {"\"host-local\"", "CNI_PATH"}) == "");
    CHECK(missing_in(error.details(), {here + ", " + here + "/x, /no/such/folder"}) == "");
}

TEST_CASE("Without CNI_PATH no plugin can be found, and that is the environment's fault") {
    const Error error = error_of([] { return find_plugin("host-local", {}); });
    CHECK(error.code() == ErrorCode::invalid_environment);
    CHECK(missing_in(error.msg(), {"CNI_PATH", "\"host-local\""}) == "");
}

TEST_CASE("A type that would leave CNI_PATH is refused, even when there is such a file") {
    const Scratch scratch;
    make_file(scratch.path() / type_with_suffix("evil"));
    make_file(scratch.path() / "cni" / "sub" / type_with_suffix("x"));
    const std::string cni = libcni::utf8_of(scratch.path() / "cni");
    using namespace std::string_literals;
    for (const std::string& bad : {"../evil"s,
                                   "..\\evil"s,
                                   "sub/x"s,
                                   "sub\\x"s,
                                   ".."s,
                                   "."s,
                                   ""s,
                                   "C:x"s,
                                   "x:stream"s,
                                   "a\0b"s,
                                   "a\nb"s,
                                   libcni::utf8_of(scratch.path() / "evil")}) {
        CAPTURE(bad);
        const Error error = error_of([&] { return find_plugin(bad, {cni}); });
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(missing_in(error.msg(), {"type", "not the name of an executable"}) == "");
    }
}

TEST_CASE(
    "A delegate gets the request's variables, ADD for a command, and the conf byte for byte") {
    const std::string conf = "{ \"b\": 1.0,\r\n\t\"a\": \"\xC3\xA4\x1A\" }\n\n";
    set_environment("WINCNI_TEST_OWN", "kept");
    set_environment("CNI_COMMAND", "GC");
    Request request = request_to("result");
    request.command = Command::check;
    const std::string separator(1, libcni::path_list_separator);
    request.plugin_path = {folder, "x y", "p" + separator + "q"};
    const Result result = libcni::delegate_add(type, request, conf);
    REQUIRE(result.ips.size() == 1);
    CHECK(result.ips[0].address.to_string() == "10.244.3.7/24");
    // The last one is how much time is left.
    Texts variables = result.dns.search;
    variables.pop_back();
    CHECK(variables
          == Texts{"CNI_COMMAND=ADD",
                   "CNI_CONTAINERID=c1",
                   "CNI_NETNS=E0000000-FA4E-4000-A000-000000000001",
                   "CNI_IFNAME=eth0",
                   "CNI_PATH=" + folder + separator + "x y" + separator + "\"p" + separator + "q\"",
                   "CNI_ARGS=IP=10.0.0.1;DO=result",
                   "WINCNI_TEST_OWN=kept"});
    CHECK(result.dns.options == Texts{conf});
}

TEST_CASE("A large conf and a large answer pass without a deadlock, read or not") {
    const std::string conf(1U << 20U, 'x');
    CHECK(add("result", conf).dns.options == Texts{conf});
    CHECK(add("large-result", conf).ips.empty());
    CHECK(add("result-without-reading", conf).ips.size() == 1);
}

TEST_CASE("A result without a version is read in that of the conf") {
    Request request = request_to("old-result");
    request.conf.version = libcni::SpecVersion::v0_2_0;
    CHECK(libcni::delegate_add(type, request, "{}").ips.size() == 1);
}

TEST_CASE("A delegate's error is passed on with its code, prefixed by who said it") {
    const Error error = fault_of_add("error");
    CHECK(error.code() == ErrorCode::try_again_later);
    CHECK(error.msg() == "delegate \"fake_plugin\": ADD refused");
    CHECK(error.details() == "no room");
    const Error del = fault_of(Command::del, "error");
    CHECK(del.code() == ErrorCode::try_again_later);
    CHECK(del.msg() == "delegate \"fake_plugin\": DEL refused");
}

TEST_CASE("Output that is not a CNI error is shown, cut at 1 KiB, with the exit code") {
    const Error error = fault_of_add("garbage");
    CHECK(error.code() == ErrorCode::delegate_failure);
    CHECK(missing_in(error.msg(), {"fake_plugin", "exit code 2"}) == "");
    CHECK(missing_in(error.details(), {"panic: xxx", "..."}) == "");
    CHECK(missing_in(error.details(), {"END"}) != "");
    CHECK(error.details().size() < 1100);
    const Error silent = fault_of(Command::del, "nothing");
    CHECK(silent.code() == ErrorCode::delegate_failure);
    CHECK(missing_in(silent.msg(), {"exit code 4"}) == "");
    CHECK(silent.details() == "it printed nothing");
}

TEST_CASE("Success without a result is not success of an ADD") {
    const Error garbage = fault_of_add("garbage-as-result");
    CHECK(garbage.code() == ErrorCode::delegate_failure);
    CHECK(missing_in(garbage.msg(), {"fake_plugin", "did not print a CNI result"}) == "");
    CHECK(missing_in(garbage.details(), {"Loaded 3 plugins"}) == "");
    const Error wrong = fault_of_add("wrong-result");
    CHECK(wrong.code() == ErrorCode::delegate_failure);
    CHECK(missing_in(wrong.msg(), {"fake_plugin", "result.ips must be an array"}) == "");
}

TEST_CASE(
    "A delegate's error that lacks its code or has a wrong one is a failure of the delegate") {
    const Error no_code = fault_of_add("error-without-code");
    CHECK(no_code.code() == ErrorCode::delegate_failure);
    CHECK(missing_in(no_code.msg(), {"no idea"}) == "");
    const Error wrong_code = fault_of(Command::gc, "error-with-wrong-code");
    CHECK(wrong_code.code() == ErrorCode::delegate_failure);
    CHECK(missing_in(wrong_code.msg(), {"fake_plugin", "error.code"}) == "");
}

TEST_CASE("A delegate that was killed is told by the signal") {
    if (libcni::path_list_separator != ':') return;
    for (const Error& error : {fault_of_add("abort"), fault_of(Command::del, "abort")}) {
        CHECK(error.code() == ErrorCode::delegate_failure);
        CHECK(missing_in(error.msg(), {"fake_plugin", "was killed by signal 6"}) == "");
    }
}

TEST_CASE(
    "What a delegate printed is its answer although its child holds stdout, and the child ends") {
    const Scratch scratch;
    const auto result = add("leave-child:" + libcni::utf8_of(scratch.path()));
    CHECK(result.ips.at(0).address.to_string() == "10.244.3.7/24");
    CHECK(std::filesystem::exists(scratch.path() / "held"));
    // Ended with all that it has started, it holds no lock.
    const libcni::base::FileLock lock(scratch.path() / "lock", std::chrono::seconds(60));
}

TEST_CASE("An exit code and a code that contradict each other are a failure all the same") {
    const Error zero = fault_of_add("error-with-code-0");
    CHECK(zero.code() == ErrorCode::delegate_failure);
    CHECK(missing_in(zero.msg(), {"fake_plugin", "nothing wrong"}) == "");
    CHECK(fault_of(Command::del, "error-with-code-0").code() == ErrorCode::delegate_failure);
    const Error polite = fault_of_add("error-with-exit-code-0");
    CHECK(polite.code() == static_cast<ErrorCode>(7));
    CHECK(missing_in(polite.msg(), {"fake_plugin", "polite"}) == "");
}

TEST_CASE("A delegate that prints without end is stopped, and named") {
    const Error error = fault_of_add("endless-result");
    CHECK(error.code() == ErrorCode::delegate_failure);
    CHECK(missing_in(error.msg(), {"fake_plugin", "more than 16 MiB"}) == "");
}

TEST_CASE("What a stopped delegate has started ends with it") {
    const Scratch scratch;
    const auto file = scratch.path() / "lock";
    const auto marker = scratch.path() / "held";
    // The machine says how long is enough to get as far as the lock.
    for (const int limit : {1, 4, 16, 64}) {
        Request request = request_to("hang-with-child:" + libcni::utf8_of(scratch.path()));
        request.conf.timeout = std::chrono::seconds(limit);
        const Error error = error_of([&] { return libcni::delegate_add(type, request, "{}"); });
        CHECK(error.code() == ErrorCode::try_again_later);
        if (fs::exists(marker)) break;
    }
    REQUIRE(fs::exists(marker));
    // Held by the child as long as it lives.
    CHECK_NOTHROW(libcni::base::FileLock(file, std::chrono::seconds(60)));
}

TEST_CASE("A delegate has less time than the one that calls it") {
    Request request = request_to("result");
    request.conf.timeout = std::chrono::seconds(60);
    request.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    const Texts variables = libcni::delegate_add(type, request, "{}").dns.search;
    const std::string name = std::string(libcni::time_left_variable) + "=";
    REQUIRE(variables.back().starts_with(name));
    const long left = std::stol(variables.back().substr(name.size()));
    CHECK(left > 0);
    CHECK(left <= 28000);
}

TEST_CASE("What a DEL prints when it succeeds is nobody's business") {
    CHECK_NOTHROW(libcni::delegate(type, Command::del, request_to("garbage-as-result"), "{}"));
}

TEST_CASE("A delegate that hangs is stopped after the conf's time, and the plugin can tidy up") {
    bool tidied_up = false;
    RecordingPlugin plugin;
    plugin.on_add = [&](const Request& request) -> Result {
        try {
            Request to_delegate = request_to("hang");
            to_delegate.conf.timeout = request.conf.timeout;
            return libcni::delegate_add(type, to_delegate, request.conf.bytes);
        } catch (const Error&) {
            tidied_up = true;
            throw;
        }
    };
    const std::map<std::string, std::string> variables{
        {"CNI_COMMAND", "ADD"}, {"CNI_CONTAINERID", "c1"}, {"CNI_NETNS", "x"}, {"CNI_IFNAME", "e"}};
    const auto outcome = libcni::dispatch(
        plugin,
        [&](const char* name) -> std::optional<std::string> {
            const auto it = variables.find(name);
            return it == variables.end() ? std::nullopt : std::optional(it->second);
        },
        R"({"cniVersion": "1.1.0", "name": "cbr0", "timeoutSeconds": 1})");
    CHECK(tidied_up);
    CHECK(
        missing_in(outcome.output,
                   {"\"code\": 11", "fake_plugin", "ADD did not end in the ", "left of 1 second,"})
        == "");
}

TEST_CASE("A file that is not a program is an error of the delegate that says so") {
    const Scratch scratch;
    make_file(scratch.path() / type_with_suffix("text"));
    Request request = request_to("result");
    request.plugin_path = {libcni::utf8_of(scratch.path())};
    const Error error = error_of([&] { return libcni::delegate_add("text", request, "{}"); });
    CHECK(error.code() == ErrorCode::delegate_failure);
    CHECK(missing_in(error.msg(), {"\"text\"", "could not be started"}) == "");
}

TEST_CASE("A delegate that is not on disk is an error for every command") {
    for (const Command command : {Command::del, Command::check, Command::status, Command::gc}) {
        const Error error = error_of([&] {
            libcni::delegate("no-such-plugin", command, request_to("result"), "{}");
            return 0;
        });
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(missing_in(error.msg(), {"\"no-such-plugin\""}) == "");
        CHECK(missing_in(error.details(), {folder}) == "");
    }
}
