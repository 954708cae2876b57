// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/endpoint_index.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/object_store.hpp"
#include "hnsclient/emulator/policies.hpp"
#include "libcni/base/files.hpp"
#include "libcni/base/platform.hpp"

namespace hnsclient::emulator {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr std::size_t generation_digits = 16;

fs::path journal_of(const fs::path& folder) {
    return folder / "endpoints.index";
}

std::string new_generation() {
    std::random_device random;
    std::string text;
    while (text.size() < generation_digits)
        text += "0123456789abcdef"[random() & 0xFU];
    return text;
}

/// The first line of the journal; empty when that is not one. Closes the file, which Windows
/// would else not let anybody replace.
std::string generation_in(const fs::path& journal) {
    std::ifstream file(journal, std::ios::binary);
    std::string line;
    std::getline(file, line);
    return file && line.size() == generation_digits ? line : std::string();
}

std::string text_from(const fs::path& journal, std::uintmax_t offset) {
    std::ifstream file(journal, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(offset));
    return std::string(std::istreambuf_iterator<char>(file), {});
}

EndpointSummary summary_of(const json& endpoint) {
    EndpointSummary summary;
    summary.name = endpoint.value("Name", "");
    summary.network_id = endpoint.value("NetworkID", "");
    summary.namespace_id = endpoint.value("NamespaceID", "");
    summary.mac_address = endpoint.value("MacAddress", "");
    for (const auto& address : endpoint.value("IpConfigurations", json::array()))
        summary.addresses.push_back(address.value("IpAddress", ""));
    summary.ports = host_ports(endpoint.value("Policies", json::array()));
    return summary;
}

json to_line(const std::string& id, const EndpointSummary& s) {
    return {id, s.name, s.network_id, s.namespace_id, s.mac_address, s.addresses, s.ports};
}

EndpointSummary from_line(const json& line) {
    return {.name = line.at(1),
            .network_id = line.at(2),
            .namespace_id = line.at(3),
            .mac_address = line.at(4),
            .addresses = line.at(5),
            .ports = line.at(6)};
}

std::string to_text(const json& line) {
    return line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::set<std::string> ids_in(const fs::path& folder) {
    std::set<std::string> ids;
    for (const auto& entry : fs::directory_iterator(folder / "endpoints"))
        if (entry.path().extension() == ".json") ids.insert(entry.path().stem().string());
    return ids;
}

} // namespace

EndpointIndex& EndpointIndex::open(const fs::path& folder) {
    static EndpointIndex index;
    if (index.folder_ != folder) {
        index = EndpointIndex();
        index.folder_ = folder;
    }
    index.catch_up();
    index.reconcile();
    if (index.lines_ > 2 * index.endpoints_.size() + 500) index.rewrite();
    return index;
}

void EndpointIndex::announce(const std::string& id) {
    append(json::array({id}));
}

void EndpointIndex::put(const std::string& id, const json& endpoint) {
    const auto& kept = endpoints_[id] = summary_of(endpoint);
    append(to_line(id, kept));
}

void EndpointIndex::erase(const std::string& id) {
    endpoints_.erase(id);
}

/// Reads what has been added to the journal since the last call.
void EndpointIndex::catch_up() {
    const std::string generation = generation_in(journal_of(folder_));
    if (generation != generation_ || generation.empty()) {
        endpoints_.clear();
        lines_ = 0;
        generation_ = generation;
        read_to_ = generation_digits + 1;
    }
    if (generation.empty() || !apply_all(text_from(journal_of(folder_), read_to_))) {
        endpoints_.clear();
        rewrite();
    }
}

/// False when the text ends within a line, or has one that is not of a journal: its writer died.
bool EndpointIndex::apply_all(std::string_view text) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        const json line = json::parse(text.substr(0, end), nullptr, false);
        if (end == std::string_view::npos || !line.is_array()) return false;
        apply(line);
        text.remove_prefix(end + 1);
        read_to_ += end + 1;
        ++lines_;
    }
    return true;
}

/// A line with an ID alone says that the file is about to change, or to go.
void EndpointIndex::apply(const json& line) {
    const auto id = line.at(0).get<std::string>();
    if (line.size() == 1)
        endpoints_.erase(id);
    else
        endpoints_[id] = from_line(line);
}

/// Makes up for files that came or went without the journal knowing.
void EndpointIndex::reconcile() {
    const auto present = ids_in(folder_);
    std::erase_if(endpoints_, [&](const auto& known) { return !present.contains(known.first); });
    if (endpoints_.size() == present.size()) return;
    for (const auto& id : present) {
        if (endpoints_.contains(id)) continue;
        const auto text = libcni::base::read_file(folder_ / "endpoints" / (id + ".json"));
        const json endpoint = json::parse(text.value_or(""), nullptr, false);
        if (endpoint.is_object()) put(id, endpoint);
    }
}

void EndpointIndex::rewrite() {
    generation_ = new_generation();
    std::string text = generation_ + "\n";
    for (const auto& [id, summary] : endpoints_)
        text += to_text(to_line(id, summary));
    replace_file(journal_of(folder_), text);
    read_to_ = text.size();
    lines_ = endpoints_.size();
}

void EndpointIndex::append(const json& line) {
    const std::string text = to_text(line);
    libcni::base::append(journal_of(folder_), text);
    read_to_ += text.size();
    ++lines_;
}

} // namespace hnsclient::emulator
