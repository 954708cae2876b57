// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <doctest/doctest.h>

#include "hnsclient/advice.hpp"
#include "hnsclient/error.hpp"
#include "hnsclient/features.hpp"

using hnsclient::ErrorKind;
using hnsclient::Feature;
using hnsclient::HnsError;
using hnsclient::hresult;
using hnsclient::Version;

TEST_CASE("A failure's kind and name come from its HRESULT") {
    struct Case {
        std::uint32_t code;
        std::string shown;
        ErrorKind kind;
    };

    const Case cases[] = {
        {0x803B0001, "HCN_E_NETWORK_NOT_FOUND (0x803B0001)", ErrorKind::not_found},
        {0x803B0002, "HCN_E_ENDPOINT_NOT_FOUND (0x803B0002)", ErrorKind::not_found},
        {0x803B0006, "HCN_E_ADAPTER_NOT_FOUND (0x803B0006)", ErrorKind::not_found},
        {0x803B000D, "HCN_E_INVALID_POLICY (0x803B000D)", ErrorKind::invalid},
        {0x803B0010, "HCN_E_NETWORK_ALREADY_EXISTS (0x803B0010)", ErrorKind::already_exists},
        {0x803B0013, "HCN_E_PORT_ALREADY_EXISTS (0x803B0013)", ErrorKind::already_exists},
        {0x803B0014, "HCN_E_ENDPOINT_ALREADY_ATTACHED (0x803B0014)", ErrorKind::already_attached},
        {0x803B001E, "HCN_E_INVALID_IP (0x803B001E)", ErrorKind::invalid},
        {0x803B0020, "HCN_E_MANAGER_STOPPED (0x803B0020)", ErrorKind::unavailable},
        {0x803B002B,
         "HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS (0x803B002B)",
         ErrorKind::already_attached},
        {0x803B002C, "HCN_E_ENTITY_HAS_REFERENCES (0x803B002C)", ErrorKind::in_use},
        {0x803B002E, "HCN_E_NAMESPACE_ATTACH_FAILED (0x803B002E)", ErrorKind::other},
        {0x803B002F, "HCN_E_ADDR_INVALID_OR_RESERVED (0x803B002F)", ErrorKind::in_use},
        {0x80370109, "HCS_E_CONNECTION_TIMEOUT (0x80370109)", ErrorKind::unavailable},
        {0x8037010E, "HCS_E_SYSTEM_NOT_FOUND (0x8037010E)", ErrorKind::not_found},
        {0xC037010E, "HCS_E_SYSTEM_NOT_FOUND (0xC037010E)", ErrorKind::not_found},
        {0xC0370110, "HCS_E_SYSTEM_ALREADY_STOPPED (0xC0370110)", ErrorKind::other},
        {0xC0370105, "HCS_E_INVALID_STATE (0xC0370105)", ErrorKind::other},
        {0xC037010D, "HCS_E_INVALID_JSON (0xC037010D)", ErrorKind::invalid},
        {0xC0370103, "ERROR_VMCOMPUTE_OPERATION_PENDING (0xC0370103)", ErrorKind::other},
        {0xC0370199, "0xC0370199", ErrorKind::other},
        {0x80004001, "E_NOTIMPL (0x80004001)", ErrorKind::unsupported},
        {0x80070005, "E_ACCESSDENIED (0x80070005)", ErrorKind::access_denied},
        {0x80070015, "ERROR_NOT_READY (0x80070015)", ErrorKind::unavailable},
        {0x80070032, "ERROR_NOT_SUPPORTED (0x80070032)", ErrorKind::unsupported},
        {0x80070057, "E_INVALIDARG (0x80070057)", ErrorKind::invalid},
        {0x80070490, "ERROR_NOT_FOUND (0x80070490)", ErrorKind::not_found},
        {0x800705B4, "ERROR_TIMEOUT (0x800705B4)", ErrorKind::unavailable},
        {0x800706BA, "RPC_S_SERVER_UNAVAILABLE (0x800706BA)", ErrorKind::unavailable},
        {0x80071392, "ERROR_OBJECT_ALREADY_EXISTS (0x80071392)", ErrorKind::already_exists},
        {0x80004005, "0x80004005", ErrorKind::other},
        {0x80010108, "RPC_E_DISCONNECTED (0x80010108)", ErrorKind::unavailable},
        {0x80070020, "ERROR_SHARING_VIOLATION (0x80070020)", ErrorKind::in_use},
        {0x80070034, "ERROR_DUP_NAME (0x80070034)", ErrorKind::already_exists},
        {0x8007007E, "ERROR_MOD_NOT_FOUND (0x8007007E)", ErrorKind::unsupported},
        {0x80070422, "ERROR_SERVICE_DISABLED (0x80070422)", ErrorKind::unavailable},
        {0x80070426, "ERROR_SERVICE_NOT_ACTIVE (0x80070426)", ErrorKind::unavailable},
        {0x800706BB, "RPC_S_SERVER_TOO_BUSY (0x800706BB)", ErrorKind::unavailable},
        {0x800706BE, "RPC_S_CALL_FAILED (0x800706BE)", ErrorKind::unavailable},
        {0x800706BF, "RPC_S_CALL_FAILED_DNE (0x800706BF)", ErrorKind::unavailable},
        {0x8007045B, "ERROR_SHUTDOWN_IN_PROGRESS (0x8007045B)", ErrorKind::unavailable},
        {0x80070430, "ERROR_SERVICE_MARKED_FOR_DELETE (0x80070430)", ErrorKind::unavailable},
        {0x80080005, "CO_E_SERVER_EXEC_FAILURE (0x80080005)", ErrorKind::unavailable},
        {0x80070102, "WAIT_TIMEOUT (0x80070102)", ErrorKind::unavailable},
        {0x800706D9, "EPT_S_NOT_REGISTERED (0x800706D9)", ErrorKind::unavailable},
    };
    for (const Case& one : cases) {
        CAPTURE(one.shown);
        CHECK(hnsclient::shown(hresult(one.code)) == one.shown);
        CHECK(hnsclient::kind_of(hresult(one.code)) == one.kind);
        CHECK(hresult(one.code) < 0);
        CHECK(HnsError("HcnX", hresult(one.code), "").kind() == one.kind);
    }
    CHECK(hnsclient::name_of(hresult(0x803B0099)).empty());
}

