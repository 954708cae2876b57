// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

/// Sets a variable of this process's environment, for it and for what it starts. UTF-8.
void set_environment(const std::string& name, const std::string& value);

/// Runs one skipped test case of this very executable in a process of its own, to its end. True
/// when it passed.
bool passes_in_child(const std::string& test_case);

/// An empty HNS of a test's own: a folder that WINCNI_EMULATOR names while this lives.
class EmulatorFolder {
public:
    EmulatorFolder();
    ~EmulatorFolder();
    EmulatorFolder(const EmulatorFolder&) = delete;
    EmulatorFolder& operator=(const EmulatorFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return folder_; }

    /// Writes a file of the folder ("faults.json", "config.json") whole.
    void write(const std::string& name, const std::string& text) const;

    /// The text of a file of the folder; empty when there is none.
    [[nodiscard]] std::string read(const std::string& name) const;

private:
    std::filesystem::path folder_;
};
