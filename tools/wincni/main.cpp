// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

#include "hnsclient/error.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/error.hpp"
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

int act(const wincni::Action& action) {
    try {
        const auto answer = action();
        write(stdout, answer.out);
        write(stderr, answer.error);
        return answer.status;
    } catch (const wincni::Refusal& refusal) {
        complain(refusal.what(), refusal.advice());
    } catch (const hnsclient::HnsError& error) {
        complain(error.what(), wincni::advice_here(error));
    } catch (const libcni::Error& error) {
        complain(error.msg(), error.details());
    } catch (const std::exception& error) {
        complain(error.what(), "");
    }
    return wincni::failed;
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
    return act(wincni::parse_command_line(libcni::arguments(argc, argv)));
}
