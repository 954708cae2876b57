// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

// What is known of HRESULTs beside their names and advice, which hnsclient has.
namespace wincni::codes {

/// A public report of a failure with that code.
struct Report {
    std::uint32_t code;
    /// When it came; a clause.
    std::string_view when;
    std::string_view url;
};

/// What Windows says of the code, in English and without a full stop; empty when we do not know.
/// https://learn.microsoft.com/virtualization/api/hcn/reference/hcnhresult
std::string_view sentence_of(std::uint32_t code) noexcept;

std::vector<Report> reports_of(std::uint32_t code);

/// The codes whose sentence is in the text.
std::vector<std::uint32_t> codes_of_sentence(std::string_view text);

} // namespace wincni::codes
