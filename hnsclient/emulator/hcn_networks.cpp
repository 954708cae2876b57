// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/hcn.hpp"
#include "hnsclient/emulator/hcn_call.hpp"
#include "hnsclient/emulator/json_access.hpp"
#include "hnsclient/emulator/later.hpp"
#include "hnsclient/emulator/networks.hpp"
#include "hnsclient/emulator/spelling_v2.hpp"
#include "hnsclient/guid.hpp"

namespace hnsclient::emulator::hcn {

using api::Guid;
using api::Handle;
using api::HResult;
using api::WideIn;
using api::WideOut;

namespace {

HResult enumerate_networks(WideIn query, WideOut networks, WideOut error) {
    return serve(
        call("HcnEnumerateNetworks", query),
        {.response = networks, .error = error},
        [&](Session& session) -> Answer {
            require_out(networks);
            return {v2::spelled_ids(find_networks(session.store, filter_of(narrow(query)))), {}};
        });
}

HResult create_network(const Guid& id, WideIn settings, Handle* network, WideOut error) {
    return serve(call("HcnCreateNetwork", id, settings),
                 {.handle = network, .error = error},
                 [&](Session& session) {
                     require_out(network);
                     const auto made =
                         emulator::create_network(session.store,
                                                  session.config,
                                                  wanted_id(id),
                                                  v2::read_network(parse_object(narrow(settings))));
                     return opened(Kind::network, text_at(made, "ID"));
                 });
}

HResult open_network(const Guid& id, Handle* network, WideOut error) {
    return serve(call("HcnOpenNetwork", id, nullptr),
                 {.handle = network, .error = error},
                 [&](Session& session) {
                     require_out(network);
                     require_network(session.store, to_text(id));
                     return opened(Kind::network, to_text(id));
                 });
}

HResult modify_network(Handle network, WideIn settings, WideOut error) {
    return serve(call("HcnModifyNetwork", Kind::network, network, settings),
                 {.error = error},
                 [&](Session& session) -> Answer {
                     const std::string id = require_handle(Kind::network, network);
                     emulator::modify_network(session.store, id, parse_object(narrow(settings)));
                     return {};
                 });
}

HResult query_network(Handle network, WideIn query, WideOut properties, WideOut error) {
    return serve(call("HcnQueryNetworkProperties", Kind::network, network, query),
                 {.response = properties, .error = error},
                 [&](Session& session) -> Answer {
                     require_out(properties);
                     const std::string id = require_handle(Kind::network, network);
                     filter_of(narrow(query));
                     const auto found = require_network(session.store, id);
                     was_told(session.store, Kind::network, found);
                     return {v2::write_network(found), {}};
                 });
}

HResult delete_network(const Guid& id, WideOut error) {
    return serve(
        call("HcnDeleteNetwork", id, nullptr), {.error = error}, [&](Session& session) -> Answer {
            emulator::delete_network(session.store, to_text(id));
            return {};
        });
}

HResult close_network(Handle network) {
    return close("HcnCloseNetwork", Kind::network, network);
}

} // namespace

void add_network_functions(api::Functions& table) {
    table.enumerate_networks = enumerate_networks;
    table.create_network = create_network;
    table.open_network = open_network;
    table.modify_network = modify_network;
    table.query_network = query_network;
    table.delete_network = delete_network;
    table.close_network = close_network;
}

} // namespace hnsclient::emulator::hcn
