// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdio>
#include <cstring>
#include <future>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "hnsclient/caller.hpp"
#include "tests/unit/thrown.hpp"

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

HResult modify_system(Handle, WideIn request, WideOut result) {
    const Reply& reply = hns.next();
    hns.request = request;
    *result = hns.lend(reply.record);
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
        f.modify_compute_system = modify_system;
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

hnsclient::NetworkHandle handle_of(Caller& caller) {
    return hnsclient::NetworkHandle(caller.closer("HcnCloseNetwork", functions().close_network));
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

/// What HNSCall throws for this answer, as text.
std::string fault_of_hns_call(const std::u16string& answer) {
    Caller caller = caller_of({{.answer = answer}});
    try {
        caller.hns_call("GET", "/networks/");
    } catch (const HnsError& error) {
        return error.what();
    }
    return "(nothing was thrown)";
}

void modify(Caller& caller) {
    caller.call_compute(
        "HcsModifyComputeSystem", functions().modify_compute_system, Handle{}, u"{}");
}

HnsError fault_of_modify(Caller& caller) {
    try {
        modify(caller);
    } catch (const HnsError& error) {
        return error;
    }
    return {"(nothing was thrown)", 0, ""};
}

/// A close that hangs until the test lets it end.
class Hanging {
public:
    void wait() { ended_.get_future().wait(); }

    /// The last thing that the one who waited does.
    void done() { done_.set_value(); }

    /// Returns when the one who waited is done.
    void end() {
        ended_.set_value();
        done_.get_future().wait();
    }

private:
    std::promise<void> ended_;
    std::promise<void> done_;
};

std::optional<Hanging> hanging;

bool nothing_is_lent() {
    return hns.strings.empty() && hns.handles.empty() && !hns.freed_what_was_not_lent;
}

/// Writes down what an observer is told.
class Log final : public hnsclient::Observer {
public:
    bool wanted = false;
    std::string text;
    std::string json;
    /// What is told of waiting for HNS and of closes that hang.
    std::string waits;
    bool times_are_good = true;
    /// What it does when a call begins takes that long.
    std::chrono::milliseconds busy{0};
    std::chrono::microseconds last{0};

    [[nodiscard]] bool wants_json() const override { return wanted; }

    void began(const std::string& operation, std::string_view request) override {
        text += "<" + operation;
        json += std::string(request) + " -> ";
        std::this_thread::sleep_for(busy);
    }

    void ended(const std::string& operation,
               HResult code,
               std::chrono::microseconds took,
               std::string_view answer) override {
        char shown[16];
        std::snprintf(shown, sizeof shown, " 0x%08X>", static_cast<unsigned>(code));
        // It ends the one that began.
        if (text.ends_with("<" + operation)) text += shown;
        json += answer;
        last = took;
        times_are_good = times_are_good && took.count() >= 0 && took < std::chrono::minutes(1);
    }

    void waiting(const HnsError& error, std::chrono::milliseconds limit) override {
        waits += "wait " + std::to_string(limit.count()) + " for " + hnsclient::shown(error.code())
                 + ";";
    }

    void waited(bool answers, std::chrono::milliseconds) override {
        waits += answers ? "back;" : "given up;";
    }

    void close_hangs(const std::string& operation, std::chrono::milliseconds) override {
        waits += operation + " hangs;";
    }
};

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
        hnsclient::NetworkHandle network = handle_of(caller);
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

TEST_CASE("A handle that is closed is watched like every call") {
    const auto log = std::make_shared<Log>();
    Caller caller = caller_of({{}}, {.observer = log});
    {
        hnsclient::NetworkHandle network = handle_of(caller);
        open(caller, network);
    }
    CHECK(log->text == "<HcnOpenNetwork 0x00000000><HcnCloseNetwork 0x00000000>");
    CHECK(log->waits.empty());
    CHECK(nothing_is_lent());
}

TEST_CASE("A close that hangs is not waited for, and no other one is begun") {
    const auto log = std::make_shared<Log>();
    Caller caller =
        caller_of({{}}, {.observer = log, .close_within = std::chrono::milliseconds(20)});
    hanging.emplace();
    {
        const auto hang = [](Handle handle) {
            hanging->wait();
            const auto result = close(handle);
            hanging->done();
            return result;
        };
        hnsclient::NetworkHandle first(caller.closer("HcnCloseNetwork", hang));
        hnsclient::NetworkHandle second = handle_of(caller);
        open(caller, first);
        open(caller, second);
        first.reset();
        CHECK(log->waits == "HcnCloseNetwork hangs;");
    }
    CHECK(log->waits == "HcnCloseNetwork hangs;");
    CHECK(hns.handles.size() == 2);
    hanging->end();
}

TEST_CASE("A handle whose opening failed is not closed") {
    Caller caller = caller_of({{.code = invalid_policy, .record = u"{}"}});
    {
        hnsclient::NetworkHandle network = handle_of(caller);
        CHECK_THROWS_AS(open(caller, network), HnsError);
        CHECK(network.get() == nullptr);
    }
    CHECK(nothing_is_lent());
}

TEST_CASE("A handle that came with a record of failure is closed") {
    Caller caller = caller_of({{.record = u"{\"Error\":\"x\"}"}});
    {
        hnsclient::NetworkHandle network = handle_of(caller);
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
    const auto log = std::make_shared<Log>();
    CallOptions options = retrying_for(60'000);
    options.observer = log;
    Caller caller = caller_of({{.code = rpc_unavailable, .record = u"{\"Error\":\"down\"}"},
                               {.code = hresult(0x803B0020), .answer = u"junk"},
                               {.answer = u"[]"}},
                              options);
    CHECK(query(caller) == "[]");
    CHECK(hns.calls == 3);
    CHECK(log->waits == "wait 60000 for RPC_S_SERVER_UNAVAILABLE (0x800706BA);back;");
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

TEST_CASE("All the calls of one caller wait for HNS once, and a line at each end tells of it") {
    const auto log = std::make_shared<Log>();
    CallOptions options = retrying_for(60);
    options.observer = log;
    Caller caller = caller_of({{.code = rpc_unavailable}}, options);
    for (int call = 0; call < 5; ++call)
        CHECK(fault_of_query(caller).kind() == ErrorKind::unavailable);
    CHECK(log->waits == "wait 60 for RPC_S_SERVER_UNAVAILABLE (0x800706BA);given up;");
    CHECK(hns.calls <= 10);
}

TEST_CASE("A wait is over when HNS answers, be it with a refusal") {
    const auto log = std::make_shared<Log>();
    CallOptions options = retrying_for(60'000);
    options.observer = log;
    Caller caller = caller_of(
        {{.code = hresult(0x80070426)}, {.code = invalid_policy}, {.answer = u"[]"}}, options);
    CHECK(fault_of_query(caller).code() == invalid_policy);
    CHECK(log->waits == "wait 60000 for ERROR_SERVICE_NOT_ACTIVE (0x80070426);back;");
    CHECK(query(caller) == "[]");
    CHECK(log->waits.find("given up") == std::string::npos);
}

TEST_CASE("What another try cannot fix is not tried again") {
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

TEST_CASE("What an observer does when a call begins is not part of the call's time") {
    const auto log = std::make_shared<Log>();
    log->busy = std::chrono::milliseconds(200);
    Caller caller = caller_of({{.answer = u"[]"}}, {.observer = log});
    query(caller);
    CHECK(log->last < log->busy);
}

TEST_CASE("Every call is announced by its name, and watched until it is over") {
    const auto log = std::make_shared<Log>();
    Caller caller =
        caller_of({{.code = rpc_unavailable}, {.answer = u"[]"}, {.answer = u"{\"Success\":true}"}},
                  {.observer = log});
    query(caller);
    caller.hns_call("GET", "/globals/version", "");
    CHECK(log->text
          == "<HcnQueryNetworkProperties 0x800706BA><HcnQueryNetworkProperties 0x00000000>"
             "<HNSCall GET /globals/version 0x00000000>");
    CHECK(log->times_are_good);
}

TEST_CASE("An observer is told the code of each failure, also of one that HNS hides in an answer") {
    const auto seen_of = [](Reply reply, auto make_call) {
        const auto log = std::make_shared<Log>();
        Caller caller = caller_of({std::move(reply)}, {.observer = log});
        CHECK_THROWS_AS(make_call(caller), HnsError);
        return log->text;
    };
    const auto ask = [](Caller& caller) { query(caller); };
    const auto call_hns = [](Caller& caller) { caller.hns_call("GET", "/networks/"); };
    CHECK(seen_of({.code = invalid_policy}, ask) == "<HcnQueryNetworkProperties 0x803B000D>");
    CHECK(seen_of({.record = u"{\"ErrorCode\":2151350274}"}, ask)
          == "<HcnQueryNetworkProperties 0x803B0002>");
    CHECK(seen_of({.answer = u"{\"Success\":false,\"ErrorCode\":2151350274}"}, call_hns)
          == "<HNSCall GET /networks/ 0x803B0002>");
    CHECK(seen_of({.answer = u"<html>"}, call_hns) == "<HNSCall GET /networks/ 0x8000FFFF>");
    CHECK(seen_of({.code = invalid_policy}, modify) == "<HcsModifyComputeSystem 0x803B000D>");
}

TEST_CASE("An observer that wants JSON is told what goes in and what comes out, others nothing") {
    const auto seen_of = [](bool wanted, Reply reply, auto make_call) {
        const auto log = std::make_shared<Log>();
        log->wanted = wanted;
        Caller caller = caller_of({std::move(reply)}, {.observer = log});
        try {
            make_call(caller);
        } catch (const HnsError&) {
            log->json += " failed";
        }
        return log->json;
    };
    const auto ask = [](Caller& caller) { query(caller, u"{\"Flags\":0}"); };
    const auto post = [](Caller& caller) { caller.hns_call("POST", "/networks/", "{\"A\":1}"); };
    CHECK(seen_of(true, {.answer = u"[\"\u00e4\"]"}, ask) == "{\"Flags\":0} -> [\"\xC3\xA4\"]");
    CHECK(seen_of(true, {.code = invalid_policy, .record = u"{\"Error\":\"x\"}"}, ask)
          == "{\"Flags\":0} -> {\"Error\":\"x\"} failed");
    CHECK(seen_of(true, {.answer = u"{\"Success\":true,\"Output\":7}"}, post)
          == "{\"A\":1} -> {\"Success\":true,\"Output\":7}");
    CHECK(seen_of(true, {.answer = u"{\"Success\":false}"}, post)
          == "{\"A\":1} -> {\"Success\":false} failed");
    CHECK(seen_of(true, {.answer = u"<html>"}, post) == "{\"A\":1} -> <html> failed");
    CHECK(seen_of(true, {}, modify) == "{} -> ");
    CHECK(seen_of(false, {.answer = u"[]"}, ask) == " -> ");
    CHECK(seen_of(false, {.answer = u"{\"Success\":true,\"Output\":7}"}, post) == " -> ");
    CHECK(seen_of(false, {.code = invalid_policy, .record = u"{}"}, modify) == " ->  failed");
}

TEST_CASE("What an observer throws at the end of a call changes nothing") {
    class Broken final : public hnsclient::Observer {
        void
        ended(const std::string&, HResult, std::chrono::microseconds, std::string_view) override {
            throw std::runtime_error("the disk is full");
        }
    };

    Caller caller = caller_of({{.answer = u"[]"}}, {.observer = std::make_shared<Broken>()});
    CHECK(query(caller) == "[]");
    Caller failing =
        caller_of({{.code = invalid_policy}}, {.observer = std::make_shared<Broken>()});
    CHECK(fault_of_query(failing).code() == invalid_policy);
}

TEST_CASE("HNSCall passes on its three texts and returns the output of the answer") {
    Caller caller = caller_of({{.answer = u"{\"Success\":true,\"Output\":{\"Name\":\"\u00e4\"}}"}});
    CHECK(caller.hns_call("POST", "/endpoints/", "{\"Name\":\"\xC3\xA4\"}")
          == nlohmann::json{{"Name", "\xC3\xA4"}});
    CHECK(hns.request == u"POST /endpoints/ {\"Name\":\"\u00e4\"}");
    CHECK(nothing_is_lent());
    Caller silent = caller_of({{.answer = u"{\"Success\":true}"}});
    CHECK(silent.hns_call("DELETE", "/endpoints/x").is_null());
    CHECK(hns.request == u"DELETE /endpoints/x ");
    CHECK(nothing_is_lent());
}

TEST_CASE("HNSCall fails by its HRESULT, by the answer's code, or by the answer's words alone") {
    Caller failing = caller_of({{.code = invalid_policy, .answer = u"{\"Success\":true}"}});
    CHECK_THROWS_AS(failing.hns_call("GET", "/networks/"), HnsError);
    CHECK(nothing_is_lent());

    struct Case {
        const char16_t* answer;
        std::string fault;
    };

    const Case cases[] = {
        {u"{\"Success\":false,\"Error\":\"Gone. \",\"ErrorCode\":2151350274}",
         "HCN_E_ENDPOINT_NOT_FOUND (0x803B0002): Gone."},
        {u"{\"Success\":false,\"Error\":\"Gone. \"}", "E_UNEXPECTED (0x8000FFFF): Gone."},
        {u"{\"Success\":false,\"Error\":\"The endpoint was not found. \"}",
         "HCN_E_ENDPOINT_NOT_FOUND (0x803B0002): The endpoint was not found."},
        {u"{\"Success\":false,\"Error\":\"Element not found. \",\"ErrorCode\":0}",
         "ERROR_NOT_FOUND (0x80070490): Element not found."},
        {u"{\"Success\":false,\"Error\":\"Gone. \",\"ErrorCode\":-2143617022}",
         "HCN_E_ENDPOINT_NOT_FOUND (0x803B0002): Gone."},
        {u"{\"Success\":false,\"ErrorCode\":0}",
         "E_UNEXPECTED (0x8000FFFF): {\"ErrorCode\":0,\"Success\":false}"},
        {u"{\"Success\":false}", "E_UNEXPECTED (0x8000FFFF): {\"Success\":false}"},
        {u"{}", "E_UNEXPECTED (0x8000FFFF): {}"},
        {u"{\"Success\":\"true\"}", "E_UNEXPECTED (0x8000FFFF): {\"Success\":\"true\"}"},
        {u"[]", "E_UNEXPECTED (0x8000FFFF): the answer is not an object: []"},
        {u"null", "E_UNEXPECTED (0x8000FFFF): the answer is not an object: null"},
        {u"<html>", "E_UNEXPECTED (0x8000FFFF): the answer is not JSON: <html>"},
        {u"", "E_UNEXPECTED (0x8000FFFF): the answer is not JSON:"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.fault);
        CHECK(fault_of_hns_call(one.answer) == "HNSCall GET /networks/ failed with " + one.fault);
        CHECK(hns.calls == 1);
        CHECK(nothing_is_lent());
    }
}

TEST_CASE("HNS's own words are told, too, when the HNSCall itself failed") {
    const auto fault_of = [](const char16_t* answer) {
        Caller caller = caller_of({{.code = hresult(0x80071392), .answer = answer}});
        try {
            caller.hns_call("POST", "/endpoints/");
        } catch (const HnsError& error) {
            return std::string(error.what());
        }
        return std::string("(nothing was thrown)");
    };
    const std::string start =
        "HNSCall POST /endpoints/ failed with ERROR_OBJECT_ALREADY_EXISTS (0x80071392)";
    CHECK(fault_of(u"{\"Success\":false,\"Error\":\"The object already exists. \"}")
          == start + ": The object already exists.");
    CHECK(fault_of(u"{\"Error\":\"x\",\"ErrorCode\":2151350274}") == start + ": x");
    CHECK(fault_of(u"not JSON") == start + ": not JSON");
    CHECK(fault_of(u"") == start);
    CHECK(nothing_is_lent());
}

TEST_CASE("HNSCall is made again while HNS is unavailable, unless it turns out to be done") {
    const Reply stopping{.answer = u"{\"Success\":false,\"ErrorCode\":2151350304}"};
    const Reply good{.answer = u"{\"Success\":true,\"Output\":7}"};
    std::size_t asked = 0;
    const auto answers_of = [&](std::vector<Reply> replies, std::vector<bool> done) {
        Caller caller = caller_of(std::move(replies), retrying_for(60'000));
        asked = 0;
        return caller.hns_call("POST", "/networks/", "{}", [&] { return done.at(asked++); });
    };
    CHECK(answers_of({good}, {}) == 7);
    CHECK(answers_of({{.code = rpc_unavailable}, stopping, good}, {false, false}) == 7);
    CHECK(asked == 2U);
    CHECK(hns.calls == 3);
    CHECK(answers_of({stopping, good}, {true}).is_null());
    CHECK(hns.calls == 1);
    CHECK_THROWS_AS(answers_of({{.code = invalid_policy}, good}, {}), HnsError);
    CHECK(asked == 0U);
    CHECK(nothing_is_lent());
}

TEST_CASE("What HCS tells beside a success means nothing; of a failure it gives the words") {
    Caller well = caller_of({{.record = u"{\"Error\":-1,\"ErrorMessage\":\"odd\"}"}});
    CHECK_NOTHROW(modify(well));
    CHECK(hns.request == u"{}");
    CHECK(nothing_is_lent());
    Caller failing = caller_of(
        {{.code = hresult(0xC037010E),
          .record = u"{\"Error\":-1070137074,\"ErrorMessage\":\"No such container. \"}"}});
    const HnsError error = fault_of_modify(failing);
    CHECK(error.kind() == ErrorKind::not_found);
    CHECK(std::string(error.what())
          == "HcsModifyComputeSystem failed with HCS_E_SYSTEM_NOT_FOUND (0xC037010E): No such "
             "container.");
    CHECK(nothing_is_lent());
    Caller silent = caller_of({{.code = hresult(0x80070005)}});
    CHECK(fault_of_modify(silent).kind() == ErrorKind::access_denied);
}

TEST_CASE("HCS is tried again while it is unavailable, and named where Windows lacks it") {
    Caller caller =
        caller_of({{.code = hresult(0xC0370114), .record = u"{\"ErrorMessage\":\"down\"}"}, {}},
                  retrying_for(60'000));
    CHECK_NOTHROW(modify(caller));
    CHECK(hns.calls == 2);
    CHECK(nothing_is_lent());
    const Functions without{};
    Caller lacking = caller_of({{}});
    CHECK_THROWS_AS(lacking.call_compute(
                        "HcsModifyComputeSystem", without.modify_compute_system, Handle{}, u""),
                    HnsError);
    CHECK(hns.calls == 0);
}
