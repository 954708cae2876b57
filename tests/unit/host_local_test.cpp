// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <thread>

#include <doctest/doctest.h>

#include "ipam/host-local/conf.hpp"
#include "ipam/host-local/lease_store.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "tests/unit/host_local_node.hpp"
#include "tests/unit/values.hpp"

using host_local::HostLocal;
using Json = nlohmann::json;
using Names = std::vector<std::string>;

namespace {

Json subnet(const std::string& text) {
    return {{"subnet", text}};
}

Json dual_stack() {
    return {{"ranges", {{{{"subnet", "10.0.0.0/24"}}}, {{{"subnet", "fd00::/64"}}}}}};
}

std::string name_of(const char* address) {
    return host_local::lease_name(ip(address));
}

Json with_valid(Json conf, const Json& attachments) {
    conf["cni.dev/valid-attachments"] = attachments;
    return conf;
}

} // namespace

TEST_CASE(
    "B04: a second ADD of the same container and interface gives the same address, IPv6 too") {
    const HostLocalNode node;
    const Json conf = node.conf(dual_stack());
    const auto first = node.run({"ADD"}, conf);
    CHECK(first.addresses() == Names{"10.0.0.2/24", "fd00::2/64"});
    CHECK(node.run({"ADD"}, conf).output == first.output);
    CHECK(node.leases() == Names{"10.0.0.2", name_of("fd00::2")});
    CHECK(node.run({"ADD", "c1", "eth1"}, conf).addresses() == Names{"10.0.0.3/24", "fd00::3/64"});
}

TEST_CASE(
    "B07: a container that starts again after its engine was killed gets its stale lease back") {
    const HostLocalNode node;
    node.put("10.0.0.77", "c1\r\neth0");
    CHECK(node.run({"ADD"}, node.conf(subnet("10.0.0.0/24"))).addresses() == Names{"10.0.0.77/24"});
    CHECK(node.leases() == Names{"10.0.0.77"});
}

TEST_CASE("B89: the source VIP of kube-proxy is reserved once and returned ever after") {
    const HostLocalNode node;
    Json conf{{"cniVersion", "0.2.0"},
              {"name", "vxlan0"},
              {"ipam",
               {{"type", "host-local"},
                {"ranges", {{{{"subnet", "10.244.3.0/24"}}}}},
                {"dataDir", node.data_dir().generic_string()}}}};
    const auto first = node.run({"ADD", "dummy", "dummy"}, conf);
    CHECK(first.json().at("ip4").at("ip") == "10.244.3.2/24");
    CHECK(node.run({"ADD", "dummy", "dummy"}, conf).output == first.output);
    conf["cniVersion"] = "1.0.0";
    conf["name"] = "flannel.4096";
    CHECK(node.run({"ADD", "kube-proxy", "source-vip"}, conf).addresses()
          == Names{"10.244.3.2/24"});
    CHECK(node.run({"DEL", "kube-proxy", "source-vip"}, conf).code() == 0);
}

TEST_CASE("B01: after a reboot GC releases what belongs to no live attachment, and nothing else") {
    const HostLocalNode node;
    const Json conf = node.conf(subnet("10.0.0.0/29"));
    for (const char* id : {"c1", "c2", "c3", "c4", "c5"})
        CHECK(node.run({"ADD", id}, conf).code() == 0);
    CHECK(node.run({"ADD", "c6"}, conf).code() == 999);
    const Json valid{{{"containerID", "c4"}, {"ifname", "eth0"}},
                     {{"containerID", "c2"}, {"ifname", "eth1"}}};
    CHECK(node.run({"GC"}, with_valid(conf, valid)).code() == 0);
    CHECK(node.leases() == Names{"10.0.0.5"});
    CHECK(node.run({"ADD", "c6"}, conf).code() == 0);
    CHECK(node.run({"GC"}, with_valid(conf, Json::array())).code() == 0);
    CHECK(node.leases().empty());
}

TEST_CASE("GC without a list of valid attachments is refused, not taken for an empty list") {
    const HostLocalNode node;
    const Json conf = node.conf(subnet("10.0.0.0/24"));
    CHECK(node.run({"ADD"}, conf).code() == 0);
    CHECK(node.run({"GC"}, conf).code() == 7);
    CHECK(node.leases().size() == 1);
}

