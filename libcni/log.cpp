// SPDX-License-Identifier: Apache-2.0
#include "libcni/log.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <utility>

#include "libcni/base/file_error.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/log_file.hpp"
#include "libcni/log_line.hpp"

namespace libcni::log {

namespace {

struct Name {
    std::string_view text;
    Level level;
};

/// The first of a level is its own.
constexpr std::array names{Name{"trace", Level::trace},
                           Name{"debug", Level::debug},
                           Name{"info", Level::info},
                           Name{"warning", Level::warning},
                           Name{"error", Level::error},
                           Name{"off", Level::off},
                           Name{"warn", Level::warning},
                           Name{"verbose", Level::info},
                           Name{"panic", Level::error}};

constexpr const char* level_variable = "WINCNI_LOG";
constexpr const char* file_variable = "WINCNI_LOG_FILE";

/// No value when the variable is empty, either.
std::optional<std::string> find_variable(const char* name) {
    auto value = environment_variable(name);
    return value && value->empty() ? std::nullopt : std::move(value);
}

} // namespace

/// Where lines go, and which. One for the process.
class Log {
public:
    static Log& instance() {
        static Log log;
        return log;
    }

    void configure(const Wishes& wishes);
    void write(Level level, std::string_view text);
    void capture_for(Captured& captured);
    void end_capture_for(const Captured& captured);
    std::vector<Captured::Record> records_of(const Captured& captured);

    [[nodiscard]] bool enabled(Level level) const noexcept {
        return level >= lowest_ || is_captured_;
    }

    void set_context(std::string context) {
        const std::scoped_lock lock(mutex_);
        context_ = std::move(context);
    }

private:
    Log();

    /// Returns what is wrong with the word, or an empty text.
    std::string take_level(const std::string& word, const std::string& from);
    /// The same for the file.
    std::string take_file(const std::filesystem::path& file);
    void complain(const std::string& complaint);
    void put(Level level, std::string_view text);

    std::mutex mutex_;
    std::atomic<Level> lowest_ = Level::warning;
    std::atomic<bool> is_captured_ = false;
    /// The environment says a level, which goes before the conf's.
    bool has_own_level_ = false;
    std::string context_;
    /// No value for stderr.
    std::optional<LogFile> file_;
    Captured* captured_ = nullptr;
};

Log::Log() {
    if (const auto file = find_variable(file_variable)) file_.emplace(path_of(*file));
    if (const auto level = find_variable(level_variable)) {
        complain(take_level(*level, level_variable));
        has_own_level_ = parse_level(*level).has_value();
    }
}

void Log::configure(const Wishes& wishes) {
    const std::scoped_lock lock(mutex_);
    // Both before either is complained of: "off" is off, and a complaint belongs into the file.
    const bool takes_level = wishes.level && !has_own_level_;
    const bool takes_file = wishes.file && !find_variable(file_variable);
    const std::string of_level = takes_level ? take_level(*wishes.level, "logLevel") : "";
    const std::string of_file = takes_file ? take_file(*wishes.file) : "";
    complain(of_level);
    complain(of_file);
}

std::string Log::take_level(const std::string& word, const std::string& from) {
    const auto level = parse_level(word);
    lowest_ = level.value_or(Level::warning);
    if (level) return {};
    return from + " \"" + word
           + "\" is not a level of the log: it is one of trace, debug, info, warning, error, off";
}

std::string Log::take_file(const std::filesystem::path& file) {
    file_.reset();
    if (!file.is_absolute())
        return "logFile " + utf8_of(file) + " is not an absolute path: the log goes to stderr";
    file_.emplace(file);
    return {};
}

void Log::complain(const std::string& complaint) {
    if (complaint.empty()) return;
    if (captured_ != nullptr) captured_->records_.push_back({Level::warning, complaint});
    if (lowest_ != Level::off) put(Level::warning, complaint);
}

void Log::write(Level level, std::string_view text) {
    const std::scoped_lock lock(mutex_);
    if (captured_ != nullptr) captured_->records_.push_back({level, std::string(text)});
    if (level >= lowest_) put(level, text);
}

void Log::put(Level level, std::string_view text) {
    const auto now = Clock::now();
    if (file_) try {
            file_->append(line_of(now, level, context_, text));
            return;
        } catch (const base::FileError& error) {
            file_.reset();
            complain(std::string(error.what()) + "; the log goes to stderr");
        }
    write_to_stderr(now, level, context_, text);
}

void Log::capture_for(Captured& captured) {
    const std::scoped_lock lock(mutex_);
    captured.outer_ = std::exchange(captured_, &captured);
    is_captured_ = true;
}

void Log::end_capture_for(const Captured& captured) {
    const std::scoped_lock lock(mutex_);
    captured_ = captured.outer_;
    is_captured_ = captured_ != nullptr;
}

std::vector<Captured::Record> Log::records_of(const Captured& captured) {
    const std::scoped_lock lock(mutex_);
    return captured.records_;
}

namespace {

void write(Level level, std::string_view text) noexcept try {
    if (enabled(level)) Log::instance().write(level, text);

} catch (...) {

    return;
}

} // namespace

std::optional<Level> parse_level(std::string_view name) noexcept {
    const auto* const it = std::ranges::find_if(
        names, [&](const Name& known) { return same_ignoring_case(known.text, name); });
    return it == names.end() ? std::nullopt : std::optional(it->level);
}

std::string_view to_string(Level level) noexcept {
    return std::ranges::find(names, level, &Name::level)->text;
}

void configure(const Wishes& wishes) noexcept try {
    Log::instance().configure(wishes);

} catch (...) {

    return;
}

bool enabled(Level level) noexcept try {
    const Log& log = Log::instance();
    return log.enabled(level);

} catch (...) {

    return false;
}

void trace(std::string_view text) noexcept {
    write(Level::trace, text);
}

void debug(std::string_view text) noexcept {
    write(Level::debug, text);
}

void info(std::string_view text) noexcept {
    write(Level::info, text);
}

void warning(std::string_view text) noexcept {
    write(Level::warning, text);
}

void error(std::string_view text) noexcept {
    write(Level::error, text);
}

void set_context(std::string context) noexcept try {
    Log::instance().set_context(std::move(context));

} catch (...) {

    return;
}

Captured::Captured() {
    Log::instance().capture_for(*this);
}

Captured::~Captured() {
    Log::instance().end_capture_for(*this);
}

std::vector<Captured::Record> Captured::records() const {
    return Log::instance().records_of(*this);
}

std::vector<std::string> Captured::texts(Level level) const {
    std::vector<std::string> found;
    for (Record& record : records())
        if (record.level == level) found.push_back(std::move(record.text));
    return found;
}

bool Captured::holds(Level level, std::string_view part) const {
    return std::ranges::any_of(
        texts(level), [&](const std::string& text) { return text.find(part) != text.npos; });
}

} // namespace libcni::log
