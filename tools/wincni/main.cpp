// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>
#include <string>

#include "hnsclient/client_v2.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/error.hpp"
#include "tools/wincni/command_line.hpp"
#include "tools/wincni/refusal.hpp"
#include "tools/wincni/system.hpp"

namespace {

void write(std::FILE* stream, const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stream);
    std::fflush(stream);
}

void complain(const std::string& sentence, const std::string& advice) {
    write(stderr, "wincni: " + sentence + "\n" + (advice.empty() ? "" : "  " + advice + "\n"));
}

std::string advice_for(hnsclient::ErrorKind kind) {
    using enum hnsclient::ErrorKind;
    switch (kind) {
    case unavailable:
        return std::string(wincni::advice_when_hns_is_down());
    case access_denied:
        return "run this as administrator";
    case unsupported:
        return "`wincni hns version` shows what this HNS can do";
    case in_use:
    case already_exists:
    case already_attached:
        return "`wincni hns list endpoints` shows what is taken";
    case not_found:
        return "it may have gone in the meantime; `wincni hns list networks` shows what is there";
    case invalid:
    case other:
        break;
    }
    return "";
}

/// Tells a person once why the answer takes so long.
hnsclient::CallOptions patient() {
    hnsclient::CallOptions options;
    options.on_retry = [told = false](const hnsclient::HnsError& error) mutable {
        if (!told) write(stderr, std::string("wincni: ") + error.what() + "; trying again...\n");
        told = true;
    };
    return options;
}

int act(const wincni::Action& action) {
    try {
        wincni::require_hns();
        hnsclient::ClientV2 client(hnsclient::api::load(), patient());
        write(stdout, action(client));
        return 0;
    } catch (const wincni::Refusal& refusal) {
        complain(refusal.what(), refusal.advice());
    } catch (const hnsclient::HnsError& error) {
        complain(error.what(), advice_for(error.kind()));
    } catch (const libcni::Error& error) {
        complain(error.what(), error.details());
    } catch (const std::exception& error) {
        complain(error.what(), "");
    }
    return 1;
}

} // namespace

int main(int argc, char** argv) {
    libcni::make_stdio_binary();
    libcni::use_utf8_console();
    const auto command = wincni::parse_command_line(libcni::arguments(argc, argv));
    if (command.action) return act(command.action);
    write(stdout, command.out);
    write(stderr, command.error);
    return command.status;
}
