// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "tools/wincni/hns.hpp"
#include "tools/wincni/lookup.hpp"
#include "tools/wincni/view.hpp"

namespace wincni::hns {

namespace {

template <class Object>
std::string written(const Object& object, Format format) {
    return format == Format::json ? document(to_json(object)) : details(object);
}

} // namespace

std::string show(hnsclient::ClientV2& client, const ObjectOptions& options) {
    switch (options.kind) {
    case Kind::network:
        return written(require_network(client, options.reference), options.format);
    case Kind::endpoint:
        return written(require_endpoint(client, options.reference), options.format);
    case Kind::hns_namespace:
        return written(require_namespace(client, options.reference), options.format);
    }
    return {};
}

} // namespace wincni::hns
