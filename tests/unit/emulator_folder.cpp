// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/emulator_folder.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

#ifdef _WIN32
#include <windows.h>
#endif

namespace fs = std::filesystem;

namespace {

fs::path from_utf8(const std::string& text) {
    return fs::path(std::u8string(text.begin(), text.end()));
}

std::string to_utf8(const fs::path& path) {
    const std::u8string text = path.u8string();
    return {text.begin(), text.end()};
}

fs::path own_executable() {
#ifdef _WIN32
    std::wstring path(32768, L'\0');
    path.resize(GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())));
    return path;
#else
    return fs::read_symlink("/proc/self/exe");
#endif
}

} // namespace

// An empty value unsets it on both.
void set_environment(const std::string& name, const std::string& value) {
#ifdef _WIN32
    const std::wstring wide = value.empty() ? std::wstring() : from_utf8(value).wstring();
    SetEnvironmentVariableW(from_utf8(name).c_str(), value.empty() ? nullptr : wide.c_str());
#else
    if (value.empty())
        ::unsetenv(name.c_str());
    else
        ::setenv(name.c_str(), value.c_str(), 1);
#endif
}

bool passes_in_child(const std::string& test_case) {
    const std::string command = own_executable().string()
                                + " --no-version --no-skip --minimal --test-case=\"" + test_case
                                + "\"";
    return std::system(command.c_str()) == 0;
}

EmulatorFolder::EmulatorFolder()
    // Not ASCII on purpose: nothing may depend on the folder's name.
    : folder_(
        fs::temp_directory_path()
        / from_utf8("wincni-hns-\xC3\xA4\xE6\x97\xA5-" + std::to_string(std::random_device{}()))) {
    fs::create_directories(folder_);
    set_environment("WINCNI_EMULATOR", to_utf8(folder_));
}

EmulatorFolder::~EmulatorFolder() {
    set_environment("WINCNI_EMULATOR", "");
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void EmulatorFolder::write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_ / from_utf8(name)).parent_path());
    std::ofstream file(folder_ / from_utf8(name), std::ios::binary | std::ios::trunc);
    file << text;
}

std::string EmulatorFolder::read(const std::string& name) const {
    std::ifstream file(folder_ / from_utf8(name), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
}