TEST_CASE("Every code of HNS has a name, whatever it is about") {
    for (std::uint32_t code = 0x803B0001; code <= 0x803B0037; ++code) {
        CAPTURE(code);
        CHECK_FALSE(hnsclient::name_of(hresult(code)).empty());
    }
}

TEST_CASE("HNS's sentence stands for the code that its record lacks") {
    using hnsclient::code_of_sentence;
    for (const char* sentence : {"The endpoint was not found. ",
                                 "The endpoint was not found",
                                 "The endpoint was not found.\r\n",
                                 "The endpoint was not found. {1234}"})
        CHECK(code_of_sentence(sentence) == hnsclient::endpoint_not_found);
    CHECK(code_of_sentence("The network was not found. ") == hnsclient::network_not_found);
    CHECK(code_of_sentence("The object already exists") == hnsclient::object_already_exists);
    for (const char* sentence :
         {"", "The endpoint", "The endpoint was not found in the switch. ", "Unspecified error"})
        CHECK(code_of_sentence(sentence) == hnsclient::e_unexpected);
}

TEST_CASE("A failure says which call, which code and what HNS said, without its trailing blanks") {
    const auto text = [](const char* said) {
        return std::string(HnsError("HcnOpenNetwork", hresult(0x803B0001), said).what());
    };
    const std::string start = "HcnOpenNetwork failed with HCN_E_NETWORK_NOT_FOUND (0x803B0001)";
    CHECK(text("") == start);
    CHECK(text(R"({"Success":false,"Error":"The network was not found. ","ErrorCode":1})")
          == start + ": The network was not found.");
    CHECK(text(R"({"Error":-1070137074,"ErrorMessage":"Nobody knows c1. "})")
          == start + ": Nobody knows c1.");
    CHECK(text("plain words\r\n") == start + ": plain words");
    CHECK(text(R"({"Success":false})") == start + ": {\"Success\":false}");
    CHECK(text(R"({"Error":7})") == start + ": {\"Error\":7}");
    CHECK(text(R"(["Error"])") == start + ": [\"Error\"]");
    CHECK(text(" ") == start);
}

