// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libcni/json_value.hpp"
#include "tools/wincni/conf/mend.hpp"
#include "tools/wincni/conf/text.hpp"

// JSON with the place of everything in it.
namespace wincni::conf {

/// What a value is.
enum class Kind { null, boolean, number, string, array, object };

/// A value, with the key before it where it is a member of an object. Keys that stand twice are
/// both there.
struct Node {
    Kind kind = Kind::null;
    std::string key = {};
    Span key_span = {};
    /// With the quotes or brackets.
    Span span = {};
    /// Of a string.
    std::string text = {};
    /// Members or elements, in their order.
    std::vector<Node> children = {};

    [[nodiscard]] bool is_object() const noexcept { return kind == Kind::object; }

    [[nodiscard]] bool is_array() const noexcept { return kind == Kind::array; }

    [[nodiscard]] bool is_string() const noexcept { return kind == Kind::string; }

    /// The member of that key as plugins read it: the exact one, else one in any case; the last of
    /// several; none that is null.
    [[nodiscard]] const Node* find(std::string_view name) const noexcept;

    /// The text of a member; empty where there is none.
    [[nodiscard]] std::string text_of(std::string_view name) const;

    /// From the key to the value's end.
    [[nodiscard]] Span whole() const noexcept;
};

/// The tree of a mended text that is JSON, with spans of the text before it was mended.
Node tree_of(const Mended& mended);

/// The value at a path ("conf.delegate.policies[0].value"), or the nearest one above it that is
/// there; null for a path that does not begin so.
const Node* node_at(const Node& root, std::string_view path);

/// What is left of a path behind the value that node_at() found; empty when it is the one.
std::string_view rest_behind(const Node& root, std::string_view path);

/// The edit that removes a member or an element, and the comma that goes with it.
Edit removal_of(const Node& parent, const Node& child);

/// The edit that puts a member before all others of an object, on a line of its own where they are.
Edit insertion_into(const Text& text, const Node& object, const std::string& member);

/// The path of a value in a tree ("conf.delegate"); empty when it is not in it.
std::string path_to(const Node& root, const Node& wanted);

} // namespace wincni::conf
