// SPDX-License-Identifier: Apache-2.0
// Keys of a conf that nobody reads, and the catalogue of those that somebody does.
#include <algorithm>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "libcni/base/text.hpp"
#include "libcni/files.hpp"
#include "libcni/json_text.hpp"
#include "libcni/key_catalogue.hpp"
#include "libcni/unread_keys.hpp"

using libcni::key_catalogue;
using libcni::KeyFacts;
using Texts = std::vector<std::string>;

namespace {

libcni::NetworkConfig conf_with(const std::string& keys) {
    return libcni::parse_config(R"({"cniVersion": "1.1.0", "name": "cbr0")"
                                + (keys.empty() ? keys : ", " + keys) + "}");
}

Texts unread(const std::string& plugin, const std::string& keys) {
    return libcni::unread_keys(plugin, conf_with(keys));
}

/// The one key that is not read.
std::string only(const std::string& plugin, const std::string& keys) {
    const auto sentences = unread(plugin, keys);
    return sentences.size() == 1 ? sentences.front() : libcni::joined(sentences, "\n");
}

std::string did_you_mean(const std::string& key, const std::string& nearest) {
    return "conf." + key + " is read by nobody; did you mean conf." + nearest + "?";
}

/// A key in a page's tables of keys.
struct Documented {
    std::string path;
    /// "prefix", or "path, /run/flannel/subnet.env": its type and what holds without it.
    std::string type;
};

/// The text without what makes it look well.
std::string plain(std::string_view cell) {
    std::string text(cell);
    for (const std::string_view mark : {"`", "\""})
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark))
            text.erase(at, mark.size());
    constexpr std::string_view long_dash = "\xE2\x80\x93";
    for (auto at = text.find(long_dash); at != std::string::npos; at = text.find(long_dash))
        text.replace(at, long_dash.size(), "-");
    return text;
}

/// What stands in backticks in the first cells of a page's tables of keys, with the second cell.
std::vector<Documented> documented_keys(const std::string& page) {
    std::vector<Documented> keys;
    bool is_table_of_keys = false;
    for (const auto line : libcni::split(page, '\n')) {
        if (line.starts_with("| key")) is_table_of_keys = true;
        if (line.empty()) is_table_of_keys = false;
        if (!is_table_of_keys || !line.starts_with("| `")) continue;
        const auto end = line.find(" |");
        const auto parts = libcni::split(line.substr(2, end - 2), '`');
        const auto type = line.substr(end + 2, line.find('|', end + 2) - end - 2);
        for (std::size_t i = 1; i < parts.size(); i += 2)
            keys.push_back({std::string(parts[i]), plain(libcni::trimmed(type))});
    }
    return keys;
}

bool is_known(const std::string& path) {
    return std::ranges::any_of(key_catalogue(), [&](const KeyFacts& key) {
        return libcni::same_ignoring_case(key.path, path) && !key.about.empty();
    });
}

std::string page() {
    return libcni::read_file(WINCNI_TEST_DATA "/../../docs/configuration.md").value_or("");
}

} // namespace

