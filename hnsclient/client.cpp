// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/client.hpp"

#include "hnsclient/client_v1.hpp"
#include "hnsclient/client_v2.hpp"

namespace hnsclient {

std::vector<Endpoint> Client::find_endpoints_of(const std::vector<std::string>& names) {
    std::vector<Endpoint> found;
    for (const auto& name : names)
        for (auto& endpoint : find_endpoints(name))
            found.push_back(std::move(endpoint));
    return found;
}

std::unique_ptr<Client>
make_client(ApiVersion version, const api::Functions& functions, CallOptions options) {
    if (version == ApiVersion::v1) return std::make_unique<ClientV1>(functions, std::move(options));
    return std::make_unique<ClientV2>(functions, std::move(options));
}

} // namespace hnsclient
