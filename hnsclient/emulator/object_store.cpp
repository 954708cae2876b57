// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/object_store.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/failure.hpp"
#include "libcni/base/files.hpp"

namespace hnsclient::emulator {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

// File locks exclude threads of one process too, but the index in memory needs more than that.
std::mutex& thread_mutex() {
    static std::mutex mutex;
    return mutex;
}

const char* folder_name(Kind kind) {
    switch (kind) {
    case Kind::network:
        return "networks";
    case Kind::endpoint:
        return "endpoints";
    case Kind::name_space:
        return "namespaces";
    case Kind::compute_system:
        break;
    }
    return "";
}

fs::path with_folders(const fs::path& folder) {
    for (const Kind kind : {Kind::network, Kind::endpoint, Kind::name_space})
        fs::create_directories(folder / folder_name(kind));
    return folder;
}

} // namespace

ObjectStore::ObjectStore(const fs::path& folder)
    : folder_(with_folders(folder)), threads_(thread_mutex()), processes_(folder_ / "lock") {}

std::vector<std::string> ObjectStore::ids(Kind kind) const {
    std::vector<std::string> result;
    for (const auto& entry : fs::directory_iterator(folder_ / folder_name(kind)))
        if (entry.path().extension() == ".json") result.push_back(entry.path().stem().string());
    std::ranges::sort(result);
    return result;
}

std::optional<json> ObjectStore::find(Kind kind, const std::string& id) const {
    const auto text = libcni::base::read_file(path(kind, id));
    if (!text) return std::nullopt;
    json object = json::parse(*text, nullptr, false);
    if (!object.is_object())
        throw Failure(Code::invalid_data,
                      "HNS emulator: " + path(kind, id).string() + " is not a JSON object");
    return object;
}

void ObjectStore::put(Kind kind, const json& object) {
    const auto id = object.at("ID").get<std::string>();
    if (kind == Kind::endpoint) index().announce(id);
    replace_file(path(kind, id), object.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
    if (kind == Kind::endpoint) index().put(id, object);
}

void ObjectStore::erase(Kind kind, const std::string& id) {
    if (kind == Kind::endpoint) index().announce(id);
    fs::remove(path(kind, id));
    if (kind == Kind::endpoint) index().erase(id);
}

const std::map<std::string, EndpointSummary, std::less<>>& ObjectStore::endpoints() {
    return index().all();
}

EndpointIndex& ObjectStore::index() {
    if (index_ == nullptr) index_ = &EndpointIndex::open(folder_);
    return *index_;
}

fs::path ObjectStore::path(Kind kind, const std::string& id) const {
    return folder_ / folder_name(kind) / (id + ".json");
}

void replace_file(const fs::path& path, const std::string& content) {
    fs::path fresh = path;
    fresh += ".new";
    {
        std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
        file << content;
        if (!file.flush()) throw std::system_error(errno, std::generic_category(), fresh.string());
    }
    fs::rename(fresh, path);
}

} // namespace hnsclient::emulator
