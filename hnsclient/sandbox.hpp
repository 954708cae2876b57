// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "hnsclient/model.hpp"

namespace hnsclient {

/// What endpoints are put into: an HNS namespace in HCN (v2), a running container in HNS v1.
class Sandbox {
public:
    enum class Kind { hns_namespace, container };

    /// `id` is the namespace's GUID in any spelling; it is kept as HNS writes it.
    static Sandbox of_namespace(const std::string& id);
    /// `id` is the container's, as the runtime knows it.
    static Sandbox of_container(std::string id);

    [[nodiscard]] Kind kind() const noexcept { return kind_; }

    [[nodiscard]] const std::string& id() const noexcept { return id_; }

    /// The ID. Throws HnsError(invalid) when the sandbox is of another kind, which the API that
    /// asks cannot put endpoints into.
    [[nodiscard]] const std::string& id_of(Kind wanted) const;

    /// "namespace E0000000-FA4E-4000-A000-000000000001" or "container c1".
    [[nodiscard]] std::string to_string() const;

    /// "namespace" or "container".
    [[nodiscard]] std::string_view kind_name() const noexcept;

    /// True when the endpoint is in this sandbox.
    [[nodiscard]] bool holds(const Endpoint& endpoint) const noexcept;

    /// What of this kind the endpoint is in, for messages: an ID, several joined by ", ", or
    /// "none".
    [[nodiscard]] std::string found_in(const Endpoint& endpoint) const;

    friend bool operator==(const Sandbox&, const Sandbox&) = default;

private:
    Sandbox(Kind kind, std::string id);

    Kind kind_;
    std::string id_;
};

} // namespace hnsclient
