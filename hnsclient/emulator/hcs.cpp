// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/hcs.hpp"

#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/endpoints.hpp"
#include "hnsclient/emulator/failure.hpp"
#include "hnsclient/emulator/hcn_call.hpp"
#include "hnsclient/emulator/json_access.hpp"

namespace hnsclient::emulator::hcs {

using api::Handle;
using api::HResult;
using api::WideIn;
using api::WideOut;

namespace {

/// What HcsModifyComputeSystem is asked for.
struct Change {
    std::string resource_type;
    std::string request_type;
    std::string endpoint;
};

Change change_of(const std::string& configuration) {
    try {
        const auto request = parse_object(configuration);
        return {.resource_type = text_at(request, "ResourceType"),
                .request_type = text_at(request, "RequestType"),
                .endpoint = id_at(request, "Settings")};
    } catch (const Failure& failure) {
        // HCS has a code of its own for what HNS calls HCN_E_INVALID_JSON.
        throw Failure(Code::system_invalid_json, failure.what());
    }
}

void require_system(const Session& session, const std::string& id) {
    if (!session.config.has_compute_system(id)) throw Failure(Code::system_not_found);
}

void apply(Session& session, const std::string& system, const Change& change) {
    if (change.resource_type != "Network") throw Failure(Code::not_supported);
    if (change.request_type == "Add")
        attach_container(session.store, session.config, change.endpoint, system);
    else if (change.request_type == "Remove")
        detach_container(session.store, change.endpoint, system);
    else
        throw Failure(Code::not_supported);
}

HResult open_compute_system(WideIn id, Handle* system, WideOut result) {
    Call call = hcn::call("HcsOpenComputeSystem", nullptr);
    call.details["id"] = hcn::narrow(id);
    return serve(std::move(call), {.handle = system, .result = result}, [&](Session& session) {
        hcn::require_out(system);
        const std::string wanted = hcn::narrow(id);
        if (wanted.empty()) throw Failure(Code::invalid_argument);
        require_system(session, wanted);
        return hcn::opened(Kind::compute_system, wanted);
    });
}

HResult modify_compute_system(Handle system, WideIn configuration, WideOut result) {
    return serve(hcn::call("HcsModifyComputeSystem", Kind::compute_system, system, configuration),
                 {.result = result},
                 [&](Session& session) -> Answer {
                     const std::string id = hcn::require_handle(Kind::compute_system, system);
                     require_system(session, id);
                     apply(session, id, change_of(hcn::narrow(configuration)));
                     return {};
                 });
}

HResult close_compute_system(Handle system) {
    return hcn::close("HcsCloseComputeSystem", Kind::compute_system, system);
}

} // namespace

void add_compute_system_functions(api::Functions& table) {
    table.open_compute_system = open_compute_system;
    table.modify_compute_system = modify_compute_system;
    table.close_compute_system = close_compute_system;
}

} // namespace hnsclient::emulator::hcs
