// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/conf/input.hpp"

#include <cstdio>

#include "libcni/base/file_error.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/base/text.hpp"
#include "tools/wincni/refusal.hpp"

namespace wincni::conf {

std::vector<libcni::Cidr> networks_in(const std::vector<std::string>& texts, const char* option) {
    std::vector<libcni::Cidr> networks;
    for (const auto& text : texts)
        for (const auto part : libcni::split(text, ',')) {
            const auto cidr = libcni::Cidr::parse(part);
            if (!cidr)
                throw Refusal(std::string(option) + " \"" + std::string(part) + "\" is no network",
                              "write it like 10.96.0.0/12");
            networks.push_back(cidr->network());
        }
    return networks;
}

std::string read_stdin() {
    std::string bytes;
    char buffer[4096];
    while (const auto count = std::fread(buffer, 1, sizeof buffer, stdin)) {
        bytes.append(buffer, count);
        if (bytes.size() > libcni::base::most_to_read)
            throw libcni::base::too_long("stdin", libcni::base::most_to_read);
    }
    return bytes;
}

std::string read_input(const std::string& file) {
    if (file == "-") return read_stdin();
    auto bytes = libcni::base::read_file(libcni::path_of(file));
    if (!bytes) throw Refusal(file + " is not there", "name a conf, or - for stdin");
    return std::move(*bytes);
}

} // namespace wincni::conf