TEST_CASE("GC keeps old leases that name the container only, and what is not a lease") {
    const HostLocalNode node;
    node.put("10.0.0.2", "c1");
    node.put("10.0.0.3", "c2");
    node.put("notes.txt", "do not touch");
    const Json valid{{{"containerID", "c1"}, {"ifname", "eth7"}}};
    CHECK(node.run({"GC"}, with_valid(node.conf(subnet("10.0.0.0/24")), valid)).code() == 0);
    CHECK(node.leases() == Names{"10.0.0.2", "notes.txt"});
}

TEST_CASE("GC on a node that never leased an address makes nothing") {
    const HostLocalNode node;
    CHECK(node.run({"GC"}, with_valid(node.conf(subnet("10.0.0.0/24")), Json::array())).code()
          == 0);
    CHECK_FALSE(std::filesystem::exists(node.data_dir()));
}

TEST_CASE("GC goes on after an error and gathers all of them") {
    const HostLocalNode node;
    node.put("10.0.0.2", "gone\r\neth0");
    std::filesystem::create_directory(node.folder() / "10.0.0.3");
    std::filesystem::create_directory(node.folder() / "10.0.0.4");
    const auto answer =
        node.run({"GC"}, with_valid(node.conf(subnet("10.0.0.0/24")), Json::array()));
    CHECK(answer.code() == 5);
    CHECK(answer.details().find("10.0.0.3") != std::string::npos);
    CHECK(answer.details().find("10.0.0.4") != std::string::npos);
    CHECK(node.leases() == Names{"10.0.0.3", "10.0.0.4"});
}

TEST_CASE("B18: a zero-byte lease is ignored by ADD, named when the set is full, reclaimed by GC") {
    const HostLocalNode node;
    const Json conf = node.conf(subnet("10.0.0.0/29"));
    node.put("10.0.0.2", "");
    node.put("10.0.0.3", std::string(8, '\0'));
    for (const char* id : {"c1", "c2", "c3"})
        CHECK(node.run({"ADD", id}, conf).code() == 0);
    CHECK(node.leases() == Names{"10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6"});
    const auto full = node.run({"ADD", "c4"}, conf);
    CHECK(full.code() == 999);
    CHECK(full.details().find("10.0.0.2 does not name an owner") != std::string::npos);
    CHECK(full.details().find("10.0.0.3 does not name an owner") != std::string::npos);
    CHECK(node.run({"STATUS"}, conf).code() == 50);
    Json valid = Json::array();
    for (const char* id : {"c1", "c2", "c3"})
        valid.push_back({{"containerID", id}, {"ifname", "eth0"}});
    const libcni::log::Captured log;
    CHECK(node.run({"GC"}, with_valid(conf, valid)).code() == 0);
    for (const char* address : {"10.0.0.2", "10.0.0.3"})
        CHECK(log.holds(libcni::log::Level::warning,
                        std::string(address) + " does not name an owner; releasing it"));
    CHECK(node.leases() == Names{"10.0.0.4", "10.0.0.5", "10.0.0.6"});
    CHECK(node.run({"STATUS"}, conf).code() == 0);
    CHECK(node.run({"ADD", "c4"}, conf).code() == 0);
}

TEST_CASE("a requested address that a broken lease file blocks is refused with that file's name") {
    const HostLocalNode node;
    node.put("10.0.0.5", "");
    const auto answer =
        node.run({"ADD", "c1", "eth0", "IP=10.0.0.5"}, node.conf(subnet("10.0.0.0/24")));
    CHECK(answer.code() == 999);
    CHECK(answer.details().find("10.0.0.5 does not name an owner") != std::string::npos);
}

TEST_CASE("B19: DEL of what is not there is success and makes nothing") {
    const HostLocalNode node;
    const Json conf = node.conf(subnet("10.0.0.0/24"));
    CHECK(node.run({"DEL"}, conf).code() == 0);
    CHECK_FALSE(std::filesystem::exists(node.data_dir()));
    CHECK(node.run({"ADD", "c2"}, conf).code() == 0);
    CHECK(node.run({"DEL"}, conf).code() == 0);
    CHECK(node.run({"DEL"}, conf).code() == 0);
    CHECK(node.leases() == Names{"10.0.0.2"});
}

