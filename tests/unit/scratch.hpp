// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>

/// A folder of a test's own, gone with everything in it when the test ends.
class Scratch {
public:
    Scratch() : folder_(std::filesystem::temp_directory_path() / unique_name()) {
        std::filesystem::create_directories(folder_);
    }

    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return folder_; }

private:
    static std::string unique_name() {
        static std::atomic<unsigned> count{0};
        const auto now = std::chrono::system_clock::now().time_since_epoch().count();
        return "wincni-test-" + std::to_string(now) + "-" + std::to_string(count++);
    }

    std::filesystem::path folder_;
};
