// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/mend.hpp"

#include <algorithm>
#include <array>

#include "libcni/base/text.hpp"
#include "libcni/base/unicode.hpp"

namespace wincni::conf {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view no_break_space = "\xC2\xA0";
constexpr std::string_view blanks = " \t\r\n";

bool is_blank(char c) {
    return blanks.find(c) != std::string_view::npos;
}

/// What may begin a string: the quote, and those that mean the same family.
struct QuoteFamily {
    std::array<std::string_view, 4> opening;
    /// Straight double quotes close curly ones, too.
    std::array<std::string_view, 4> closing;
};

constexpr QuoteFamily single_quotes{{"'", "\xE2\x80\x98", "\xE2\x80\x99", "\xE2\x80\x9A"},
                                    {"'", "\xE2\x80\x98", "\xE2\x80\x99", "\xE2\x80\x9B"}};
constexpr QuoteFamily double_quotes{
    {"\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9E", "\xE2\x80\x9F"},
    {"\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9F", "\""}};

template <class Quotes>
std::size_t length_of_quote(std::string_view at, const Quotes& quotes) {
    for (const auto quote : quotes)
        if (at.starts_with(quote)) return quote.size();
    return 0;
}

bool is_hex(std::string_view text) {
    return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

/// What stands behind a backslash makes an escape of JSON.
bool is_escape(std::string_view behind) {
    if (behind.empty()) return false;
    if (behind[0] == 'u') return behind.size() >= 5 && is_hex(behind.substr(1, 4));
    return std::string_view("\"\\/bfnrt").find(behind[0]) != std::string_view::npos;
}

class Mender {
public:
    explicit Mender(std::string_view in) : in_(in) {}

    Mended run() {
        if (in_.starts_with(byte_order_mark))
            drop(Flaw::byte_order_mark, {0, byte_order_mark.size()});
        while (at_ < in_.size())
            step();
        if (!open_.empty()) result_.mends.push_back({Flaw::cut_off, last_open(), {}});
        return std::move(result_);
    }

private:
    /// What came last that counts.
    enum class Last { open, value, comma, colon };

    [[nodiscard]] std::string_view rest() const { return in_.substr(at_); }

    void copy(std::size_t length) {
        result_.text += in_.substr(at_, length);
        at_ += length;
    }

    /// Puts other text in the place of what comes next.
    void replace(std::size_t length, std::string_view text, std::vector<Edit>& edits) {
        edits.push_back({{at_, length}, std::string(text)});
        result_.text += text;
        at_ += length;
        result_.note(at_);
    }

    void drop(Flaw flaw, Span span) {
        std::vector<Edit> edits;
        replace(span.length, "", edits);
        result_.mends.push_back({flaw, span, std::move(edits)});
    }

    void step() {
        if (rest().starts_with(no_break_space)) return blank();
        if (const auto length = length_of_comment(at_)) return comment(length);
        if (is_blank(in_[at_])) return copy(1);
        if (in_[at_] == ',') return comma();
        if (is_sign(in_[at_])) return sign();
        value();
    }

    void blank() {
        Mend mend{Flaw::no_break_space, {at_, no_break_space.size()}, {}};
        replace(no_break_space.size(), " ", mend.edits);
        result_.mends.push_back(std::move(mend));
    }

    /// 0 where none begins.
    [[nodiscard]] std::size_t length_of_comment(std::size_t at) const {
        const std::string_view text = in_.substr(at);
        if (text.starts_with("/*")) {
            const auto end = text.find("*/", 2);
            return end == std::string_view::npos ? text.size() : end + 2;
        }
        if (!text.starts_with('#') && !text.starts_with("//")) return 0;
        const auto end = text.find('\n');
        const auto length = end == std::string_view::npos ? text.size() : end;
        return text.substr(0, length).ends_with('\r') ? length - 1 : length;
    }

    void comment(std::size_t length) {
        const Span span{at_, length};
        drop(Flaw::comment, span);
        result_.mends.back().edits = {{whole_of(span), ""}};
    }

    /// A comment with the blanks before it, and its line when there is nothing else in it.
    [[nodiscard]] Span whole_of(const Span& comment) const {
        const std::string_view behind = in_.substr(comment.end());
        const auto line_break = behind.find_first_not_of(" \t\r");
        const bool ends_line = line_break == std::string_view::npos || behind[line_break] == '\n';
        if (!ends_line) return comment;
        const auto before = in_.substr(0, comment.offset).find_last_not_of(" \t");
        const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
        const bool begins_line = begin == 0 || in_[begin - 1] == '\n';
        if (!begins_line) return {begin, comment.end() - begin};
        const std::size_t end =
            line_break == std::string_view::npos ? in_.size() : comment.end() + line_break + 1;
        return {begin, end - begin};
    }

    /// The next byte that is no blank and in no comment.
    [[nodiscard]] std::size_t next_token(std::size_t at) const {
        while (at < in_.size()) {
            if (is_blank(in_[at]))
                ++at;
            else if (in_.substr(at).starts_with(no_break_space))
                at += no_break_space.size();
            else if (const auto length = length_of_comment(at))
                at += length;
            else
                break;
        }
        return at;
    }

    void comma() {
        const auto next = next_token(at_ + 1);
        const bool is_trailing =
            last_ == Last::value && next < in_.size() && (in_[next] == '}' || in_[next] == ']');
        if (is_trailing) return drop(Flaw::trailing_comma, {at_, 1});
        last_ = Last::comma;
        copy(1);
    }

    static bool is_sign(char c) {
        return std::string_view("{}[]:").find(c) != std::string_view::npos;
    }

    void sign() {
        const char c = in_[at_];
        if (c == ':') {
            last_ = Last::colon;
            return copy(1);
        }
        if (c == '{' || c == '[') {
            add_missing_comma();
            open_.push_back(at_);
            last_ = Last::open;
            return copy(1);
        }
        if (!open_.empty()) open_.pop_back();
        end_value(at_ + 1);
        copy(1);
    }

    void end_value(std::size_t end) {
        last_ = Last::value;
        end_of_value_ = end;
    }

    void add_missing_comma() {
        if (last_ != Last::value || open_.empty()) return;
        result_.text += ',';
        result_.note(at_);
        result_.mends.push_back(
            {Flaw::comma_missing, {end_of_value_, 0}, {{{end_of_value_, 0}, ","}}});
    }

    void value() {
        add_missing_comma();
        if (in_[at_] == '"') {
            string({}, 1);
        } else if (const auto single = length_of_quote(rest(), single_quotes.opening)) {
            string(single_quotes.closing, single);
        } else if (const auto curly = length_of_quote(rest(), double_quotes.opening)) {
            string(double_quotes.closing, curly);
        } else {
            const auto end = rest().find_first_of(" \t\r\n,:{}[]\"'#/\xC2");
            copy(std::max<std::size_t>(1, std::min(end, rest().size())));
        }
        end_value(at_);
    }

    struct End {
        /// Of the closing quote; npos when there is none in this line.
        std::size_t offset = std::string_view::npos;
        std::size_t length = 1;
    };

    /// The closing quote; `trusting`: a backslash before a quote is an escape.
    template <class Quotes>
    [[nodiscard]] End find_end(const Quotes& quotes, std::size_t begin, bool trusting) const {
        for (std::size_t i = begin; i < in_.size() && in_[i] != '\n'; ++i) {
            if (in_[i] == '\\') {
                if (trusting || !ends_value(i + 2)) ++i;
                continue;
            }
            if (const auto length = length_of_quote(in_.substr(i), quotes)) return {i, length};
        }
        return {};
    }

    /// A value could end before this byte.
    [[nodiscard]] bool ends_value(std::size_t at) const {
        const auto next = in_.find_first_not_of(" \t\r", std::min(at, in_.size()));
        return next == std::string_view::npos
               || std::string_view(",:]}\n").find(in_[next]) != std::string_view::npos;
    }

    [[nodiscard]] End closing(const std::array<std::string_view, 4>& quotes,
                              std::size_t begin) const {
        constexpr std::array<std::string_view, 1> plain{"\""};
        const bool is_plain = quotes[0].empty();
        End first;
        for (const bool trusting : {true, false}) {
            const End end =
                is_plain ? find_end(plain, begin, trusting) : find_end(quotes, begin, trusting);
            if (end.offset == std::string_view::npos) continue;
            if (ends_value(end.offset + end.length)) return end;
            if (first.offset == std::string_view::npos) first = end;
        }
        const bool is_found = first.offset != std::string_view::npos;
        return is_found || !is_plain ? first : find_end(double_quotes.closing, begin, true);
    }

    /// A string whose opening quote is next; without other closing quotes it is a plain one.
    void string(const std::array<std::string_view, 4>& quotes, std::size_t opening) {
        const std::size_t begin = at_ + opening;
        const End end = closing(quotes, begin);
        if (end.offset == std::string_view::npos) {
            result_.mends.push_back({Flaw::cut_off, {at_, opening}, {}});
            open_.clear();
            return copy(in_.size() - at_);
        }
        Mend mend{Flaw::wrong_quotes, {at_, end.offset + end.length - at_}, {}};
        quote(opening, mend);
        content(end.offset, mend);
        quote(end.length, mend);
        if (!mend.edits.empty()) result_.mends.push_back(std::move(mend));
    }

    void quote(std::size_t length, Mend& mend) {
        if (in_[at_] == '"')
            copy(1);
        else
            replace(length, "\"", mend.edits);
    }

    /// The first one, which tells that its author doubles none; npos where there is none.
    [[nodiscard]] std::size_t find_lone_backslash(std::size_t end) const {
        for (std::size_t i = at_; i < end; ++i) {
            if (in_[i] != '\\') continue;
            const std::string_view behind = in_.substr(i + 1, end - i - 1);
            if (!behind.starts_with('\'') && !is_escape(behind)) return i;
            ++i;
        }
        return std::string_view::npos;
    }

    void content(std::size_t end, Mend& quotes) {
        const std::size_t lone = find_lone_backslash(end);
        const bool doubles = lone != std::string_view::npos;
        Mend mend{Flaw::lone_backslash, {lone, 1}, {}};
        while (at_ < end) {
            const std::string_view next = in_.substr(at_ + 1, end - at_ - 1);
            const bool is_backslash = in_[at_] == '\\';
            const bool is_pair =
                next.starts_with('\\') || next.starts_with('"') || next.starts_with('/');
            if (in_[at_] == '"')
                replace(1, "\\\"", quotes.edits);
            else if (is_backslash && next.starts_with('\''))
                replace(2, "'", quotes.edits);
            else if (is_backslash && doubles && !is_pair)
                replace(1, "\\\\", mend.edits);
            else
                copy(is_backslash && is_pair ? 2 : 1);
        }
        if (doubles) result_.mends.push_back(std::move(mend));
    }

    [[nodiscard]] Span last_open() const { return {open_.back(), 1}; }

    std::string_view in_;
    std::size_t at_ = 0;
    Last last_ = Last::open;
    std::size_t end_of_value_ = 0;
    /// The brackets that are open.
    std::vector<std::size_t> open_;
    Mended result_;
};

char16_t unit_at(std::string_view text, std::size_t at, bool big_endian) {
    const auto first = static_cast<unsigned char>(text[at]);
    const auto second = static_cast<unsigned char>(text[at + 1]);
    return static_cast<char16_t>(big_endian ? first * 256 + second : second * 256 + first);
}

} // namespace

std::size_t Mended::original(std::size_t offset) const noexcept {
    const auto next =
        std::ranges::upper_bound(steps_, offset, {}, [](auto& step) { return step.first; });
    if (next == steps_.begin()) return offset;
    const auto& step = *std::prev(next);
    return step.second + (offset - step.first);
}

void Mended::note(std::size_t original_offset) {
    steps_.emplace_back(text.size(), original_offset);
}

Mended mend(std::string_view text) {
    return Mender(text).run();
}

bool take_from_utf16(std::string& text) {
    if (text.size() < 2) return false;
    const bool has_mark = libcni::has_utf16_mark(text);
    const bool big_endian = has_mark ? text[0] == '\xFE' : text[0] == '\0';
    if (!has_mark && text[0] != '\0' && text[1] != '\0') return false;
    std::u16string units;
    for (std::size_t i = has_mark ? 2 : 0; i + 1 < text.size(); i += 2)
        units += unit_at(text, i, big_endian);
    text = libcni::to_utf8(units);
    return true;
}

} // namespace wincni::conf