TEST_CASE("DEL releases although the ranges of the conf are wrong or gone by now") {
    const HostLocalNode node;
    CHECK(node.run({"ADD"}, node.conf(dual_stack())).code() == 0);
    CHECK(node.run({"DEL"}, node.conf(subnet("nonsense"))).code() == 0);
    CHECK(node.leases().empty());
    CHECK(node.run({"ADD"}, node.conf(dual_stack())).code() == 0);
    CHECK(node.run({"DEL"}, node.conf(Json::object())).code() == 0);
    CHECK(node.leases().empty());
}

TEST_CASE("DEL needs name and dataDir, and no other key of the conf can stop it") {
    const HostLocalNode node;
    const Json added = node.conf(dual_stack());
    const std::pair<const char*, Json> top[] = {
        {"prevResult", {{"cniVersion", "1.2.0"}, {"ips", Json::array()}}},
        {"prevResult", {{"ips", {{{"address", "null/32"}}}}}},
        {"timeoutSeconds", "abc"},
        {"timeoutSeconds", 0},
        {"timeoutSeconds", -1},
        {"runtimeConfig", 7},
        {"runtimeConfig", {{"ipRanges", "x"}, {"ips", {7}}}},
        {"args", "x"},
        {"dns", 7},
        {"cni.dev/valid-attachments", "x"}};
    const std::pair<const char*, Json> ipam[] = {{"ranges", 7},
                                                 {"ranges", {{{{"subnet", "10.0.0.300/8"}}}}},
                                                 {"routes", {{{"dst", "nowhere"}}}},
                                                 {"routes", 7},
                                                 {"subnet", 7},
                                                 {"resolvConf", 7},
                                                 {"resolvConf", "/not/there"}};
    const auto released_with = [&](const Json& conf) {
        CAPTURE(conf.dump());
        CHECK(node.run({"ADD"}, added).code() == 0);
        CHECK(node.run({"DEL", "c1", "eth0", "no pair"}, conf).code() == 0);
        CHECK(node.leases().empty());
    };
    for (const auto& [key, value] : top) {
        Json conf = added;
        conf[key] = value;
        released_with(conf);
    }
    for (const auto& [key, value] : ipam) {
        Json conf = added;
        conf["ipam"][key] = value;
        released_with(conf);
    }
}

TEST_CASE("prevResult and attachments are read by the command that uses them only") {
    const HostLocalNode node;
    Json conf = node.conf(subnet("10.0.0.0/24"));
    conf["prevResult"] = {{"ips", {{{"address", "null/32"}}}}};
    conf["cni.dev/valid-attachments"] = {{{"ifname", "eth0"}}};
    CHECK(node.run({"STATUS"}, conf).code() == 0);
    CHECK(node.run({"ADD"}, conf).code() == 0);
    const auto checked = node.run({"CHECK"}, conf);
    CHECK(checked.code() == 6);
    CHECK(checked.msg().find("conf.prevResult.ips[0].address") == 0);
    const auto collected = node.run({"GC"}, conf);
    CHECK(collected.code() == 6);
    CHECK(collected.msg().find("conf.cni.dev/valid-attachments[0].containerID") == 0);
    CHECK(node.leases() == Names{"10.0.0.2"});
}

TEST_CASE("DEL takes the leases of this interface, and old ones only where there are no others") {
    const HostLocalNode node;
    const Json conf = node.conf(subnet("10.0.0.0/24"));
    node.put("10.0.0.2", "c1");
    node.put("10.0.0.3", "c1\r\neth0");
    node.put("10.0.0.4", "c1\r\neth1");
    CHECK(node.run({"DEL"}, conf).code() == 0);
    CHECK(node.leases() == Names{"10.0.0.2", "10.0.0.4"});
    CHECK(node.run({"DEL"}, conf).code() == 0);
    CHECK(node.leases() == Names{"10.0.0.4"});
}

