// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>
#include <string_view>

#include "hnsclient/api.hpp"

namespace hnsclient {

/// What a caller can do about a failure; computed from the HRESULT.
enum class ErrorKind {
    not_found,
    already_exists,
    already_attached,
    in_use,
    invalid,
    unsupported,
    access_denied,
    /// HNS is down, restarting or busy: worth a retry.
    unavailable,
    other
};

/// An HRESULT from its unsigned spelling (0x803B0001).
constexpr api::HResult hresult(std::uint32_t code) noexcept {
    return static_cast<api::HResult>(code);
}

inline constexpr api::HResult e_unexpected = hresult(0x8000FFFFU);
inline constexpr api::HResult e_not_implemented = hresult(0x80004001U);
inline constexpr api::HResult e_invalid_argument = hresult(0x80070057U);
inline constexpr api::HResult address_outside_subnets = hresult(0x803B001EU);
inline constexpr api::HResult port_already_exists = hresult(0x803B0013U);

ErrorKind kind_of(api::HResult code) noexcept;

/// "HCN_E_ENDPOINT_NOT_FOUND", or empty for a code that we do not know.
/// https://learn.microsoft.com/windows/win32/api/computenetwork (HCN error codes)
/// https://learn.microsoft.com/virtualization/api/hcs/reference/hcshresult
std::string_view name_of(api::HResult code) noexcept;

/// "HCN_E_ENDPOINT_NOT_FOUND (0x803B0002)".
std::string shown(api::HResult code);

/// A call to HNS that failed: which one, how, and what HNS itself said.
class HnsError : public std::exception {
public:
    /// `said` is HNS's error record (JSON) or any other text; may be empty.
    HnsError(std::string operation, api::HResult code, const std::string& said);

    [[nodiscard]] ErrorKind kind() const noexcept { return kind_of(code_); }

    [[nodiscard]] api::HResult code() const noexcept { return code_; }

    [[nodiscard]] const std::string& operation() const noexcept { return operation_; }

    [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

private:
    std::string operation_;
    api::HResult code_;
    std::string text_;
};

} // namespace hnsclient
