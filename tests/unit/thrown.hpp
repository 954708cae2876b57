// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "libcni/error.hpp"
#include "libcni/json_reader.hpp"

/// The Error that `body` throws; one with code 0 when it throws none.
template <class Body>
libcni::Error error_of(Body body) {
    try {
        (void)body();
    } catch (const libcni::Error& error) {
        return error;
    }
    return {libcni::ErrorCode{}, "(nothing was thrown)"};
}

/// What the BadShape that `body` throws says.
template <class Body>
std::string shape_fault_of(Body body) {
    try {
        (void)body();
    } catch (const libcni::BadShape& error) {
        return error.what();
    }
    return "(nothing was thrown)";
}

/// Empty when `text` holds all `parts`; else a sentence that shows what it lacks.
inline std::string missing_in(const std::string& text,
                              std::initializer_list<std::string_view> parts) {
    std::string missing;
    for (const std::string_view part : parts)
        if (text.find(part) == std::string::npos) missing += "<" + std::string(part) + "> ";
    return missing.empty() ? missing : missing + "missing in: " + text;
}
