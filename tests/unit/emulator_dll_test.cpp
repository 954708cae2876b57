// SPDX-License-Identifier: Apache-2.0
// The emulator as DLLs: what plugins load under Wine. Windows only.
#include <string>

#include <objbase.h>
#include <windows.h>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "hnsclient/api.hpp"
#include "libcni/base/unicode.hpp"
#include "tests/unit/emulator_folder.hpp"

using hnsclient::api::Guid;
using hnsclient::api::Handle;
using hnsclient::api::HResult;
using hnsclient::api::WideIn;
using hnsclient::api::WideOut;
using nlohmann::json;

namespace {

/// From the build folder, whose path the build knows.
HMODULE library(const char* name) {
    const std::string path = std::string(WINCNI_EMULATOR_DLLS) + "/" + name;
    return LoadLibraryA(path.c_str());
}

template <class Function>
Function* function(HMODULE from, const char* name) {
    auto* found = reinterpret_cast<Function*>(reinterpret_cast<void*>(GetProcAddress(from, name)));
    CAPTURE(name);
    REQUIRE((found != nullptr));
    return found;
}

std::string take(char16_t* text) {
    if (text == nullptr) return {};
    std::string result = libcni::to_utf8(text);
    CoTaskMemFree(text);
    return result;
}

} // namespace

TEST_CASE("The DLLs export every function of the header that the client calls") {
    HMODULE hcn = library("computenetwork.dll");
    REQUIRE(hcn != nullptr);
    for (const std::string object : {"Network", "Namespace", "Endpoint"}) {
        for (const std::string verb : {"Create", "Open", "Modify", "Delete", "Close"})
            CHECK((GetProcAddress(hcn, ("Hcn" + verb + object).c_str()) != nullptr));
        CHECK((GetProcAddress(hcn, ("HcnEnumerate" + object + "s").c_str()) != nullptr));
        CHECK((GetProcAddress(hcn, ("HcnQuery" + object + "Properties").c_str()) != nullptr));
    }
    HMODULE v1 = library("vmcompute.dll");
    REQUIRE(v1 != nullptr);
    CHECK((GetProcAddress(v1, "HNSCall") != nullptr));
    for (const std::string verb : {"Open", "Modify", "Close"})
        CHECK((GetProcAddress(v1, ("Hcs" + verb + "ComputeSystem").c_str()) != nullptr));
}

TEST_CASE("What is made through one DLL is there through the other") {
    const EmulatorFolder folder;
    HMODULE hcn = library("computenetwork.dll");
    HMODULE v1 = library("vmcompute.dll");
    REQUIRE(hcn != nullptr);
    REQUIRE(v1 != nullptr);
    auto* create =
        function<HResult(const Guid&, WideIn, Handle*, WideOut)>(hcn, "HcnCreateNetwork");
    auto* close = function<HResult(Handle)>(hcn, "HcnCloseNetwork");
    auto* call = function<HResult(WideIn, WideIn, WideIn, WideOut)>(v1, "HNSCall");

    Handle network = nullptr;
    char16_t* error = nullptr;
    CHECK(create({}, u"{\"Name\":\"\u65e5\u672c\",\"Type\":\"L2Bridge\"}", &network, &error) == 0);
    CHECK(take(error).empty());
    CHECK(close(network) == 0);
    CHECK(close(network) < 0);

    char16_t* response = nullptr;
    CHECK(call(u"GET", u"/networks/", u"", &response) == 0);
    CHECK(json::parse(take(response)).at("Output")[0].at("Name") == "\xE6\x97\xA5\xE6\x9C\xAC");
}

TEST_CASE("A compute system is opened, modified and closed through the DLL") {
    const EmulatorFolder folder;
    folder.write("config.json", R"({"computeSystems":["c1"]})");
    HMODULE v1 = library("vmcompute.dll");
    REQUIRE(v1 != nullptr);
    auto* open = function<HResult(WideIn, Handle*, WideOut)>(v1, "HcsOpenComputeSystem");
    auto* modify = function<HResult(Handle, WideIn, WideOut)>(v1, "HcsModifyComputeSystem");
    auto* close = function<HResult(Handle)>(v1, "HcsCloseComputeSystem");

    Handle system = nullptr;
    char16_t* result = nullptr;
    CHECK(static_cast<std::uint32_t>(open(u"c2", &system, &result)) == 0xC037010EU);
    CHECK(json::parse(take(result)).contains("ErrorMessage"));
    CHECK(open(u"c1", &system, &result) == 0);
    CHECK(take(result).empty());
    CHECK(static_cast<std::uint32_t>(modify(system, u"{}", &result)) == 0x80070032U);
    CHECK_FALSE(take(result).empty());
    CHECK(close(system) == 0);
    CHECK(close(system) < 0);
}

TEST_CASE("A failure of a DLL comes with an error record that its caller can free") {
    const EmulatorFolder folder;
    auto* open = function<HResult(const Guid&, Handle*, WideOut)>(library("computenetwork.dll"),
                                                                  "HcnOpenEndpoint");
    Handle endpoint = nullptr;
    char16_t* error = nullptr;
    CHECK(static_cast<std::uint32_t>(open({}, &endpoint, &error)) == 0x803B0002U);
    CHECK(json::parse(take(error)).at("ErrorCode") == 0x803B0002U);
}
