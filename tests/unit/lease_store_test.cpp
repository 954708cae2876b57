// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "ipam/host-local/lease_store.hpp"
#include "ipam/host-local/network_folder.hpp"
#include "libcni/base/platform.hpp"
#include "libcni/error.hpp"
#include "libcni/files.hpp"
#include "libcni/names.hpp"
#include "tests/unit/scratch.hpp"
#include "tests/unit/values.hpp"

using host_local::Address;
using host_local::address_of_name;
using host_local::Disk;
using host_local::lease_name;
using host_local::LeaseStore;
using host_local::NameStyle;
using host_local::parse_owner;
using libcni::Error;
using libcni::ErrorCode;

namespace {

constexpr std::chrono::milliseconds patience{2000};

} // namespace

TEST_CASE("lease files are named as Go's net.IP prints the address") {
    for (const char* text : {"10.244.4.2",
                             "fd00::1:2",
                             "::",
                             "::1",
                             "1::",
                             "fd00:0:1::2",
                             "1:0:2:3:4:5:6:7",
                             "1:0:0:2:0:0:0:3",
                             "fe80::200:5efe:a00:1",
                             "::102:304",
                             "2001:db8:1:2:3:4:5:6"}) {
        CAPTURE(text);
        const Address address = ip(text);
        CHECK(address_of_name(lease_name(address, NameStyle::colons), NameStyle::colons)
              == address);
        CHECK(address_of_name(lease_name(address, NameStyle::underscores), NameStyle::underscores)
              == address);
    }
    CHECK(lease_name(ip("1:0:0:2:0:0:0:3"), NameStyle::colons) == "1:0:0:2::3");
    CHECK(lease_name(ip("1:0:2:3:4:5:6:7"), NameStyle::colons) == "1:0:2:3:4:5:6:7");
    // The C library prints "::1.2.3.4", Windows prints "fe80::200:5efe:10.0.0.1".
    CHECK(lease_name(ip("::1.2.3.4"), NameStyle::colons) == "::102:304");
    CHECK(lease_name(ip("fe80::200:5efe:a00:1"), NameStyle::colons) == "fe80::200:5efe:a00:1");
    CHECK(lease_name(ip("fd00:2::2"), NameStyle::underscores) == "fd00_2__2");
}

TEST_CASE("B04 B17: the escaped name of an IPv6 lease is read back as its address") {
    CHECK(address_of_name("fd00_2__2", NameStyle::underscores) == ip("fd00:2::2"));
    CHECK_FALSE(address_of_name("fd00_2__2", NameStyle::colons));
    for (const char* name :
         {"lock", "last_reserved_ip.0", ".wincni-new", "10.0.0", "10.0.0.2.bak"}) {
        CAPTURE(name);
        CHECK_FALSE(address_of_name(name, NameStyle::underscores));
        CHECK_FALSE(address_of_name(name, NameStyle::colons));
    }
}

TEST_CASE("owners are read as every age of the Go plugin wrote them") {
    const auto current = parse_owner("c1\r\neth0");
    REQUIRE(current);
    CHECK(current->container_id == "c1");
    CHECK(current->interface_name == "eth0");
    CHECK(parse_owner(" c1\r\neth0\r\n ") == current);
    CHECK(parse_owner("c1\neth0\n") == current);
    REQUIRE(parse_owner("c1"));
    CHECK(parse_owner("c1")->interface_name.empty());
    CHECK(parse_owner("c1\r\n") == parse_owner("c1"));
}

TEST_CASE("B18: what a crash leaves of a lease does not name an owner") {
    CHECK_FALSE(parse_owner(""));
    CHECK_FALSE(parse_owner("\r\n"));
    CHECK_FALSE(parse_owner(std::string(64, '\0')));
    CHECK_FALSE(parse_owner(std::string("c1\r\n\0\0\0\0", 8)));
}

TEST_CASE("a lease on disk is byte for byte what Go writes") {
    const Scratch scratch;
    Disk disk;
    LeaseStore store(scratch.path() / "cbr0", disk);
    CHECK_FALSE(store.exists());
    store.make_folder();
    const auto lock = store.lock(patience);
    store.add(ip("10.0.0.2"), {"c1", "eth0"});
    store.set_last_given(0, ip("10.0.0.2"));
    CHECK(disk.read(scratch.path() / "cbr0" / "10.0.0.2") == "c1\r\neth0");
    CHECK(disk.read(scratch.path() / "cbr0" / "last_reserved_ip.0") == "10.0.0.2");
    CHECK(store.last_given(0) == ip("10.0.0.2"));
    CHECK_FALSE(store.last_given(1));
    CHECK(disk.names(scratch.path() / "cbr0")->size() == 3);
}

