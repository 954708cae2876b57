// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/service.hpp"

#include <cstring>
#include <exception>
#include <filesystem>
#include <thread>
#include <utility>

#include "hnsclient/emulator/call_log.hpp"
#include "hnsclient/emulator/failure.hpp"
#include "hnsclient/emulator/folder.hpp"
#include "hnsclient/emulator/foreign.hpp"
#include "hnsclient/emulator/handles.hpp"
#include "hnsclient/emulator/memory.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/base/unicode.hpp"

namespace hnsclient::emulator {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr int killed = 137;
constexpr Version first_v2{9, 2};

/// How a call ended, before the caller is told.
struct Outcome {
    Answer answer;
    std::optional<Failure> failure;
    /// The work itself failed, not what surrounds it.
    bool by_work = false;
    bool injected = false;
    bool is_logged = false;
    Version version;
};

fs::path require_folder() {
    auto folder = folder_variable();
    if (!folder)
        throw Failure(Code::service_unavailable,
                      "HNS emulator: the variable WINCNI_EMULATOR is not set to a folder. ");
    fs::create_directories(*folder);
    return std::move(*folder);
}

Failure as_failure(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const Failure& failure) {
        return failure;
    } catch (const json::exception& bad_shape) {
        return Failure(Code::invalid_json, bad_shape.what());
    } catch (const std::bad_alloc&) {
        return Failure(Code::out_of_memory);
    } catch (const std::exception& other) {
        return Failure(Code::unspecified, std::string("HNS emulator: ") + other.what());
    } catch (...) {
        return Failure(Code::unspecified);
    }
}

/// True when the call fails here.
bool strike(const Fault& fault, Outcome& outcome) {
    if (fault.kill) libcni::exit_now(killed);
    if (!fault.result) return false;
    outcome.failure = Failure(*fault.result);
    outcome.answer = Answer();
    outcome.injected = true;
    outcome.by_work = is_hns_code(*fault.result);
    return true;
}

void do_work(const fs::path& folder, const Config& config, const Work& work, Outcome& outcome) {
    ObjectStore store(folder);
    if (config.foreign_objects) add_foreign_objects(store);
    Session session{store, config};
    try {
        outcome.answer = work(session);
    } catch (...) {
        outcome.failure = as_failure(std::current_exception());
        outcome.by_work = true;
    }
}

void play(const fs::path& folder, const Call& call, const Work& work, Outcome& outcome) {
    outcome.is_logged = is_logged(folder);
    const Config config = Config::read(folder);
    outcome.is_logged = outcome.is_logged || config.log_calls;
    outcome.version = config.version;
    const bool is_v2 = call.name.function.starts_with("Hcn");
    if (is_v2 && config.version < first_v2) throw Failure(Code::not_implemented);
    const Fault fault = next_fault(folder, call.name);
    std::this_thread::sleep_for(fault.delay);
    if (!fault.after && strike(fault, outcome)) return;
    do_work(folder, config, work, outcome);
    if (fault.after) strike(fault, outcome);
}

Outcome outcome_of(const Call& call, const Work& work) {
    Outcome outcome;
    try {
        play(require_folder(), call, work, outcome);
    } catch (...) {
        outcome.failure = as_failure(std::current_exception());
    }
    return outcome;
}

api::HResult give(const json& value, api::WideOut out) {
    if (out == nullptr) return 0;
    const std::u16string text =
        libcni::to_utf16(value.dump(-1, ' ', false, json::error_handler_t::replace));
    const std::size_t bytes = (text.size() + 1) * sizeof(char16_t);
    void* given = memory().allocate(bytes);
    if (given == nullptr) return static_cast<api::HResult>(Code::out_of_memory);
    std::memcpy(given, text.c_str(), bytes);
    *out = static_cast<char16_t*>(given);
    return 0;
}

void clear(const Outs& outs) noexcept {
    if (outs.response != nullptr) *outs.response = nullptr;
    if (outs.handle != nullptr) *outs.handle = nullptr;
    if (outs.error != nullptr) *outs.error = nullptr;
    if (outs.result != nullptr) *outs.result = nullptr;
}

void log(Call& call, const Outcome& outcome, const std::optional<json>& response, api::HResult hr) {
    if (!outcome.is_logged) return;
    if (response) call.details["response"] = *response;
    if (outcome.injected) call.details["injected"] = true;
    if (outcome.answer.opened && call.name.function.starts_with("HcnCreate"))
        call.details["created"] = outcome.answer.opened->second;
    log_call(call.name, std::move(call.details), hr);
}

api::HResult deliver(Call& call, const Outcome& outcome, const Outs& outs) {
    const api::HResult hr = outcome.failure ? outcome.failure->result() : 0;
    log(call, outcome, outcome.answer.response, hr);
    if (outcome.failure) {
        give(error_record(*outcome.failure), outs.error);
        give(hcs_result(*outcome.failure), outs.result);
        return hr;
    }
    if (outcome.answer.opened && outs.handle != nullptr)
        *outs.handle = HandleTable::instance().open(outcome.answer.opened->first,
                                                    outcome.answer.opened->second);
    return outcome.answer.response ? give(*outcome.answer.response, outs.response) : 0;
}

json envelope(const Outcome& outcome) {
    if (outcome.failure)
        return outcome.version < windows::since_1809 ? record_without_code(*outcome.failure)
                                                     : error_record(*outcome.failure);
    json success{{"Success", true}};
    if (outcome.answer.response) success["Output"] = *outcome.answer.response;
    return success;
}

/// Up to Windows 1803 every HNSCall that HNS answers succeeds, and the answer says what failed.
/// Later the call fails, too, unless it is about an endpoint that is not there.
api::HResult result_v1(const Outcome& outcome) {
    constexpr auto endpoint_not_found = static_cast<api::HResult>(Code::endpoint_not_found);
    if (!outcome.failure || outcome.version < windows::since_1809) return 0;
    const api::HResult result = outcome.failure->result();
    return result == endpoint_not_found ? 0 : result;
}

api::HResult deliver_v1(Call& call, const Outcome& outcome, api::WideOut out) {
    if (outcome.failure && !outcome.by_work) {
        log(call, outcome, std::nullopt, outcome.failure->result());
        return outcome.failure->result();
    }
    const json response = envelope(outcome);
    const api::HResult hr = result_v1(outcome);
    log(call, outcome, response, hr);
    const api::HResult given = give(response, out);
    return hr < 0 ? hr : given;
}

} // namespace

api::HResult serve(Call call, const Outs& outs, const Work& work) noexcept {
    clear(outs);
    try {
        return deliver(call, outcome_of(call, work), outs);
    } catch (...) {
        return static_cast<api::HResult>(Code::unspecified);
    }
}

api::HResult serve_v1(Call call, api::WideOut response, const Work& work) noexcept {
    clear({.response = response});
    try {
        return deliver_v1(call, outcome_of(call, work), response);
    } catch (...) {
        return static_cast<api::HResult>(Code::unspecified);
    }
}

} // namespace hnsclient::emulator
