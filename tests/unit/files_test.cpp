// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#ifdef _WIN32
#include <windows.h>
#else
#include <sys/stat.h>
#endif

#include <doctest/doctest.h>

#include "libcni/base/file_error.hpp"
#include "libcni/base/files.hpp"
#include "libcni/error.hpp"
#include "libcni/files.hpp"
#include "tests/unit/emulator_folder.hpp"
#include "tests/unit/scratch.hpp"

namespace base = libcni::base;
using std::chrono::milliseconds;

TEST_CASE("A variable is read with all letters and at any length") {
    const std::string name = "WINCNI_TEST_VARIABLE";
    for (const std::string& value : {std::string("a"),
                                     std::string("\xC3\xA4\xE6\x97\xA5\xF0\x9F\x98\x80"),
                                     std::string(255, 'x'),
                                     std::string(256, 'y'),
                                     std::string(20000, 'z')}) {
        set_environment(name, value);
        CHECK(libcni::environment_variable(name.c_str()) == value);
    }
    set_environment(name, "");
    CHECK(libcni::environment_variable(name.c_str()) == std::nullopt);
}

TEST_CASE("Text is added at the end of a file, which is made when it is not there") {
    const Scratch scratch;
    const auto file = scratch.path() / "log";
    base::append(file, "a\n");
    base::append(file, "b\n");
    CHECK(base::read_file(file) == "a\nb\n");
}

TEST_CASE("Renaming tells a file that is not there from one that cannot be renamed") {
    using base::Renamed;
    const Scratch scratch;
    const auto file = scratch.path() / "file";
    const auto other = scratch.path() / "other";
    CHECK(base::rename_if_there(file, other) == Renamed::was_not_there);
    CHECK(base::rename_if_there(scratch.path() / "no" / "file", other) == Renamed::was_not_there);
    base::append(file, "new");
    base::append(other, "old");
    CHECK(base::rename_if_there(file, other) == Renamed::yes);
    CHECK(base::read_file(file) == std::nullopt);
    CHECK(base::read_file(other) == "new");
    // A folder that is not empty cannot be written over.
    base::make_folders(scratch.path() / "folder" / "x");
    CHECK(base::rename_if_there(other, scratch.path() / "folder") == Renamed::could_not);
    CHECK(base::read_file(other) == "new");
}

TEST_CASE("A file that is too long is refused, one that is just not is read") {
    const Scratch scratch;
    const auto file = scratch.path() / "file";
    base::append(file, "12345678");
    CHECK(base::read_file(file, 8) == "12345678");
    CHECK_THROWS_WITH_AS((void)base::read_file(file, 7),
                         doctest::Contains("file: it is longer than 7 bytes"),
                         base::FileError);
    base::append(file, std::string(base::most_to_read, 'x'));
    CHECK_THROWS_AS((void)base::read_file(file), base::FileError);
}

TEST_CASE("What is in the way of a temporary file goes, and what a link leads to stays") {
    const Scratch scratch;
    const auto file = scratch.path() / "file";
    const auto temporary = scratch.path() / "new";
    base::append(temporary, "left by a crash, and longer");
    base::write_file_durably(file, temporary, "one");
    CHECK(base::read_file(file) == "one");
    if (libcni::path_list_separator != ':') return;
    const auto victim = scratch.path() / "victim";
    base::append(victim, "mine");
    std::filesystem::create_symlink(victim, temporary);
    base::write_file_durably(file, temporary, "two");
    CHECK(base::read_file(file) == "two");
    CHECK(base::read_file(victim) == "mine");
    CHECK_FALSE(std::filesystem::is_symlink(file));
    CHECK_FALSE(std::filesystem::exists(std::filesystem::symlink_status(temporary)));
}

#ifdef _WIN32
TEST_CASE("T8: a file that a scanner holds for a moment is read, renamed and removed") {
    const Scratch scratch;
    // On a machine that is busy the moment may be too long: it is tried again.
    const auto with_held = [&](const std::filesystem::path& held, auto deed) {
        for (int attempt = 1;; ++attempt) {
            HANDLE handle = CreateFileW(held.c_str(),
                                        GENERIC_READ,
                                        0,
                                        nullptr,
                                        OPEN_EXISTING,
                                        FILE_ATTRIBUTE_NORMAL,
                                        nullptr);
            REQUIRE(handle != INVALID_HANDLE_VALUE);
            const std::jthread scanner([handle] {
                Sleep(30);
                CloseHandle(handle);
            });
            try {
                deed();
                return;
            } catch (const base::FileError&) {
                if (attempt == 10) throw;
            }
        }
    };
    const auto file = scratch.path() / "file";
    const auto temporary = scratch.path() / "new";
    base::append(file, "old");
    with_held(file, [&] { CHECK(base::read_file(file) == "old"); });
    with_held(file, [&] { base::append(file, "er"); });
    with_held(file, [&] { base::write_file_durably(file, temporary, "new"); });
    CHECK(base::read_file(file) == "new");
    with_held(file, [&] { CHECK(base::remove_file(file)); });
}

