// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace hnsclient::emulator {

/// What is looked up of an endpoint without reading its file.
struct EndpointSummary {
    std::string name;
    std::string network_id;
    /// Empty when it is in none.
    std::string namespace_id;
    std::string mac_address;
    std::vector<std::string> addresses;
    /// Host ports that it takes, as "protocol/port/virtual IP".
    std::vector<std::string> ports;
};

/// Finds endpoints by name, network, address... without reading thousands of files: a journal with
/// a line for each change, of which a running process reads only what is new. The object files
/// are the truth: files that came or went behind the journal's back are noticed. One that somebody
/// changed in place is not, unless the journal (endpoints.index) is deleted with it. Not locked:
/// the caller holds the store's lock.
class EndpointIndex {
public:
    /// Brought up to date with the journal and the files of the folder.
    static EndpointIndex& open(const std::filesystem::path& folder);

    /// By ID, in order.
    [[nodiscard]] const std::map<std::string, EndpointSummary, std::less<>>& all() const noexcept {
        return endpoints_;
    }

    /// To be called before the endpoint's file is replaced: should the process die in between, the
    /// next reader will look into the file.
    void announce(const std::string& id);

    void put(const std::string& id, const nlohmann::json& endpoint);

    void erase(const std::string& id);

private:
    void catch_up();
    void reconcile();
    bool apply_all(std::string_view text);
    void apply(const nlohmann::json& line);
    void rewrite();
    void append(const nlohmann::json& line);

    std::filesystem::path folder_;
    std::string generation_;
    std::uintmax_t read_to_ = 0;
    std::size_t lines_ = 0;
    std::map<std::string, EndpointSummary, std::less<>> endpoints_;
};

} // namespace hnsclient::emulator
