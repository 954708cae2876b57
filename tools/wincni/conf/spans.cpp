// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/spans.hpp"

#include <algorithm>
#include <cstdint>

#include <nlohmann/json.hpp>

#include "libcni/base/text.hpp"

namespace wincni::conf {

namespace {

/// Reads text that a parser has taken already, so nothing is checked here.
class Scanner {
public:
    explicit Scanner(const Mended& mended) : mended_(&mended), in_(mended.text) {}

    Node value() {
        skip_blanks();
        const std::size_t begin = at_;
        Node node;
        switch (in_[at_]) {
        case '{':
            object(node);
            break;
        case '[':
            array(node);
            break;
        case '"':
            node.kind = Kind::string;
            node.text = string();
            break;
        default:
            scalar(node);
        }
        node.span = span_from(begin);
        return node;
    }

private:
    void skip_blanks() { at_ = std::min(in_.find_first_not_of(" \t\r\n", at_), in_.size()); }

    /// True when that sign is next, which is then passed.
    bool take(char sign) {
        skip_blanks();
        if (at_ >= in_.size() || in_[at_] != sign) return false;
        ++at_;
        return true;
    }

    [[nodiscard]] Span span_from(std::size_t begin) const {
        const std::size_t offset = mended_->original(begin);
        // The last byte tells, since what is behind it may have gone.
        return {offset, mended_->original(at_ - 1) + 1 - offset};
    }

    std::string string() {
        const std::size_t begin = at_++;
        while (in_[at_] != '"')
            at_ += in_[at_] == '\\' ? 2 : 1;
        ++at_;
        return nlohmann::json::parse(in_.substr(begin, at_ - begin)).get<std::string>();
    }

    void object(Node& node) {
        node.kind = Kind::object;
        ++at_;
        while (!take('}')) {
            take(',');
            skip_blanks();
            const std::size_t begin = at_;
            const std::string key = string();
            const Span key_span = span_from(begin);
            take(':');
            Node member = value();
            member.key = key;
            member.key_span = key_span;
            node.children.push_back(std::move(member));
        }
    }

    void array(Node& node) {
        node.kind = Kind::array;
        ++at_;
        while (!take(']')) {
            take(',');
            node.children.push_back(value());
        }
    }

    void scalar(Node& node) {
        const std::size_t begin = at_;
        at_ = std::min(in_.find_first_of(" \t\r\n,]}", at_), in_.size());
        const char first = in_[begin];
        if (first == 'n')
            node.kind = Kind::null;
        else
            node.kind = first == 't' || first == 'f' ? Kind::boolean : Kind::number;
        node.text = in_.substr(begin, at_ - begin);
    }

    const Mended* mended_;
    std::string_view in_;
    std::size_t at_ = 0;
};

bool ends_name(std::string_view path, std::size_t at) {
    return at == path.size() || path[at] == '.' || path[at] == '[';
}

/// The child whose name or number the path begins with, and what is behind that.
std::pair<const Node*, std::string_view> child_at(const Node& node, std::string_view path) {
    if (node.is_array() && path.starts_with('[')) {
        const auto end = path.find(']');
        std::size_t index = 0;
        for (const char digit : path.substr(1, end - 1))
            index = index * 10 + static_cast<std::size_t>(digit - '0');
        if (end == std::string_view::npos || index >= node.children.size()) return {};
        return {&node.children[index], path.substr(end + 1)};
    }
    if (!node.is_object() || !path.starts_with('.')) return {};
    const std::string_view names = path.substr(1);
    const Node* found = nullptr;
    for (const Node& child : node.children) {
        const std::size_t size = child.key.size();
        if (size <= names.size() && ends_name(names, size)
            && libcni::same_ignoring_case(names.substr(0, size), child.key)
            && (found == nullptr || names.substr(0, size) == child.key))
            found = &child;
    }
    if (found == nullptr) return {};
    return {found, names.substr(found->key.size())};
}

std::pair<const Node*, std::string_view> search(const Node& root, std::string_view path) {
    if (!path.starts_with("conf")) return {nullptr, path};
    const Node* node = &root;
    std::string_view rest = path.substr(std::string_view("conf").size());
    while (!rest.empty()) {
        const auto [child, behind] = child_at(*node, rest);
        if (child == nullptr) break;
        node = child;
        rest = behind;
    }
    return {node, rest};
}

} // namespace

const Node* Node::find(std::string_view name) const noexcept {
    const Node* found = nullptr;
    bool is_exact = false;
    for (const Node& child : children) {
        const bool exact = child.key == name;
        if (is_exact && !exact) continue;
        if (!exact && !libcni::same_ignoring_case(child.key, name)) continue;
        found = &child;
        is_exact = is_exact || exact;
    }
    return found != nullptr && found->kind == Kind::null ? nullptr : found;
}

std::string Node::text_of(std::string_view name) const {
    const Node* member = find(name);
    return member != nullptr && member->is_string() ? member->text : std::string();
}

Span Node::whole() const noexcept {
    if (key_span.length == 0) return span;
    return {key_span.offset, span.end() - key_span.offset};
}

Node tree_of(const Mended& mended) {
    return Scanner(mended).value();
}

const Node* node_at(const Node& root, std::string_view path) {
    return search(root, path).first;
}

std::string_view rest_behind(const Node& root, std::string_view path) {
    return search(root, path).second;
}

Edit removal_of(const Node& parent, const Node& child) {
    const auto index = static_cast<std::size_t>(&child - parent.children.data());
    const Span own = child.whole();
    if (index + 1 < parent.children.size()) {
        const std::size_t next = parent.children[index + 1].whole().offset;
        return {{own.offset, next - own.offset}, ""};
    }
    if (index == 0) return {own, ""};
    const std::size_t previous = parent.children[index - 1].whole().end();
    return {{previous, own.end() - previous}, ""};
}

Edit insertion_into(const Text& text, const Node& object, const std::string& member) {
    const std::size_t inside = object.span.offset + 1;
    if (object.children.empty()) return {{inside, 0}, member};
    const std::size_t first = object.children.front().whole().offset;
    const std::string between(text.at({inside, first - inside}));
    return {{first, 0}, member + "," + (between.empty() ? " " : between)};
}

std::string path_to(const Node& root, const Node& wanted) {
    if (&root == &wanted) return "conf";
    for (std::size_t i = 0; i < root.children.size(); ++i) {
        const Node& child = root.children[i];
        const std::string rest = path_to(child, wanted);
        if (rest.empty()) continue;
        const std::string step = root.is_array() ? "[" + std::to_string(i) + "]" : "." + child.key;
        return "conf" + step + rest.substr(std::string_view("conf").size());
    }
    return {};
}

} // namespace wincni::conf
