// SPDX-License-Identifier: Apache-2.0
#include <map>

#include <doctest/doctest.h>

#include "libcni/base/platform.hpp"
#include "libcni/error.hpp"
#include "libcni/names.hpp"
#include "libcni/request.hpp"
#include "tests/unit/thrown.hpp"

using libcni::Command;
using libcni::Error;
using libcni::ErrorCode;
using libcni::parse_cni_args;
using libcni::Request;
using Texts = std::vector<std::string>;

namespace {

using Variables = std::map<std::string, std::string>;

libcni::Environment environment(Variables variables) {
    return [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
        const auto it = variables.find(name);
        if (it == variables.end()) return std::nullopt;
        return it->second;
    };
}

/// All that any command needs, with one variable set.
Variables variables_with(const std::string& name, const std::string& value) {
    Variables all{{"CNI_CONTAINERID", "c1"},
                  {"CNI_NETNS", "E0000000-FA4E-4000-A000-000000000001"},
                  {"CNI_IFNAME", "eth0"},
                  {"CNI_PATH", "cni"}};
    all[name] = value;
    return all;
}

Request read_with(const std::string& name, const std::string& value) {
    return read_environment(Command::add, environment(variables_with(name, value)));
}

Error fault_with(const std::string& name, const std::string& value) {
    return error_of([&] { return read_with(name, value); });
}

Texts folders_of(const std::string& path) {
    return read_with("CNI_PATH", path).plugin_path;
}

Error fault_of_args(const std::string& text) {
    return error_of([&] { return parse_cni_args(text); });
}

} // namespace

TEST_CASE("Every command of the spec is known by its exact name") {
    for (const std::string name : {"ADD", "DEL", "CHECK", "STATUS", "GC", "VERSION"})
        CHECK(to_string(libcni::read_command(environment({{"CNI_COMMAND", name}}))) == name);
    for (const std::string name : {"add", "UPDATE", "ADD ", "-"}) {
        const Error error = error_of([&] {
            return libcni::read_command(environment({{"CNI_COMMAND", name}}));
        });
        CHECK(error.code() == ErrorCode::invalid_environment);
        CHECK(missing_in(error.msg(), {"CNI_COMMAND", name}) == "");
    }
    for (const auto& env : {environment({}), environment({{"CNI_COMMAND", ""}})}) {
        const Error error = error_of([&] { return libcni::read_command(env); });
        CHECK(error.code() == ErrorCode::invalid_environment);
        CHECK(error.msg() == "CNI_COMMAND is missing");
    }
}

TEST_CASE("All variables that a command lacks are named at once, and no others") {
    struct Case {
        Command command;
        std::string lacks;
    };

    const Case cases[] = {{Command::add, "CNI_CONTAINERID, CNI_NETNS, CNI_IFNAME"},
                          {Command::check, "CNI_CONTAINERID, CNI_NETNS, CNI_IFNAME"},
                          {Command::del, "CNI_CONTAINERID, CNI_IFNAME"},
                          {Command::gc, "CNI_PATH"}};
    const Variables empty{{"CNI_CONTAINERID", ""}, {"CNI_NETNS", ""}, {"CNI_IFNAME", ""}};
    for (const Case& one : cases) {
        for (const auto& variables : {Variables{}, empty}) {
            const Error error =
                error_of([&] { return read_environment(one.command, environment(variables)); });
            CHECK(error.code() == ErrorCode::invalid_environment);
            CHECK(error.msg()
                  == std::string(to_string(one.command))
                         + " needs variables that are not set: " + one.lacks);
        }
    }
    CHECK_NOTHROW(read_environment(Command::status, environment({})));
    CHECK_NOTHROW(read_environment(Command::version, environment({})));
}

TEST_CASE("DEL goes without a namespace: it may be gone") {
    for (const auto& variables : {variables_with("CNI_NETNS", ""), variables_with("CNI_PATH", "")})
        CHECK(read_environment(Command::del, environment(variables)).container_id == "c1");
}

