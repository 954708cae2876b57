// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/faults.hpp"

#include <charconv>
#include <stdexcept>
#include <vector>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/config.hpp"
#include "hnsclient/emulator/object_store.hpp"
#include "libcni/base/files.hpp"

namespace hnsclient::emulator {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

struct Rule {
    std::string function;
    std::string method;
    std::string path;
    std::optional<unsigned> call;
    std::optional<unsigned> calls;
    Fault fault;

    /// True when the n-th match is one that the rule is for.
    [[nodiscard]] bool is_for(unsigned match) const {
        if (!call && !calls) return true;
        const unsigned first = call.value_or(1);
        return match >= first && match - first < calls.value_or(1);
    }
};

api::HResult hresult_of(const json& value) {
    if (value.is_number_integer())
        return static_cast<api::HResult>(value.get<std::int64_t>() & 0xFFFFFFFF);
    const auto text = value.get<std::string>();
    std::uint32_t number = 0;
    const char* end = text.data() + text.size();
    const char* begin = text.data() + (text.starts_with("0x") || text.starts_with("0X") ? 2 : 0);
    const auto [ptr, ec] = std::from_chars(begin, end, number, 16);
    if (ec != std::errc() || ptr != end || begin == end)
        throw std::invalid_argument("hresult \"" + text + "\" is not a hexadecimal number");
    return static_cast<api::HResult>(number);
}

unsigned whole_number(const std::string& key, const json& value) {
    if (!value.is_number_unsigned() || value > 1000000000U)
        throw std::invalid_argument(key + " is not a whole number");
    return value.get<unsigned>();
}

void set(Rule& rule, const std::string& key, const json& value) {
    if (key == "function")
        rule.function = value.get<std::string>();
    else if (key == "method")
        rule.method = value.get<std::string>();
    else if (key == "path")
        rule.path = value.get<std::string>();
    else if (key == "call")
        rule.call = whole_number(key, value);
    else if (key == "calls")
        rule.calls = whole_number(key, value);
    else if (key == "hresult")
        rule.fault.result = hresult_of(value);
    else if (key == "delayMs")
        rule.fault.delay = std::chrono::milliseconds(whole_number(key, value));
    else if (key == "kill")
        rule.fault.kill = value.get<bool>();
    else if (key == "after")
        rule.fault.after = value.get<bool>();
    else
        throw std::invalid_argument("unknown key \"" + key + "\"");
}

Rule rule_of(const json& value) {
    if (!value.is_object()) throw std::invalid_argument("a rule is not an object");
    Rule rule;
    for (const auto& [key, member] : value.items())
        set(rule, key, member);
    if (rule.call == 0U) throw std::invalid_argument("calls are counted from 1");
    if (rule.function.empty()) throw std::invalid_argument("a rule has no function");
    if (!rule.fault.result && !rule.fault.kill && rule.fault.delay.count() == 0)
        throw std::invalid_argument("a rule has none of hresult, delayMs, kill");
    return rule;
}

std::vector<Rule> rules_of(const fs::path& file, const std::string& text) {
    try {
        const json parsed = json::parse(text);
        if (!parsed.is_array()) throw std::invalid_argument("not an array of rules");
        std::vector<Rule> rules;
        for (const auto& rule : parsed)
            rules.push_back(rule_of(rule));
        return rules;
    } catch (const std::exception& error) {
        refuse_setup(file, error.what());
    }
}

bool matches(const Rule& rule, const CallName& call) {
    return (rule.function == "*" || rule.function == call.function)
           && (rule.method.empty() || rule.method == call.method)
           && call.path.starts_with(rule.path);
}

/// The count of each rule so far; all zero when the rules are not those that were counted.
std::vector<unsigned> counts_of(const fs::path& state, const std::string& stamp, std::size_t size) {
    const json parsed = json::parse(libcni::base::read_file(state).value_or(""), nullptr, false);
    if (!parsed.is_object() || parsed.value("rules", "") != stamp)
        return std::vector<unsigned>(size, 0U);
    auto counts = parsed.value("counts", std::vector<unsigned>());
    counts.resize(size, 0U);
    return counts;
}

void add(Fault& total, const Fault& fault) {
    total.delay += fault.delay;
    if (total.result || total.kill) return;
    total.result = fault.result;
    total.kill = fault.kill;
    total.after = fault.after;
}

} // namespace

Fault next_fault(const fs::path& folder, const CallName& call) {
    const fs::path file = folder / "faults.json";
    if (!fs::exists(file)) return {};
    const libcni::base::FileLock lock(folder / "faults.lock");
    const auto text = libcni::base::read_file(file);
    if (!text) return {};
    const auto rules = rules_of(file, *text);

    const auto written = fs::last_write_time(file).time_since_epoch().count();
    const std::string stamp = std::to_string(written) + " " + *text;
    auto counts = counts_of(folder / "faults.state.json", stamp, rules.size());
    Fault total;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (!matches(rules[i], call)) continue;
        ++counts[i];
        if (rules[i].is_for(counts[i])) add(total, rules[i].fault);
    }
    replace_file(folder / "faults.state.json", json{{"rules", stamp}, {"counts", counts}}.dump());
    return total;
}

} // namespace hnsclient::emulator
