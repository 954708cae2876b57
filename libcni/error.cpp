// SPDX-License-Identifier: Apache-2.0
#include "libcni/error.hpp"

#include <nlohmann/json.hpp>

namespace libcni {

std::string encode(const Error& error, std::string_view cni_version) {
    nlohmann::ordered_json json{{"cniVersion", cni_version},
                                {"code", static_cast<unsigned>(error.code())},
                                {"msg", error.msg()}};
    if (!error.details().empty()) json["details"] = error.details();
    return json.dump(4, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string one_line(const Error& error) {
    return error.details().empty() ? error.msg() : error.msg() + " (" + error.details() + ")";
}

} // namespace libcni
