// SPDX-License-Identifier: Apache-2.0
#include "libcni/log_conf.hpp"

#include <exception>
#include <string>
#include <vector>

#include "libcni/config.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"

namespace libcni {

namespace {

/// What `read` makes of a key that is there and not empty; a complaint when it cannot.
template <class Read>
auto find(const JsonReader& conf,
          std::string_view key,
          std::vector<std::string>& complaints,
          Read read) -> std::optional<decltype(read(conf))> try {
    const auto value = conf.find(key);
    if (!value || value->text().empty()) return std::nullopt;
    return read(*value);

} catch (const Error& error) {

    complaints.push_back(one_line(error));
    return std::nullopt;

} catch (const std::exception& error) {

    complaints.emplace_back(error.what());
    return std::nullopt;
}

} // namespace

void configure_log(const JsonReader& conf) noexcept try {
    std::vector<std::string> complaints;
    log::Wishes wishes;
    wishes.file =
        find(conf, "logFile", complaints, [](const JsonReader& value) { return conf_path(value); });
    wishes.level =
        find(conf, "logLevel", complaints, [](const JsonReader& value) { return value.text(); });
    log::configure(wishes);
    for (const std::string& complaint : complaints)
        log::warning(complaint + "; the log does without it");

} catch (...) {

    return;
}

} // namespace libcni
