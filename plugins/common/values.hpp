// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libcni/ip.hpp"
#include "libcni/json_reader.hpp"

// Values that an author, a template or a script wrote into a conf. Everything here throws
// libcni::Error (code 7) that names the key and what is probably wrong with its text: a placeholder
// that nothing was put into, several values joined in one string, or no such value at all.
namespace plugins {

/// A network: host bits are masked, a bare address is a network of its own (/32 or /128).
libcni::Cidr read_prefix(const libcni::JsonReader& key);

/// The same for keys where a bare address can only be a network without its length.
libcni::Cidr read_network(const libcni::JsonReader& key);

/// read_prefix() for one part of a text; `place` is how messages name it.
libcni::Cidr parse_prefix(const std::string& place, std::string_view text);

/// An address without a prefix length.
libcni::Address read_address(const libcni::JsonReader& key);

/// The same for one part of a text; `place` is how messages name it.
libcni::Address parse_address_at(const std::string& place, std::string_view text);

/// A port, or a range of ports ("8080-8090"), for one part of a text. Returns it without blanks.
std::string parse_ports(const std::string& place, std::string_view text);

/// The elements of an author's list of texts, or the one text that stands for a list of one. Nulls,
/// and one empty text instead of a list, are left out with a warning; an empty element is refused.
std::vector<libcni::JsonReader> texts_in(const libcni::JsonReader& key);

/// The same for a list of a runtime's: nulls and empty texts are left out.
std::vector<libcni::JsonReader> filled_texts_in(const libcni::JsonReader& key);

/// Throws for a text without anything but blanks in it.
void require_not_empty(const libcni::JsonReader& value);

/// A warning for such a text, and for null, where they mean the same as an absent key.
void warn_of_empty(const libcni::JsonReader& value);

/// Addresses as texts in their plain spelling, each once: name servers.
std::vector<std::string> read_addresses(const std::vector<libcni::JsonReader>& texts);

/// Texts without blanks and commas: names of domains.
std::vector<std::string> read_words(const std::vector<libcni::JsonReader>& texts);

/// Throws for a text anywhere in the value that is a placeholder, or what PowerShell's
/// ConvertTo-Json makes of what it does not write out.
void require_filled_in(const libcni::JsonReader& value);

} // namespace plugins
