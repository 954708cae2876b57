// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/answers.hpp"

namespace hnsclient {

std::string hns_operation(const std::string& method, const std::string& path) {
    return "HNSCall " + method + " " + path;
}

nlohmann::json parsed(const std::string& operation, const std::string& answer) {
    auto object = nlohmann::json::parse(answer, nullptr, false);
    if (object.is_discarded())
        throw HnsError(operation, e_unexpected, "the answer is not JSON: " + answer);
    return object;
}

std::string text_of(const nlohmann::json& object) {
    return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace hnsclient
