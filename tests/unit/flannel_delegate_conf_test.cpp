// SPDX-License-Identifier: Apache-2.0
// The conf that flannel makes for its delegate.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "libcni/base/platform.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "plugins/flannel/delegate_conf.hpp"
#include "tests/unit/recordings.hpp"
#include "tests/unit/subnet_env_texts.hpp"
#include "tests/unit/thrown.hpp"

using flannel::SubnetEnv;
using libcni::Error;
using libcni::ErrorCode;
using nlohmann::json;

namespace {

libcni::NetworkConfig conf_of(const std::string& text) {
    json conf = json::parse(text);
    if (!conf.contains("cniVersion")) conf["cniVersion"] = "1.1.0";
    conf["name"] = "cbr0";
    return libcni::parse_config(conf.dump());
}

json made(const std::string& conf, const std::string& env = usual_subnet_env) {
    return flannel::make_delegate_conf(conf_of(conf), flannel::parse_subnet_env(env));
}

Error fault_of(const std::string& conf, const std::string& env = usual_subnet_env) {
    return error_of([&] { return made(conf, env); });
}

/// As the executable would answer.
template <class Body>
unsigned code_of(Body body) {
    try {
        return static_cast<unsigned>(error_of(body).code());
    } catch (const libcni::BadShape&) {
        return static_cast<unsigned>(ErrorCode::decoding_failure);
    }
}

} // namespace

TEST_CASE("The reference's conf for the delegate, but for what differs on purpose") {
    for (const json& recorded : read_json(traces() / "flannel.json")) {
        const std::string step =
            recorded.at("case").get<std::string>() + " " + recorded.at("step").dump();
        CAPTURE(step);
        const auto ours = [&] {
            const auto conf = libcni::parse_config(recorded.at("conf").dump());
            const auto env = flannel::parse_subnet_env(recorded.at("subnetEnv").get<std::string>());
            return flannel::make_delegate_conf(conf, env);
        };
        if (recorded.contains("code")) {
            CHECK(code_of(ours) == recorded.at("code").get<unsigned>());
            continue;
        }
        json expected = recorded.at("reference");
        const json differs = recorded.value("differs", json::object());
        for (const auto& patch : differs)
            expected.merge_patch(patch);
        CHECK(ours() == expected);
    }
}

TEST_CASE("delegate: null means none; its own keys stay, in whatever case the author wrote them") {
    CHECK(made(R"({"delegate": null})") == made("{}"));
    CHECK(made(R"({"Delegate": {"TYPE": "win-bridge", "Name": null, "ipam": null}})")
          == made(R"({"delegate": {"type": "win-bridge"}})"));
    const json conf = made(R"({"delegate": {"Type": "sdnbridge", "AdditionalArgs": [1],
                               "cniversion": "0.1.0", "optionalFlags": {"x": true}}})");
    CHECK(conf.at("type") == "sdnbridge");
    CHECK(conf.at("cniVersion") == "1.1.0");
    CHECK(conf.at("AdditionalArgs") == json::array({1}));
    CHECK(conf.at("optionalFlags") == json{{"x", true}});
    CHECK_FALSE(conf.contains("cniversion"));
}

TEST_CASE("What flannel sets is refused in the delegate, with a cure") {
    for (const std::string key : {"name", "ipam", "Name", "IPAM"}) {
        const Error error = fault_of(R"({"delegate": {")" + key + R"(": {}}})");
        CHECK(error.code() == ErrorCode::invalid_network_config);
        CHECK(missing_in(error.msg(), {"conf.delegate." + key}) == "");
        CHECK_FALSE(error.details().empty());
    }
}

TEST_CASE("What the runtime says at the top reaches the delegate") {
    const json conf = made(R"({"runtimeConfig": {"ips": ["10.244.4.9"]}, "timeoutSeconds": 30,
        "args": {"cni": {"ips": ["10.244.4.9"]}}, "dns": {"domain": "top"}, "capabilities": {"dns": true},
        "prevResult": {"cniVersion": "1.1.0"}, "subnetFile": "/x", "delegate":
        {"runtimeConfig": {"own": 1}, "dns": {"domain": "own"}}})");
    CHECK(conf.at("runtimeConfig") == json::parse(R"({"ips": ["10.244.4.9"]})"));
    CHECK(conf.at("args").at("cni").at("ips") == json::array({"10.244.4.9"}));
    CHECK(conf.at("timeoutSeconds") == 30);
    CHECK(conf.at("dns").at("domain") == "own");
    CHECK(made(R"({"dns": {"domain": "top"}})").at("dns").at("domain") == "top");
    const json logged =
        made(R"({"logFile": "/x", "logLevel": "info", "delegate": {"logLevel": "trace"}})");
    CHECK(logged.at("logFile") == "/x");
    CHECK(logged.at("logLevel") == "trace");
    for (const char* key : {"prevResult", "subnetFile", "capabilities", "delegate"})
        CHECK_FALSE(conf.contains(key));
}

