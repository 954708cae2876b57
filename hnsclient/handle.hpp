// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <memory>
#include <string_view>

#include "hnsclient/api.hpp"
#include "hnsclient/closing.hpp"

namespace hnsclient {

/// How a handle is closed: by that function, in the hands of `closing`, which must outlive it.
struct Closer {
    Closing* closing = nullptr;
    const char* operation = nullptr;
    api::HResult (*function)(api::Handle) = nullptr;

    void operator()(void* handle) const noexcept { closing->close(operation, function, handle); }
};

/// Owns one HCN handle. Tag keeps networks, endpoints and namespaces apart: in C they are all
/// void*. Closing a handle never deletes the HNS object behind it.
template <class Tag>
class UniqueHandle {
public:
    explicit UniqueHandle(Closer closer) : owned_(nullptr, closer) {}

    [[nodiscard]] api::Handle get() const noexcept { return owned_.get(); }

    /// For an out parameter; the old handle is closed first, the new one taken when the expression
    /// ends.
    class Out {
    public:
        explicit Out(UniqueHandle& owner) : owner_(owner) { owner_.owned_.reset(); }

        ~Out() { owner_.owned_.reset(raw_); }

        Out(const Out&) = delete;
        Out& operator=(const Out&) = delete;

        operator api::Handle*() noexcept { return &raw_; } // NOLINT(google-explicit-constructor)

    private:
        UniqueHandle& owner_;
        api::Handle raw_ = nullptr;
    };

    [[nodiscard]] Out out() { return Out(*this); }

    void reset() noexcept { owned_.reset(); }

private:
    std::unique_ptr<void, Closer> owned_;
};

using NetworkHandle = UniqueHandle<struct NetworkTag>;
using EndpointHandle = UniqueHandle<struct EndpointTag>;
using NamespaceHandle = UniqueHandle<struct NamespaceTag>;
using ComputeSystemHandle = UniqueHandle<struct ComputeSystemTag>;

/// A string that HNS allocated with CoTaskMemAlloc.
class CoTaskString {
public:
    explicit CoTaskString(void (*free)(void*)) : free_(free) {}

    ~CoTaskString() {
        if (raw_ != nullptr) free_(raw_);
    }

    CoTaskString(const CoTaskString&) = delete;
    CoTaskString& operator=(const CoTaskString&) = delete;

    /// For one call only: a second one would leak the first string.
    [[nodiscard]] api::WideOut out() noexcept {
        assert(raw_ == nullptr);
        return &raw_;
    }

    [[nodiscard]] std::u16string_view view() const noexcept {
        return raw_ == nullptr ? std::u16string_view() : std::u16string_view(raw_);
    }

private:
    void (*free_)(void*);
    char16_t* raw_ = nullptr;
};

} // namespace hnsclient