TEST_CASE("A misspelt key is told with the nearest one that is read") {
    struct Case {
        std::string plugin;
        std::string keys;
        std::string key;
        std::string nearest;
    };

    const Case cases[] = {
        {"win-bridge", R"("polices": [])", "polices", "policies"},
        {"win-bridge", R"("policy": [])", "policy", "policies"},
        {"win-overlay", R"("Polcies": [])", "Polcies", "policies"},
        {"win-bridge", R"("iapm": {"type": "host-local"})", "iapm", "ipam"},
        {"sdnbridge", R"("additonalArgs": [])", "additonalArgs", "AdditionalArgs"},
        {"win-bridge", R"("HcnPolicyArg": [])", "HcnPolicyArg", "HcnPolicyArgs"},
        {"win-bridge", R"("dns": {"nameserver": []})", "dns.nameserver", "dns.nameservers"},
        {"win-bridge", R"("ipMasqNetwrok": "")", "ipMasqNetwrok", "ipMasqNetwork"},
        {"nat", R"("loopbackDRS": true)", "loopbackDRS", "loopbackDSR"},
        {"win-bridge", R"("gatewayfrm": "ipam")", "gatewayfrm", "gatewayFrom"},
        {"nat", R"("creatNetwork": {})", "creatNetwork", "createNetwork"},
        {"nat",
         R"("createNetwork": {"adaptor": ""})",
         "createNetwork.adaptor",
         "createNetwork.adapter"},
        {"flannel", R"("subnetFil": "")", "subnetFil", "subnetFile"},
        {"flannel", R"("delegat": {})", "delegat", "delegate"},
        {"flannel", R"("timeoutSecond": 3)", "timeoutSecond", "timeoutSeconds"},
        {"win-overlay", R"("endPointMacPrfix": "0E-2A")", "endPointMacPrfix", "endpointMacPrefix"},
        {"sdnbridge", R"("optionalFlag": {})", "optionalFlag", "optionalFlags"},
        {"win-bridge",
         R"("ipam": {"type": "host-local", "rangStart": ""})",
         "ipam.rangStart",
         "ipam.rangeStart"},
        {"win-bridge",
         R"("ipam": {"type": "host-local.exe", "datadir_": ""})",
         "ipam.datadir_",
         "ipam.dataDir"},
        {"flannel", R"("ipam": {"dataDirr": ""})", "ipam.dataDirr", "ipam.dataDir"},
        {"host-local",
         R"("ipam": {"type": "host-local", "subnt": ""})",
         "ipam.subnt",
         "ipam.subnet"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.keys);
        CHECK(only(one.plugin, one.keys) == did_you_mean(one.key, one.nearest));
    }
}

TEST_CASE("The elements of a list have their own places") {
    CHECK(only("host-local", R"("ipam": {"ranges": [[{"subnet": "10.0.0.0/24"}],
                               [{"subnet": "10.0.1.0/24", "rangestrt": "x"}]]})")
          == "conf.ipam.ranges[1][0].rangestrt is read by nobody; did you mean "
             "conf.ipam.ranges[][].rangeStart?");
}

TEST_CASE("A key on the wrong level is told with its right one") {
    CHECK(only("flannel", R"("policies": [])") == did_you_mean("policies", "delegate.policies"));
    CHECK(only("flannel", R"("apiVersion": 2)")
          == did_you_mean("apiVersion", "delegate.apiVersion"));
    CHECK(only("flannel", R"("loopbackDSR": true)")
          == did_you_mean("loopbackDSR", "delegate.loopbackDSR"));
    CHECK(only("win-bridge", R"("subnet": "10.0.0.0/8")") == did_you_mean("subnet", "ipam.subnet"));
    CHECK(only("win-bridge", R"("rangeStart": "10.0.0.3")")
          == did_you_mean("rangeStart", "ipam.rangeStart"));
    CHECK(only("win-bridge", R"("nameservers": [])")
          == did_you_mean("nameservers", "dns.nameservers"));
    CHECK(only("win-bridge", R"("ipam": {"type": "host-local", "policies": []})")
          == did_you_mean("ipam.policies", "policies"));
}

TEST_CASE("What a runtime would send and nobody reads is told") {
    CHECK(only("nat", R"("capabilities": {"portMapping": true})")
          == did_you_mean("capabilities.portMapping", "capabilities.portMappings"));
    const std::string effect =
        " is read by nobody: what the runtime sends for it has no effect; docs/configuration.md "
        "lists the keys";
    for (const std::string plugin : {"win-bridge", "sdnoverlay", "flannel"})
        CHECK(only(plugin, R"("capabilities": {"aliases": true, "cgroupPath": false, "dns": true})")
              == "conf.capabilities.aliases" + effect);
    CHECK(only("win-bridge", R"("runtimeConfig": {"infinibandGUID": "c2:11"})")
          == "conf.runtimeConfig.infinibandGUID" + effect);
    CHECK(
        only("win-overlay", R"("runtimeConfig": {"bandwidth": {"egresRate": 1}})")
        == did_you_mean("runtimeConfig.bandwidth.egresRate", "runtimeConfig.bandwidth.egressRate"));
    CHECK(only("win-bridge", R"("runtimeConfig": {"portMappings": [{"hostport": 1},
                                                                    {"containerPrt": 2}]})")
          == "conf.runtimeConfig.portMappings[1].containerPrt is read by nobody; did you mean "
             "conf.runtimeConfig.portMappings[].containerPort?");
}

