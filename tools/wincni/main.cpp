// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include "hnsclient/client_v2.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/plugin_main.hpp"
#include "plugins/sdnbridge/sdnbridge.hpp"
#include "tools/wincni/command_line.hpp"
#include "tools/wincni/refusal.hpp"
#include "tools/wincni/system.hpp"

namespace {

void write(std::FILE* stream, const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stream);
    std::fflush(stream);
}

void complain(const std::string& sentence, std::string_view advice) {
    std::string text = "wincni: " + sentence + "\n";
    if (!advice.empty()) text.append("  ").append(advice).append("\n");
    write(stderr, text);
}

/// Tells a person why the answer takes so long.
class Patience final : public hnsclient::Observer {
public:
    void waiting(const hnsclient::HnsError& error, std::chrono::milliseconds /*limit*/) override {
        write(stderr, std::string("wincni: ") + error.what() + "; trying again...\n");
    }
};

int act(const wincni::Action& action) {
    try {
        wincni::require_hns();
        hnsclient::ClientV2 client(hnsclient::api::load(),
                                   {.observer = std::make_shared<Patience>()});
        write(stdout, action(client));
        return 0;
    } catch (const wincni::Refusal& refusal) {
        complain(refusal.what(), refusal.advice());
    } catch (const hnsclient::HnsError& error) {
        complain(error.what(), wincni::advice_here(error));
    } catch (const std::exception& error) {
        complain(error.what(), "");
    }
    return 1;
}

/// A runtime calls a plugin without arguments: Microsoft's first one had this executable's name.
bool is_called_by_runtime(int argc) {
    return argc == 1 && !libcni::environment_variable("CNI_COMMAND").value_or("").empty();
}

} // namespace

int main(int argc, char** argv) {
    if (is_called_by_runtime(argc)) return libcni::plugin_main(sdnbridge::SdnBridge(), argc, argv);
    libcni::make_stdio_binary();
    libcni::use_utf8_console();
    const auto command = wincni::parse_command_line(libcni::arguments(argc, argv));
    if (command.action) return act(command.action);
    write(stdout, command.out);
    write(stderr, command.error);
    return command.status;
}
