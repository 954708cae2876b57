// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace wincni {

/// Why a command failed, in a sentence, and what to do next.
class Refusal : public std::runtime_error {
public:
    Refusal(const std::string& sentence, std::string advice)
        : std::runtime_error(sentence), advice_(std::move(advice)) {}

    [[nodiscard]] const std::string& advice() const noexcept { return advice_; }

private:
    std::string advice_;
};

} // namespace wincni
