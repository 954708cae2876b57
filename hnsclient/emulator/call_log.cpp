// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/call_log.hpp"

#include <filesystem>
#include <utility>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/failure.hpp"
#include "hnsclient/emulator/folder.hpp"
#include "hnsclient/emulator/handles.hpp"
#include "libcni/base/files.hpp"
#include "libcni/base/platform.hpp"

namespace hnsclient::emulator {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

void write_line(const fs::path& folder, const json& line) {
    libcni::base::append(folder / "calls.jsonl",
                         line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
}

/// Lives from the first logged call to the end of the process (of the DLL).
class ExitLine {
public:
    explicit ExitLine(fs::path folder)
        : folder_(std::move(folder)), handles_(HandleTable::instance()) {}

    ~ExitLine() {
        try {
            write();
        } catch (...) {
            // Nobody is left to be told.
        }
    }

    ExitLine(const ExitLine&) = delete;
    ExitLine& operator=(const ExitLine&) = delete;
    ExitLine(ExitLine&&) = delete;
    ExitLine& operator=(ExitLine&&) = delete;

private:
    // No lock: at the end of a Windows process the holder may be a thread that is gone.
    void write() {
        json open = json::object();
        const auto count = [&](Kind kind, const char* name) {
            if (const auto left = handles_.count(kind); left > 0) open[name] = left;
        };
        count(Kind::network, "HcnNetwork");
        count(Kind::endpoint, "HcnEndpoint");
        count(Kind::name_space, "HcnNamespace");
        count(Kind::compute_system, "HcsComputeSystem");
        if (open.empty() || !fs::exists(folder_)) return;
        write_line(folder_,
                   {{"api", "exit"}, {"handlesLeftOpen", open}, {"pid", libcni::process_id()}});
    }

    fs::path folder_;
    HandleTable& handles_;
};

} // namespace

bool is_logged(const fs::path& folder) {
    return fs::exists(folder / "calls.jsonl");
}

void log_call(const CallName& call, json details, api::HResult result) noexcept {
    try {
        const auto folder = folder_variable();
        if (!folder) return;
        static const ExitLine at_exit(*folder);
        details["api"] = call.function;
        if (!call.method.empty()) {
            details["method"] = call.method;
            details["path"] = call.path;
        }
        details["hr"] = hex_text(result);
        details["pid"] = libcni::process_id();
        const libcni::base::FileLock lock(*folder / "lock");
        write_line(*folder, details);
    } catch (...) {
        // Told in the header: the log never makes a call fail.
    }
}

} // namespace hnsclient::emulator