TEST_CASE("T8: a file that is held for good is named") {
    const Scratch scratch;
    const auto file = scratch.path() / "file";
    base::append(file, "x");
    HANDLE handle = CreateFileW(
        file.c_str(), GENERIC_READ, 0, nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
    CHECK_THROWS_WITH_AS(
        base::remove_file(file), doctest::Contains(libcni::utf8_of(file).c_str()), base::FileError);
    CHECK_THROWS_AS((void)base::read_file(file), base::FileError);
    CloseHandle(handle);
    CHECK(base::remove_file(file));
}
#else
TEST_CASE("What never ends, or waits for others, is refused at once") {
    const Scratch scratch;
    const auto fifo = scratch.path() / "fifo";
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    for (const std::filesystem::path& file : {fifo, std::filesystem::path("/dev/zero")})
        CHECK_THROWS_WITH_AS((void)base::read_file(file),
                             doctest::Contains("it is not a file, but a pipe or a device"),
                             base::FileError);
    // Nobody reads it.
    CHECK_THROWS_AS(base::append(fifo, "x"), base::FileError);
}
#endif

TEST_CASE("What several threads add at once is all there, whole") {
    const Scratch scratch;
    const auto file = scratch.path() / "log";
    const auto add = [&](char letter) {
        for (int i = 0; i < 200; ++i)
            base::append(file, std::string(100, letter) + "\n");
    };
    {
        const std::jthread other(add, 'a');
        add('b');
    }
    const std::string text = base::read_file(file).value();
    REQUIRE(text.size() == 400 * 101);
    for (std::size_t at = 0; at < text.size(); at += 101)
        CHECK(text.substr(at, 101) == std::string(100, text[at]) + "\n");
}

TEST_CASE("What the system refuses names the file and says what to do") {
    const Scratch scratch;
    const auto in_the_way = scratch.path() / "file";
    base::append(in_the_way, "x");
    const auto below = in_the_way / "below";
    const auto refused = [&](auto deed) {
        try {
            deed();
        } catch (const base::FileError& error) {
            CHECK(std::string(error.what()).find(libcni::utf8_of(below)) != std::string::npos);
            CHECK_FALSE(error.details().empty());
            return true;
        }
        return false;
    };
    CHECK(refused([&] { base::append(below, "x"); }));
    CHECK(refused([&] { base::write_file_durably(below, below, "x"); }));
    CHECK(refused([&] { base::FileLock lock(below); }));
    CHECK(refused([&] { base::make_folders(below); }));
}

TEST_CASE("A lock that another holds is waited for, but no longer than asked") {
    const Scratch scratch;
    const auto file = scratch.path() / "lock";
    {
        const base::FileLock held(file);
        CHECK_THROWS_AS(base::FileLock(file, milliseconds(5)), base::LockBusy);
    }
    CHECK_NOTHROW(base::FileLock(file, milliseconds(0)));
}

TEST_CASE("A lock without a limit waits until the other lets go") {
    const Scratch scratch;
    const auto file = scratch.path() / "lock";
    std::string order;
    std::jthread waiting;
    {
        const base::FileLock held(file);
        waiting = std::jthread([&] {
            const base::FileLock lock(file);
            order += "second";
        });
        std::this_thread::sleep_for(milliseconds(20));
        order += "first ";
    }
    waiting.join();
    CHECK(order == "first second");
}

TEST_CASE("Plugins get what the system refuses as errors of CNI") {
    const Scratch scratch;
    const auto file = scratch.path() / "lock";
    const auto code_of = [](auto deed) {
        try {
            deed();
        } catch (const libcni::Error& error) {
            CHECK_FALSE(error.details().empty());
            return error.code();
        }
        return libcni::ErrorCode::internal;
    };
    const libcni::FileLock held(file, milliseconds(0));
    CHECK(code_of([&] { libcni::FileLock lock(file, milliseconds(1)); })
          == libcni::ErrorCode::try_again_later);
    CHECK(code_of([&] { libcni::make_folders(file / "below"); }) == libcni::ErrorCode::io_failure);
    CHECK(code_of([&] { (void)libcni::read_file(scratch.path()); })
          == libcni::ErrorCode::io_failure);
}
