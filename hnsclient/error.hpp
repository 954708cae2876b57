// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
inline constexpr api::HResult network_not_found = hresult(0x803B0001U);
/// The one code that says that an endpoint is gone. Others of its kind may be about the switch, the
/// port or the adapter that an endpoint is on.
inline constexpr api::HResult endpoint_not_found = hresult(0x803B0002U);
inline constexpr api::HResult adapter_not_found = hresult(0x803B0006U);
inline constexpr api::HResult network_already_exists = hresult(0x803B0010U);
inline constexpr api::HResult mapping_not_supported = hresult(0x803B0016U);
inline constexpr api::HResult degraded_operation = hresult(0x803B0017U);
inline constexpr api::HResult address_outside_subnets = hresult(0x803B001EU);
inline constexpr api::HResult port_already_exists = hresult(0x803B0013U);
inline constexpr api::HResult address_reserved = hresult(0x803B002FU);
inline constexpr api::HResult element_not_found = hresult(0x80070490U);
inline constexpr api::HResult object_already_exists = hresult(0x80071392U);
/// Of a port mapping: a process, or a mapping of another endpoint, has the host port.
inline constexpr api::HResult sharing_violation = hresult(0x80070020U);

ErrorKind kind_of(api::HResult code) noexcept;

/// True for what HCS says of a container that does not run (any more), whichever DLL says it.
bool is_missing_system(api::HResult code) noexcept;

/// "HCN_E_ENDPOINT_NOT_FOUND", or empty for a code that we do not know.
/// https://learn.microsoft.com/windows/win32/api/computenetwork (HCN error codes)
/// https://learn.microsoft.com/virtualization/api/hcs/reference/hcshresult
std::string_view name_of(api::HResult code) noexcept;

/// Every name that name_of() knows, with its code.
std::vector<std::pair<std::string_view, api::HResult>> names_of_codes();

/// The code that HNS means by the sentence of an error record that has none, as Windows Server 2016
/// to 1803 answer: English, whatever blanks and further words follow; e_unexpected for other text.
api::HResult code_of_sentence(std::string_view sentence) noexcept;

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
