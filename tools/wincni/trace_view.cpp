// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/trace_view.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <vector>

#include <nlohmann/json.hpp>

#include "hnsclient/error.hpp"
#include "libcni/base/text.hpp"
#include "libcni/json_reader.hpp"
#include "libcni/result.hpp"
#include "tools/wincni/table.hpp"

namespace wincni {

namespace {

using nlohmann::json;

struct Sums {
    int processes = 0;
    int calls = 0;
    int closes = 0;
    double in_hns = 0;
    double in_plugins = 0;
};

std::string milliseconds(double time) {
    std::array<char, 32> text{};
    (void)std::snprintf(text.data(), text.size(), "%.1f ms", time);
    return text.data();
}

std::string hex(std::int32_t code) {
    std::array<char, 16> text{};
    (void)std::snprintf(text.data(), text.size(), "0x%08X", static_cast<std::uint32_t>(code));
    return text.data();
}

/// "HCN_E_INVALID_POLICY"; empty for success, and for a code that has no name.
std::string name_of(std::int32_t code) {
    const std::string text = hnsclient::shown(code);
    return text.substr(0, std::min(text.find("0x"), text.find(" (")));
}

std::string padded(const std::string& text, std::size_t width) {
    const auto has = display_width(text);
    return has < width ? text + std::string(width - has, ' ') : text;
}

std::string right(const std::string& text, std::size_t width) {
    return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

/// JSON in one line; other text as it is.
std::string one_line(const std::string& text) {
    const auto value = json::parse(text, nullptr, false);
    return printable(value.is_discarded() ? text : value.dump());
}

std::string text_in(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

double number_in(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number() ? found->get<double>() : 0;
}

/// As much of an ID as tells it from others.
std::string short_id(const std::string& id) {
    constexpr std::size_t first_digits = 8;
    return id.substr(0, first_digits);
}

/// What the settings of a call say of its object: a name, what is looked for, what is done to whom.
std::string named_in(const json& settings) {
    if (!settings.is_object()) return "";
    const auto filter = json::parse(text_in(settings, "Filter"), nullptr, false);
    if (filter.is_object() && !filter.empty()) return filter.front().dump();
    const std::string type = text_in(settings, "RequestType");
    if (!type.empty())
        return type + " "
               + short_id(text_in(settings.value("Settings", json::object()), "EndpointId"));
    const std::string name = text_in(settings, "Name");
    return name.empty() ? "" : json(name).dump();
}

/// "77BF2FB0", or the like, of an ID and settings, either of which may be missing.
std::string asked_for(const std::string& request) {
    const auto brace = std::min(request.find('{'), request.size());
    const auto settings = json::parse(request.substr(brace), nullptr, false);
    const std::string id = short_id(std::string(libcni::trimmed(request.substr(0, brace))));
    const std::string named = named_in(settings);
    return id + (id.empty() || named.empty() ? "" : " ") + named;
}

/// Of an object its name and type, of a list how long it is.
std::string answered(const std::string& answer) {
    auto value = json::parse(answer, nullptr, false);
    if (value.is_object() && value.contains("Output")) value = json(value["Output"]);
    if (value.is_array()) return ": " + std::to_string(value.size());
    if (!value.is_object()) return "";
    std::string said;
    for (const char* key : {"Name", "Type"})
        if (const auto text = text_in(value, key); !text.empty()) said += " " + text;
    return said;
}

bool is_close(const std::string& name) {
    return name.find("Close") != std::string::npos;
}

/// "10.244.4.7/24 via 10.244.4.2"; empty for what is no result.
std::string addresses_in(const json& output) {
    try {
        const auto result = libcni::decode_result(libcni::JsonReader(output, "result"),
                                                  libcni::SpecVersion::v0_3_0);
        return libcni::joined(result.ips, ", ", [](const libcni::IpConfig& ip) {
            const std::string address = ip.address.to_string();
            return ip.gateway ? address + " via " + ip.gateway->to_string() : address;
        });
    } catch (const libcni::BadShape&) {
        return "";
    }
}

/// What a process came to.
std::string outcome_of(const json& end) {
    if (!end.is_object()) return "did not end";
    if (auto error = text_in(end, "error"); !error.empty()) return error;
    const auto output = json::parse(text_in(end, "output"), nullptr, false);
    if (output.is_object() && output.contains("code") && output.contains("msg"))
        return "code " + output["code"].dump() + ": " + text_in(output, "msg");
    if (number_in(end, "exit") != 0) return "no CNI error: " + text_in(end, "output");
    const auto addresses = output.is_object() ? addresses_in(output) : "";
    return addresses.empty() ? "ok" : addresses;
}

class View {
public:
    View(const std::vector<json>& events, TraceDetail detail) : events_(events), detail_(detail) {
        pair_up();
        for (std::size_t i = 0; i < events_.size(); ++i)
            show(i);
    }

    [[nodiscard]] std::string text() const {
        if (events_.empty()) return "";
        const auto count = [](int number, const char* one, const char* many) {
            return std::to_string(number) + " " + (number == 1 ? one : many);
        };
        return text_ + count(sums_.processes, "process", "processes") + ", "
               + count(sums_.calls, "HNS call", "HNS calls") + " and "
               + count(sums_.closes, "close", "closes") + "; " + milliseconds(sums_.in_plugins)
               + ", of which HNS " + milliseconds(sums_.in_hns) + "\n";
    }

private:
    /// A line as deep as the processes that run.
    void line(const std::string& content) {
        for (std::size_t i = 0; i < depth_; ++i)
            text_ += "| ";
        text_ += content + "\n";
    }

    void in_full(const char* what, const std::string& content) {
        if (detail_ == TraceDetail::full && !content.empty())
            line(std::string("     ") + what + " " + one_line(content));
    }

    /// Which end belongs to which start: processes wait for those that they start.
    void pair_up() {
        std::vector<std::size_t> open;
        ends_.resize(events_.size());
        for (std::size_t i = 0; i < events_.size(); ++i) {
            const auto event = text_in(events_[i], "event");
            if (event == "start") open.push_back(i);
            if (event != "end" || open.empty()) continue;
            ends_[open.back()] = events_[i];
            open.pop_back();
        }
    }

    void show(std::size_t index) {
        const auto event = text_in(events_[index], "event");
        if (event == "start")
            show_start(events_[index], ends_[index]);
        else if (event == "end")
            show_end(events_[index]);
        else if (event == "call")
            show_call(events_[index]);
    }

    void show_start(const json& start, const json& end) {
        constexpr std::size_t name_width = 24;
        constexpr std::size_t file_width = 44;
        const auto name = text_in(start, "plugin") + " " + text_in(start, "command");
        // As far to the right at each depth.
        const std::size_t indented = 2 * depth_;
        const auto width = name_width > indented ? name_width - indented : 0;
        std::string content = "> " + padded(printable(name), width) + " "
                              + padded(printable(text_in(start, "file")), file_width);
        if (end.is_object())
            content += " " + right(milliseconds(number_in(end, "ms")), 10)
                       + (end.contains("exit") ? "  exit " + end["exit"].dump() : "");
        line(content);
        ++sums_.processes;
        if (depth_ == 0) sums_.in_plugins += number_in(end, "ms");
        ++depth_;
        in_full("stdin ", text_in(start, "input"));
    }

    void show_end(const json& end) {
        if (depth_ == 0) return;
        in_full("stdout", text_in(end, "output"));
        --depth_;
        line("< " + printable(outcome_of(end)));
    }

    void show_call(const json& call) {
        constexpr std::size_t name_width = 27;
        const auto name = text_in(call, "name");
        const double took = number_in(call, "ms");
        const auto code = static_cast<std::int32_t>(number_in(call, "hr"));
        ++(is_close(name) ? sums_.closes : sums_.calls);
        sums_.in_hns += took;
        if (is_close(name) && code >= 0 && detail_ == TraceDetail::calls) return;
        const std::string object = asked_for(text_in(call, "request"))
                                   + (code < 0 ? "" : answered(text_in(call, "answer")));
        const std::string said = printable(libcni::trimmed(object)) + "  " + name_of(code);
        const std::string content = right(milliseconds(took), 10) + "  " + hex(code) + "  "
                                    + padded(printable(name), name_width) + " " + said;
        line(std::string(libcni::without_trailing_blanks(content)));
        in_full("in ", text_in(call, "request"));
        in_full("out", text_in(call, "answer"));
    }

    const std::vector<json>& events_;
    TraceDetail detail_;
    std::vector<json> ends_;
    std::string text_;
    std::size_t depth_ = 0;
    Sums sums_;
};

} // namespace

std::string trace_text(std::string_view lines, TraceDetail detail) {
    std::vector<json> events;
    for (const auto& text : libcni::split(lines, '\n')) {
        auto event = json::parse(text, nullptr, false);
        if (event.is_object()) events.push_back(std::move(event));
    }
    return View(events, detail).text();
}

} // namespace wincni
