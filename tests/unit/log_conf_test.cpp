// SPDX-License-Identifier: Apache-2.0
// The log of a process is set up once, so each case here runs in a process of its own.
#include <cstdio>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "libcni/base/files.hpp"
#include "libcni/json_reader.hpp"
#include "libcni/log.hpp"
#include "libcni/log_conf.hpp"
#include "tests/unit/emulator_folder.hpp"
#include "tests/unit/scratch.hpp"

namespace fs = std::filesystem;
using libcni::utf8_of;
using libcni::log::Level;
using nlohmann::json;

namespace {

/// One of the cases at the end, with a folder of its own, the variables as they are set here, and
/// what it writes to stderr.
class Child {
public:
    Child() {
        set_environment("WINCNI_LOG", "");
        set_environment("WINCNI_TEST_FOLDER", utf8_of(scratch_.path()));
    }

    ~Child() {
        set_environment("WINCNI_LOG", "off");
        set_environment("WINCNI_LOG_FILE", "");
        set_environment("WINCNI_TEST_CONF", "");
    }

    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// Logs a line of each level with this conf; returns what is in the file of that name.
    std::string logs(const json& conf, const std::string& file) {
        set_environment("WINCNI_TEST_CONF", conf.dump());
        CHECK(passes_in_child("a process that logs a line of each level"));
        return text_of(file);
    }

    [[nodiscard]] std::string text_of(const std::string& file) const {
        return libcni::base::read_file(scratch_.path() / file).value_or("");
    }

    [[nodiscard]] std::string path_of(const std::string& file) const {
        return utf8_of(scratch_.path() / file);
    }

private:
    Scratch scratch_;
};

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// How often the part is in the text.
int count_of(const std::string& text, const std::string& part) {
    int count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

} // namespace

TEST_CASE("a process that logs a line of each level" * doctest::skip()) {
    const auto folder = libcni::path_of(libcni::environment_variable("WINCNI_TEST_FOLDER").value());
    REQUIRE(std::freopen((folder / "stderr").string().c_str(), "w", stderr) != nullptr);
    const json conf = json::parse(libcni::environment_variable("WINCNI_TEST_CONF").value());
    libcni::configure_log(libcni::JsonReader(conf, "conf"));
    libcni::log::set_context("nat ADD c1");
    libcni::log::trace("line-trace");
    libcni::log::debug("line-debug");
    libcni::log::info("line-info");
    libcni::log::warning("line-warning");
    libcni::log::error("line-error");
}

TEST_CASE("Without a word, warnings and errors are on stderr") {
    Child child;
    const std::string text = child.logs(json::object(), "stderr");
    CHECK_FALSE(holds(text, "line-info"));
    CHECK(holds(text, " warning nat ADD c1 line-warning\n"));
    CHECK(holds(text, " error nat ADD c1 line-error\n"));
}

TEST_CASE("The conf says where lines go and which") {
    Child child;
    const std::string text =
        child.logs({{"logFile", child.path_of("log")}, {"logLevel", "Debug"}}, "log");
    CHECK_FALSE(holds(text, "line-trace"));
    CHECK(holds(text, " debug nat ADD c1 line-debug\n"));
    CHECK(holds(text, "line-info"));
    CHECK(child.text_of("stderr").empty());
}

TEST_CASE("Empty words and null are none") {
    Child child;
    CHECK(count_of(child.logs({{"logFile", ""}, {"logLevel", nullptr}}, "stderr"), "line-") == 2);
}

TEST_CASE("The environment has the last word") {
    Child child;
    set_environment("WINCNI_LOG", "INFO");
    set_environment("WINCNI_LOG_FILE", child.path_of("mine"));
    const std::string text =
        child.logs({{"logFile", child.path_of("log")}, {"logLevel", "error"}}, "mine");
    CHECK(holds(text, "line-info"));
    CHECK_FALSE(holds(text, "line-debug"));
    CHECK(child.text_of("log").empty());
}

TEST_CASE("A level that is not known is told once, with those that are, and warnings are written") {
    const auto check = [](const std::string& text, const std::string& key) {
        CAPTURE(text);
        CHECK(count_of(text, key + " \"loud\" is not a level of the log") == 1);
        CHECK(holds(text, "trace, debug, info, warning, error, off"));
        CHECK(holds(text, "line-warning"));
        CHECK_FALSE(holds(text, "line-info"));
    };
    Child child;
    // What is wrong with the log is best told in the log.
    check(child.logs({{"logFile", child.path_of("log")}, {"logLevel", "loud"}}, "log"), "logLevel");
    set_environment("WINCNI_LOG", "loud");
    check(child.logs(json::object(), "stderr"), "WINCNI_LOG");
    // A variable that cannot be used does not win over a conf that can.
    CHECK(holds(child.logs({{"logLevel", "info"}}, "stderr"), "line-info"));
    set_environment("WINCNI_LOG", "error");
    CHECK_FALSE(holds(child.logs({{"logLevel", "info"}}, "stderr"), "line-info"));
}

TEST_CASE("A file that cannot be written is told once, and lines go to stderr") {
    Child child;
    libcni::base::append(libcni::path_of(child.path_of("file")), "x");
    for (const std::string& file : {std::string("log"),
                                    std::string("cni/log"),
                                    child.path_of("file/no/such/folder/log"),
                                    child.path_of(".")}) {
        CAPTURE(file);
        const std::string text = child.logs({{"logFile", file}}, "stderr");
        CAPTURE(text);
        CHECK(count_of(text, "the log goes to stderr") == 1);
        CHECK(holds(text, "line-warning"));
        CHECK(holds(text, "line-error"));
    }
}

TEST_CASE("Keys of a wrong type are told and do nothing") {
    Child child;
    const std::string text = child.logs({{"logFile", json::array()}, {"logLevel", 3}}, "stderr");
    CHECK(holds(text, "conf.logFile must be a string, not array"));
    CHECK(holds(text, "conf.logLevel must be a string, not 3"));
    CHECK(count_of(text, "line-") == 2);
    CHECK(holds(child.logs({{"logFile", "C:\run\new"}}, "stderr"), "backslash"));
}

TEST_CASE("A log that is off is off") {
    Child child;
    CHECK(child.logs({{"logFile", "relative"}, {"logLevel", "off"}}, "stderr").empty());
    set_environment("WINCNI_LOG", "off");
    CHECK(child.logs({{"logFile", "relative"}, {"logLevel", "loud"}}, "stderr").empty());
}
