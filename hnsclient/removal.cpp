// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/removal.hpp"

namespace hnsclient {

void remove_endpoint(Client& hns, const std::string& id) {
    try {
        return unless_gone([&] { hns.delete_endpoint(id); });
    } catch (const HnsError& error) {
        if (error.kind() != ErrorKind::in_use && error.kind() != ErrorKind::already_attached) throw;
    }
    const auto endpoint = hns.read_endpoint(id);
    if (!endpoint) return;
    hns.detach_all(*endpoint);
    unless_gone([&] { hns.delete_endpoint(id); });
}

} // namespace hnsclient
