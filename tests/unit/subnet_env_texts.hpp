// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

/// subnet.env as flanneld writes it.
inline const std::string usual_subnet_env = "FLANNEL_NETWORK=10.244.0.0/16\n"
                                            "FLANNEL_SUBNET=10.244.4.1/24\n"
                                            "FLANNEL_MTU=1450\n"
                                            "FLANNEL_IPMASQ=true\n";

/// What flanneld writes besides, where pods have IPv6.
inline const std::string ipv6_subnet_env = "FLANNEL_IPV6_NETWORK=fd00:10:244::/48\n"
                                           "FLANNEL_IPV6_SUBNET=fd00:10:244:4::1/64\n";
