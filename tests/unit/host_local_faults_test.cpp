// SPDX-License-Identifier: Apache-2.0
// Every operation on the disk fails in turn. Afterwards no lease may be left that nobody knows of.
#include <doctest/doctest.h>

#include "libcni/base/platform.hpp"
#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "tests/unit/host_local_node.hpp"

using host_local::Disk;
using host_local::Files;
using host_local::HostLocal;
using libcni::Error;
using libcni::ErrorCode;
using libcni::log::Level;
namespace fs = std::filesystem;

namespace {

enum class Fault {
    /// One operation fails, the next ones work.
    once,
    /// From that operation on nothing works.
    ever_after,
    /// The process dies: a write leaves half a temporary file, and nothing is given back.
    crash,
};

/// The disk, on which the n-th operation fails.
class FaultyDisk final : public Files {
public:
    FaultyDisk(Fault fault, unsigned nth) : fault_(fault), nth_(nth) {}

    [[nodiscard]] std::optional<std::vector<std::string>>
    names(const fs::path& folder) const override {
        fail_maybe(folder);
        return disk_.names(folder);
    }

    [[nodiscard]] bool exists(const fs::path& path) const override {
        fail_maybe(path);
        return disk_.exists(path);
    }

    [[nodiscard]] bool is_no_file(const fs::path& path) const noexcept override {
        return disk_.is_no_file(path);
    }

    [[nodiscard]] std::optional<std::string> read(const fs::path& file) const override {
        fail_maybe(file);
        return disk_.read(file);
    }

    void write(const fs::path& file, const fs::path& temporary, std::string_view content) override {
        const bool fails_first = count_ + 1 == nth_;
        if (fails_first && fault_ == Fault::crash)
            disk_.write(temporary, temporary, content.substr(0, content.size() / 2));
        fail_maybe(file);
        disk_.write(file, temporary, content);
        // A second place to fail: the file is there, but flushing its folder went wrong.
        fail_maybe(file);
    }

    bool remove(const fs::path& file) override {
        fail_maybe(file);
        return disk_.remove(file);
    }

    void make_folders(const fs::path& folder) override {
        fail_maybe(folder);
        disk_.make_folders(folder);
    }

    [[nodiscard]] bool has_failed() const { return count_ >= nth_; }

private:
    void fail_maybe(const fs::path& path) const {
        ++count_;
        if (count_ == nth_ || (count_ > nth_ && fault_ != Fault::once))
            throw Error(ErrorCode::io_failure, "made to fail: " + libcni::utf8_of(path));
    }

    Fault fault_;
    unsigned nth_;
    mutable unsigned count_ = 0;
    Disk disk_;
};

nlohmann::json conf_of(const HostLocalNode& node) {
    auto conf =
        node.conf({{"ranges", {{{{"subnet", "10.0.0.0/24"}}}, {{{"subnet", "fd00::/64"}}}}}});
    conf["cni.dev/valid-attachments"] = nlohmann::json::array();
    return conf;
}

/// Empty when the call went well.
template <class Call>
std::string failure_of(Call call) {
    try {
        call();
        return {};
    } catch (const Error& error) {
        return one_line(error);
    }
}

/// ADD with the n-th operation failing. False when that operation was never reached.
bool add_with_fault(Fault fault, unsigned nth) {
    CAPTURE(nth);
    const HostLocalNode node;
    const auto conf = conf_of(node);
    CHECK(node.run({"ADD", "other"}, conf).code() == 0);
    FaultyDisk faulty(fault, nth);
    const libcni::log::Captured log;
    const std::string failure =
        failure_of([&] { (void)HostLocal(faulty).add(HostLocalNode::request(conf)); });
    const auto left = node.leases();
    for (const std::string& name : left) {
        if (node.read(name) == "other\r\neth0") continue;
        const bool told = failure.empty() || failure.find(name) != std::string::npos;
        CHECK_MESSAGE((told || fault == Fault::crash), failure, " does not name ", name);
    }
    if (failure.empty() && fault != Fault::crash) CHECK(left.size() == 4);
    if (failure.empty() && faulty.has_failed())
        CHECK(
            (log.holds(Level::warning, "made to fail") || log.holds(Level::info, "made to fail")));
    if (!failure.empty() && fault == Fault::once) CHECK(left.size() == 2);
    CHECK(node.run({"DEL"}, conf).code() == 0);
    CHECK(node.leases().size() == 2);
    return faulty.has_failed();
}

/// The leases of c1 and of "other" are there; the call has its n-th operation failing, then it is
/// made again on a sound disk.
template <class Call>
bool release_with_fault(unsigned nth, std::size_t left_at_last, Call call) {
    CAPTURE(nth);
    const HostLocalNode node;
    const auto conf = conf_of(node);
    CHECK(node.run({"ADD", "c1"}, conf).code() == 0);
    CHECK(node.run({"ADD", "other"}, conf).code() == 0);
    FaultyDisk faulty(Fault::once, nth);
    const std::string failure = failure_of([&] { call(HostLocalNode::request(conf), faulty); });
    CHECK(node.leases().size() >= left_at_last);
    Disk disk;
    call(HostLocalNode::request(conf), disk);
    CHECK(node.leases().size() == left_at_last);
    return faulty.has_failed();
}

} // namespace

