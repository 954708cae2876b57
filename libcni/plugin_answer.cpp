// SPDX-License-Identifier: Apache-2.0
#include "libcni/plugin_answer.hpp"

#include <nlohmann/json.hpp>

namespace libcni {

namespace {

std::string shown(const std::string& output) {
    constexpr std::size_t longest = 1024;
    if (output.empty()) return "it printed nothing";
    return "it printed: " + output.substr(0, longest) + (output.size() > longest ? "..." : "");
}

} // namespace

std::string end_of(const Ended& answer) {
    if (answer.signal != 0) return "was killed by signal " + std::to_string(answer.signal);
    return "ended with exit code " + std::to_string(answer.exit_code);
}

Error error_in(const Ended& answer) {
    const auto json = nlohmann::json::parse(answer.output, nullptr, false);
    const auto ended = end_of(answer);
    if (!json.is_object())
        return {ErrorCode::delegate_failure,
                ended + " and did not print a CNI error",
                shown(answer.output)};
    const JsonReader error(json, "error");
    const auto code = error.find("code");
    // 0 is no error, and a plugin that fails with it fails in that, too.
    const unsigned number = code ? code->number<unsigned>() : 0;
    return {number != 0 ? static_cast<ErrorCode>(number) : ErrorCode::delegate_failure,
            error.find("msg") ? error.text_or_empty("msg") : ended,
            error.text_or_empty("details")};
}

VersionedResult versioned_result(const JsonReader& json, SpecVersion assumed) {
    // decode_result() refuses a version that we do not speak.
    Result result = decode_result(json, assumed);
    const std::string version = json.text_or_empty("cniVersion");
    return {version.empty() ? assumed : parse_spec_version(version).value_or(assumed),
            std::move(result)};
}

VersionedResult result_in(const Ended& answer, SpecVersion assumed) {
    const auto json = nlohmann::json::parse(answer.output, nullptr, false);
    if (!json.is_object())
        throw Error(
            ErrorCode::delegate_failure, "did not print a CNI result", shown(answer.output));
    if (json.contains("code") && json.contains("msg")) throw error_in(answer);
    return versioned_result(JsonReader(json, "result"), assumed);
}

} // namespace libcni
