// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "libcni/base/platform.hpp"
#include "libcni/error.hpp"
#include "libcni/files.hpp"
#include "plugins/flannel/subnet_env.hpp"
#include "tests/unit/scratch.hpp"
#include "tests/unit/subnet_env_texts.hpp"
#include "tests/unit/thrown.hpp"
#include "tests/unit/values.hpp"

using flannel::parse_subnet_env;
using flannel::SubnetEnv;
using libcni::Error;
using libcni::ErrorCode;

namespace {

bool is_usual(const SubnetEnv& env) {
    return env.networks == cidrs({"10.244.0.0/16"}) && env.subnets == cidrs({"10.244.4.0/24"})
           && env.mtu == 1450 && env.ip_masq;
}

Error fault_of(const std::string& text) {
    return error_of([&] { return parse_subnet_env(text); });
}

/// The usual file with one line added behind it, which wins.
Error fault_with(const std::string& line) {
    return fault_of(usual_subnet_env + ipv6_subnet_env + line + "\n");
}

} // namespace

TEST_CASE("What flanneld writes is read; the subnet loses its host bits") {
    CHECK(is_usual(parse_subnet_env(usual_subnet_env)));
    CHECK_FALSE(parse_subnet_env(replaced(usual_subnet_env, "true", "false")).ip_masq);
}

TEST_CASE("subnet.env is read as a shell and as Windows' editors write it") {
    const std::string bom = "\xEF\xBB\xBF";
    for (const std::string& text : {
             replaced(usual_subnet_env, "\n", "\r\n"),
             bom + replaced(usual_subnet_env, "\n", "\r\n"),
             usual_subnet_env.substr(0, usual_subnet_env.size() - 1),
             "\n# written by flanneld\n\n" + usual_subnet_env + "  \n#FLANNEL_MTU=1\n",
             replaced(usual_subnet_env, "FLANNEL_", "export FLANNEL_"),
             replaced(usual_subnet_env, "FLANNEL_", "  FLANNEL_"),
             replaced(replaced(usual_subnet_env, "=", "=\""), "\n", "\"\n"),
             replaced(replaced(usual_subnet_env, "=", "='"), "\n", "' # a remark\r\n"),
             replaced(usual_subnet_env, "\n", " # a remark\n"),
             replaced(usual_subnet_env, "=", " = "),
             "FLANNEL_MTU=9000\nFLANNEL_NETWORK=nonsense\n" + usual_subnet_env,
             usual_subnet_env
                 + "FLANNEL_FUTURE=x\nno pair\nFLANNEL_IPV6_NETWORK=\nFLANNEL_IPV6_SUBNET=\"\"\n",
         }) {
        CAPTURE(text);
        CHECK(is_usual(parse_subnet_env(text)));
    }
}

TEST_CASE("Every network of the lists counts, and either family may be the only one") {
    const SubnetEnv both = parse_subnet_env(
        ipv6_subnet_env + replaced(usual_subnet_env, "244.0.0/16", "244.0.0/16, 10.245.9.9/16"));
    CHECK(both.networks == cidrs({"10.244.0.0/16", "10.245.0.0/16", "fd00:10:244::/48"}));
    CHECK(both.subnets == cidrs({"10.244.4.0/24", "fd00:10:244:4::/64"}));
    const SubnetEnv only_v6 =
        parse_subnet_env(ipv6_subnet_env + "FLANNEL_MTU=1450\nFLANNEL_IPMASQ=1");
    CHECK(only_v6.networks == cidrs({"fd00:10:244::/48"}));
    CHECK(only_v6.subnets == cidrs({"fd00:10:244:4::/64"}));
}