TEST_CASE("Nobody is told about keys of the spec, of the Go plugins, of Microsoft and of flannel") {
    const std::string spec = R"("cniVersions": ["1.0.0"], "disableCheck": true, "disableGC": false,
        "loadOnlyInlinedPlugins": true, "args": {"cni": {"labels": []}}, "cni.dev/attachments": [],
        "prevResult": {"anything": 1}, "TIMEOUTSECONDS": 7, "nothing": null)";
    for (const std::string plugin :
         {"win-bridge", "win-overlay", "nat", "sdnbridge", "sdnoverlay", "flannel", "host-local"})
        CHECK(only(plugin, spec) == "");
    CHECK(only("win-bridge", R"("ipMasq": false, "master": "Ethernet", "hairpinMode": false,
        "isDefaultGateway": true, "capabilites": {"dns": true}, "Policies": [{"Nme": 1}])")
          == "");
    for (const std::string plugin : {"win-bridge", "win-overlay", "nat", "sdnoverlay"})
        CHECK(only(plugin, R"("capabilities": {"bandwidth": true, "mac": true}, "runtimeConfig":
            {"mac": "c2:11:22:33:44:55", "bandwidth": {"ingressRate": 1, "EgressRate": 8,
            "IngressBurst": 2, "egressBurst": 3, "unshapedSubnets": []}}, "isdefaultgateway": false,
            "args": {"cni": {"mac": "c2:11:22:33:44:55"}})")
              == "");
    CHECK(only("flannel", R"("capabilities": {"bandwidth": true, "mac": true}, "runtimeConfig":
        {"mac": "c2:11:22:33:44:55"}, "delegate": {"isDefaultGateway": false})")
          == "");
    CHECK(only("sdnbridge", R"("ipam": {"type": "host-local", "environment": "azure",
        "routes": [{"GW": "10.0.0.1"}, {"gateway": "10.0.0.1"}]},
        "capabilities": {"portMappings": true, "dnsCapabilities": true})")
          == "");
    CHECK(only("nat", R"("optionalFlags": {"loopbackDSR": true}, "additionalRoutes": [])") == "");
    CHECK(only("win-bridge", R"("ipam": {"type": "azure-vnet-ipam", "mode": "v4overlay"})") == "");
    CHECK(only("flannel", R"("ipam": {"type": "calico-ipam", "whatever": 1},
        "delegate": {"polices": []})")
          == "");
    CHECK(only("somebody", R"("polices": [])") == "");
    CHECK(only("host-local", R"("polices": [])") == "");
}

TEST_CASE("Runtimes read the names of capabilities in their very case") {
    for (const std::string name : {"portmappings", "PortMappings", "DNS", "IPS", "Bandwidth"}) {
        CAPTURE(name);
        const std::string sentence =
            only("win-bridge", R"("capabilities": {")" + name + R"(": true})");
        CHECK(sentence.find("conf.capabilities." + name + " is read by nobody; did you mean")
              != std::string::npos);
    }
    CHECK(only("flannel", R"("capabilities": {"portmappings": true})")
          == did_you_mean("capabilities.portmappings", "capabilities.portMappings"));
    // The runtime has written these.
    CHECK(only("nat", R"("runtimeConfig": {"portmappings": [{"HOSTPORT": 1}]})") == "");
}

