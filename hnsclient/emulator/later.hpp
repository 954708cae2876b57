// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "hnsclient/emulator/object_store.hpp"

// Members of an object that change by themselves: what each is next is kept in the object's
// "Later", as {"State": [3, 5]}.
namespace hnsclient::emulator {

/// Sets a member to the first of a list of values, and to the others as answers tell of the object.
/// No values: leaves it as it is.
void set_over_time(nlohmann::json& object, const char* key, nlohmann::json values);

/// Takes a member away, and what it would have become.
void forget(nlohmann::json& object, const char* key);

/// To be called when an answer has told of an object: what it has for later comes one step nearer.
void was_told(ObjectStore& store, Kind kind, nlohmann::json object);

} // namespace hnsclient::emulator
