// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

/// The JSON of a file, as of those in tests/data/; throws when it is not.
inline nlohmann::json read_json(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return nlohmann::json::parse(stream);
}

/// Where recordings are.
inline std::filesystem::path traces() {
    return std::filesystem::path(WINCNI_TEST_DATA) / "traces";
}

/// The documents of a text with one on each line, as the emulator logs its calls.
inline std::vector<nlohmann::json> json_lines(const std::string& text) {
    std::vector<nlohmann::json> documents;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        documents.push_back(nlohmann::json::parse(line));
    return documents;
}
