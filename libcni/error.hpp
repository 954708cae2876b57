// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace libcni {

/// Error codes of the CNI spec 1.1.0, section "Error"; 100 and above are ours to choose.
enum class ErrorCode : unsigned {
    incompatible_version = 1,
    unsupported_field = 2,
    unknown_container = 3,
    invalid_environment = 4,
    io_failure = 5,
    decoding_failure = 6,
    invalid_network_config = 7,
    try_again_later = 11,
    plugin_not_available = 50,
    limited_connectivity = 51,
    /// HNS refused what it was asked for.
    hns_failure = 100,
    /// CHECK found the attachment other than it should be.
    check_failed = 101,
    /// A delegate printed something that is not a CNI answer, or could not be started.
    delegate_failure = 102,
    internal = 999,
};

/// The one exception that a handler lets out. `msg` names the thing at fault, `details` says what
/// to do next.
class Error : public std::exception {
public:
    Error(ErrorCode code, std::string msg, std::string details = {})
        : code_(code), msg_(std::move(msg)), details_(std::move(details)) {}

    [[nodiscard]] ErrorCode code() const noexcept { return code_; }

    [[nodiscard]] const std::string& msg() const noexcept { return msg_; }

    [[nodiscard]] const std::string& details() const noexcept { return details_; }

    [[nodiscard]] const char* what() const noexcept override { return msg_.c_str(); }

    /// Puts "where" in front of the message while the error travels up ("network \"cbr0\": ...").
    Error& within(const std::string& where) {
        msg_.insert(0, where + ": ");
        return *this;
    }

    /// Adds one more sentence to the details; an empty one is nothing.
    Error& add_detail(const std::string& text) {
        if (!text.empty()) details_ += details_.empty() ? text : "; " + text;
        return *this;
    }

private:
    ErrorCode code_;
    std::string msg_;
    std::string details_;
};

/// The JSON that a plugin prints for an error (CNI spec 1.1.0, section "Error"). Bytes that are no
/// UTF-8 are replaced.
std::string encode(const Error& error, std::string_view cni_version);

/// Msg and details in one line, for logs and for lists of several errors.
std::string one_line(const Error& error);

} // namespace libcni
