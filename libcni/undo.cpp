// SPDX-License-Identifier: Apache-2.0
#include "libcni/undo.hpp"

#include "libcni/base/text.hpp"
#include "libcni/error.hpp"

namespace libcni {

namespace {

/// The words of the exception under way.
std::string reason_under_way() {
    try {
        throw;
    } catch (const Error& error) {
        return one_line(error);
    } catch (const std::exception& error) {
        return error.what();
    } catch (...) {
        return "for an unknown reason";
    }
}

} // namespace

std::vector<LeftBehind> Undo::run() noexcept {
    std::vector<LeftBehind> left;
    for (; !steps_.empty(); steps_.pop_back()) {
        try {
            steps_.back().action();
        } catch (...) {
            left.push_back({.what = steps_.back().what, .reason = reason_under_way()});
        }
    }
    return left;
}

std::string sentence_on(const std::vector<LeftBehind>& left) {
    return joined(left, "; ", [](const LeftBehind& one) {
        return "could not give back " + one.what + " (" + one.reason + "): a DEL will try again";
    });
}

void rethrow_with(const std::vector<LeftBehind>& left) {
    try {
        throw;
    } catch (Error& error) {
        error.add_detail(sentence_on(left));
        throw;
    } catch (...) {
        throw Error(ErrorCode::internal, reason_under_way(), sentence_on(left));
    }
}

} // namespace libcni