TEST_CASE("ADD: whatever fails, no lease is left or the error names it, and DEL cleans up") {
    for (const Fault fault : {Fault::once, Fault::ever_after, Fault::crash}) {
        CAPTURE(static_cast<int>(fault));
        unsigned nth = 1;
        while (add_with_fault(fault, nth))
            ++nth;
        CHECK(nth > 10);
    }
}

TEST_CASE("DEL: whatever fails, nothing of others is touched and the next DEL releases the rest") {
    unsigned nth = 1;
    while (release_with_fault(nth, 2, [](const libcni::Request& request, Files& files) {
        HostLocal(files).del(request);
    }))
        ++nth;
    CHECK(nth > 6);
}

TEST_CASE("GC: whatever fails, the next GC releases the rest") {
    unsigned nth = 1;
    while (release_with_fault(
        nth, 0, [](const libcni::Request& request, Files& files) { HostLocal(files).gc(request); }))
        ++nth;
    CHECK(nth > 8);
}

TEST_CASE(
    "DEL that could not read a file and found nothing is an error, so that it is tried again") {
    const HostLocalNode node;
    const auto conf = conf_of(node);
    node.put("10.0.0.9", std::string(libcni::base::most_to_read + 1, 'x'));
    const auto answer = node.run({"DEL"}, conf);
    CHECK(answer.code() == 5);
    CHECK(answer.details().find("10.0.0.9") != std::string::npos);
    CHECK(node.run({"ADD"}, conf).code() == 0);
    CHECK(node.run({"DEL"}, conf).code() == 0);
}

TEST_CASE("What is no file is nobody's lease, and keeps no DEL from its end") {
    const HostLocalNode node;
    const auto conf = conf_of(node);
    std::filesystem::create_directories(node.folder() / "10.0.0.9");
    CHECK(node.run({"DEL", "c9"}, conf).code() == 0);
    CHECK(node.run({"ADD"}, conf).code() == 0);
    if (libcni::path_list_separator == ':') {
        std::filesystem::create_symlink("10.0.0.8", node.folder() / "10.0.0.8");
        std::filesystem::create_symlink("nowhere", node.folder() / "10.0.0.7");
    }
    CHECK(node.run({"DEL", "c9"}, conf).code() == 0);
    CHECK(node.run({"DEL"}, conf).code() == 0);
}

TEST_CASE("CHECK and STATUS change nothing, whatever fails") {
    const HostLocalNode node;
    const auto conf = conf_of(node);
    CHECK(node.run({"ADD"}, conf).code() == 0);
    const auto before = node.leases();
    for (unsigned nth = 1; nth < 20; ++nth) {
        FaultyDisk faulty(Fault::ever_after, nth);
        (void)failure_of([&] { HostLocal(faulty).check(HostLocalNode::request(conf)); });
        (void)failure_of([&] { HostLocal(faulty).status(HostLocalNode::request(conf)); });
        CHECK(node.leases() == before);
    }
}
