// SPDX-License-Identifier: Apache-2.0
#include "libcni/unread_keys.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <optional>

#include <nlohmann/json.hpp>

#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "libcni/json_text.hpp"
#include "libcni/key_catalogue.hpp"
#include "libcni/log.hpp"
#include "libcni/names.hpp"
#include "libcni/request.hpp"

namespace libcni {

namespace {

using nlohmann::json;

/// Where a key stands: in the catalogue's words, and in those of a person.
struct Place {
    std::string path;
    std::string shown;

    [[nodiscard]] Place key(const std::string& name) const {
        return {path.empty() ? name : path + "." + name, shown + "." + name};
    }

    [[nodiscard]] Place element(std::size_t index) const {
        return {path + "[]", shown + "[" + std::to_string(index) + "]"};
    }
};

bool has_alias(const KeyFacts& key, std::string_view name) {
    const auto aliases = words(key.aliases);
    return std::ranges::any_of(aliases,
                               [&](auto alias) { return same_ignoring_case(alias, name); });
}

/// The keys of `parent` for these plugins, the others of a conf's objects not.
bool is_in(const KeyFacts& key, std::string_view parent, PluginSet plugins) {
    return (key.plugins & plugins) != 0 && parent_of(key.path) == parent;
}

/// Objects with keys of other plugins, too, of which only what is nearly ours is told.
bool is_shared(std::string_view path) {
    return path == "args" || path == "args.cni";
}

/// The keys of a delegate's conf that flannel does not take from its `delegate`.
bool is_handed_on(std::string_view path) {
    constexpr std::array<std::string_view, 10> keys{"args",
                                                    "capabilities",
                                                    "cniVersion",
                                                    "dns",
                                                    "ipam",
                                                    "logFile",
                                                    "logLevel",
                                                    "name",
                                                    "runtimeConfig",
                                                    "timeoutSeconds"};
    const auto first = path.substr(0, path.find_first_of(".["));
    return std::ranges::find(keys, first) != keys.end();
}

std::size_t tolerance_for(std::string_view name) {
    return name.size() < 4 ? 1 : name.size() / 3 + 1;
}

/// "proto" of "protocol".
bool is_beginning_of(std::string_view name, std::string_view known) {
    constexpr std::size_t shortest = 4;
    return name.size() >= shortest && name.size() < known.size()
           && same_ignoring_case(name, known.substr(0, name.size()));
}

class Search {
public:
    Search(PluginSet plugin, bool is_delegate) : plugin_(plugin), is_delegate_(is_delegate) {}

    void object(const json& value, const Place& place) {
        if (value.is_array()) {
            for (std::size_t i = 0; i < value.size(); ++i)
                object(value[i], place.element(i));
            return;
        }
        if (!value.is_object() || is_others_to_read(value, place.path)) return;
        for (const auto& [name, member] : value.items())
            key(name, member, place);
    }

    std::vector<UnreadKey> found;
    /// The places of keys that only other plugins act on.
    std::vector<std::string> without_effect;

private:
    /// Objects of other plugins, of the delegate, and those whose reader warns itself.
    [[nodiscard]] bool is_others_to_read(const json& value, std::string_view path) const {
        if (path.empty()) return false;
        if (plugin_ == of_flannel && path != "ipam") return path != "capabilities";
        if (path == "optionalFlags") return true;
        if (path != "ipam") return false;
        const auto type = JsonReader(value, "conf.ipam").find("type");
        return is_delegate_
               || (type && type->is_string() && !type->text().empty()
                   && !means_plugin(type->text(), "host-local"));
    }

    /// Which plugins' keys count in the object: several read these.
    [[nodiscard]] PluginSet readers_of(std::string_view parent) const {
        for (const std::string_view several : {"args", "capabilities", "runtimeConfig"})
            if (parent.starts_with(several)) return of_all;
        return parent.starts_with("ipam") ? plugin_ | of_host_local : plugin_;
    }

    void key(const std::string& name, const json& value, const Place& place) {
        // Comments, keys of the spec's own, and what the runtime need not send.
        const bool is_off = value.is_null() || (place.path == "capabilities" && value == false);
        if (is_off || name.starts_with("cni.dev/") || name.starts_with("_")) return;
        if (place.path == "args" && same_ignoring_case(name, "cni"))
            return nested("cni", value, place);
        const PluginSet readers = readers_of(place.path);
        for (const KeyFacts& known : key_catalogue()) {
            if (!is_in(known, place.path, readers)) continue;
            const auto own = name_of(known);
            if (place.path == "capabilities" && own != name && !has_alias(known, name)) continue;
            if (!same_ignoring_case(own, name) && !has_alias(known, name)) continue;
            note_effect(known, name, value, place);
            return nested(std::string(own), value, place);
        }
        const auto nearest = nearest_to(name, place);
        if (is_shared(place.path) && parent_of(nearest) != place.path) return;
        found.push_back({.place = shown(place) + "." + name,
                         .meant = nearest.empty() ? nearest : shown(nearest, place)});
    }

    /// Keys by which an author asks for something that this plugin does not do.
    void note_effect(const KeyFacts& known,
                     const std::string& name,
                     const json& value,
                     const Place& place) {
        constexpr std::array<std::string_view, 5> asking{
            "endpointMacPrefix", "hairpinMode", "ipMasq", "isGateway", "mtu"};
        if (!known.about.empty() || value == false
            || std::ranges::find(asking, known.path) == asking.end())
            return;
        // flannel writes it for every delegate.
        if (is_delegate_ && known.path == "ipMasq") return;
        without_effect.push_back(shown(place) + "." + name);
    }

