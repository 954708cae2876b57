// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "libcni/plugin.hpp"

/// A plugin that notes how it was called. ADD answers what `on_add` returns.
class RecordingPlugin : public libcni::Plugin {
public:
    [[nodiscard]] std::string_view name() const override { return "fake"; }

    [[nodiscard]] std::string_view about() const override { return "A plugin for tests."; }

    [[nodiscard]] libcni::Result add(const libcni::Request& request) const override {
        note("add", request);
        return on_add(request);
    }

    void del(const libcni::Request& request) const override { note("del", request); }

    void check(const libcni::Request& request) const override { note("check", request); }

    void status(const libcni::Request& request) const override { note("status", request); }

    void gc(const libcni::Request& request) const override { note("gc", request); }

    std::function<libcni::Result(const libcni::Request&)> on_add =
        [](const libcni::Request&) -> libcni::Result {
        return {.ips = {{.address = libcni::Cidr::parse("10.244.3.7/24").value()}}};
    };
    /// "add del", in order.
    mutable std::string called;
    /// The last request.
    mutable libcni::Request seen;

private:
    void note(const char* what, const libcni::Request& request) const {
        called += std::string(called.empty() ? "" : " ") + what;
        seen = request;
    }
};
