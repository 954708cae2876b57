// SPDX-License-Identifier: Apache-2.0
#include "libcni/undo.hpp"

namespace libcni {

std::string Undo::run() noexcept {
    std::string left_behind;
    for (; !steps_.empty(); steps_.pop_back()) {
        const Step& step = steps_.back();
        std::string reason;
        try {
            step.action();
            continue;
        } catch (const Error& error) {
            reason = one_line(error);
        } catch (const std::exception& error) {
            reason = error.what();
        }
        if (!left_behind.empty()) left_behind += "; ";
        left_behind +=
            "could not give back " + step.what + " (" + reason + "): a DEL will try again";
    }
    return left_behind;
}

} // namespace libcni
