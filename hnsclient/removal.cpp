// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/removal.hpp"

namespace hnsclient {

namespace {

/// True when the failure to delete leaves no endpoint behind.
bool is_gone(Client& hns, const std::string& id, const HnsError& error) {
    if (error.code() == endpoint_not_found) return true;
    const bool may_be = error.kind() == ErrorKind::not_found || error.code() == e_unexpected;
    return may_be && !hns.has_endpoint(id);
}

void delete_unless_gone(Client& hns, const std::string& id) {
    try {
        hns.delete_endpoint(id);
    } catch (const HnsError& error) {
        if (!is_gone(hns, id, error)) throw;
    }
}

} // namespace

void remove_endpoint(Client& hns, const std::string& id) {
    try {
        return delete_unless_gone(hns, id);
    } catch (const HnsError& error) {
        if (error.kind() != ErrorKind::in_use && error.kind() != ErrorKind::already_attached) throw;
    }
    const auto endpoint = hns.read_endpoint(id);
    if (!endpoint) return;
    hns.detach_all(*endpoint);
    delete_unless_gone(hns, id);
}

} // namespace hnsclient