TEST_CASE("A container ID that could leave a folder or break a name is refused") {
    for (const std::string id : {"c1", "0", "4f7a3b", "a_b.c-d", "k8s_POD.x"})
        CHECK(read_with("CNI_CONTAINERID", id).container_id == id);
    for (const std::string id : {"../c1",
                                 "..",
                                 ".c1",
                                 "-c1",
                                 "_c1",
                                 "c1/x",
                                 "c1\\x",
                                 "c1:x",
                                 "c1\n",
                                 "c 1",
                                 "c1;x",
                                 "\xC3\xA4",
                                 "\"c1\"",
                                 "c1*"}) {
        CAPTURE(id);
        const Error error = fault_with("CNI_CONTAINERID", id);
        CHECK(error.code() == ErrorCode::invalid_environment);
        CHECK(missing_in(error.msg(), {"CNI_CONTAINERID", id}) == "");
    }
}

TEST_CASE("An interface name follows the spec's rules") {
    for (const std::string name : {"eth0", "a", "fifteen-chars-x", "...", "vEthernet(x)"})
        CHECK(read_with("CNI_IFNAME", name).interface_name == name);
    for (const std::string name :
         {"sixteen-chars-xy", ".", "..", "a/b", "a\\b", "a:b", "a b", "a\tb", "a\n", "a\x7F"}) {
        CAPTURE(name);
        const Error error = fault_with("CNI_IFNAME", name);
        CHECK(error.code() == ErrorCode::invalid_environment);
        CHECK(missing_in(error.msg(), {"CNI_IFNAME", name}) == "");
    }
    CHECK(libcni::fault_of_interface_name("") == "is empty");
}

TEST_CASE("CNI_PATH is a list by the platform's separator, with quotes and empty elements") {
    const std::string s(1, libcni::path_list_separator);
    CHECK(folders_of("/opt/cni/bin") == Texts{"/opt/cni/bin"});
    CHECK(folders_of("a" + s + "b c" + s + "d") == Texts{"a", "b c", "d"});
    CHECK(folders_of(s + "a" + s + s + "b" + s) == Texts{"a", "b"});
    CHECK(folders_of("\"a b\"" + s + "\"c\"") == Texts{"a b", "c"});
    CHECK(folders_of("\"\"" + s + "a") == Texts{"a"});
    CHECK(folders_of("\"a" + s + "b\"" + s + "c") == Texts{"a" + s + "b", "c"});
    CHECK(folders_of(s + s).empty());
    CHECK(folders_of("").empty());
}

#ifdef _WIN32
TEST_CASE("On Windows a colon in CNI_PATH belongs to a drive") {
    CHECK(folders_of("C:\\k\\cni;D:\\Program Files\\cni\\bin;C:/x")
          == Texts{"C:\\k\\cni", "D:\\Program Files\\cni\\bin", "C:/x"});
}
#endif

TEST_CASE("CNI_ARGS are pairs; a value may hold an equals sign or nothing") {
    const auto args = parse_cni_args("IP=10.0.0.1;K8S_POD_NAME=a=b=;EMPTY=;;IP=10.0.0.2;");
    CHECK(args.get("IP") == "10.0.0.2");
    CHECK(args.get("K8S_POD_NAME") == "a=b=");
    CHECK(args.get("EMPTY").empty());
    CHECK(args.values.contains("EMPTY"));
    CHECK_FALSE(args.values.contains("MAC"));
    CHECK(args.get("MAC").empty());
    CHECK(args.text == "IP=10.0.0.1;K8S_POD_NAME=a=b=;EMPTY=;;IP=10.0.0.2;");
    CHECK(parse_cni_args("").values.empty());
}

TEST_CASE("A part of CNI_ARGS that is not a pair is refused and shown") {
    for (const std::string text : {"IP", "IP=1;x", "=1", "IgnoreUnknown=1;K8S_POD_NAME", " "}) {
        CAPTURE(text);
        CHECK(fault_of_args(text).code() == ErrorCode::invalid_environment);
    }
    CHECK(missing_in(fault_of_args("IP=10.0.0.1;oops;MAC=x").msg(), {"CNI_ARGS", "\"oops\""})
          == "");
}

