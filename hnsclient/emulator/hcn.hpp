// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hnsclient/api.hpp"

/// The functions of computenetwork.dll, by object. Names and parameters are Microsoft's:
/// https://learn.microsoft.com/windows-server/networking/technologies/hcn/hcn-top
namespace hnsclient::emulator::hcn {

/// Fills in what deals with networks.
void add_network_functions(api::Functions& table);

/// Fills in what deals with namespaces.
void add_namespace_functions(api::Functions& table);

/// Fills in what deals with endpoints.
void add_endpoint_functions(api::Functions& table);

} // namespace hnsclient::emulator::hcn
