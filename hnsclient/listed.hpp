// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "hnsclient/model.hpp"
#include "libcni/json_reader.hpp"

// Objects of a list may be anybody's (WSL, Hyper-V, Docker) and of any shape: one that does not
// read never hides the others.
namespace hnsclient {

/// The text of a member; empty where it is missing or of another type.
std::string text_if_any(const libcni::JsonReader& object, std::string_view key);

/// What names an object that does not read.
void name_only(Network& network, const libcni::JsonReader& object);
void name_only(Endpoint& endpoint, const libcni::JsonReader& object);
void name_only(Namespace& hns_namespace, const libcni::JsonReader& object);

/// The decoder of a list's element: as `decode` reads it, or just what names it. Throws nothing for
/// a shape; the ID is empty for what has none.
template <class Object, Object (*decode)(const libcni::JsonReader&)>
Object decode_listed(const libcni::JsonReader& object) {
    try {
        return decode(object);
    } catch (const libcni::BadShape&) {
        Object named;
        name_only(named, object);
        return named;
    }
}

} // namespace hnsclient
