// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/error.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "libcni/base/text.hpp"

namespace hnsclient {

namespace {

struct Known {
    std::uint32_t code;
    std::string_view name;
    ErrorKind kind;
};

using enum ErrorKind;

constexpr std::array known_codes{
    Known{0x803B0001, "HCN_E_NETWORK_NOT_FOUND", not_found},
    Known{0x803B0002, "HCN_E_ENDPOINT_NOT_FOUND", not_found},
    Known{0x803B0003, "HCN_E_LAYER_NOT_FOUND", not_found},
    Known{0x803B0004, "HCN_E_SWITCH_NOT_FOUND", not_found},
    Known{0x803B0005, "HCN_E_SUBNET_NOT_FOUND", not_found},
    Known{0x803B0006, "HCN_E_ADAPTER_NOT_FOUND", not_found},
    Known{0x803B0007, "HCN_E_PORT_NOT_FOUND", not_found},
    Known{0x803B0008, "HCN_E_POLICY_NOT_FOUND", not_found},
    Known{0x803B0009, "HCN_E_VFP_PORTSETTING_NOT_FOUND", not_found},
    Known{0x803B000A, "HCN_E_INVALID_NETWORK", invalid},
    Known{0x803B000B, "HCN_E_INVALID_NETWORK_TYPE", invalid},
    Known{0x803B000C, "HCN_E_INVALID_ENDPOINT", invalid},
    Known{0x803B000D, "HCN_E_INVALID_POLICY", invalid},
    Known{0x803B000E, "HCN_E_INVALID_POLICY_TYPE", invalid},
    Known{0x803B000F, "HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION", invalid},
    Known{0x803B0010, "HCN_E_NETWORK_ALREADY_EXISTS", already_exists},
    Known{0x803B0011, "HCN_E_LAYER_ALREADY_EXISTS", already_exists},
    Known{0x803B0012, "HCN_E_POLICY_ALREADY_EXISTS", already_exists},
    Known{0x803B0013, "HCN_E_PORT_ALREADY_EXISTS", already_exists},
    Known{0x803B0014, "HCN_E_ENDPOINT_ALREADY_ATTACHED", already_attached},
    Known{0x803B0015, "HCN_E_REQUEST_UNSUPPORTED", unsupported},
    Known{0x803B0016, "HCN_E_MAPPING_NOT_SUPPORTED", unsupported},
    Known{0x803B0017, "HCN_E_DEGRADED_OPERATION", other},
    Known{0x803B0018, "HCN_E_SHARED_SWITCH_MODIFICATION", other},
    Known{0x803B0019, "HCN_E_GUID_CONVERSION_FAILURE", invalid},
    Known{0x803B001A, "HCN_E_REGKEY_FAILURE", other},
    Known{0x803B001B, "HCN_E_INVALID_JSON", invalid},
    Known{0x803B001C, "HCN_E_INVALID_JSON_REFERENCE", invalid},
    Known{0x803B001D, "HCN_E_ENDPOINT_SHARING_DISABLED", unsupported},
    Known{0x803B001E, "HCN_E_INVALID_IP", invalid},
    Known{0x803B001F, "HCN_E_SWITCH_EXTENSION_NOT_FOUND", not_found},
    Known{0x803B0020, "HCN_E_MANAGER_STOPPED", unavailable},
    Known{0x803B0021, "GCN_E_MODULE_NOT_FOUND", unavailable},
    Known{0x803B0022, "GCN_E_NO_REQUEST_HANDLERS", unsupported},
    Known{0x803B0023, "GCN_E_REQUEST_UNSUPPORTED", unsupported},
    Known{0x803B0024, "GCN_E_RUNTIMEKEYS_FAILED", other},
    Known{0x803B0025, "GCN_E_NETADAPTER_TIMEOUT", other},
    Known{0x803B0026, "GCN_E_NETADAPTER_NOT_FOUND", not_found},
    Known{0x803B0027, "GCN_E_NETCOMPARTMENT_NOT_FOUND", not_found},
    Known{0x803B0028, "GCN_E_NETINTERFACE_NOT_FOUND", not_found},
    Known{0x803B0029, "GCN_E_DEFAULTNAMESPACE_EXISTS", already_exists},
    Known{0x803B002A, "HCN_E_ICS_DISABLED", unsupported},
    Known{0x803B002B, "HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS", already_attached},
    Known{0x803B002C, "HCN_E_ENTITY_HAS_REFERENCES", in_use},
    Known{0x803B002D, "HCN_E_INVALID_INTERNAL_PORT", invalid},
    Known{0x803B002E, "HCN_E_NAMESPACE_ATTACH_FAILED", other},
    Known{0x803B002F, "HCN_E_ADDR_INVALID_OR_RESERVED", in_use},
    Known{0x803B0030, "HCN_E_INVALID_PREFIX", invalid},
    Known{0x803B0031, "HCN_E_OBJECT_USED_AFTER_UNLOAD", other},
    Known{0x803B0032, "HCN_E_INVALID_SUBNET", invalid},
    Known{0x803B0033, "HCN_E_INVALID_IP_SUBNET", invalid},
    Known{0x803B0034, "HCN_E_ENDPOINT_NOT_ATTACHED", other},
    Known{0x803B0035, "HCN_E_ENDPOINT_NOT_LOCAL", invalid},
    Known{0x803B0036, "HCN_INTERFACEPARAMETERS_ALREADY_APPLIED", already_exists},
    Known{0x803B0037, "HCN_E_VFP_NOT_ALLOWED", unsupported},
    Known{0x80370105, "HCS_E_INVALID_STATE", other},
    Known{0x80370106, "HCS_E_UNEXPECTED_EXIT", other},
    Known{0x80370107, "HCS_E_TERMINATED", other},
    Known{0x80370108, "HCS_E_CONNECT_FAILED", unavailable},
    Known{0x80370109, "HCS_E_CONNECTION_TIMEOUT", unavailable},
    Known{0x8037010A, "HCS_E_CONNECTION_CLOSED", unavailable},
    Known{0x8037010B, "HCS_E_UNKNOWN_MESSAGE", unsupported},
    Known{0x8037010C, "HCS_E_UNSUPPORTED_PROTOCOL_VERSION", unsupported},
    Known{0x8037010D, "HCS_E_INVALID_JSON", invalid},
    Known{0x8037010E, "HCS_E_SYSTEM_NOT_FOUND", not_found},
    Known{0x8037010F, "HCS_E_SYSTEM_ALREADY_EXISTS", already_exists},
    Known{0x80370110, "HCS_E_SYSTEM_ALREADY_STOPPED", other},
    Known{0x80370114, "HCS_E_SERVICE_NOT_AVAILABLE", unavailable},
    Known{0x8037011B, "HCS_E_ACCESS_DENIED", access_denied},
    Known{0x8037011E, "HCS_E_SERVICE_DISCONNECT", unavailable},
    Known{0xC0370103, "ERROR_VMCOMPUTE_OPERATION_PENDING", other},
    Known{0x80004001, "E_NOTIMPL", unsupported},
    Known{0x80010108, "RPC_E_DISCONNECTED", unavailable},
    Known{0x80070002, "ERROR_FILE_NOT_FOUND", not_found},
    Known{0x80070005, "E_ACCESSDENIED", access_denied},
    Known{0x80070015, "ERROR_NOT_READY", unavailable},
    Known{0x80070020, "ERROR_SHARING_VIOLATION", in_use},
    Known{0x80070032, "ERROR_NOT_SUPPORTED", unsupported},
    Known{0x80070034, "ERROR_DUP_NAME", already_exists},
    Known{0x80070057, "E_INVALIDARG", invalid},
    Known{0x8007007E, "ERROR_MOD_NOT_FOUND", unsupported},
    Known{0x80070102, "WAIT_TIMEOUT", unavailable},
    Known{0x80070422, "ERROR_SERVICE_DISABLED", unavailable},
    Known{0x80070426, "ERROR_SERVICE_NOT_ACTIVE", unavailable},
    Known{0x80070430, "ERROR_SERVICE_MARKED_FOR_DELETE", unavailable},
    Known{0x8007045B, "ERROR_SHUTDOWN_IN_PROGRESS", unavailable},
    Known{0x80070490, "ERROR_NOT_FOUND", not_found},
    Known{0x800705B4, "ERROR_TIMEOUT", unavailable},
    Known{0x800706BA, "RPC_S_SERVER_UNAVAILABLE", unavailable},
    Known{0x800706BB, "RPC_S_SERVER_TOO_BUSY", unavailable},
    Known{0x800706BE, "RPC_S_CALL_FAILED", unavailable},
    Known{0x800706BF, "RPC_S_CALL_FAILED_DNE", unavailable},
    Known{0x800706D9, "EPT_S_NOT_REGISTERED", unavailable},
    Known{0x80071392, "ERROR_OBJECT_ALREADY_EXISTS", already_exists},
    Known{0x80080005, "CO_E_SERVER_EXEC_FAILURE", unavailable},
    Known{0x8000FFFF, "E_UNEXPECTED", other},
};

struct Sentence {
    std::string_view text;
    std::uint32_t code;
};

/// Microsoft's sentences of codes by which something is decided.
/// https://learn.microsoft.com/virtualization/api/hcn/reference/hcnhresult
constexpr std::array sentences{
    Sentence{"The network was not found", 0x803B0001},
    Sentence{"The endpoint was not found", 0x803B0002},
    Sentence{"The virtual switch was not found", 0x803B0004},
    Sentence{"An adapter was not found", 0x803B0006},
    Sentence{"The switch-port was not found", 0x803B0007},
    Sentence{"An expected policy was not found", 0x803B0008},
    Sentence{"The provided policy configuration is invalid", 0x803B000D},
    Sentence{"A network with this name already exists", 0x803B0010},
    Sentence{"The specified port already exists", 0x803B0013},
    Sentence{"This endpoint is already attached to the switch", 0x803B0014},
    Sentence{"The specified request is unsupported", 0x803B0015},
    Sentence{"There was an operation attempted on a degraded object", 0x803B0017},
    Sentence{"IP address is either invalid or not part of any configured subnet(s)", 0x803B001E},
    Sentence{"Operation cannot be performed while service is stopping", 0x803B0020},
    Sentence{"An address provided is invalid or reserved", 0x803B002F},
    Sentence{"Access is denied", 0x80070005},
    Sentence{"The process cannot access the file because it is being used by another process",
             0x80070020},
    Sentence{"The parameter is incorrect", 0x80070057},
    Sentence{"The service has not been started", 0x80070426},
    Sentence{"Element not found", 0x80070490},
    Sentence{"The RPC server is unavailable", 0x800706BA},
    Sentence{"There are no more endpoints available from the endpoint mapper", 0x800706D9},
    Sentence{"The object already exists", 0x80071392},
};

const Known* find_exactly(std::uint32_t code) noexcept {
    const auto it = std::ranges::find(known_codes, code, &Known::code);
    return it == known_codes.end() ? nullptr : &*it;
}

const Known* find_known(api::HResult result) noexcept {
    const auto code = static_cast<std::uint32_t>(result);
    const Known* const known = find_exactly(code);
    // What HCS_E_... is for computecore.dll (0x8037....), vmcompute.dll reports as 0xC037....
    if (known == nullptr && (code >> 16U) == 0xC037U)
        return find_exactly((code & 0xFFFFU) | 0x80370000U);
    return known;
}

/// The sentence in an error record, without the blanks that it ends with; other text as it is.
std::string sentence_of(const std::string& said) {
    const auto json = nlohmann::json::parse(said, nullptr, false);
    std::string sentence = said;
    // HNS's key is Error. HCS has a number there, and its sentence in ErrorMessage.
    for (const char* key : {"ErrorMessage", "Error"})
        if (json.is_object() && json.contains(key) && json[key].is_string())
            sentence = json[key].get<std::string>();
    return std::string(libcni::without_trailing_blanks(sentence));
}

} // namespace

ErrorKind kind_of(api::HResult code) noexcept {
    const Known* const known = find_known(code);
    return known == nullptr ? other : known->kind;
}

bool is_missing_system(api::HResult code) noexcept {
    const Known* const known = find_known(code);
    return known != nullptr && known->code == 0x8037010EU;
}

std::string_view name_of(api::HResult code) noexcept {
    const Known* const known = find_known(code);
    return known == nullptr ? std::string_view() : known->name;
}

std::vector<std::pair<std::string_view, api::HResult>> names_of_codes() {
    std::vector<std::pair<std::string_view, api::HResult>> names;
    names.reserve(known_codes.size());
    for (const Known& known : known_codes)
        names.emplace_back(known.name, hresult(known.code));
    return names;
}

api::HResult code_of_sentence(std::string_view sentence) noexcept {
    const std::string_view text = libcni::without_trailing_blanks(sentence);
    // HNS may say more behind the full stop.
    const auto says = [&](const Sentence& known) {
        return text.starts_with(known.text)
               && (text.size() == known.text.size() || text[known.text.size()] == '.');
    };
    const auto it = std::ranges::find_if(sentences, says);
    return it == sentences.end() ? e_unexpected : hresult(it->code);
}

std::string shown(api::HResult code) {
    std::array<char, 16> hex{};
    (void)std::snprintf(hex.data(), hex.size(), "0x%08X", static_cast<unsigned>(code));
    const auto name = name_of(code);
    return name.empty() ? std::string(hex.data()) : std::string(name) + " (" + hex.data() + ")";
}

HnsError::HnsError(std::string operation, api::HResult code, const std::string& said)
    : operation_(std::move(operation)), code_(code) {
    const std::string sentence = sentence_of(said);
    text_ = operation_ + " failed with " + shown(code_) + (sentence.empty() ? "" : ": " + sentence);
}

} // namespace hnsclient