TEST_CASE("A failure keeps its operation and code for those who decide by them") {
    const HnsError error("HcnCreateEndpoint", hnsclient::port_already_exists, "");
    CHECK(error.operation() == "HcnCreateEndpoint");
    CHECK(error.code() == hresult(0x803B0013));
}

TEST_CASE("A feature is there in the versions of HNS that hcsshim lists") {
    struct Case {
        Feature feature;
        std::vector<Version> with;
        std::vector<Version> without;
    };

    const Case cases[] = {
        {Feature::v2_api, {{9, 2}, {9, 9}, {10, 0}, {15, 4}}, {{7, 2}, {9, 1}}},
        {Feature::loopback_dsr,
         {{9, 3}, {9, 99}, {10, 2}, {11, 0}, {15, 4}},
         {{7, 2}, {9, 2}, {10, 0}, {10, 1}}},
        {Feature::slash_32_prefixes,
         {{9, 3}, {9, 99}, {10, 4}, {11, 0}},
         {{9, 2}, {10, 0}, {10, 3}}},
        {Feature::vxlan_port, {{10, 3}, {11, 0}}, {{9, 9}, {10, 2}}},
        {Feature::ipv6_dual_stack, {{11, 10}, {12, 0}, {15, 0}}, {{9, 3}, {10, 99}, {11, 9}}},
    };
    for (const Case& one : cases) {
        CAPTURE(hnsclient::name_of(one.feature));
        for (const Version& version : one.with)
            CHECK(hnsclient::supports(version, one.feature));
        for (const Version& version : one.without)
            CHECK_FALSE(hnsclient::supports(version, one.feature));
        CHECK_FALSE(hnsclient::name_of(one.feature).empty());
        CHECK_FALSE(hnsclient::versions_of(one.feature).empty());
    }
}

TEST_CASE("Each kind of failure has one piece of advice, and no two kinds the same") {
    using enum ErrorKind;
    std::set<std::string_view> all;
    const auto kinds = {not_found,
                        already_exists,
                        already_attached,
                        in_use,
                        invalid,
                        unsupported,
                        access_denied,
                        unavailable,
                        other};
    for (const auto kind : kinds)
        all.insert(hnsclient::advice_for(kind));
    CHECK(all.size() == kinds.size());
    CHECK(all.count("") == 0);
    CHECK(hnsclient::advice_for(access_denied) == "run as SYSTEM or as an administrator");
    const auto says = [](ErrorKind kind, std::string_view words) {
        return hnsclient::advice_for(kind).find(words) != std::string_view::npos;
    };
    CHECK(says(in_use, "wincni hns list endpoints"));
    // A network that is not deleted while endpoints are on it is in use, too.
    CHECK(says(in_use, "still uses it"));
    CHECK(says(not_found, "wincni hns list networks"));
    CHECK(says(unsupported, "wincni hns version"));
    CHECK(says(unavailable, "Get-Service hns"));
    CHECK(says(unavailable, "Start-Service hns"));
}

TEST_CASE("Some codes have advice of their own, the others that of their kind") {
    const auto says = [](std::uint32_t code, std::string_view words) {
        return hnsclient::advice_for(hresult(code)).find(words) != std::string_view::npos;
    };
    CHECK(says(0x803B0006, "createNetwork.adapter"));
    CHECK(says(0x803B0006, "master"));
    CHECK(says(0x803B0017, "Restart-Service hns"));
    CHECK(says(0x80070020, "netstat"));
    CHECK(says(0x80070422, "Set-Service hns"));
    CHECK(says(0x80070005, "administrator"));
    CHECK(says(0x80070426, "Start-Service hns"));
    CHECK(says(0x80004005, "event log"));
}
