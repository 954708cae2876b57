// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/fix.hpp"

#include <algorithm>

#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "tools/wincni/conf/rules.hpp"

namespace wincni::conf {

namespace {

std::vector<Edit>
safe_edits(const Document& document, const Context& context, const Choice& choice) {
    std::vector<Edit> edits;
    for (const Finding& finding : findings_in(document, context)) {
        if (!choice(finding)) continue;
        for (const Fix& fix : finding.fixes)
            if (fix.is_safe) edits.insert(edits.end(), fix.edits.begin(), fix.edits.end());
    }
    return edits;
}

using Lines = std::vector<std::string_view>;

/// How many lines of the two tails are common at most, for each pair of tails.
class Common {
public:
    Common(const Lines& before, const Lines& after)
        : width_(after.size() + 1), counts_((before.size() + 1) * width_) {
        for (std::size_t i = before.size(); i-- > 0;)
            for (std::size_t j = after.size(); j-- > 0;)
                counts_[i * width_ + j] = before[i] == after[j]
                                              ? at(i + 1, j + 1) + 1
                                              : std::max(at(i + 1, j), at(i, j + 1));
    }

    [[nodiscard]] std::size_t at(std::size_t i, std::size_t j) const {
        return counts_[i * width_ + j];
    }

private:
    std::size_t width_;
    std::vector<std::size_t> counts_;
};

struct Line {
    char sign = ' ';
    std::string_view text;
};

/// With as many lines in common as can be, where finding them takes no more than some megabytes.
std::vector<Line> compared_inside(const Lines& before, const Lines& after) {
    constexpr std::size_t most_pairs = 1U << 21U;
    const bool is_large = before.size() * after.size() > most_pairs;
    const Common common = is_large ? Common({}, {}) : Common(before, after);
    std::vector<Line> lines;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < before.size() || j < after.size()) {
        const bool has_both = i < before.size() && j < after.size();
        if (has_both && !is_large && before[i] == after[j]) {
            lines.push_back({' ', before[i++]});
            ++j;
        } else if (i < before.size()
                   && (!has_both || is_large || common.at(i + 1, j) >= common.at(i, j + 1))) {
            lines.push_back({'-', before[i++]});
        } else {
            lines.push_back({'+', after[j++]});
        }
    }
    return lines;
}

std::vector<Line> compared(const Lines& before, const Lines& after) {
    const auto most = std::min(before.size(), after.size());
    std::size_t first = 0;
    while (first < most && before[first] == after[first])
        ++first;
    std::size_t last = 0;
    while (last < most - first
           && before[before.size() - 1 - last] == after[after.size() - 1 - last])
        ++last;
    const auto part = [&](const Lines& lines, std::size_t begin, std::size_t end) {
        return Lines(lines.begin() + static_cast<std::ptrdiff_t>(begin),
                     lines.begin() + static_cast<std::ptrdiff_t>(end));
    };
    std::vector<Line> lines;
    for (const auto line : part(before, 0, first))
        lines.push_back({' ', line});
    for (const Line& line : compared_inside(part(before, first, before.size() - last),
                                            part(after, first, after.size() - last)))
        lines.push_back(line);
    for (const auto line : part(before, before.size() - last, before.size()))
        lines.push_back({' ', line});
    return lines;
}

/// Lines of context before and behind what differs.
constexpr std::size_t around = 3;

/// The end of the piece that begins with a difference: behind its last one with no long gap.
std::size_t end_of_piece(const std::vector<Line>& lines, std::size_t at) {
    std::size_t end = at;
    for (std::size_t i = at; i < lines.size() && i <= end + 2 * around; ++i)
        if (lines[i].sign != ' ') end = i + 1;
    return std::min(end + around, lines.size());
}

std::size_t
lines_of(const std::vector<Line>& lines, std::size_t begin, std::size_t end, char left_out) {
    const auto first = lines.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = lines.begin() + static_cast<std::ptrdiff_t>(end);
    return static_cast<std::size_t>(
        std::count_if(first, last, [&](const Line& line) { return line.sign != left_out; }));
}

std::string header(const std::vector<Line>& lines, std::size_t begin, std::size_t end) {
    const auto range = [&](char left_out) {
        const auto count = lines_of(lines, begin, end, left_out);
        const auto first = lines_of(lines, 0, begin, left_out) + (count == 0 ? 0 : 1);
        return std::to_string(first) + "," + std::to_string(count);
    };
    return "@@ -" + range('+') + " +" + range('-') + " @@\n";
}

/// Without a last line that has nothing in it.
Lines lines_in(std::string_view text) {
    Lines lines = libcni::split(text, '\n');
    if (!lines.empty() && lines.back().empty()) lines.pop_back();
    return lines;
}

} // namespace

std::optional<std::string>
mended_text(const Document& document, const Context& context, const Choice& choice) {
    // Each round mends what the one before uncovered; a few are enough for any file.
    constexpr int most_rounds = 20;
    std::string text = document.text.bytes();
    for (int round = 0; round < most_rounds; ++round) {
        const auto now = read_document(document.file, text);
        const auto edits = safe_edits(*now, context, choice);
        // Reading may decode it again, as with what looks like UTF-16 in UTF-8.
        std::string next = edited(now->text.bytes(), edits);
        if (next == text) {
            const bool is_json = now->root && now->mended.mends.empty();
            return is_json ? std::optional(text) : std::nullopt;
        }
        text = std::move(next);
    }
    return std::nullopt;
}

std::string difference(std::string_view before, std::string_view after, const std::string& file) {
    if (before == after) return {};
    const auto lines = compared(lines_in(before), lines_in(after));
    std::string text = "--- " + file + "\n+++ " + file + "\n";
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].sign == ' ') continue;
        const std::size_t begin = i - std::min(i, around);
        const std::size_t end = end_of_piece(lines, i);
        text += header(lines, begin, end);
        for (std::size_t j = begin; j < end; ++j)
            text.append(1, lines[j].sign).append(lines[j].text).append("\n");
        i = end - 1;
    }
    return text;
}

void replace_file(const std::string& file, std::string_view bytes_before, std::string_view after) {
    const auto path = [](const std::string& name) { return libcni::path_of(name); };
    libcni::base::write_file_durably(path(file + ".bak"), path(file + ".bak.new"), bytes_before);
    libcni::base::write_file_durably(path(file), path(file + ".new"), after);
}

} // namespace wincni::conf