TEST_CASE("Without cniVersion the delegate gets the reference's 0.2.0, else the conf's") {
    CHECK(made(R"({"cniVersion": ""})").at("cniVersion") == "0.2.0");
    CHECK(made(R"({"cniVersion": "0.1.0"})").at("cniVersion") == "0.1.0");
    CHECK(made(R"({"cniVersion": "0.3.1"})").at("cniVersion") == "0.3.1");
}

TEST_CASE("D7: the delegate's own ipMasq decides, in any usual spelling, else FLANNEL_IPMASQ") {
    const std::string no_masq = usual_subnet_env + "FLANNEL_IPMASQ=no\n";
    for (const std::string yes : {"true", R"("yes")", "1", R"("True")"}) {
        const json conf = made(R"({"delegate": {"IpMasq": )" + yes + "}}", no_masq);
        CHECK(conf.at("ipMasq") == true);
        CHECK(conf.at("ipMasqNetwork") == "10.244.0.0/16");
        CHECK_FALSE(conf.contains("IpMasq"));
    }
    for (const std::string no : {"false", R"("off")", "0"}) {
        const json conf = made(R"({"delegate": {"ipMasq": )" + no + "}}");
        CHECK(conf.at("ipMasq") == false);
        CHECK_FALSE(conf.contains("ipMasqNetwork"));
    }
    CHECK(made("{}", no_masq).at("ipMasq") == false);
    CHECK_FALSE(made("{}", no_masq).contains("ipMasqNetwork"));
    CHECK(shape_fault_of([] { return made(R"({"delegate": {"ipMasq": "maybe"}})"); })
          == "conf.delegate.ipMasq must be true or false, not \"maybe\"");
}

TEST_CASE("Networks that the author exempts from NAT are not overwritten") {
    const json conf = made(R"({"delegate": {"ipMasqNetwork": "10.0.0.0/8"}})");
    CHECK(conf.at("ipMasqNetwork") == "10.0.0.0/8");
    CHECK_FALSE(conf.contains("ipMasqNetworks"));
    CHECK(made(R"({"delegate": {"ipMasqNetworks": ["10.0.0.0/8"]}})").at("ipMasqNetworks")
          == json::array({"10.0.0.0/8"}));
}

TEST_CASE("Every network of flannel is exempt from NAT; the list is there for several only") {
    const json one = made("{}");
    CHECK(one.at("ipMasqNetwork") == "10.244.0.0/16");
    CHECK_FALSE(one.contains("ipMasqNetworks"));
    const json several = made(
        "{}", usual_subnet_env + ipv6_subnet_env + "FLANNEL_NETWORK=10.244.0.0/16,10.245.0.0/16\n");
    CHECK(several.at("ipMasqNetwork") == "10.244.0.0/16");
    CHECK(several.at("ipMasqNetworks")
          == json::array({"10.244.0.0/16", "10.245.0.0/16", "fd00:10:244::/48"}));
}

TEST_CASE("B12: on a bridge, addresses begin behind the bridge's own; on an overlay they do not") {
    for (const std::string type : {"win-bridge", "win-bridge.exe", "sdnbridge", "L2Bridge-of-ours"})
        CHECK(made(R"({"delegate": {"type": ")" + type + R"("}})").at("ipam")
              == json{{"type", "host-local"},
                      {"subnet", "10.244.4.0/24"},
                      {"rangeStart", "10.244.4.3"}});
    for (const std::string type :
         {"win-overlay", "sdnoverlay", "Win-Overlay", "win-overlay.exe", "sdnoverlay.EXE"})
        CHECK(made(R"({"delegate": {"type": ")" + type + R"("}})").at("ipam")
              == json{{"type", "host-local"}, {"subnet", "10.244.4.0/24"}});
}

TEST_CASE("B75: both families get a range set on a bridge; one alone keeps the old shape") {
    CHECK(made("{}", usual_subnet_env + ipv6_subnet_env).at("ipam")
          == json::parse(R"({"type": "host-local", "ranges": [
                [{"subnet": "10.244.4.0/24", "rangeStart": "10.244.4.3"}],
                [{"subnet": "fd00:10:244:4::/64", "rangeStart": "fd00:10:244:4::3"}]]})"));
    const json only_v6 = made("{}", ipv6_subnet_env + "FLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n");
    CHECK(only_v6.at("ipam")
          == json::parse(R"({"type": "host-local", "subnet": "fd00:10:244:4::/64",
                             "rangeStart": "fd00:10:244:4::3"})"));
    CHECK(only_v6.at("ipMasqNetwork") == "fd00:10:244::/48");
}

