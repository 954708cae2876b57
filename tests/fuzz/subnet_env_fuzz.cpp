// SPDX-License-Identifier: Apache-2.0
// subnet.env is understood or an error that names the fault, and what was understood makes a conf.
#include <nlohmann/json.hpp>

#include "libcni/error.hpp"
#include "plugins/flannel/delegate_conf.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

void check(const flannel::SubnetEnv& env) {
    must(!env.networks.empty());
    must(env.subnets.size() == 1 || env.subnets.size() == 2);
    for (const auto& subnet : env.subnets)
        must(subnet == subnet.network());
    must(env.subnets.front() == env.subnets.back()
         || (env.subnets.front().is_v4() && !env.subnets.back().is_v4()));
    static const auto conf = libcni::parse_config(R"({"name": "n"})");
    const auto ipam = flannel::make_delegate_conf(conf, env).at("ipam");
    must(ipam.contains(env.subnets.size() == 1 ? "subnet" : "ranges"));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        check(flannel::parse_subnet_env(text_of(data, size)));
    } catch (const libcni::Error& error) {
        must(!error.msg().empty() && !error.details().empty());
    }
    return 0;
}
