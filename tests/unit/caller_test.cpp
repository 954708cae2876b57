// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include "hnsclient/caller.hpp"

using hnsclient::Caller;
using hnsclient::CallOptions;
using hnsclient::ErrorKind;
using hnsclient::HnsError;
using hnsclient::hresult;
using hnsclient::api::Functions;
using hnsclient::api::Guid;
using hnsclient::api::Handle;
using hnsclient::api::HResult;
using hnsclient::api::WideIn;
using hnsclient::api::WideOut;

namespace {

/// What one call of the fake HNS gives back.
struct Reply {
    HResult code = 0;
    std::u16string answer = {};
    std::u16string record = {};
};

/// An HNS that replies what it is told to, and knows what it has lent.
struct FakeHns {
    std::vector<Reply> replies;
    std::size_t calls = 0;
    std::set<void*> strings;
    std::multiset<void*> handles;
    bool freed_what_was_not_lent = false;
    std::u16string request;

    const Reply& next() { return replies.at(std::min(calls++, replies.size() - 1)); }

    char16_t* lend(const std::u16string& text) {
        if (text.empty()) return nullptr;
        auto* const copy = new char16_t[text.size() + 1];
        std::memcpy(copy, text.c_str(), (text.size() + 1) * sizeof(char16_t));
        strings.insert(copy);
        return copy;
    }
};

/// C functions have no state, so the fake's is here; each test begins with a new one.
FakeHns hns;

HResult open_network(const Guid&, Handle* handle, WideOut error) {
    const Reply& reply = hns.next();
    *error = hns.lend(reply.record);
    if (reply.code < 0) return reply.code;
    *handle = reinterpret_cast<void*>(hns.calls);
    hns.handles.insert(*handle);
    return reply.code;
}

HResult query_network(Handle, WideIn query, WideOut answer, WideOut error) {
    const Reply& reply = hns.next();
    hns.request = query;
    *answer = hns.lend(reply.answer);
    *error = hns.lend(reply.record);
    return reply.code;
}

HResult hns_call(WideIn method, WideIn path, WideIn request, WideOut response) {
    const Reply& reply = hns.next();
    hns.request = std::u16string(method) + u" " + path + u" " + request;
    *response = hns.lend(reply.answer);
    return reply.code;
}

HResult close(Handle handle) {
    const auto it = hns.handles.find(handle);
    if (it == hns.handles.end())
        hns.freed_what_was_not_lent = true;
    else
        hns.handles.erase(it);
    return 0;
}

void free_string(void* text) {
    if (hns.strings.erase(text) == 0)
        hns.freed_what_was_not_lent = true;
    else
        delete[] static_cast<char16_t*>(text);
}

const Functions& functions() {
    static const Functions table = [] {
        Functions f;
        f.open_network = open_network;
        f.query_network = query_network;
        f.close_network = close;
        f.hns_call = hns_call;
        f.free_string = free_string;
        return f;
    }();
    return table;
}

Caller caller_of(std::vector<Reply> replies, CallOptions options = {}) {
    hns = {};
    hns.replies = std::move(replies);
    return {functions(), std::move(options)};
}

CallOptions retrying_for(int milliseconds) {
    CallOptions options;
    options.retry_for = std::chrono::milliseconds(milliseconds);
    return options;
}

void open(Caller& caller, hnsclient::NetworkHandle& network) {
    caller.call("HcnOpenNetwork", functions().open_network, Guid{}, network.out());
}

std::string query(Caller& caller, WideIn text = u"{}") {
    return caller.answer("HcnQueryNetworkProperties", functions().query_network, Handle{}, text);
}

/// What the query throws; a failure of no kind when it throws nothing.
HnsError fault_of_query(Caller& caller) {
    try {
        query(caller);
    } catch (const HnsError& error) {
        return error;
    }
    return {"(nothing was thrown)", 0, ""};
}

bool nothing_is_lent() {
    return hns.strings.empty() && hns.handles.empty() && !hns.freed_what_was_not_lent;
}

constexpr HResult invalid_policy = hresult(0x803B000D);
constexpr HResult rpc_unavailable = hresult(0x800706BA);

} // namespace

TEST_CASE("An answer is UTF-8, and its memory is given back once") {
    Caller caller = caller_of({{.answer = u"{\"Name\":\"\u4ee5\u592a\U0001F310\"}"}});
    CHECK(query(caller, u"{\"Flags\":0}")
          == "{\"Name\":\"\xE4\xBB\xA5\xE5\xA4\xAA\xF0\x9F\x8C\x90\"}");
    CHECK(hns.request == u"{\"Flags\":0}");
    CHECK(nothing_is_lent());
}

TEST_CASE("No answer at all is an empty one") {
    Caller caller = caller_of({{}});
    CHECK(query(caller).empty());
    CHECK(nothing_is_lent());
}

TEST_CASE("A negative code is a failure with what HNS said, and leaks neither record nor answer") {
    Caller caller = caller_of(
        {{.code = invalid_policy, .answer = u"{}", .record = u"{\"Error\":\"Bad policy. \"}"}});
    const HnsError error = fault_of_query(caller);
    CHECK(error.code() == invalid_policy);
    CHECK(
        std::string(error.what())
        == "HcnQueryNetworkProperties failed with HCN_E_INVALID_POLICY (0x803B000D): Bad policy.");
    CHECK(hns.calls == 1);
    CHECK(nothing_is_lent());
}

