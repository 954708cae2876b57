// SPDX-License-Identifier: Apache-2.0
// Stands in for libFuzzer with any compiler: gives a target every seed of a folder, and each seed
// cut short or changed in one byte. usage: replay_<target> FOLDER
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/fuzz/fuzz.hpp"

namespace {

void run(const std::string& input) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

/// Returns how many inputs it made of the seed.
std::size_t run_with_changes(const std::string& seed) {
    const std::string bytes("\0\"\\]:9\xFF", 7);
    run(seed);
    for (std::size_t i = 0; i < seed.size(); ++i) {
        run(seed.substr(0, i));
        for (const char byte : bytes) {
            std::string changed = seed;
            changed[i] = byte;
            run(changed);
        }
    }
    return 1 + seed.size() * (1 + bytes.size());
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    std::size_t inputs = 0;
    for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
        std::ifstream file(entry.path(), std::ios::binary);
        inputs += run_with_changes(std::string(std::istreambuf_iterator<char>(file), {}));
    }
    std::printf("%zu inputs\n", inputs);
    return inputs == 0 ? 1 : 0;
}
