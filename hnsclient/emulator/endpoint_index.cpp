// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/endpoint_index.hpp"

#include <algorithm>
#include <fstream>
#include <random>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/object_store.hpp"
#include "hnsclient/emulator/platform.hpp"
#include "hnsclient/emulator/policies.hpp"

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
    std::ifstream journal(journal_of(folder_), std::ios::binary);
    std::string generation;
    std::getline(journal, generation);
    if (generation.size() != generation_digits) {
        endpoints_.clear();
        return rewrite();
    }
    if (generation != generation_) {
        endpoints_.clear();
        lines_ = 0;
        generation_ = generation;
        read_to_ = generation_digits + 1;
    }
    journal.seekg(static_cast<std::streamoff>(read_to_));
    for (std::string line; std::getline(journal, line); ++lines_) {
        const json parsed = json::parse(line, nullptr, false);
        // Cut short by the death of its writer: start over from the files.
        if (journal.eof() || !parsed.is_array()) {
            endpoints_.clear();
            return rewrite();
        }
        apply(parsed);
        read_to_ += line.size() + 1;
    }
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
        const auto text = read_file(folder_ / "endpoints" / (id + ".json"));
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
    platform::append(journal_of(folder_), text);
    read_to_ += text.size();
    ++lines_;
}

} // namespace hnsclient::emulator
