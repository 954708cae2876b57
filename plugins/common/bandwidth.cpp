// SPDX-License-Identifier: Apache-2.0
#include "plugins/common/bandwidth.hpp"

#include <algorithm>
#include <string>
#include <variant>

#include <nlohmann/json.hpp>

#include "libcni/error.hpp"
#include "libcni/log.hpp"
#include "plugins/common/endpoint_policy.hpp"

namespace plugins {

using hnsclient::Policy;
using hnsclient::SharedPolicy;
using libcni::Error;
using libcni::ErrorCode;
using libcni::JsonReader;
using nlohmann::json;

namespace {

constexpr const char* qos = "QOS";
constexpr const char* limit_key = "MaximumOutgoingBandwidthInBytes";
constexpr const char* units = "rates are bits per second and bursts bits, both whole numbers; 0 or "
                              "no key at all means no limit";

/// 0 for a key that is absent.
std::uint64_t read_bits(const JsonReader& bandwidth, std::string_view key) {
    const auto found = bandwidth.find(key);
    return found ? found->number<std::uint64_t>() : 0;
}

std::uint64_t to_bytes(const JsonReader& bandwidth, std::uint64_t bits) {
    constexpr std::uint64_t bits_of_byte = 8;
    if (bits < bits_of_byte)
        throw Error(ErrorCode::invalid_network_config,
                    bandwidth.path() + ".egressRate is " + std::to_string(bits)
                        + ", which is less than a byte per second",
                    units);
    return bits / bits_of_byte;
}

std::optional<std::uint64_t> read_limit(const JsonReader& bandwidth) {
    if (const auto ingress = read_bits(bandwidth, "ingressRate"); ingress != 0)
        libcni::log::warning(bandwidth.path() + ".ingressRate " + std::to_string(ingress)
                             + " has no effect: Windows limits only what a pod sends (egressRate)");
    for (const char* burst : {"ingressBurst", "egressBurst"})
        (void)read_bits(bandwidth, burst);
    const auto egress = read_bits(bandwidth, "egressRate");
    if (egress == 0) return std::nullopt;
    return to_bytes(bandwidth, egress);
}

const SharedPolicy* find_qos(const Policy& policy) {
    const auto* const shared = std::get_if<SharedPolicy>(&policy);
    return shared != nullptr && shared->type == qos ? shared : nullptr;
}

/// The author's policy with the runtime's limit where that is lower; HNS knows 0 as no limit.
SharedPolicy lowered(const SharedPolicy& policy, std::uint64_t limit) {
    json settings = *policy.settings;
    try {
        const auto own = read_bits(JsonReader(settings, "the conf's QOS policy"), limit_key);
        if (own == 0 || own > limit) settings[limit_key] = limit;
    } catch (const libcni::BadShape& error) {
        throw Error(ErrorCode::invalid_network_config,
                    error.what(),
                    "of this limit and that in runtimeConfig.bandwidth the lower one counts");
    }
    return {.type = policy.type, .settings = std::move(settings)};
}

std::optional<std::uint64_t> find_limit(const SharedPolicy& policy) {
    const auto found = policy.settings->find(limit_key);
    if (found == policy.settings->end() || !found->is_number_unsigned()) return std::nullopt;
    const auto limit = found->get<std::uint64_t>();
    return limit == 0 ? std::nullopt : std::optional(limit);
}

} // namespace

std::optional<std::uint64_t> read_egress_limit(const JsonReader& conf) {
    const auto runtime = conf.find("runtimeConfig");
    const auto bandwidth = runtime ? runtime->find("bandwidth") : std::nullopt;
    if (!bandwidth) return std::nullopt;
    try {
        return read_limit(*bandwidth);
    } catch (const libcni::BadShape& error) {
        throw Error(ErrorCode::invalid_network_config, error.what(), units);
    }
}

void limit_egress(std::vector<Policy>& policies, std::uint64_t bytes_a_second) {
    std::vector<Policy> limited;
    bool has_qos = false;
    for (const auto& policy : policies) {
        const auto* const own = find_qos(policy);
        has_qos = has_qos || own != nullptr;
        add_new(limited, {own != nullptr ? Policy(lowered(*own, bytes_a_second)) : policy});
    }
    if (!has_qos)
        limited.emplace_back(
            SharedPolicy{.type = qos, .settings = json{{limit_key, bytes_a_second}}});
    policies = std::move(limited);
}

std::optional<std::uint64_t> egress_limit_in(const std::vector<Policy>& policies) {
    std::optional<std::uint64_t> lowest;
    for (const auto& policy : policies) {
        const auto* const own = find_qos(policy);
        const auto limit = own != nullptr ? find_limit(*own) : std::nullopt;
        if (limit && (!lowest || *limit < *lowest)) lowest = limit;
    }
    return lowest;
}

} // namespace plugins
