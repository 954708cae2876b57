// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/document.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "libcni/base/text.hpp"
#include "libcni/error.hpp"
#include "libcni/json_text.hpp"
#include "tools/wincni/conf/parts.hpp"
#include "tools/wincni/conf/readers.hpp"

namespace wincni::conf {

namespace {

/// Keys that flannel hands to its delegate unless that has them.
constexpr std::array<std::string_view, 5> handed_on{
    "args", "dns", "timeoutSeconds", "logFile", "logLevel"};

std::string decoded(std::string bytes, bool& was_utf16) {
    was_utf16 = take_from_utf16(bytes);
    return bytes;
}

Shape shape_of(const Node& root) {
    if (root.find("plugins") != nullptr) return Shape::list;
    const bool is_net_conf = root.find("Backend") != nullptr && root.find("type") == nullptr
                             && root.find("name") == nullptr;
    return is_net_conf ? Shape::net_conf : Shape::plugin;
}

/// A parser's words on where it stopped.
void take_fault(Document& document, std::size_t byte, const std::string& why) {
    document.fault = why;
    const std::size_t offset = document.mended.original(byte);
    document.fault_span = {std::min(offset, document.text.bytes().size()), 1};
}

void parse(Document& document) {
    std::string text = document.mended.text;
    try {
        document.json = libcni::parse_json(text, "the file");
    } catch (const libcni::Error& error) {
        std::size_t byte = 0;
        try {
            [[maybe_unused]] const auto value = nlohmann::json::parse(text);
        } catch (const nlohmann::json::parse_error& place) {
            byte = place.byte == 0 ? 0 : place.byte - 1;
        } catch (const nlohmann::json::exception&) {
            byte = 0;
        }
        return take_fault(document, byte, error.details());
    }
    if (!document.json->is_object()) return take_fault(document, 0, "a conf is one JSON object");
    document.root = std::make_unique<Node>(tree_of(document.mended));
    document.shape = shape_of(*document.root);
}

} // namespace

bool Policy::is(std::string_view type_of_v1, std::string_view type_of_v2) const noexcept {
    return libcni::same_ignoring_case(type, type_of_v1)
           || libcni::same_ignoring_case(type, type_of_v2);
}

const Node* Policy::find(std::initializer_list<std::string_view> names) const noexcept {
    if (settings == nullptr) return nullptr;
    for (const auto name : names)
        if (const Node* found = settings->find(name)) return found;
    return nullptr;
}

bool Policy::is_of_v1() const noexcept {
    return value != nullptr && settings == value
           && (is("ROUTE", "PA") || find({"ExceptionList"}) != nullptr);
}

std::vector<const Node*> texts_in(const Node* list) {
    std::vector<const Node*> texts;
    if (list == nullptr) return texts;
    if (list->is_string()) texts.push_back(list);
    for (const Node& element : list->children)
        if (list->is_array() && element.is_string()) texts.push_back(&element);
    return texts;
}

const Node* Part::find(std::string_view key) const noexcept {
    if (outer == nullptr) return object->find(key);
    if (key == "ipam") return outer->find(key);
    const Node* own = object->find(key);
    if (own != nullptr || std::ranges::find(handed_on, key) == handed_on.end()) return own;
    return outer->find(key);
}

std::string Part::api() const {
    const Node* version = find("apiVersion");
    return version == nullptr ? std::string() : version->text;
}

const Node* Part::host_local() const {
    const Node* ipam = find("ipam");
    if (ipam == nullptr || !ipam->is_object()) return nullptr;
    const std::string type = ipam->text_of("type");
    const bool is_flannels = type.empty() && (outer != nullptr || plugin == "flannel");
    return is_flannels || plugin_named(type) == "host-local" ? ipam : nullptr;
}

Document::Document(std::string bytes)
    : text(decoded(std::move(bytes), was_utf16)), mended(mend(text.bytes())) {}

std::string_view file_name(const Document& document) noexcept {
    const std::string_view file = document.file;
    const auto end = file.find_last_of("/\\");
    return end == std::string_view::npos ? file : file.substr(end + 1);
}

std::unique_ptr<Document> read_document(std::string file, std::string bytes) {
    auto document = std::make_unique<Document>(std::move(bytes));
    document->file = std::move(file);
    parse(*document);
    if (document->shape == Shape::plugin || document->shape == Shape::list)
        document->parts = parts_of(*document);
    for (Part& part : document->parts) {
        part.remarks = remarks_of_plugins(part);
        part.unread = unread_keys_of(part);
    }
    return document;
}

} // namespace wincni::conf