TEST_CASE("D8: what a file lacks is named, and may come: code 11") {
    struct Case {
        std::string text;
        std::string missing;
    };

    for (const Case& c : std::initializer_list<Case>{
             {"", "FLANNEL_NETWORK, FLANNEL_SUBNET, FLANNEL_MTU, FLANNEL_IPMASQ"},
             {"FLANNEL_NETWORK=10.244.0.0/16\n", "FLANNEL_SUBNET, FLANNEL_MTU, FLANNEL_IPMASQ"},
             // As it is while flanneld writes it.
             {"FLANNEL_NETWORK=10.244.0.0/16\nFLANNEL_SUBNET",
              "FLANNEL_SUBNET, FLANNEL_MTU, FLANNEL_IPMASQ"},
             {usual_subnet_env + "FLANNEL_IPMASQ=", "FLANNEL_IPMASQ"},
             {ipv6_subnet_env, "FLANNEL_MTU, FLANNEL_IPMASQ"},
             {usual_subnet_env + "FLANNEL_IPV6_SUBNET=fd00::1/64\n", "FLANNEL_IPV6_NETWORK"},
             {usual_subnet_env + "FLANNEL_IPV6_NETWORK=fd00::/48\n", "FLANNEL_IPV6_SUBNET"},
         }) {
        CAPTURE(c.text);
        CHECK(fault_of(c.text).code() == ErrorCode::try_again_later);
        CHECK(fault_of(c.text).msg() == "the file lacks " + c.missing);
        CHECK_FALSE(fault_of(c.text).details().empty());
    }
}

TEST_CASE("A value that is not valid is named with its key") {
    for (const std::string line : {"FLANNEL_NETWORK=nonsense",
                                   "FLANNEL_NETWORK=10.244.0.0/16,",
                                   "FLANNEL_NETWORK=fd00::/48",
                                   "FLANNEL_SUBNET=10.244.4.1",
                                   "FLANNEL_SUBNET=10.244.4.1/33",
                                   "FLANNEL_SUBNET=fd00::1/64",
                                   "FLANNEL_IPV6_NETWORK=10.0.0.0/8",
                                   "FLANNEL_IPV6_SUBNET=10.0.0.0/24",
                                   "FLANNEL_MTU=-1",
                                   "FLANNEL_MTU=70000000000",
                                   "FLANNEL_MTU=1450 bytes",
                                   "FLANNEL_IPMASQ=tru",
                                   "FLANNEL_IPMASQ=2"}) {
        CAPTURE(line);
        const Error error = fault_with(line);
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(error.msg().starts_with(line.substr(0, line.find('=')) + " is \""));
    }
    CHECK(missing_in(fault_with("FLANNEL_MTU='14 50'").msg(), {"FLANNEL_MTU is \"14 50\""}) == "");
}

TEST_CASE("B38: UTF-16, which PowerShell writes, is named") {
    for (const std::string& text : {std::string("\xFF\xFE") + "F", std::string("F\0L\0", 4)}) {
        CHECK(fault_of(text).code() == ErrorCode::decoding_failure);
        CHECK(missing_in(fault_of(text).msg(), {"UTF-16"}) == "");
    }
}

TEST_CASE("Booleans are read in any usual spelling") {
    for (const char* text : {"true", "True", "TRUE", "t", "yes", "Y", "on", "1"})
        CHECK(flannel::parse_boolean(text) == true);
    for (const char* text : {"false", "False", "F", "no", "n", "OFF", "0"})
        CHECK(flannel::parse_boolean(text) == false);
    for (const char* text : {"", "tru", "2", "-1", "enabled", "true "})
        CHECK_FALSE(flannel::parse_boolean(text).has_value());
}

TEST_CASE("B35: a file that is not there, and whatever is wrong in one, is named by its path") {
    const Scratch scratch;
    const auto file = scratch.path() / "subnet.env";
    const auto read = [&] { return flannel::read_subnet_env(file); };
    CHECK(error_of(read).code() == ErrorCode::try_again_later);
    CHECK(missing_in(error_of(read).msg(), {"flanneld", libcni::utf8_of(file)}) == "");
    CHECK(missing_in(error_of(read).details(), {"subnetFile", "log"}) == "");
    libcni::write_file_durably(file, scratch.path() / "new", "FLANNEL_NETWORK=x\n");
    CHECK(missing_in(error_of(read).msg(), {libcni::utf8_of(file), "FLANNEL_SUBNET"}) == "");
    libcni::write_file_durably(file, scratch.path() / "new", usual_subnet_env);
    CHECK(is_usual(read()));
}
