// SPDX-License-Identifier: Apache-2.0
#include "libcni/turn.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "libcni/base/file_error.hpp"
#include "libcni/base/files.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"

namespace libcni {

namespace {

namespace fs = std::filesystem;
using base::Sharing;

/// All of them in one file, which is never longer than nothing: no lock is left to be cleared away,
/// whoever dies.
class ByteTurn final : public Turn {
public:
    explicit ByteTurn(const fs::path& file) : bytes_(file) {}

    bool try_take(std::uint64_t byte, Sharing sharing) { return bytes_.try_lock(byte, sharing); }

private:
    base::LockableBytes bytes_;
};

/// FNV-1a, into the bytes that a file can have. Two names of one byte only wait for each other.
std::uint64_t byte_of(std::string_view name) {
    constexpr std::uint64_t start = 0xCBF29CE484222325U;
    constexpr std::uint64_t prime = 0x100000001B3U;
    constexpr unsigned spare_bits = 2;
    std::uint64_t hash = start;
    for (const char c : name)
        hash = (hash ^ static_cast<unsigned char>(c)) * prime;
    return hash >> spare_bits;
}

struct Wanted {
    std::uint64_t byte = 0;
    Sharing sharing = Sharing::exclusive;
};

/// GC has the network for itself; ADD and DEL share it, and each has its container.
std::array<std::optional<Wanted>, 2> wanted_by(const Request& request) {
    const std::string& network = request.conf.name;
    const bool is_gc = request.command == Command::gc;
    std::array<std::optional<Wanted>, 2> wanted;
    wanted[0] = {.byte = byte_of(network), .sharing = is_gc ? Sharing::exclusive : Sharing::shared};
    const std::string sandbox = shared_sandbox(request).value_or(request.container_id);
    // No name holds a slash.
    if (!is_gc) wanted[1] = {.byte = byte_of(network + "/" + sandbox)};
    return wanted;
}

bool changes_something(Command command) {
    return command == Command::add || command == Command::del || command == Command::gc;
}

bool is_callers(const Environment& env) {
    return env(depth_variable).value_or("0") != "0";
}

std::unique_ptr<ByteTurn> open(const fs::path& folder) {
    try {
        base::make_folders(folder);
        return std::make_unique<ByteTurn>(folder / "turns");
    } catch (const base::FileError& error) {
        log::warning(std::string(error.what())
                     + "; two commands on one container are not kept apart");
        return nullptr;
    }
}

[[noreturn]] void refuse(const Request& request) {
    const std::string network = "network \"" + request.conf.name + "\"";
    const bool is_gc = request.command == Command::gc;
    throw Error(ErrorCode::try_again_later,
                (is_gc ? "other commands on " + network + " have"
                       : "another command on container \"" + request.container_id + "\" and "
                             + network + " has")
                    + " not ended within " + in_seconds(request.conf.timeout),
                "nothing was done; look what that command waits for (Get-Service hns)");
}

} // namespace

Turn::~Turn() = default;

std::unique_ptr<Turn> take_turn(const Request& request, const Environment& env) {
    if (!changes_something(request.command) || is_callers(env)) return nullptr;
    const auto folder = env(lock_folder_variable).value_or("");
    auto turn = open(path_of(folder.empty() ? "/var/lib/cni/wincni" : folder));
    if (!turn) return nullptr;
    for (const auto& wanted : wanted_by(request)) {
        if (!wanted) continue;
        const auto take = [&] { return turn->try_take(wanted->byte, wanted->sharing); };
        if (!base::becomes_true(take, time_left(request))) refuse(request);
    }
    return turn;
}

} // namespace libcni
