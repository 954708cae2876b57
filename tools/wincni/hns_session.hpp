// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "hnsclient/client_v2.hpp"
#include "tools/wincni/answer.hpp"

namespace wincni {

/// What a command does with this machine's HNS; returns what goes to stdout.
using HnsAction = std::function<std::string(hnsclient::ClientV2& client)>;

/// Does what returns a whole answer. While HNS is away a call is repeated, which stderr says.
/// Throws Refusal on a machine that can have no HNS.
Answer answer_with_hns(const std::function<Answer(hnsclient::ClientV2& client)>& action);

/// The same for what returns stdout alone.
Answer with_hns(const HnsAction& action);

} // namespace wincni
