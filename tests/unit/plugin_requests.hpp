// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "libcni/request.hpp"

/// The request for container c1 on network cbr0 with these keys in its conf.
inline libcni::Request request_with(nlohmann::json conf, const std::string& args = {}) {
    conf["cniVersion"] = "1.1.0";
    conf["name"] = "cbr0";
    libcni::Request request;
    request.command = libcni::Command::add;
    request.container_id = "c1";
    request.netns = "E0000000-FA4E-4000-A000-000000000001";
    request.interface_name = "eth0";
    request.args = libcni::parse_cni_args(args);
    request.conf = libcni::parse_config(conf.dump());
    return request;
}
