// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/codes/cni_facts.hpp"

#include <array>

namespace wincni::codes {

namespace {

constexpr std::array all{
    CniCode{
        1,
        "incompatible CNI version",
        "the conf's cniVersion is unknown to the plugin, or older than the command: CHECK needs "
        "0.4.0, STATUS and GC 1.1.0",
        "correct cniVersion; the plugin's VERSION command lists what it knows"},
    CniCode{2,
            "unsupported field",
            "the conf has a key with a value that the plugin does not support",
            "the message names key and value; this suite answers with code 7 instead"},
    CniCode{3,
            "unknown container",
            "the container does not exist; the runtime need not call DEL",
            "look at the container's runtime; this suite never answers with it"},
    CniCode{4,
            "environment",
            "a CNI_* variable is missing or malformed, or names what is not there",
            "the message names the variable; runtimes set them, by hand set them as the spec says"},
    CniCode{5,
            "input/output",
            "a file or folder cannot be read, written or locked",
            "the message names the path; look at its rights, at the disk, and for scanners"},
    CniCode{6,
            "decoding",
            "the conf is not JSON, or a key has the wrong type",
            "the message names line and column, or the key"},
    CniCode{7,
            "configuration",
            "the conf asks for something that cannot be",
            "the message names the key or the network"},
    CniCode{
        11,
        "try again later",
        "HNS is down or busy, or something is not there yet: a network, its management address, "
        "subnet.env",
        "the runtime tries again; if it stays, look at what the message names: Get-Service hns, "
        "flanneld's log"},
    CniCode{50,
            "not available",
            "STATUS: an ADD would fail now, for the reason in the message",
            "as the message's details say"},
    CniCode{51,
            "limited connectivity",
            "STATUS: new pods would work, those that run have limited connectivity",
            "as the message's details say"},
    CniCode{100,
            "HNS",
            "HNS refused what it was asked for",
            "the message holds the function and the HRESULT: ask wincni code for it"},
    CniCode{101,
            "CHECK",
            "the attachment is not as ADD made it; details list every difference",
            "the pod needs a new sandbox"},
    CniCode{102,
            "delegate",
            "an IPAM plugin, or flannel's delegate, could not be started or printed no CNI answer",
            "the details show what it printed"},
    CniCode{999,
            "other",
            "the address that was asked for is taken, or a range is full; else a fault of wincni",
            "take another address, or free some (GC does); please report faults of wincni"},
};

} // namespace

std::span<const CniCode> cni_codes() noexcept {
    return all;
}

} // namespace wincni::codes