TEST_CASE("A record is a failure even when the code is S_OK, with the code that it tells") {
    struct Case {
        const char16_t* record;
        std::uint32_t code;
    };

    const Case cases[] = {
        {u"{\"Success\":false,\"Error\":\"x\",\"ErrorCode\":2151350274}", 0x803B0002},
        {u"{\"Success\":false,\"Error\":\"x\"}", 0x8000FFFF},
        {u"{\"Error\":\"x\",\"ErrorCode\":0}", 0x8000FFFF},
        {u"{\"Error\":\"x\",\"ErrorCode\":\"2151350274\"}", 0x8000FFFF},
        {u"words", 0x8000FFFF}};
    for (const Case& one : cases) {
        Caller caller = caller_of({{.answer = u"{}", .record = one.record}});
        CHECK(fault_of_query(caller).code() == hresult(one.code));
        CHECK(nothing_is_lent());
    }
}

TEST_CASE("A handle is closed once, when its owner goes or takes another") {
    Caller caller = caller_of({{}});
    {
        hnsclient::NetworkHandle network(functions().close_network);
        open(caller, network);
        CHECK(hns.handles.count(network.get()) == 1);
        const Handle first = network.get();
        open(caller, network);
        CHECK(network.get() != first);
        CHECK(hns.handles.size() == 1);
        network.reset();
        CHECK(hns.handles.empty());
        open(caller, network);
    }
    CHECK(nothing_is_lent());
}

TEST_CASE("A handle whose opening failed is not closed") {
    Caller caller = caller_of({{.code = invalid_policy, .record = u"{}"}});
    {
        hnsclient::NetworkHandle network(functions().close_network);
        CHECK_THROWS_AS(open(caller, network), HnsError);
        CHECK(network.get() == nullptr);
    }
    CHECK(nothing_is_lent());
}

TEST_CASE("A handle that came with a record of failure is closed") {
    Caller caller = caller_of({{.record = u"{\"Error\":\"x\"}"}});
    {
        hnsclient::NetworkHandle network(functions().close_network);
        CHECK_THROWS_AS(open(caller, network), HnsError);
    }
    CHECK(nothing_is_lent());
}

TEST_CASE("A function that this Windows lacks is named as unsupported") {
    Caller caller = caller_of({{}});
    const Functions without{};
    try {
        caller.call("HcnModifyEndpoint", without.modify_endpoint, Handle{}, u"{}");
        FAIL("nothing was thrown");
    } catch (const HnsError& error) {
        CHECK(error.kind() == ErrorKind::unsupported);
        CHECK(error.operation() == "HcnModifyEndpoint");
    }
    Caller no_v1(without, {});
    CHECK_THROWS_AS(no_v1.hns_call("GET", "/networks/", ""), HnsError);
    CHECK(hns.calls == 0);
}

TEST_CASE("While HNS is unavailable a call is made again, each time with a record of its own") {
    int retries = 0;
    CallOptions options = retrying_for(60'000);
    options.on_retry = [&](const HnsError& error) {
        ++retries;
        CHECK(error.kind() == ErrorKind::unavailable);
    };
    Caller caller = caller_of({{.code = rpc_unavailable, .record = u"{\"Error\":\"down\"}"},
                               {.code = hresult(0x803B0020), .answer = u"junk"},
                               {.answer = u"[]"}},
                              options);
    CHECK(query(caller) == "[]");
    CHECK(hns.calls == 3);
    CHECK(retries == 2);
    CHECK(nothing_is_lent());
}

TEST_CASE("HNS that stays away is given up when the time is over") {
    Caller caller = caller_of({{.code = rpc_unavailable}}, retrying_for(0));
    CHECK(fault_of_query(caller).code() == rpc_unavailable);
    CHECK(hns.calls == 1);
    Caller patient = caller_of({{.code = rpc_unavailable}}, retrying_for(60));
    CHECK(fault_of_query(patient).kind() == ErrorKind::unavailable);
    CHECK(hns.calls <= 2);
}

TEST_CASE("What another try cannot mend is not tried again") {
    for (const std::uint32_t code : {0x803B0001U,
                                     0x803B000DU,
                                     0x803B0013U,
                                     0x803B002BU,
                                     0x803B002FU,
                                     0x80070005U,
                                     0x80004001U,
                                     0x80004005U}) {
        Caller caller =
            caller_of({{.code = hresult(code)}, {.answer = u"[]"}}, retrying_for(60'000));
        CHECK(fault_of_query(caller).code() == hresult(code));
        CHECK(hns.calls == 1);
    }
}

TEST_CASE("Every call is announced by its name, and watched until it is over") {
    std::string log;
    CallOptions options;
    options.watch = [&](const std::string& operation) {
        log += "<" + operation;
        return std::shared_ptr<void>(nullptr, [&](void*) { log += ">"; });
    };
    Caller caller =
        caller_of({{.code = rpc_unavailable}, {.answer = u"[]"}, {.answer = u"{}"}}, options);
    query(caller);
    caller.hns_call("GET", "/globals/version", "");
    CHECK(log
          == "<HcnQueryNetworkProperties><HcnQueryNetworkProperties>"
             "<HNSCall GET /globals/version>");
}

TEST_CASE("HNSCall passes on its three texts and returns the whole response") {
    Caller caller = caller_of({{.answer = u"{\"Success\":true}"}});
    CHECK(caller.hns_call("POST", "/endpoints/", "{\"Name\":\"\xC3\xA4\"}")
          == "{\"Success\":true}");
    CHECK(hns.request == u"POST /endpoints/ {\"Name\":\"\u00e4\"}");
    CHECK(nothing_is_lent());
    Caller failing = caller_of({{.code = invalid_policy, .answer = u"{\"Success\":false}"}});
    CHECK_THROWS_AS(failing.hns_call("GET", "/networks/", ""), HnsError);
    CHECK(nothing_is_lent());
}
