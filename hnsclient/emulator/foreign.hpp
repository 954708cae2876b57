// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hnsclient/emulator/object_store.hpp"

namespace hnsclient::emulator {

/// Puts in what stands beside the networks of pods on many hosts, as it was published
/// (tests/data/hns-real 005, 006, 011, 045, 102 to 105), where it is not there: WSL's network and
/// Hyper-V's "Default Switch" (ICS), an external switch (Transparent, without subnets), an endpoint
/// of WSL without an address, and the host's own namespace in compartment 1. Networks and
/// namespaces have their answers in "Answers", {"v1", "v2"}, as those hold more than we keep.
void add_foreign_objects(ObjectStore& store);

} // namespace hnsclient::emulator
