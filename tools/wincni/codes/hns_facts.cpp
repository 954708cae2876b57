// SPDX-License-Identifier: Apache-2.0
#include "tools/wincni/codes/hns_facts.hpp"

#include <algorithm>
#include <array>

namespace wincni::codes {

namespace {

struct Sentence {
    std::uint32_t code;
    std::string_view text;
};

constexpr std::array sentences{
    Sentence{0x803B0001, "The network was not found"},
    Sentence{0x803B0002, "The endpoint was not found"},
    Sentence{0x803B0003, "The network's underlying layer was not found"},
    Sentence{0x803B0004, "The virtual switch was not found"},
    Sentence{0x803B0005, "The network does not have a subnet for this endpoint"},
    Sentence{0x803B0006, "An adapter was not found"},
    Sentence{0x803B0007, "The switch-port was not found"},
    Sentence{0x803B0008, "An expected policy was not found"},
    Sentence{0x803B0009, "A required VFP port setting was not found"},
    Sentence{0x803B000A, "The provided network configuration is invalid or missing parameters"},
    Sentence{0x803B000B, "Invalid network type"},
    Sentence{0x803B000C, "The provided endpoint configuration is invalid or missing parameters"},
    Sentence{0x803B000D, "The provided policy configuration is invalid or missing parameters"},
    Sentence{0x803B000E, "Invalid policy type"},
    Sentence{0x803B000F, "This requested operation is invalid for a remote endpoint"},
    Sentence{0x803B0010, "A network with this name already exists"},
    Sentence{0x803B0011, "A network with this name already exists"},
    Sentence{0x803B0012, "Policy information already exists on this object"},
    Sentence{0x803B0013, "The specified port already exists"},
    Sentence{0x803B0014, "This endpoint is already attached to the switch"},
    Sentence{0x803B0015, "The specified request is unsupported"},
    Sentence{0x803B0016, "Port mapping is not supported on the given network"},
    Sentence{0x803B0017, "There was an operation attempted on a degraded object"},
    Sentence{0x803B0018, "Cannot modify a switch shared by multiple networks"},
    Sentence{0x803B0019, "Failed to interpret a parameter as a GUID"},
    Sentence{0x803B001A, "Failed to process registry key"},
    Sentence{0x803B001B, "Invalid JSON document string"},
    Sentence{0x803B001C, "The reference is invalid in the JSON document"},
    Sentence{0x803B001D, "Endpoint sharing is disabled"},
    Sentence{0x803B001E, "IP address is either invalid or not part of any configured subnet(s)"},
    Sentence{0x803B001F, "The specified switch extension does not exist on this switch"},
    Sentence{0x803B0020, "Operation cannot be performed while service is stopping"},
    Sentence{0x803B0021, "GCN: Operation cannot be performed while service module not found"},
    Sentence{0x803B0022, "GCN: Request Handlers not present to handle the JSON request"},
    Sentence{0x803B0023, "GCN: The specified request is unsupported"},
    Sentence{0x803B0024, "GCN: Add runtime keys to container failed"},
    Sentence{0x803B0025,
             "GCN: Timeout while waiting for network adapter with the given instance id"},
    Sentence{0x803B0026, "GCN: Network adapter not found for the given instance id"},
    Sentence{0x803B0027, "GCN: Network compartment not found for the given id"},
    Sentence{0x803B0028, "GCN: Network interface not found for the given id"},
    Sentence{0x803B0029, "GCN: Default Namespace already exists"},
    Sentence{
        0x803B002A,
        "Internet Connection Sharing service (SharedAccess) is disabled and cannot be started"},
    Sentence{
        0x803B002B,
        "This requested operation is invalid as endpoint is already part of a network namespace"},
    Sentence{0x803B002C, "The specified entity cannot be removed while it still has references"},
    Sentence{0x803B002D, "The internal port must exist and cannot be zero"},
    Sentence{0x803B002E, "The requested operation for attach namespace failed"},
    Sentence{0x803B002F, "An address provided is invalid or reserved"},
    Sentence{0x803B0030, "The prefix provided is invalid"},
    Sentence{0x803B0031, "A call was performed against an object that was torn down"},
    Sentence{0x803B0032, "The provided subnet configuration is invalid or missing parameters"},
    Sentence{0x803B0033, "The provided IP subnet configuration is invalid or missing parameters"},
    Sentence{0x803B0034, "The endpoint must be attached to complete the operation"},
    Sentence{0x803B0035, "The endpoint must be local to complete the operation"},
    Sentence{0x803B0036, "Cannot apply more than one InterfaceParameters policy"},
    Sentence{0x803B0037, "A network of this type can not be created because VFP is not available"},
    Sentence{0x80004001, "Not implemented"},
    Sentence{0x8000FFFF, "Catastrophic failure"},
    Sentence{0x80010108, "The object invoked has disconnected from its clients"},
    Sentence{0x80070002, "The system cannot find the file specified"},
    Sentence{0x80070005, "Access is denied"},
    Sentence{0x80070015, "The device is not ready"},
    Sentence{0x80070020,
             "The process cannot access the file because it is being used by another process"},
    Sentence{0x80070032, "The request is not supported"},
    Sentence{0x80070034, "You were not connected because a duplicate name exists on the network"},
    Sentence{0x80070057, "The parameter is incorrect"},
    Sentence{0x8007007E, "The specified module could not be found"},
    Sentence{0x80070422,
             "The service cannot be started, either because it is disabled or because it has no "
             "enabled devices associated with it"},
    Sentence{0x80070426, "The service has not been started"},
    Sentence{0x80070490, "Element not found"},
    Sentence{0x800705B4, "This operation returned because the timeout period expired"},
    Sentence{0x800706BA, "The RPC server is unavailable"},
    Sentence{0x800706BB, "The RPC server is too busy to complete this operation"},
    Sentence{0x800706BE, "The remote procedure call failed"},
    Sentence{0x800706BF, "The remote procedure call failed and did not execute"},
    Sentence{0x800706D9, "There are no more endpoints available from the endpoint mapper"},
    Sentence{0x80071392, "The object already exists"},
    Sentence{0x80370105,
             "The virtual machine or container is not in a valid state to perform the requested "
             "operation"},
    Sentence{0x8037010E,
             "A virtual machine or container with the specified identifier does not exist"},
};

constexpr std::array reports{
    Report{0x80070020,
           "a host port is in use by a process or another container (Windows 10 and 11)",
           "https://github.com/sitecorelabs/xmcloud-foundation-head-dev/issues/143"},
    Report{0x80070034,
           "the ICS network of WSL is made again while its name is kept",
           "https://github.com/ocroz/wsl2-boot/issues/3"},
    Report{0x80070057,
           "a network's JSON has a value that HNS cannot use",
           "https://github.com/kubernetes-sigs/sig-windows-tools/issues/249"},
    Report{0x80070057,
           "an endpoint is attached a second time, by the second ADD of one pod",
           "https://github.com/ovn-kubernetes/ovn-kubernetes/issues/576"},
    Report{0x8007007E,
           "Windows Server 1803 and older have no computenetwork.dll",
           "https://github.com/microsoft/SDN/issues/371"},
    Report{0x80070426,
           "HNS runs, but a service that it needs does not (SharedAccess, ...)",
           "https://github.com/docker/for-win/issues/8226"},
    Report{0x80070490,
           "after a restart of the node HNS has lost the network, and nobody has made it again yet",
           "https://github.com/Azure/azure-container-networking/issues/283"},
    Report{0x800706BA,
           "HNS crashed; it took two minutes to come back",
           "https://github.com/microsoft/hcsshim/issues/2155"},
    Report{0x800706D9,
           "HNS is not running, or has not registered with RPC yet",
           "https://github.com/docker/for-win/issues/6535"},
    Report{0x80071392,
           "an endpoint with the address is there already (Windows Server 2019)",
           "https://github.com/kubernetes/kubernetes/issues/74766"},
    Report{0x80071392,
           "a host port is mapped twice (Windows Server 2016)",
           "https://github.com/moby/moby/issues/35023"},
    Report{0x8037010E,
           "the container has ended before its endpoint was attached",
           "https://github.com/ovn-kubernetes/ovn-kubernetes/issues/390"},
    Report{0x803B0001,
           "the network that the conf names is gone",
           "https://github.com/Azure/aks-engine/issues/3900"},
    Report{0x803B0002,
           "HNS lost the endpoint between ADD and the start of the container",
           "https://github.com/kubernetes-sigs/sig-windows-tools/issues/91"},
    Report{0x803B0002,
           "DEL of an endpoint that is gone already: that is success",
           "https://github.com/Azure/azure-container-networking/issues/715"},
    Report{0x803B0006,
           "no adapter of that name, or the one that HNS would use is taken by another switch",
           "https://github.com/microsoft/SDN/issues/269"},
    Report{0x803B0006,
           "a second L2Bridge network right after the first was deleted: the adapter is not back "
           "for up to 20 s",
           "https://github.com/microsoft/hcsshim/issues/95"},
    Report{0x803B0008,
           "a policy of the endpoint is gone from the switch",
           "https://github.com/microsoft/SDN/issues/273"},
    Report{0x803B000A,
           "a prefix or gateway of a new network is wrong",
           "https://github.com/microsoft/containers-toolkit/issues/24"},
    Report{0x803B000D,
           "an ACL with a value that HNS does not know",
           "https://github.com/microsoft/hcsshim/issues/1059"},
    Report{0x803B000D,
           "OutBoundNAT with Destinations (loopback DSR) on a client Windows",
           "https://github.com/projectcalico/calico/issues/8465"},
    Report{0x803B000E,
           "a policy type that this Windows does not have",
           "https://github.com/microsoft/hcsshim/issues/470"},
    Report{0x803B0010,
           "HNS keeps the name of a network that it no longer lists; a restart of HNS or of the "
           "node helps",
           "https://github.com/microsoft/hcsshim/issues/850"},
    Report{0x803B0010,
           "the same, and Restart-Service hns failed, too",
           "https://github.com/Siemens-Healthineers/K2s/issues/1468"},
    Report{0x803B0013,
           "a host port on an L2Bridge network without flag 1 of PortMapping (Windows 10 21H1)",
           "https://github.com/moby/moby/issues/42426"},
    Report{0x803B0013, "the host port is taken", "https://github.com/moby/moby/issues/41094"},
    Report{0x803B0014,
           "an endpoint that is attached is attached again",
           "https://github.com/projectcalico/calico/issues/4280"},
    Report{0x803B0015,
           "a namespace in which HNS still lists containers is deleted",
           "https://github.com/microsoft/Windows-Containers/issues/485"},
    Report{0x803B0017,
           "only a restart of HNS or of Windows helped",
           "https://github.com/microsoft/WSL/issues/10483"},
    Report{0x803B0017,
           "a placeholder was left in the exceptions: HNS takes it, and the pod fails at start",
           "https://github.com/containerd/containerd/issues/5729"},
    Report{0x803B001B,
           "the JSON has a member that HCN's schema does not know; HNS names it",
           "https://www.tunbury.org/2025/06/14/windows-containerd/"},
    Report{0x803B001C,
           "an object without the reference to its network",
           "https://github.com/microsoft/Windows-Containers/issues/103"},
    Report{0x803B001E,
           "the address is outside of the network's subnet: the node got another pod subnet, and "
           "the network is the old one",
           "https://github.com/kubernetes-sigs/sig-windows-tools/issues/250"},
    Report{0x803B002E,
           "comes when the container starts, long after ADD: the endpoint's policies were taken "
           "without a look at them",
           "https://github.com/containerd/containerd/issues/5729"},
    Report{0x803B002F,
           "kube-proxy's source VIP is taken",
           "https://github.com/kubernetes-sigs/sig-windows-tools/issues/71"},
    Report{0x803B002F,
           "two endpoints with one address (Windows Server 2004)",
           "https://github.com/kubernetes/kubernetes/issues/100962"},
};

} // namespace

std::string_view sentence_of(std::uint32_t code) noexcept {
    const auto found = std::ranges::find(sentences, code, &Sentence::code);
    return found == sentences.end() ? std::string_view() : found->text;
}

std::vector<Report> reports_of(std::uint32_t code) {
    std::vector<Report> found;
    std::ranges::copy_if(reports, std::back_inserter(found), [&](const Report& report) {
        return report.code == code;
    });
    return found;
}

std::vector<std::uint32_t> codes_of_sentence(std::string_view text) {
    std::vector<std::uint32_t> codes;
    for (const Sentence& sentence : sentences)
        if (text.find(sentence.text) != std::string_view::npos) codes.push_back(sentence.code);
    return codes;
}

} // namespace wincni::codes