    void nested(const std::string& name, const json& value, const Place& place) {
        const Place inner = place.key(name);
        const auto has_keys = std::ranges::any_of(key_catalogue(), [&](const KeyFacts& known) {
            const auto rest = known.path.substr(0, inner.path.size()) == inner.path
                                  ? known.path.substr(inner.path.size())
                                  : std::string_view();
            return rest.starts_with('.') || rest.starts_with('[');
        });
        if (has_keys) object(value, inner);
    }

    /// Where the key would be read; of a delegate's keys, within `delegate`.
    [[nodiscard]] std::optional<std::string> path_of(const KeyFacts& known) const {
        if (known.about.empty()) return std::nullopt;
        if ((known.plugins & readers_of(parent_of(known.path))) != 0)
            return std::string(known.path);
        if (plugin_ != of_flannel || (known.plugins & of_windows) == 0) return std::nullopt;
        return "delegate." + std::string(known.path);
    }

    /// Of equally near ones that of the same object, then one further down or up.
    [[nodiscard]] std::string nearest_to(const std::string& name, const Place& place) const {
        std::string nearest;
        std::size_t lowest = 2 * tolerance_for(name) + 2;
        for (const KeyFacts& known : key_catalogue()) {
            auto path = path_of(known);
            const bool is_here = path && parent_of(*path) == place.path;
            const auto distance = is_here && is_beginning_of(name, name_of(known))
                                      ? std::size_t{1}
                                      : distance_between(name, name_of(known));
            if (!path || (!is_here && distance > 1 && !path->starts_with("delegate."))) continue;
            const std::size_t cost = 2 * distance + (is_here ? 0 : 1);
            if (distance > tolerance_for(name) || cost >= lowest) continue;
            lowest = cost;
            nearest = std::move(*path);
        }
        return nearest;
    }

    /// flannel makes its delegate's conf of several parts of its own.
    [[nodiscard]] bool is_of_flannel() const { return is_delegate_ && (plugin_ & of_windows) != 0; }

    /// Where an author finds the object.
    [[nodiscard]] std::string shown(const Place& place) const {
        if (!is_of_flannel() || is_handed_on(place.path)) return place.shown;
        return "conf.delegate" + place.shown.substr(std::string_view("conf").size());
    }

    /// Where an author writes the key that is meant.
    [[nodiscard]] std::string shown(const std::string& nearest, const Place& place) const {
        const bool is_flannels_own = is_handed_on(place.path) || nearest.starts_with("ipam");
        return (is_of_flannel() && !is_flannels_own ? "conf.delegate." : "conf.") + nearest;
    }

    PluginSet plugin_;
    bool is_delegate_;
};

std::string sentence_on(const UnreadKey& key) {
    if (key.is_twice)
        return key.place + " is there twice, and only one of them is read: remove the other";
    std::string sentence = key.place + " is read by nobody";
    if (!key.meant.empty()) return sentence + "; did you mean " + key.meant + "?";
    const std::string_view object = parent_of(key.place);
    if (object == "conf.capabilities" || object == "conf.runtimeConfig")
        sentence += ": what the runtime sends for it has no effect";
    return sentence + "; docs/configuration.md lists the keys";
}

} // namespace

std::size_t distance_between(std::string_view a, std::string_view b) {
    const std::string left = upper_case(a);
    const std::string right = upper_case(b);
    std::vector<std::vector<std::size_t>> steps(left.size() + 1,
                                                std::vector<std::size_t>(right.size() + 1));
    for (std::size_t i = 0; i <= left.size(); ++i)
        for (std::size_t j = 0; j <= right.size(); ++j) {
            if (i == 0 || j == 0) {
                steps[i][j] = i + j;
                continue;
            }
            const std::size_t exchange = left[i - 1] == right[j - 1] ? 0 : 1;
            steps[i][j] = std::min(
                {steps[i - 1][j] + 1, steps[i][j - 1] + 1, steps[i - 1][j - 1] + exchange});
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                steps[i][j] = std::min(steps[i][j], steps[i - 2][j - 2] + 1);
        }
    return steps[left.size()][right.size()];
}

namespace {

Search searched(std::string_view plugin, const NetworkConfig& conf, bool is_delegate) {
    const PluginSet set = plugin_set_of(plugin);
    Search search(set, is_delegate);
    if (set == 0) return search;
    if (set != of_host_local)
        search.object(*conf.json, {"", "conf"});
    else if (const auto ipam = conf.reader().find("ipam"))
        search.object(ipam->json(), {"ipam", "conf.ipam"});
    if (!is_delegate)
        for (const auto& key : repeated_keys(conf.bytes))
            if (!key.starts_with("prevResult."))
                search.found.push_back({.place = "conf." + key, .is_twice = true});
    return search;
}

} // namespace

std::vector<UnreadKey>
find_unread_keys(std::string_view plugin, const NetworkConfig& conf, bool is_delegate) {
    return searched(plugin, conf, is_delegate).found;
}

std::vector<std::string>
unread_keys(std::string_view plugin, const NetworkConfig& conf, bool is_delegate) {
    std::vector<std::string> sentences;
    const Search search = searched(plugin, conf, is_delegate);
    for (const auto& key : search.found)
        sentences.push_back(sentence_on(key));
    for (const auto& place : search.without_effect)
        sentences.push_back(place + " has no effect: " + std::string(plugin)
                            + " does nothing of the kind");
    return sentences;
}

void warn_of_unread_keys(std::string_view plugin, const NetworkConfig& conf) noexcept try {
    const bool is_delegate = environment_variable(depth_variable).value_or("0") != "0";
    for (const auto& sentence : unread_keys(plugin, conf, is_delegate))
        log::warning(sentence);

} catch (const std::exception&) {

    return;
}

} // namespace libcni
