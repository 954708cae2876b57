// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/failure.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

namespace hnsclient::emulator {

namespace {

struct Sentence {
    Code code;
    std::string_view text;
};

// Microsoft's (tests/data/hns-real/077-err-table.json); the full stop and the blank are HNS's.
constexpr std::array sentences{
    Sentence{Code::network_not_found, "The network was not found. "},
    Sentence{Code::endpoint_not_found, "The endpoint was not found. "},
    Sentence{Code{0x803B0004}, "The virtual switch was not found. "},
    Sentence{Code{0x803B0006}, "An adapter was not found. "},
    Sentence{Code{0x803B0007}, "The switch-port was not found. "},
    Sentence{Code::policy_not_found, "An expected policy was not found. "},
    Sentence{Code::invalid_network,
             "The provided network configuration is invalid or missing parameters. "},
    Sentence{Code::invalid_network_type, "Invalid network type. "},
    Sentence{Code::invalid_endpoint,
             "The provided endpoint configuration is invalid or missing parameters. "},
    Sentence{Code::invalid_policy,
             "The provided policy configuration is invalid or missing parameters. "},
    Sentence{Code::invalid_policy_type, "Invalid policy type. "},
    Sentence{Code::invalid_remote_endpoint_operation,
             "This requested operation is invalid for a remote endpoint. "},
    Sentence{Code::network_already_exists, "A network with this name already exists. "},
    Sentence{Code::port_already_exists, "The specified port already exists. "},
    Sentence{Code::endpoint_already_attached, "This endpoint is already attached to the switch. "},
    Sentence{Code::request_unsupported, "The specified request is unsupported. "},
    Sentence{Code::degraded_operation, "There was an operation attempted on a degraded object. "},
    Sentence{Code::invalid_json, "Invalid JSON document string. "},
    Sentence{Code::invalid_ip,
             "IP address is either invalid or not part of any configured subnet(s). "},
    Sentence{Code{0x803B0020}, "Operation cannot be performed while service is stopping. "},
    Sentence{Code::namespace_already_exists,
             "This requested operation is invalid as endpoint is already part of a network "
             "namespace. "},
    Sentence{Code::namespace_attach_failed,
             "The requested operation for attach namespace failed. "},
    Sentence{Code::address_in_use, "An address provided is invalid or reserved. "},
    Sentence{Code::system_invalid_json,
             "The virtual machine or container JSON document is invalid. "},
    Sentence{Code::system_not_found,
             "A virtual machine or container with the specified identifier does not exist. "},
    Sentence{Code::element_not_found, "Element not found. "},
    Sentence{Code::object_already_exists, "The object already exists. "},
    Sentence{Code::sharing_violation,
             "The process cannot access the file because it is being used by another process. "},
    Sentence{Code::invalid_handle, "The handle is invalid. "},
    Sentence{Code::not_supported, "The request is not supported. "},
    Sentence{Code::invalid_argument, "The parameter is incorrect. "},
    Sentence{Code::not_implemented, "Not implemented. "},
    Sentence{Code::unspecified, "Unspecified error"},
    Sentence{Code::service_unavailable, "The RPC server is unavailable. "},
};

} // namespace

Failure::Failure(Code code) : Failure(static_cast<api::HResult>(code)) {}

Failure::Failure(Code code, std::string text)
    : result_(static_cast<api::HResult>(code)), text_(std::move(text)) {}

Failure::Failure(api::HResult result) : result_(result), text_(text_of(result)) {}

std::string text_of(api::HResult result) {
    const auto code = static_cast<Code>(result);
    const auto* found = std::ranges::find(sentences, code, &Sentence::code);
    if (found != sentences.end()) return std::string(found->text);
    return "HNS emulator: error " + hex_text(result) + ". ";
}

nlohmann::json error_record(const Failure& failure) {
    return {{"Success", false},
            {"Error", failure.what()},
            {"ErrorCode", static_cast<std::uint32_t>(failure.result())}};
}

nlohmann::json record_without_code(const Failure& failure) {
    return {{"Success", false}, {"Error", failure.what()}};
}

nlohmann::json hcs_result(const Failure& failure) {
    return {{"Error", failure.result()}, {"ErrorMessage", failure.what()}};
}

std::string hex_text(api::HResult result) {
    std::string text = "0x";
    for (int shift = 28; shift >= 0; shift -= 4)
        text += "0123456789ABCDEF"[(static_cast<std::uint32_t>(result) >> shift) & 0xFU];
    return text;
}

bool is_hns_code(api::HResult result) noexcept {
    return (static_cast<std::uint32_t>(result) >> 16) == 0x803BU;
}

} // namespace hnsclient::emulator