TEST_CASE("An overlay leaves IPv6 out, and is refused when nothing is left") {
    const std::string overlay = R"({"delegate": {"type": "win-overlay"}})";
    const libcni::log::Captured log;
    CHECK(made(overlay, usual_subnet_env + ipv6_subnet_env) == made(overlay, usual_subnet_env));
    CHECK(log.texts(libcni::log::Level::warning)
          == std::vector<std::string>{
              "overlay networks are IPv4 only: FLANNEL_IPV6_SUBNET is left out"});
    const Error error =
        fault_of(overlay, ipv6_subnet_env + "FLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n");
    CHECK(error.code() == ErrorCode::invalid_network_config);
    CHECK(missing_in(error.msg(), {"IPv4"}) == "");
}

TEST_CASE("The conf's own ipam is kept but for the subnets, which are flanneld's to say") {
    const libcni::log::Captured log;
    const json ipam = made(R"({"ipam": {"dataDir": "/leases", "routes": [{"dst": "10.96.0.0/12"}],
        "resolvConf": "/etc/resolv.conf", "Subnet": "1.0.0.0/8", "ranges": [[]], "rangeEnd": "10.244.4.99"}})")
                          .at("ipam");
    for (const std::string key : {"subnet", "ranges"})
        CHECK(log.holds(libcni::log::Level::warning, "conf.ipam." + key + " is left out"));
    CHECK(ipam == json::parse(R"({"type": "host-local", "dataDir": "/leases", "resolvConf":
              "/etc/resolv.conf", "routes": [{"dst": "10.96.0.0/12"}], "subnet": "10.244.4.0/24",
              "rangeStart": "10.244.4.3", "rangeEnd": "10.244.4.99"})"));
    CHECK(made(R"({"ipam": {"rangeStart": "10.244.4.20"}})").at("ipam").at("rangeStart")
          == "10.244.4.20");
    CHECK(made(R"({"ipam": {"type": "other"}})").at("ipam").at("type") == "other");
    CHECK(made(R"({"ipam": {"type": null}})") == made("{}"));
    CHECK(made(R"({"ipam": {"rangeEnd": "10.244.4.99"}})", usual_subnet_env + ipv6_subnet_env)
          == made("{}", usual_subnet_env + ipv6_subnet_env));
}

TEST_CASE("Without subnet.env there is a conf without ranges, for GC") {
    const json conf =
        flannel::make_delegate_conf(conf_of(R"({"ipam": {"dataDir": "/x"}})"), SubnetEnv{});
    CHECK(conf.at("ipam") == json{{"type", "host-local"}, {"dataDir", "/x"}});
    CHECK(conf.at("type") == "win-bridge");
}

TEST_CASE("B34: paths have defaults on the system drive, and are checked") {
    const auto text_of = [](const std::filesystem::path& path) { return path.generic_string(); };
    const std::string drive = libcni::system_drive();
    CHECK(text_of(flannel::read_subnet_file(conf_of("{}"))) == drive + "/run/flannel/subnet.env");
    CHECK(text_of(flannel::read_data_dir(conf_of(R"({"dataDir": ""})")))
          == drive + "/var/lib/cni/flannel");
    CHECK(text_of(flannel::read_data_dir(conf_of(R"({"DataDir": "/k/x"})"))) == drive + "/k/x");
    // B39: "C:\run\flannel" with single backslashes.
    const Error error = error_of(
        [] { return flannel::read_subnet_file(conf_of(R"({"subnetFile": "C:\run\flannel"})")); });
    CHECK(error.code() == ErrorCode::invalid_network_config);
    CHECK(missing_in(error.msg(), {"conf.subnetFile"}) == "");
}

TEST_CASE("conf-examples/flannel-overlay.conflist") {
    const json list = read_json(std::filesystem::path(WINCNI_TEST_DATA)
                                / "../../conf-examples/flannel-overlay.conflist");
    json conf = list.at("plugins").at(0);
    conf["name"] = list.at("name");
    conf["cniVersion"] = list.at("cniVersion");
    const json made = flannel::make_delegate_conf(libcni::parse_config(conf.dump()),
                                                  flannel::parse_subnet_env(usual_subnet_env));
    CHECK(made.at("type") == "win-overlay");
    CHECK(made.at("name") == "vxlan0");
    CHECK(made.at("ipMasqNetwork") == "10.244.0.0/16");
    CHECK(made.at("ipam") == json{{"type", "host-local"}, {"subnet", "10.244.4.0/24"}});
    CHECK(made.at("policies").size() == 2);
}
