// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/client.hpp"

#include <algorithm>

#include "hnsclient/client_v1.hpp"
#include "hnsclient/client_v2.hpp"
#include "hnsclient/guid.hpp"

namespace hnsclient {

std::unique_ptr<Client>
make_client(ApiVersion version, const api::Functions& functions, CallOptions options) {
    if (version == ApiVersion::v1) return std::make_unique<ClientV1>(functions, std::move(options));
    return std::make_unique<ClientV2>(functions, std::move(options));
}

bool is_in(const Endpoint& endpoint, std::string_view sandbox) noexcept {
    return same_guid(endpoint.namespace_id, sandbox)
           || std::ranges::find(endpoint.container_ids, sandbox) != endpoint.container_ids.end();
}

} // namespace hnsclient