TEST_CASE("an old lease without an interface serves one interface only") {
    const HostLocalNode node;
    const Json conf = node.conf(subnet("10.0.0.0/24"));
    node.put("10.0.0.9", "c1");
    CHECK(node.run({"ADD"}, conf).addresses() == Names{"10.0.0.9/24"});
    CHECK(node.read("10.0.0.9") == "c1\r\neth0");
    CHECK(node.run({"ADD", "c1", "eth1"}, conf).addresses() == Names{"10.0.0.2/24"});
}

TEST_CASE("CHECK wants the addresses of prevResult, and tells who has them instead") {
    const HostLocalNode node;
    Json conf = node.conf(dual_stack());
    CHECK(node.run({"CHECK"}, conf).code() == 101);
    CHECK_FALSE(std::filesystem::exists(node.data_dir()));
    const auto added = node.run({"ADD"}, conf);
    CHECK(node.run({"CHECK"}, conf).code() == 0);
    conf["prevResult"] = added.json();
    CHECK(node.run({"CHECK"}, conf).code() == 0);
    node.put("10.0.0.2", "c9\r\neth0");
    const auto answer = node.run({"CHECK"}, conf);
    CHECK(answer.code() == 101);
    CHECK(answer.msg().find("10.0.0.2 of prevResult is held by container c9, interface eth0")
          != std::string::npos);
    CHECK(node.run({"CHECK", "c2"}, conf).code() == 101);
}

TEST_CASE("CHECK leaves the addresses of other interfaces to those who added them") {
    const HostLocalNode node;
    Json conf = node.conf(subnet("10.0.0.0/24"));
    Json result = node.run({"ADD"}, conf).json();
    result["ips"].push_back({{"address", "10.0.0.77/24"}, {"interface", 1}});
    conf["prevResult"] = result;
    CHECK(node.run({"CHECK"}, conf).code() == 0);
    conf["prevResult"]["ips"][0]["interface"] = 1;
    CHECK(node.run({"CHECK"}, conf).code() == 101);
    conf["prevResult"]["ips"][0]["interface"] = 0;
    CHECK(node.run({"CHECK"}, conf).code() == 0);
    conf["prevResult"]["ips"].erase(0);
    CHECK(node.run({"CHECK"}, conf).code() == 101);
}

TEST_CASE("STATUS changes nothing and tells why no address can be had") {
    const HostLocalNode node;
    const Json conf = node.conf(subnet("10.0.0.0/30"));
    CHECK(node.run({"STATUS"}, conf).code() == 0);
    CHECK_FALSE(std::filesystem::exists(node.data_dir()));
    CHECK(node.run({"ADD"}, conf).code() == 0);
    const auto full = node.run({"STATUS"}, conf);
    CHECK(full.code() == 50);
    CHECK(full.msg().find("10.0.0.1-10.0.0.2") != std::string::npos);
    CHECK(node.run({"STATUS"}, node.conf(subnet("10.0.0.0/29"))).code() == 0);
    Json lost = node.conf(subnet("10.0.0.0/29"));
    lost["ipam"]["resolvConf"] = (node.data_dir() / "resolv.conf").generic_string();
    CHECK(node.run({"STATUS"}, lost).code() == 50);
    lost = node.conf(subnet("10.0.0.0/29"));
    lost["ipam"]["dataDir"] = (node.folder() / "10.0.0.2").generic_string();
    CHECK(node.run({"STATUS"}, lost).code() == 50);
    CHECK(node.run({"STATUS"}, node.conf(Json::object())).code() == 7);
}

TEST_CASE("a file where the folder should be is an error that names it") {
    const HostLocalNode node;
    node.put("file", "");
    Json conf = node.conf(subnet("10.0.0.0/24"));
    conf["ipam"]["dataDir"] = (node.folder() / "file").generic_string();
    const auto answer = node.run({"ADD"}, conf);
    CHECK(answer.code() == 5);
    CHECK(answer.msg().find("file") != std::string::npos);
    CHECK(node.run({"DEL"}, conf).code() == 0);
}

