// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/hns_session.hpp"

#include <cstdio>
#include <memory>

#include "hnsclient/observer.hpp"
#include "tools/wincni/system.hpp"

namespace wincni {

namespace {

/// Tells a person why the answer takes so long.
class Patience final : public hnsclient::Observer {
public:
    void waiting(const hnsclient::HnsError& error, std::chrono::milliseconds /*limit*/) override {
        const auto text = std::string("wincni: ") + error.what() + "; trying again...\n";
        std::fwrite(text.data(), 1, text.size(), stderr);
        std::fflush(stderr);
    }
};

} // namespace

Answer answer_with_hns(const std::function<Answer(hnsclient::ClientV2& client)>& action) {
    require_hns();
    hnsclient::ClientV2 client(hnsclient::api::load(), {.observer = std::make_shared<Patience>()});
    return action(client);
}

Answer with_hns(const HnsAction& action) {
    return answer_with_hns(
        [&](hnsclient::ClientV2& client) { return Answer{.out = action(client)}; });
}

} // namespace wincni
