// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "libcni/ip.hpp"

namespace wincni::conf {

/// The networks of an option, which may be several, with commas, each without host bits. Throws
/// Refusal that names the option for what is none.
std::vector<libcni::Cidr> networks_in(const std::vector<std::string>& texts, const char* option);

/// The bytes of stdin. Throws libcni::base::FileError when they are too many.
std::string read_stdin();

/// The bytes of a file, or of stdin for "-". Throws Refusal for a file that is not there,
/// libcni::base::FileError.
std::string read_input(const std::string& file);

} // namespace wincni::conf
