// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hnsclient/api.hpp"

/// The functions of vmcompute.dll that attach an endpoint to a running container. They are in no
/// header of Microsoft's; names and parameters are those that hcsshim declares.
namespace hnsclient::emulator::hcs {

/// Fills in HcsOpenComputeSystem, HcsModifyComputeSystem and HcsCloseComputeSystem.
///
/// Which compute systems there are, config.json tells. Modify takes
/// {"ResourceType": "Network", "RequestType": "Add" or "Remove", "Settings": "<endpoint's ID>"}.
void add_compute_system_functions(api::Functions& table);

} // namespace hnsclient::emulator::hcs
