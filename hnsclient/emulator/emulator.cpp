// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/emulator.hpp"

#include "hnsclient/emulator/forwarding.hpp"
#include "hnsclient/emulator/handles.hpp"
#include "hnsclient/emulator/hcn.hpp"
#include "hnsclient/emulator/hcs.hpp"
#include "hnsclient/emulator/hns_call.hpp"
#include "hnsclient/emulator/memory.hpp"

namespace hnsclient::emulator {

const api::Functions& functions() {
    static const api::Functions table = [] {
        api::Functions result;
        hcn::add_network_functions(result);
        hcn::add_namespace_functions(result);
        hcn::add_endpoint_functions(result);
        hcs::add_compute_system_functions(result);
        result.hns_call = hns_call;
        result.enable_forwarding = enable_forwarding;
        result.free_string = memory().release;
        return result;
    }();
    return table;
}

OpenHandles open_handles() {
    auto& handles = HandleTable::instance();
    return {.networks = handles.count(Kind::network),
            .endpoints = handles.count(Kind::endpoint),
            .namespaces = handles.count(Kind::name_space),
            .compute_systems = handles.count(Kind::compute_system)};
}

} // namespace hnsclient::emulator
