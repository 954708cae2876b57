// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "hnsclient/api.hpp"

namespace hnsclient::emulator {

/// The HRESULTs that the emulator answers with.
enum class Code : std::uint32_t {
    network_not_found = 0x803B0001,
    endpoint_not_found = 0x803B0002,
    policy_not_found = 0x803B0008,
    invalid_network = 0x803B000A,
    invalid_network_type = 0x803B000B,
    invalid_endpoint = 0x803B000C,
    invalid_policy = 0x803B000D,
    invalid_policy_type = 0x803B000E,
    invalid_remote_endpoint_operation = 0x803B000F,
    network_already_exists = 0x803B0010,
    port_already_exists = 0x803B0013,
    endpoint_already_attached = 0x803B0014,
    request_unsupported = 0x803B0015,
    degraded_operation = 0x803B0017,
    invalid_json = 0x803B001B,
    invalid_ip = 0x803B001E,
    namespace_already_exists = 0x803B002B,
    namespace_attach_failed = 0x803B002E,
    address_in_use = 0x803B002F,
    system_invalid_json = 0xC037010D,
    system_not_found = 0xC037010E,
    element_not_found = 0x80070490,
    object_already_exists = 0x80071392,
    sharing_violation = 0x80070020,
    invalid_handle = 0x80070006,
    invalid_data = 0x8007000D,
    out_of_memory = 0x8007000E,
    not_supported = 0x80070032,
    invalid_argument = 0x80070057,
    not_implemented = 0x80004001,
    unspecified = 0x80004005,
    service_unavailable = 0x800706BA,
};

/// An HNS call that fails: the HRESULT and the sentence of its error record.
class Failure : public std::exception {
public:
    /// With HNS's own sentence for the code.
    explicit Failure(Code code);
    Failure(Code code, std::string text);
    /// For codes that come from a fault rule.
    explicit Failure(api::HResult result);

    [[nodiscard]] api::HResult result() const noexcept { return result_; }

    [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

private:
    api::HResult result_;
    std::string text_;
};

/// The sentence that HNS has for an HRESULT, or one that names the number.
std::string text_of(api::HResult result);

/// {"Success":false,"Error":...,"ErrorCode":...}
nlohmann::json error_record(const Failure& failure);

/// The same as Windows up to 1803 tells it: without the code.
nlohmann::json record_without_code(const Failure& failure);

/// The same as HCS tells it: {"Error": the HRESULT as a signed number, "ErrorMessage":...}
nlohmann::json hcs_result(const Failure& failure);

/// "0x803B0002"
std::string hex_text(api::HResult result);

/// True for HNS's own codes (0x803Bxxxx), which come with HNS's words whatever the API.
bool is_hns_code(api::HResult result) noexcept;

} // namespace hnsclient::emulator
