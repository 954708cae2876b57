// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/free_address.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "libcni/base/text.hpp"
#include "libcni/log.hpp"
#include "plugins/common/attachment.hpp"
#include "plugins/common/ipam.hpp"
#include "plugins/common/refused.hpp"
#include "plugins/common/supported.hpp"

namespace plugins {

using hnsclient::Endpoint;
using libcni::Address;
using libcni::Error;
using libcni::Result;

namespace {

bool has(const Endpoint& endpoint, const Address& address) {
    return std::ranges::any_of(endpoint.addresses,
                               [&](const auto& own) { return own.address == address; });
}

/// "endpoint c7_cbr0 (8A1B..., of container c7, in namespace E000...)"
std::string shown(const Endpoint& holder, const std::string& network_name) {
    std::string text = "endpoint " + holder.name + " (" + holder.id;
    if (holder.is_remote) return text + ", a remote one of another node)";
    if (const auto name = read_endpoint_name(holder.name, network_name))
        text += ", of container " + name->container_id;
    else if (!holder.container_ids.empty())
        text += ", of container " + libcni::joined(holder.container_ids, ", ");
    text += holder.namespace_id.empty() ? "" : ", in namespace " + holder.namespace_id;
    const bool is_free = holder.namespace_id.empty() && holder.container_ids.empty();
    return text + (is_free ? ", which is attached to nothing)" : ")");
}

/// The search for an address that nobody has, after the first was refused.
class Search {
public:
    Search(const Order& order, AddressSource& source) : order_(order), source_(source) {}

    /// What IPAM gives next that no endpoint is known to have.
    Result after(const AddressTaken& refusal, const Result& refused) {
        look();
        require_of_others(refusal, refused);
        note(refused);
        given_.insert(addresses_in(refused));
        while (true) {
            Result next = ask(refusal);
            if (!given_.insert(addresses_in(next)).second)
                give_up(refusal, "IPAM gives " + addresses_in(next) + " again");
            if (given_.size() > others_.size() + spare)
                give_up(refusal, "that many were tried in vain");
            if (find_holder(next) == nullptr) return next;
            note(next);
        }
    }

private:
    /// Tries beyond the addresses that are known to be taken: other ADDs are on their way, too.
    static constexpr std::size_t spare = 8;

    /// Anew each time that HNS refuses one that was thought to be free.
    void look() { others_ = order_.hns.list_endpoints_of(order_.network.id); }

    /// An address that the pod's own endpoint has must not be given back: another ADD of the pod
    /// is on its way. A host port is taken with every address.
    void require_of_others(const AddressTaken& refusal, const Result& refused) const {
        const Endpoint* const holder = find_holder(refused);
        if (holder == nullptr ? refusal.may_be_port() : is_of_this_attachment(*holder))
            throw AddressTaken(refusal);
    }

    [[nodiscard]] bool is_of_this_attachment(const Endpoint& holder) const {
        return holder.name == order_.pod.endpoint_name && order_.owner.is_ours(order_.hns, holder);
    }

    [[nodiscard]] const Endpoint* find_holder(const Result& given) const {
        const auto it = std::ranges::find_if(others_, [&](const Endpoint& other) {
            return std::ranges::any_of(
                given.ips, [&](const auto& ip) { return has(other, ip.address.address()); });
        });
        return it == others_.end() ? nullptr : &*it;
    }

    void note(const Result& taken) {
        const Endpoint* const holder = find_holder(taken);
        const std::string who =
            holder != nullptr ? shown(*holder, order_.network.name)
                              : "no endpoint of network \"" + order_.network.name
                                    + "\": HNS keeps it for itself, or another network has it";
        taken_.push_back(addresses_in(taken) + " is held by " + who);
        libcni::log::warning("the address " + taken_.back() + "; asking IPAM for another one");
    }

    Result ask(const AddressTaken& refusal) {
        try {
            return source_.take_another();
        } catch (Error& error) {
            error.add_detail(refusal.msg());
            error.add_detail(what_is_taken());
            throw;
        }
    }

    [[nodiscard]] std::string what_is_taken() const {
        constexpr std::size_t most = 8;
        const auto shown_ones = std::vector<std::string>(
            taken_.begin(), taken_.begin() + static_cast<long>(std::min(most, taken_.size())));
        const std::size_t others = taken_.size() - shown_ones.size();
        return "address " + libcni::joined(shown_ones, "; address ")
               + (others == 0 ? "" : "; and " + std::to_string(others) + " more");
    }

    [[noreturn]] void give_up(const AddressTaken& refusal, const std::string& why) const {
        Error error = refusal;
        error.add_detail(what_is_taken());
        error.add_detail(why);
        error.add_detail("an endpoint whose pod is gone is removed by GC, or by hand: wincni hns "
                         "delete endpoint <ID>");
        throw error;
    }

    const Order& order_;
    AddressSource& source_;
    std::vector<Endpoint> others_;
    /// What IPAM gave so far.
    std::set<std::string> given_;
    /// Sentences on addresses that are taken.
    std::vector<std::string> taken_;
};

/// The endpoint with these addresses, or the refusal.
Made make(const Order& order, const Result& given, libcni::Undo& undo) {
    const Result addresses = supported_addresses(order.hns.abilities(), given);
    order.kind.require_fit(order.network, addresses);
    const Endpoint plan = order.kind.plan(order.pod, order.conf, order.network, addresses);
    return {.endpoint = make_endpoint(order.hns, plan, order.conf, order.network, undo),
            .addresses = addresses};
}

} // namespace

Made make_with_free_address(const Order& order, libcni::Undo& undo) {
    AddressSource source(order.hns, order.kind, order.request, order.owner, order.network, undo);
    Search search(order, source);
    Result given = source.take();
    while (true) {
        try {
            return make(order, given, undo);
        } catch (const AddressTaken& refusal) {
            if (given.ips.empty()) throw;
            given = search.after(refusal, given);
        }
    }
}

} // namespace plugins
