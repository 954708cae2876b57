// SPDX-License-Identifier: Apache-2.0
// The small values of HNS: MAC addresses, protocols, types of networks.
#include <vector>

#include <doctest/doctest.h>

#include "hnsclient/mac_address.hpp"
#include "hnsclient/network_type.hpp"
#include "hnsclient/protocol.hpp"

using hnsclient::MacAddress;
using hnsclient::Protocol;

TEST_CASE("A MAC address is read with either separator and keeps the case of its letters") {
    const auto mac = MacAddress::parse("0E-2A-0a-f4-05-02").value();
    CHECK(mac.to_string() == "0E-2A-0a-f4-05-02");
    CHECK(mac.bytes() == MacAddress::Bytes{0x0E, 0x2A, 0x0A, 0xF4, 0x05, 0x02});
    CHECK(MacAddress::parse("0E:2A:0a:f4:05:02").value().to_string() == "0E-2A-0a-f4-05-02");
    CHECK(MacAddress::parse("0E2A.0af4.0502").value().to_string() == "0E-2A-0a-f4-05-02");
}

TEST_CASE("What is not a MAC address is not read as one") {
    for (const char* text : {"",
                             "0E-2A-0A-F4-05",
                             "0E-2A-0A-F4-05-02-07",
                             "0E-2A-0A-F4-05-0",
                             "0E-2A-0A-F4-05-0G",
                             "0E 2A 0A F4 05 02",
                             "0E-2A-0A-F4-05+02",
                             "0E-2A-0A-F4--5-02",
                             "0E-2A-0A-F4-+5-02",
                             "0E-2A-0A-F4- 5-02",
                             "0x-2A-0A-F4-05-02",
                             "-0E2A-0A-F4-05-02",
                             "0E2A.0AF4.05-2",
                             "0E2A.0AF4.05.2",
                             "0E2A-0AF4-0502",
                             "0E2A0AF40502"}) {
        CAPTURE(text);
        CHECK_FALSE(MacAddress::parse(text));
    }
}

TEST_CASE("MAC addresses are compared by their bytes") {
    const auto low = MacAddress::parse("00-15-5D-52-C0-0A").value();
    const auto high = MacAddress::parse("00-15-5D-52-C0-10").value();
    CHECK(low == MacAddress::parse("00:15:5d:52:c0:0a"));
    CHECK(low != high);
    CHECK(low < high);
    CHECK(MacAddress::parse("0F-00-00-00-00-00").value()
          < MacAddress::parse("f0-00-00-00-00-00").value());
}

TEST_CASE(
    "A protocol is read by its name, not its number as text, and shown by its name if it has one") {
    struct Case {
        const char* text;
        std::uint32_t number;
        const char* name;
    };

    const Case cases[] = {
        {"tcp", 6, "tcp"}, {"TCP", 6, "tcp"}, {"Udp", 17, "udp"}, {"udp", 17, "udp"}};
    for (const Case& one : cases) {
        CAPTURE(one.text);
        const auto protocol = Protocol::parse(one.text);
        REQUIRE(protocol);
        CHECK(protocol->number == one.number);
        CHECK(protocol->name() == one.name);
    }
    for (const char* text : {"",
                             "sctp",
                             "tcp ",
                             "6",
                             "17",
                             "132",
                             "0",
                             " 6",
                             "6 ",
                             "-6",
                             "+6",
                             "0x6",
                             "06",
                             "017",
                             "4294967296"}) {
        CAPTURE(text);
        CHECK_FALSE(Protocol::parse(text));
    }
    CHECK(Protocol{6}.name() == "tcp");
    CHECK(Protocol{17}.name() == "udp");
    CHECK(Protocol{132}.name() == "132");
    CHECK(Protocol{0}.name() == "0");
    CHECK(Protocol::parse("tcp") == Protocol::tcp);
    CHECK(Protocol::tcp != Protocol::udp);
}

TEST_CASE("What a network's type means is known in any case of its name") {
    using hnsclient::find_network_type;
    const auto names_of = [](auto member) {
        std::vector<std::string_view> names;
        for (const auto& type : hnsclient::network_types())
            if (type.*member) names.push_back(type.name);
        return names;
    };
    using Type = hnsclient::NetworkType;
    using Names = std::vector<std::string_view>;
    CHECK(names_of(&Type::needs_vni) == Names{"Overlay"});
    CHECK(names_of(&Type::has_bridge_address) == Names{"L2Bridge", "L2Tunnel"});
    CHECK(names_of(&Type::has_host_endpoint) == Names{"L2Bridge"});
    CHECK(names_of(&Type::chooses_subnet) == Names{"NAT"});
    CHECK(names_of(&Type::may_lack_subnet) == Names{"Transparent"});
    CHECK(names_of(&Type::has_nat) == Names{"NAT", "ICS"});
    CHECK(hnsclient::network_types().size() == 8);
    REQUIRE(find_network_type("l2bridge") != nullptr);
    CHECK(find_network_type("l2bridge")->name == "L2Bridge");
    CHECK(find_network_type("L2Bridge2") == nullptr);
    CHECK(find_network_type("") == nullptr);
}