TEST_CASE("B78: thirty ADDs at once get thirty addresses") {
    const HostLocalNode node;
    const Json conf = node.conf(dual_stack());
    std::vector<libcni::Result> results(30);
    {
        std::vector<std::jthread> pods;
        for (std::size_t i = 0; i < results.size(); ++i)
            pods.emplace_back([&, i] {
                results[i] = HostLocal().add(HostLocalNode::request(conf, "c" + std::to_string(i)));
            });
    }
    std::set<std::string> different;
    for (const libcni::Result& result : results)
        for (const libcni::IpConfig& ip : result.ips)
            different.insert(ip.address.to_string());
    CHECK(different.size() == 2 * results.size());
    CHECK(node.leases().size() == 2 * results.size());
}

TEST_CASE("B77: a lock that is never given back ends a call with code 11") {
    const HostLocalNode node;
    Json conf = node.conf(subnet("10.0.0.0/24"));
    CHECK(node.run({"ADD"}, conf).code() == 0);
    host_local::Disk disk;
    host_local::LeaseStore store(node.folder(), disk);
    const auto held = store.lock(std::chrono::seconds(1));
    // Without dispatch(): its watchdog of the same length would end the test itself.
    conf["timeoutSeconds"] = 1;
    libcni::Request request = HostLocalNode::request(conf, "c2");
    for (const auto command : {&HostLocal::del, &HostLocal::check}) {
        try {
            (HostLocal().*command)(request);
            FAIL("the lock is held");
        } catch (const libcni::Error& error) {
            CHECK(error.code() == libcni::ErrorCode::try_again_later);
            CHECK(error.msg().find("lock") != std::string::npos);
        }
    }
    CHECK(node.leases() == Names{"10.0.0.2"});
}

TEST_CASE("an ADD that fails for its second range set gives the first address back") {
    const HostLocalNode node;
    const Json conf =
        node.conf({{"ranges", {{{{"subnet", "10.0.0.0/24"}}}, {{{"subnet", "10.1.0.0/30"}}}}}});
    CHECK(node.run({"ADD", "c1"}, conf).addresses() == Names{"10.0.0.2/24", "10.1.0.2/30"});
    CHECK(node.run({"ADD", "c2"}, conf).code() == 999);
    CHECK(node.leases() == Names{"10.0.0.2", "10.1.0.2"});
    CHECK(node.read("last_reserved_ip.0") == "10.0.0.2");
}

TEST_CASE("D6: an ADD that fails never releases what the container held before") {
    const HostLocalNode node;
    CHECK(node.run({"ADD"}, node.conf(subnet("10.0.0.0/24"))).code() == 0);
    const Json more =
        node.conf({{"ranges", {{{{"subnet", "10.0.0.0/24"}}}, {{{"subnet", "10.1.0.0/24"}}}}}});
    CHECK(node.run({"ADD", "c1", "eth0", "IP=10.1.0.1"}, more).code() == 7);
    CHECK(node.leases() == Names{"10.0.0.2"});
}

TEST_CASE("B13: K8S keys in CNI_ARGS are known; others need IgnoreUnknown, in any place and case") {
    const HostLocalNode node;
    const Json conf = node.conf(subnet("10.0.0.0/24"));
    for (const char* args : {"K8S_POD_NAMESPACE=default;K8S_POD_NAME=x",
                             "IgnoreUnknown=1;FOO=bar",
                             "FOO=a=b;IgnoreUnknown=True"}) {
        CAPTURE(args);
        CHECK(node.run({"ADD", "c1", "eth0", args}, conf).code() == 0);
    }
    CHECK(node.run({"ADD", "c2", "eth0", "FOO=bar"}, conf).code() == 4);
}

TEST_CASE("addresses are asked for with or without a prefix length, in three places") {
    const HostLocalNode node;
    Json conf = node.conf(dual_stack());
    conf["args"]["cni"]["ips"] = {"fd00::20/64"};
    CHECK(node.run({"ADD", "c1", "eth0", "IP=10.0.0.20/24"}, conf).addresses()
          == Names{"10.0.0.20/24", "fd00::20/64"});
    conf["args"]["cni"]["ips"] = nullptr;
    conf["runtimeConfig"]["ips"] = {"fd00::21", "10.0.0.21/16"};
    CHECK(node.run({"ADD", "c2"}, conf).addresses() == Names{"10.0.0.21/24", "fd00::21/64"});
    conf["runtimeConfig"]["ips"] = {"10.0.0.300"};
    CHECK(node.run({"ADD", "c3"}, conf).code() == 7);
}