TEST_CASE("last_reserved_ip keeps the colons of IPv6, on Windows too") {
    const Scratch scratch;
    Disk disk;
    LeaseStore store(scratch.path(), disk);
    store.set_last_given(1, ip("fd00::5"));
    CHECK(disk.read(scratch.path() / "last_reserved_ip.1") == "fd00::5");
    CHECK(store.last_given(1) == ip("fd00::5"));
}

TEST_CASE("a broken last_reserved_ip costs the turn and nothing else") {
    const Scratch scratch;
    Disk disk;
    disk.write(scratch.path() / "last_reserved_ip.0", scratch.path() / "t", "10.0.");
    CHECK_FALSE(LeaseStore(scratch.path(), disk).last_given(0));
}

TEST_CASE("the leases of one owner, of the old form and of nobody are told apart") {
    const Scratch scratch;
    Disk disk;
    LeaseStore store(scratch.path(), disk);
    store.add(ip("10.0.0.2"), {"c1", "eth0"});
    store.add(ip("fd00::2"), {"c1", "eth0"});
    store.add(ip("10.0.0.3"), {"c1", "eth1"});
    store.add(ip("10.0.0.4"), {"c2", "eth0"});
    disk.write(scratch.path() / "10.0.0.5", scratch.path() / "t", "c1");
    disk.write(scratch.path() / "10.0.0.6", scratch.path() / "t", "");
    std::filesystem::create_directory(scratch.path() / "10.0.0.7");
    const auto holdings = store.holdings_of({"c1", "eth0"});
    CHECK(holdings.own.size() == 2);
    REQUIRE(holdings.by_id_only.size() == 1);
    CHECK(holdings.by_id_only[0].address == ip("10.0.0.5"));
    CHECK(holdings.broken.size() == 2);
    CHECK(store.is_taken(ip("10.0.0.7")));
    CHECK_FALSE(store.find(ip("10.0.0.7"))->read_error.empty());
    CHECK(store.addresses().size() == 7);
}

TEST_CASE("B77: the lock is the kernel's; a lock file that is left over, full of anything, does "
          "not matter") {
    const Scratch scratch;
    Disk disk;
    disk.write(scratch.path() / "lock", scratch.path() / "t", "{ half of a state fi");
    LeaseStore store(scratch.path(), disk);
    CHECK_NOTHROW((void)store.lock(patience));
    CHECK_NOTHROW((void)store.lock(patience));
}

TEST_CASE("a lock that others hold ends in code 11 naming the file") {
    const Scratch scratch;
    Disk disk;
    LeaseStore store(scratch.path(), disk);
    const auto held = store.lock(patience);
    try {
        (void)store.lock(std::chrono::milliseconds(30));
        FAIL("must not be had twice");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::try_again_later);
        CHECK(error.msg().find(libcni::utf8_of(scratch.path() / "lock")) != std::string::npos);
    }
}

TEST_CASE("what a crash left of a write is cleared away by the next call and never a lease") {
    const Scratch scratch;
    Disk disk;
    disk.write(scratch.path() / ".wincni-new", scratch.path() / "t", "c1\r\neth0");
    LeaseStore store(scratch.path(), disk);
    CHECK(store.addresses().empty());
    (void)store.lock(patience);
    CHECK_FALSE(disk.exists(scratch.path() / ".wincni-new"));
}

TEST_CASE("D3: names that Windows would take for something else are known") {
    using host_local::same_to_windows;
    using libcni::why_windows_misreads;
    for (const char* name : {"nul", "CON", "aux.x", "Com1", "lpt9.txt", "cbr0.", "a.."}) {
        CAPTURE(name);
        CHECK_FALSE(why_windows_misreads(name).empty());
    }
    for (const char* name : {"cbr0", "flannel.4096", "console", "nul0", "com", "com10", "com0"}) {
        CAPTURE(name);
        CHECK(why_windows_misreads(name).empty());
    }
    CHECK(same_to_windows({"vxlan0", "CBR0"}, "cbr0") == "CBR0");
    CHECK_FALSE(same_to_windows({"cbr0", "vxlan0"}, "cbr0"));
}

TEST_CASE("whether a folder could be used is found out without making it") {
    const Scratch scratch;
    CHECK(libcni::why_not_usable(scratch.path() / "a" / "b").empty());
    CHECK_FALSE(std::filesystem::exists(scratch.path() / "a"));
    Disk().write(scratch.path() / "file", scratch.path() / "t", "");
    CHECK_FALSE(libcni::why_not_usable(scratch.path() / "file" / "b").empty());
    CHECK_FALSE(libcni::why_not_usable(scratch.path() / "file").empty());
}