TEST_CASE("Keys that ask for what the plugin does not do are told") {
    const auto effect = [](const std::string& key, const std::string& plugin) {
        return "conf." + key + " has no effect: " + plugin + " does nothing of the kind";
    };
    for (const std::string plugin : {"win-bridge", "nat", "sdnbridge", "win-overlay"})
        for (const std::string key : {"isGateway", "hairpinMode", "hairpinmode"})
            CHECK(only(plugin, '"' + key + R"(": true)") == effect(key, plugin));
    CHECK(only("sdnoverlay", R"("mtu": 1450)") == effect("mtu", "sdnoverlay"));
    for (const std::string plugin : {"win-bridge", "nat", "sdnbridge"}) {
        CHECK(only(plugin, R"("endpointMacPrefix": "0E-2A")")
              == effect("endpointMacPrefix", plugin));
        CHECK(only(plugin, R"("ipMasq": true)") == effect("ipMasq", plugin));
    }
    CHECK(only("win-overlay", R"("endpointMacPrefix": "0E-2A", "ipMasq": true)") == "");
    // flannel writes ipMasq for every delegate.
    const auto as_delegate = libcni::unread_keys(
        "win-bridge", conf_with(R"("ipMasq": true, "hairpinMode": true)"), true);
    CHECK(as_delegate == Texts{effect("delegate.hairpinMode", "win-bridge")});
}

TEST_CASE("The beginning of a key is near to it") {
    CHECK(only("nat", R"("runtimeConfig": {"portMappings": [{"proto": "udp"}]})")
          == "conf.runtimeConfig.portMappings[0].proto is read by nobody; did you mean "
             "conf.runtimeConfig.portMappings[].protocol?");
    CHECK(only("win-bridge", R"("ipam": {"type": "host-local", "data": ""})")
          == did_you_mean("ipam.data", "ipam.dataDir"));
}

TEST_CASE("A delegate of ours leaves ipam and doubles to its caller") {
    const auto conf = conf_with(R"("ipam": {"subnt": 1}, "dns": {}, "DNS": {})");
    CHECK(libcni::unread_keys("host-local", conf, true).empty());
    CHECK(libcni::unread_keys("win-bridge", conf, true).empty());
    CHECK(libcni::unread_keys("host-local", conf).size() == 2);
}

TEST_CASE("A delegate's keys are told by the place where flannel's author finds them") {
    const auto told = [](const std::string& keys) {
        return libcni::joined(libcni::unread_keys("win-bridge", conf_with(keys), true), "\n");
    };
    CHECK(told(R"("polices": [])") == did_you_mean("delegate.polices", "delegate.policies"));
    CHECK(told(R"("nameservers": [])")
          == did_you_mean("delegate.nameservers", "delegate.dns.nameservers"));
    CHECK(told(R"("rangeStart": "")") == did_you_mean("delegate.rangeStart", "ipam.rangeStart"));
    CHECK(told(R"("createNetwork": {"adaptor": ""})")
          == did_you_mean("delegate.createNetwork.adaptor", "delegate.createNetwork.adapter"));
    CHECK(told(R"("dns": {"nameserver": []})")
          == did_you_mean("dns.nameserver", "dns.nameservers"));
    CHECK(told(R"("runtimeConfig": {"Mca": ""})")
          == did_you_mean("runtimeConfig.Mca", "runtimeConfig.mac"));
    CHECK(told(R"("whatever": 1)")
          == "conf.delegate.whatever is read by nobody; docs/configuration.md lists the keys");
}

TEST_CASE("In args.cni only what is nearly a key of ours is told") {
    for (const std::string plugin : {"win-bridge", "sdnoverlay", "nat"}) {
        CHECK(only(plugin, R"("args": {"cni": {"ip": ["10.0.0.7"]}})")
              == did_you_mean("args.cni.ip", "args.cni.ips"));
        CHECK(only(plugin, R"("Args": {"CNI": {"mca": "02:11:22:33:44:55"}})")
              == did_you_mean("args.cni.mca", "args.cni.mac"));
        CHECK(only(plugin, R"("args": {"cnii": {"mca": 1}, "k8s": {"ip": 1}, "cni": {"labels": [],
            "promisc": true, "mtu": 1400, "routes": [], "somebodys": {"mac": 1}}, "mac": 1})")
              == "");
        CHECK(only(plugin, R"("args": [7], "Args ": 1)").starts_with("conf.Args "));
        CHECK(only(plugin, R"("args": {"cni": "text"})") == "");
    }
}