TEST_CASE("runtimeConfig.ipRanges come first, then the single range, then ranges") {
    const HostLocalNode node;
    Json conf = node.conf({{"subnet", "10.1.0.0/24"}, {"ranges", {{{{"subnet", "10.2.0.0/24"}}}}}});
    conf["runtimeConfig"]["ipRanges"] = {{{{"subnet", "10.3.0.0/24"}}}};
    CHECK(node.run({"ADD"}, conf).addresses()
          == Names{"10.3.0.2/24", "10.1.0.2/24", "10.2.0.2/24"});
    CHECK(node.read("last_reserved_ip.2") == "10.2.0.2");
    conf["cniVersion"] = "0.2.0";
    CHECK(node.run({"ADD", "c2"}, conf).code() == 7);
    conf["ipam"]["subnet"] = "10.2.0.0/25";
    CHECK(node.run({"ADD", "c2"}, conf).code() == 7);
}

TEST_CASE("B39 D15: wrong keys are named with their place and what they should be") {
    const HostLocalNode node;
    Json conf = node.conf(subnet("10.0.0.0/24"));
    conf["ipam"]["dataDir"] = "C:\run\net";
    CHECK(node.run({"ADD"}, conf).code() == 7);
    CHECK(node.run({"ADD"}, conf).msg().find("conf.ipam.dataDir") == 0);
    conf = node.conf({{"ranges", {{"subnet", "10.0.0.0/24"}}}});
    const auto answer = node.run({"ADD"}, conf);
    CHECK(answer.code() == 6);
    CHECK(answer.msg().find("conf.ipam.ranges") == 0);
    // PowerShell's ConvertTo-Json makes a scalar of a list of one.
    conf = node.conf(subnet("10.0.0.0/24"));
    conf["runtimeConfig"]["ips"] = "10.0.0.9";
    CHECK(node.run({"ADD"}, conf).addresses() == Names{"10.0.0.9/24"});
}

TEST_CASE("resolvConf is read with CRLF, a byte-order mark and comments") {
    const auto dns =
        host_local::parse_resolv_conf("\xEF\xBB\xBFnameserver 10.96.0.10\r\n; remark\r\n# "
                                      "nameserver 1.1.1.1\r\nsearch a.example\tb.example \r\n"
                                      "\r\nnameserver\r\noptions ndots:5 edns0\r\ndomain "
                                      "d.example\r\nsortlist x\r\nsearch c.example");
    CHECK(dns.nameservers == Names{"10.96.0.10"});
    CHECK(dns.search == Names{"a.example", "b.example", "c.example"});
    CHECK(dns.options == Names{"ndots:5", "edns0"});
    CHECK(dns.domain == "d.example");
}

TEST_CASE("a resolvConf that is not there is named before anything is taken") {
    const HostLocalNode node;
    Json conf = node.conf(subnet("10.0.0.0/24"));
    conf["ipam"]["resolvConf"] = (node.data_dir() / "resolv.conf").generic_string();
    const auto answer = node.run({"ADD"}, conf);
    CHECK(answer.code() == 5);
    CHECK(answer.msg().find("resolv.conf") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(node.folder()));
}

TEST_CASE("D3: on Windows two networks never get one folder") {
    if constexpr (host_local::native_names == host_local::NameStyle::underscores) {
        const HostLocalNode node;
        Json conf = node.conf(subnet("10.0.0.0/24"));
        CHECK(node.run({"ADD"}, conf).code() == 0);
        for (const char* name : {"CBR0", "cbr0.", "nul", "aux.x"}) {
            CAPTURE(name);
            conf["name"] = name;
            CHECK(node.run({"ADD", "c2"}, conf).code() == 7);
            CHECK(node.run({"GC"}, with_valid(conf, Json::array())).code() == 7);
            CHECK(node.run({"DEL", "c2"}, conf).code() == 0);
        }
        CHECK(node.leases() == Names{"10.0.0.2"});
    }
}
