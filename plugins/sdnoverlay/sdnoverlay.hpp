// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/common/sdn_flags.hpp"
#include "plugins/win-overlay/win_overlay.hpp"

/// win-overlay for confs of Microsoft's sdnoverlay.
/// https://github.com/microsoft/windows-container-networking
namespace sdnoverlay {

/// Reads `optionalFlags` besides what win-overlay reads.
class SdnOverlayEndpoint final : public win_overlay::OverlayEndpoint {
public:
    /// Throws libcni::Error (code 7) or libcni::BadShape.
    explicit SdnOverlayEndpoint(const libcni::Request& request);

    [[nodiscard]] std::string_view plugin() const override { return "sdnoverlay"; }

protected:
    [[nodiscard]] plugins::MappingStyle mapping_style(const hnsclient::Network&) const override {
        return plugins::mapping_style_of(flags_);
    }

private:
    plugins::SdnFlags flags_;
};

class SdnOverlay final : public plugins::HnsPlugin {
public:
    [[nodiscard]] std::string_view name() const override { return "sdnoverlay"; }

    [[nodiscard]] std::string_view about() const override;
    [[nodiscard]] std::unique_ptr<const plugins::EndpointKind>
    kind_of(const libcni::Request& request) const override;
};

} // namespace sdnoverlay