TEST_CASE("Keys that stand twice are found, in any case of letters and at any depth") {
    using libcni::repeated_keys;
    CHECK(repeated_keys(R"({"a": 1, "b": {"a": 2}, "c": [{"a": "x,\"a\":1"}, {"a": null}]})")
              .empty());
    CHECK(repeated_keys(R"({"dns": {}, "DNS": {}})") == Texts{"DNS"});
    CHECK(repeated_keys(R"({"a":{"b":[1,{"c":true,"d":-1.5e3,"c":false}]}})") == Texts{"a.b.c"});
    CHECK(repeated_keys(R"({"p": [], "p": [], "p": []})") == Texts{"p"});
    for (const std::string odd : {"", "{", "[", "{\"a", "{\"a\": \"\\", "7", "{\"a\": [", "{}}"})
        CHECK(repeated_keys(odd).empty());
    CHECK(repeated_keys(std::string(5000, '[')).empty());
    CHECK(only("win-bridge", R"("dns": {}, "dns": {})")
          == "conf.dns is there twice, and only one of them is read: remove the other");
    CHECK(only("win-bridge", R"("prevResult": {"x": 1, "x": 2})") == "");
}

TEST_CASE("Distances count what a person mistypes") {
    using libcni::distance_between;
    CHECK(distance_between("policies", "Policies") == 0);
    CHECK(distance_between("iapm", "ipam") == 1);
    CHECK(distance_between("polices", "policies") == 1);
    CHECK(distance_between("", "abc") == 3);
    CHECK(distance_between("kitten", "sitting") == 3);
}

TEST_CASE("The catalogue says each key once for a plugin, and what it is") {
    for (const KeyFacts& key : key_catalogue()) {
        CAPTURE(std::string(key.path));
        CHECK(key.plugins != 0);
        CHECK(!key.type.empty());
        const auto same = [&](const KeyFacts& other) {
            return other.path == key.path && (other.plugins & key.plugins) != 0;
        };
        CHECK(std::ranges::count_if(key_catalogue(), same) == 1);
    }
}

TEST_CASE("docs/configuration.md has each key of the catalogue, and the catalogue each of its") {
    const std::string text = page();
    REQUIRE(!text.empty());
    for (const KeyFacts& key : key_catalogue()) {
        if (key.about.empty()) continue;
        const std::string name(name_of(key));
        CAPTURE(std::string(key.path));
        const bool is_said = text.find("`" + name + "`") != std::string::npos
                             || text.find("." + name + "`") != std::string::npos
                             || text.find("\"" + name + "\"") != std::string::npos;
        CHECK(is_said);
    }
    const auto documented = documented_keys(text);
    CHECK(documented.size() > 50);
    for (const auto& one : documented) {
        const std::string& key = one.path;
        CAPTURE(key);
        const bool is_delegates = key.starts_with("delegate.") && is_known(key.substr(9));
        CHECK((is_delegates || is_known(key) || is_known("createNetwork." + key)
               || is_known("ipam." + key)));
    }
}

TEST_CASE("docs/configuration.md has the types and defaults of the catalogue") {
    for (const auto& one : documented_keys(page())) {
        // As another section says; or what flannel makes of a key of its delegate's.
        if (one.type.empty() || one.path.starts_with("delegate.")) continue;
        Texts known;
        for (const KeyFacts& key : key_catalogue())
            for (const std::string parent : {"", "createNetwork.", "ipam."})
                if (libcni::same_ignoring_case(key.path, parent + one.path))
                    known.push_back(std::string(key.type) + (key.otherwise.empty() ? "" : ", ")
                                    + std::string(key.otherwise));
        CAPTURE(one.path);
        CAPTURE(libcni::joined(known, " / "));
        CHECK(std::ranges::find(known, one.type) != known.end());
    }
}
