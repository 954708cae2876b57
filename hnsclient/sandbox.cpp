// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/sandbox.hpp"

#include <algorithm>
#include <utility>

#include "hnsclient/error.hpp"
#include "hnsclient/guid.hpp"
#include "libcni/base/text.hpp"
#include "libcni/base/unicode.hpp"

namespace hnsclient {

namespace {

std::string_view name_of(Sandbox::Kind kind) noexcept {
    return kind == Sandbox::Kind::hns_namespace ? "namespace" : "container";
}

} // namespace

Sandbox::Sandbox(Kind kind, std::string id) : kind_(kind), id_(std::move(id)) {}

Sandbox Sandbox::of_namespace(const std::string& id) {
    const auto guid = parse_guid(id);
    return {Kind::hns_namespace, guid ? to_text(*guid) : id};
}

Sandbox Sandbox::of_container(std::string id) {
    return {Kind::container, std::move(id)};
}

const std::string& Sandbox::id_of(Kind wanted) const {
    if (kind_ == wanted) return id_;
    throw HnsError("Opening " + to_string(),
                   e_invalid_argument,
                   "this API puts endpoints into a " + std::string(name_of(wanted)) + " only");
}

std::string Sandbox::to_string() const {
    return std::string(kind_name()) + " " + id_;
}

std::string_view Sandbox::kind_name() const noexcept {
    return name_of(kind_);
}

bool Sandbox::holds(const Endpoint& endpoint) const noexcept {
    if (kind_ == Kind::hns_namespace) return same_guid(endpoint.namespace_id, id_);
    const auto& containers = endpoint.container_ids;
    return std::ranges::find(containers, id_) != containers.end();
}

std::string Sandbox::found_in(const Endpoint& endpoint) const {
    const std::string found = kind_ == Kind::hns_namespace
                                  ? endpoint.namespace_id
                                  : libcni::joined(endpoint.container_ids, ", ");
    return found.empty() ? "none" : found;
}

} // namespace hnsclient
