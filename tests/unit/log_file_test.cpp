// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "libcni/base/file_error.hpp"
#include "libcni/base/files.hpp"
#include "libcni/base/text.hpp"
#include "libcni/log_file.hpp"
#include "tests/unit/emulator_folder.hpp"
#include "tests/unit/scratch.hpp"

namespace fs = std::filesystem;
namespace base = libcni::base;
using libcni::log::LogFile;

namespace {

constexpr int lines_of_each = 150;
constexpr LogFile::Limits small_and_many{.bytes = 2000, .kept = 100};

std::string text_of(const fs::path& file) {
    return base::read_file(file).value_or("(nothing)");
}

/// Lines of 40 bytes, of a writer that is named by its process and a number.
void write_lines(const fs::path& file, int writer) {
    const LogFile log(file, small_and_many);
    for (int i = 0; i < lines_of_each; ++i) {
        std::string line = std::to_string(libcni::process_id()) + "/" + std::to_string(writer) + " "
                           + std::to_string(i) + " ";
        line.resize(39, 'x');
        log.append(line + "\n");
    }
}

/// How many lines of each writer are in the file and the older ones; all must be whole.
std::map<std::string, int> lines_in(const fs::path& folder) {
    std::map<std::string, int> count;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() == ".lock") continue;
        std::string text = text_of(entry.path());
        REQUIRE(text.ends_with('\n'));
        text.pop_back();
        for (const auto line : libcni::split(text, '\n')) {
            CHECK(line.size() == 39);
            ++count[std::string(libcni::words(line).at(0))];
        }
    }
    return count;
}

std::string shown(const std::map<std::string, int>& count) {
    return libcni::joined(count, ", ", [](const auto& writer) {
        return writer.first + ": " + std::to_string(writer.second);
    });
}

bool is_whole(const std::map<std::string, int>& count) {
    return std::ranges::all_of(count,
                               [](const auto& writer) { return writer.second == lines_of_each; });
}

} // namespace

TEST_CASE("A full file becomes an older one, and the oldest one goes") {
    const Scratch scratch;
    const fs::path file = scratch.path() / "log";
    const LogFile log(file, {.bytes = 10, .kept = 3});
    for (const char* line : {"first\n", "2nd\n", "3rd\n", "4th ...\n", "5th ...\n", "6th ...\n"})
        log.append(line);
    CHECK(text_of(file) == "6th ...\n");
    CHECK(text_of(scratch.path() / "log.1") == "5th ...\n");
    CHECK(text_of(scratch.path() / "log.2") == "4th ...\n");
    CHECK(text_of(scratch.path() / "log.3") == "3rd\n");
    CHECK_FALSE(fs::exists(scratch.path() / "log.4"));
}

TEST_CASE("A line longer than a file may be is a file of its own") {
    const Scratch scratch;
    const fs::path file = scratch.path() / "log";
    const LogFile log(file, {.bytes = 10, .kept = 1});
    log.append("a line of many words\n");
    CHECK(text_of(file) == "a line of many words\n");
    log.append("b\n");
    CHECK(text_of(file) == "b\n");
    CHECK(text_of(scratch.path() / "log.1") == "a line of many words\n");
}

TEST_CASE("A file that cannot be moved away grows, and nothing that is kept is lost") {
    const Scratch scratch;
    const fs::path file = scratch.path() / "log";
    const LogFile log(file, {.bytes = 10, .kept = 2});
    base::append(scratch.path() / "log.1", "older\n");
    // A folder that is not empty cannot be written over.
    fs::create_directories(scratch.path() / "log.2" / "x");
    log.append("12345678\n");
    log.append("abcdefgh\n");
    CHECK(text_of(file) == "12345678\nabcdefgh\n");
    CHECK(text_of(scratch.path() / "log.1") == "older\n");
}

TEST_CASE("A rotation that another process is at is not waited for long") {
    const Scratch scratch;
    const fs::path file = scratch.path() / "log";
    const LogFile log(file, {.bytes = 10, .kept = 1});
    const base::FileLock held(scratch.path() / "log.lock");
    log.append("12345678\n");
    log.append("abcdefgh\n");
    CHECK(text_of(file) == "12345678\nabcdefgh\n");
}

TEST_CASE("A file that cannot be written is told") {
    const Scratch scratch;
    CHECK_THROWS_AS(LogFile(scratch.path()).append("x\n"), base::FileError);
    base::append(scratch.path() / "file", "x");
    CHECK_THROWS_AS(LogFile(scratch.path() / "file" / "log").append("x\n"), base::FileError);
    CHECK_THROWS_AS(LogFile(scratch.path() / "file" / "no" / "log").append("x\n"), base::FileError);
}

TEST_CASE("The folders of a file are made when they are missing") {
    const Scratch scratch;
    const fs::path file = scratch.path() / "no" / "such" / "log";
    const LogFile log(file);
    log.append("a\n");
    log.append("b\n");
    CHECK(text_of(file) == "a\nb\n");
}

TEST_CASE("Threads that write and rotate at once lose no line") {
    const Scratch scratch;
    {
        std::vector<std::jthread> writers;
        for (int writer = 0; writer < 4; ++writer)
            writers.emplace_back(write_lines, scratch.path() / "log", writer);
    }
    const auto count = lines_in(scratch.path());
    CAPTURE(shown(count));
    CHECK(count.size() == 4);
    CHECK(is_whole(count));
    // 24000 bytes: two processes that both rotate for one full file would leave more.
    CHECK(fs::exists(scratch.path() / "log.5"));
    CHECK_FALSE(fs::exists(scratch.path() / "log.14"));
}

TEST_CASE("a process of several that log" * doctest::skip()) {
    write_lines(libcni::path_of(libcni::environment_variable("WINCNI_TEST_LOG").value()), 0);
}

TEST_CASE("Processes that write and rotate at once lose no line") {
    const Scratch scratch;
    set_environment("WINCNI_TEST_LOG", libcni::utf8_of(scratch.path() / "log"));
    {
        std::vector<std::jthread> writers;
        for (int writer = 0; writer < 4; ++writer)
            writers.emplace_back([] { CHECK(passes_in_child("a process of several that log")); });
    }
    set_environment("WINCNI_TEST_LOG", "");
    const auto count = lines_in(scratch.path());
    CAPTURE(shown(count));
    CHECK(count.size() == 4);
    CHECK(is_whole(count));
    CHECK_FALSE(fs::exists(scratch.path() / "log.14"));
}

TEST_CASE("Only a regular file is logged to: a folder or a device is refused by name") {
    const Scratch scratch;
    std::vector<fs::path> others{scratch.path()};
    for (const char* device : {"/dev/stdout", "/dev/null"})
        if (fs::exists(device)) others.emplace_back(device);
    for (const fs::path& file : others) {
        CAPTURE(file);
        std::string said;
        try {
            LogFile(file).append("line\n");
        } catch (const base::FileError& error) {
            said = error.what();
        }
        CHECK(said.find("it is not a regular file") != said.npos);
        CHECK(said.find(file.filename().string()) != said.npos);
    }
}
