// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "hnsclient/client.hpp"
#include "hnsclient/error.hpp"
#include "libcni/json_reader.hpp"

// What HNS answers, made usable: shared by the clients of both APIs.
namespace hnsclient {

/// The name of an HNSCall, for messages.
std::string hns_operation(const std::string& method, const std::string& path);

/// The answer as JSON. Throws HnsError of that call when it is not JSON.
nlohmann::json parsed(const std::string& operation, const std::string& answer);

/// Runs `decode` on an answer; one that cannot be read is an HnsError of that call.
template <class Decode>
auto decoded(const std::string& operation, const nlohmann::json& answer, Decode decode) {
    try {
        return decode(libcni::JsonReader(answer, "answer"));
    } catch (const libcni::BadShape& error) {
        throw HnsError(operation, e_unexpected, error.what());
    }
}

/// What `read` returns, or no value when the object is not, or no longer, there. `gone` is the code
/// that says just that; of other failures to find something, which may be about what the object is
/// made of, `is_listed` decides: true is that failure.
template <class Read, class IsListed>
auto if_there(api::HResult gone, Read read, IsListed is_listed) -> std::optional<decltype(read())> {
    try {
        return read();
    } catch (const HnsError& error) {
        if (error.code() == gone) return std::nullopt;
        if (error.kind() == ErrorKind::not_found && !is_listed()) return std::nullopt;
        throw;
    }
}

/// Runs `attach`; an endpoint that is in this sandbox already, as when an answer was lost, is no
/// error.
template <class Attach>
void attach_once(Client& client,
                 const Sandbox& sandbox,
                 const std::string& endpoint_id,
                 Attach attach) {
    try {
        attach();
    } catch (const HnsError& error) {
        if (error.kind() != ErrorKind::already_attached) throw;
        const auto endpoint = client.read_endpoint(endpoint_id);
        if (!endpoint || !sandbox.holds(*endpoint)) throw;
    }
}

/// The JSON text for a call; text that is not UTF-8 is replaced, not thrown at.
std::string text_of(const nlohmann::json& object);

} // namespace hnsclient