TEST_CASE("Unknown keys in CNI_ARGS are refused by name unless IgnoreUnknown says otherwise") {
    const auto fault = [](const std::string& text) {
        return error_of([&] {
            parse_cni_args(text).require_known({"ours"});
            return 0;
        });
    };
    for (const std::string good :
         {"",
          "IgnoreUnknown=0",
          "ours=1",
          "K8S_POD_NAMESPACE=default;K8S_POD_NAME=x;K8S_POD_INFRA_CONTAINER_ID=y;"
          "K8S_POD_UID=z;IP=10.0.0.1;MAC=00-15-5D-00-00-01",
          "IgnoreUnknown=1;A=1",
          "A=1;IgnoreUnknown=true",
          "A=1;IgnoreUnknown=True;B=2",
          "IgnoreUnknown=TRUE;A=1"}) {
        CAPTURE(good);
        CHECK_NOTHROW(parse_cni_args(good).require_known({"ours"}));
    }
    for (const std::string bad : {"A=1;ours=1;B=2",
                                  "A=1;B=2;IgnoreUnknown=0",
                                  "B=;A=;IgnoreUnknown=yes",
                                  "A=1;IgnoreUnknown=;B=1"}) {
        CAPTURE(bad);
        CHECK(fault(bad).code() == ErrorCode::invalid_environment);
        CHECK(missing_in(fault(bad).msg(), {"CNI_ARGS", "A, B"}) == "");
    }
    CHECK(missing_in(fault("ip=10.0.0.1").msg(), {"ip"}) == "");
}

TEST_CASE("The arguments reach the plugin with the request") {
    CHECK(read_with("CNI_ARGS", "K8S_POD_NAMESPACE=test").args.get("K8S_POD_NAMESPACE") == "test");
    CHECK(fault_with("CNI_ARGS", "x").code() == ErrorCode::invalid_environment);
}

TEST_CASE("Only container:<id> shares a sandbox; the ID comes as it is") {
    Request request;
    for (const char* netns : {"", "none", "E0000000-FA4E-4000-A000-000000000001", "Container:c1"}) {
        request.netns = netns;
        CHECK_FALSE(libcni::shared_sandbox(request));
    }
    request.netns = "container:../c1";
    CHECK(libcni::shared_sandbox(request) == "../c1");
    request.netns = "container:";
    CHECK(libcni::shared_sandbox(request) == "");
}

TEST_CASE("A command may take the conf's time, or what its caller has left, if that is less") {
    using std::chrono::milliseconds;
    libcni::NetworkConfig conf;
    conf.timeout = std::chrono::seconds(60);
    const auto limit = [&](std::optional<std::string> said) {
        return libcni::time_limit(conf, [&](const char*) { return said; });
    };
    CHECK(limit(std::nullopt) == milliseconds(60000));
    CHECK(limit("1500") == milliseconds(1500));
    CHECK(limit("0") == milliseconds(0));
    CHECK(limit("90000") == milliseconds(60000));
    for (const char* odd : {"", "-1", "1.5", "abc", "1 ", "99999999999999999999"}) {
        CAPTURE(odd);
        CHECK(limit(odd) == milliseconds(60000));
    }
}

TEST_CASE("What is left of a command's time is between nothing and all of it") {
    using std::chrono::seconds;
    Request request;
    request.conf.timeout = seconds(60);
    CHECK(libcni::time_left(request) == seconds(60));
    request.deadline = std::chrono::steady_clock::now() - seconds(1);
    CHECK(libcni::time_left(request) == seconds(0));
    request.deadline = std::chrono::steady_clock::now() + seconds(30);
    CHECK(libcni::time_left(request) <= seconds(30));
    CHECK(libcni::time_left(request) > seconds(0));
}

TEST_CASE("Times are told in seconds") {
    using std::chrono::milliseconds;
    CHECK(libcni::in_seconds(milliseconds(2000)) == "2 seconds");
    CHECK(libcni::in_seconds(milliseconds(1650)) == "1.6 seconds");
    CHECK(libcni::in_seconds(milliseconds(99)) == "0 seconds");
}
