// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcni/ip.hpp"
#include "libcni/json_value.hpp"
#include "libcni/unread_keys.hpp"
#include "tools/wincni/conf/mend.hpp"
#include "tools/wincni/conf/spans.hpp"
#include "tools/wincni/conf/text.hpp"

namespace wincni::conf {

/// An endpoint policy as it is written.
struct Policy {
    const Node* entry = nullptr;
    /// The key of the list that it is in: "policies".
    std::string list;
    /// Null where it has no value.
    const Node* value = nullptr;
    /// As written; empty where there is none.
    std::string type = {};
    /// Where the settings stand: "Settings", or the value itself.
    const Node* settings = nullptr;

    [[nodiscard]] bool is(std::string_view type_of_v1, std::string_view type_of_v2) const noexcept;

    /// A setting by the first of these names that is there.
    [[nodiscard]] const Node* find(std::initializer_list<std::string_view> names) const noexcept;

    /// In the spelling of HNS v1.
    [[nodiscard]] bool is_of_v1() const noexcept;
};

/// The texts of a list that stand in it; one text stands for a list of one.
std::vector<const Node*> texts_in(const Node* list);

/// What a plugin's reader refuses or warns of.
struct Remark {
    /// Where it says; null where it names no key that is there.
    const Node* node = nullptr;
    /// The path that it names: "conf.ipam.subnet"; empty for none.
    std::string path;
    std::string message;
    std::string details = {};
    bool is_refusal = true;
    /// A value of another type than the plugin reads.
    bool is_wrong_type = false;
    /// host-local says it.
    bool is_of_addresses = false;
};

/// One plugin's part of a conf; flannel's delegate is one more.
struct Part {
    /// The plugin of ours that it is for, also by an older name; empty for another's.
    std::string plugin;
    const Node* object = nullptr;
    /// flannel's own part, for its delegate.
    const Node* outer = nullptr;
    /// What the plugin is given; absent where flannel refuses to make it.
    std::optional<libcni::JsonValue> conf = {};
    std::vector<Policy> policies = {};
    /// What the plugin's reader, and host-local's, say of it.
    std::vector<Remark> remarks = {};
    /// The keys that nobody reads, with paths as an author finds them: "conf.delegate.polices".
    std::vector<libcni::UnreadKey> unread = {};

    /// A key as the plugin gets it: flannel hands some of its own to its delegate.
    [[nodiscard]] const Node* find(std::string_view key) const noexcept;

    [[nodiscard]] bool is_windows() const noexcept { return is_overlay() || is_bridge_or_nat(); }

    [[nodiscard]] bool is_overlay() const noexcept {
        return plugin == "win-overlay" || plugin == "sdnoverlay";
    }

    [[nodiscard]] bool is_bridge() const noexcept {
        return plugin == "win-bridge" || plugin == "sdnbridge";
    }

    /// "1" or "2"; empty where the conf leaves it open.
    [[nodiscard]] std::string api() const;

    /// `ipam`, when host-local is who reads it.
    [[nodiscard]] const Node* host_local() const;

private:
    [[nodiscard]] bool is_bridge_or_nat() const noexcept { return is_bridge() || plugin == "nat"; }
};

/// What a file is.
enum class Shape {
    /// No JSON object, even when mended.
    broken,
    plugin,
    list,
    /// flanneld's net-conf.json.
    net_conf
};

/// A file that was read.
struct Document {
    explicit Document(std::string bytes);

    /// As the command line names it.
    std::string file = {};
    bool was_utf16 = false;
    Text text;
    Mended mended;
    Shape shape = Shape::broken;
    /// Why it is no JSON although it was mended; empty where it is.
    std::string fault = {};
    Span fault_span = {};
    /// Null for a broken one.
    std::unique_ptr<Node> root = {};
    libcni::JsonValue json = {};
    std::vector<Part> parts = {};

    /// "conf.delegate" of a value.
    [[nodiscard]] std::string path_of(const Node& node) const { return path_to(*root, node); }
};

/// The file's name without its folder.
std::string_view file_name(const Document& document) noexcept;

/// What is known besides the file.
struct Context {
    std::vector<libcni::Cidr> clusters = {};
    std::vector<libcni::Cidr> services = {};
    std::vector<libcni::Cidr> nodes = {};
    /// "containerd", "docker" or empty.
    std::string runtime = {};
    /// All confs of the folder that is looked at, by name; empty for single files.
    std::vector<const Document*> folder = {};
};

/// Reads a file's bytes. Never throws for bytes of any kind.
std::unique_ptr<Document> read_document(std::string file, std::string bytes);

} // namespace wincni::conf
