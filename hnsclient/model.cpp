// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/model.hpp"

#include <algorithm>

namespace hnsclient {

const Subnet* subnet_of(const Network& network, const libcni::Address& address) noexcept {
    const auto it = std::ranges::find_if(
        network.subnets, [&](const Subnet& subnet) { return subnet.prefix.contains(address); });
    return it == network.subnets.end() ? nullptr : &*it;
}

} // namespace hnsclient
