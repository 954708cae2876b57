// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/hcn.hpp"
#include "hnsclient/emulator/hcn_call.hpp"
#include "hnsclient/emulator/json_access.hpp"
#include "hnsclient/emulator/namespaces.hpp"
#include "hnsclient/emulator/spelling_v2.hpp"
#include "hnsclient/guid.hpp"

namespace hnsclient::emulator::hcn {

using api::Guid;
using api::Handle;
using api::HResult;
using api::WideIn;
using api::WideOut;

namespace {

HResult enumerate_namespaces(WideIn query, WideOut namespaces, WideOut error) {
    return serve(
        call("HcnEnumerateNamespaces", query),
        {.response = namespaces, .error = error},
        [&](Session& session) -> Answer {
            require_out(namespaces);
            return {v2::spelled_ids(find_namespaces(session.store, filter_of(narrow(query)))), {}};
        });
}

HResult create_namespace(const Guid& id, WideIn settings, Handle* name_space, WideOut error) {
    return serve(call("HcnCreateNamespace", id, settings),
                 {.handle = name_space, .error = error},
                 [&](Session& session) {
                     require_out(name_space);
                     const auto request = parse_object(narrow(settings));
                     const auto made = emulator::create_namespace(
                         session.store, wanted_id(id), v2::read_namespace_type(request));
                     return opened(Kind::name_space, text_at(made, "ID"));
                 });
}

HResult open_namespace(const Guid& id, Handle* name_space, WideOut error) {
    return serve(call("HcnOpenNamespace", id, nullptr),
                 {.handle = name_space, .error = error},
                 [&](Session& session) {
                     require_out(name_space);
                     require_namespace(session.store, to_text(id));
                     return opened(Kind::name_space, to_text(id));
                 });
}

HResult modify_namespace(Handle name_space, WideIn settings, WideOut error) {
    return serve(call("HcnModifyNamespace", Kind::name_space, name_space, settings),
                 {.error = error},
                 [&](Session& session) -> Answer {
                     const std::string id = require_handle(Kind::name_space, name_space);
                     emulator::modify_namespace(
                         session.store, session.config, id, parse_object(narrow(settings)));
                     return {};
                 });
}

HResult query_namespace(Handle name_space, WideIn query, WideOut properties, WideOut error) {
    return serve(call("HcnQueryNamespaceProperties", Kind::name_space, name_space, query),
                 {.response = properties, .error = error},
                 [&](Session& session) -> Answer {
                     require_out(properties);
                     const std::string id = require_handle(Kind::name_space, name_space);
                     filter_of(narrow(query));
                     return {v2::write_namespace(require_namespace(session.store, id)), {}};
                 });
}

HResult delete_namespace(const Guid& id, WideOut error) {
    return serve(
        call("HcnDeleteNamespace", id, nullptr), {.error = error}, [&](Session& session) -> Answer {
            emulator::delete_namespace(session.store, to_text(id));
            return {};
        });
}

HResult close_namespace(Handle name_space) {
    return close("HcnCloseNamespace", Kind::name_space, name_space);
}

} // namespace

void add_namespace_functions(api::Functions& table) {
    table.enumerate_namespaces = enumerate_namespaces;
    table.create_namespace = create_namespace;
    table.open_namespace = open_namespace;
    table.modify_namespace = modify_namespace;
    table.query_namespace = query_namespace;
    table.delete_namespace = delete_namespace;
    table.close_namespace = close_namespace;
}

} // namespace hnsclient::emulator::hcn
