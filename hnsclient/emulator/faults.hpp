// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "hnsclient/api.hpp"

namespace hnsclient::emulator {

/// What names a call to fault rules.
struct CallName {
    /// "HcnCreateEndpoint", "HNSCall".
    std::string function;
    /// Of HNSCall; else empty.
    std::string method;
    std::string path;
};

/// What is to go wrong with one call.
struct Fault {
    std::chrono::milliseconds delay{0};
    std::optional<api::HResult> result;
    bool kill = false;
    /// The work is done first, and then the call fails (or the process dies).
    bool after = false;
};

/// Counts the call against the rules of "<folder>/faults.json" and tells what they want. Calls of
/// all processes are counted, in "faults.state.json", from when the rules were written.
///
/// The rules are an array of
/// {"function": "HcnCreateEndpoint" or "*", "method", "path": a prefix, "call": n-th match only,
///  "calls": that many matches (from the n-th on), "hresult": "0x803B000D", "delayMs": 50,
///  "kill": true, "after": true}.
/// {"function": "*", "calls": 4, "hresult": "0x800706BA"} is an HNS that is gone for four calls.
/// Every rule that matches is counted; delays add up; the first other one wins. Throws Failure,
/// and says so on stderr, when the file does not parse or has a key that is not known.
Fault next_fault(const std::filesystem::path& folder, const CallName& call);

} // namespace hnsclient::emulator
