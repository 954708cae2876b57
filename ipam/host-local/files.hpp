// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace host_local {

namespace fs = std::filesystem;

/// What the lease store asks of the disk. A class of its own so that tests can let every operation
/// fail in turn. All functions throw libcni::Error(io_failure) naming the path.
class Files {
public:
    virtual ~Files() = default;

    /// The names in a folder, UTF-8, in no order; no value when there is no such folder.
    [[nodiscard]] virtual std::optional<std::vector<std::string>>
    names(const fs::path& folder) const = 0;

    /// True when something of that name is there, whatever it is.
    [[nodiscard]] virtual bool exists(const fs::path& path) const = 0;

    /// True when what is there is known to be no file: a folder, a device, a link that leads to
    /// none. Does not throw.
    [[nodiscard]] virtual bool is_no_file(const fs::path& path) const noexcept = 0;

    /// The whole file; no value when it is not there.
    [[nodiscard]] virtual std::optional<std::string> read(const fs::path& file) const = 0;

    /// As libcni::write_file_durably: afterwards there is the old file or the new one, whole.
    virtual void
    write(const fs::path& file, const fs::path& temporary, std::string_view content) = 0;

    /// False when there was nothing to remove.
    virtual bool remove(const fs::path& file) = 0;

    /// Makes a folder and those above it.
    virtual void make_folders(const fs::path& folder) = 0;
};

/// The disk itself.
class Disk final : public Files {
public:
    [[nodiscard]] std::optional<std::vector<std::string>>
    names(const fs::path& folder) const override;
    [[nodiscard]] bool exists(const fs::path& path) const override;
    [[nodiscard]] bool is_no_file(const fs::path& path) const noexcept override;
    [[nodiscard]] std::optional<std::string> read(const fs::path& file) const override;
    void write(const fs::path& file, const fs::path& temporary, std::string_view content) override;
    bool remove(const fs::path& file) override;
    void make_folders(const fs::path& folder) override;
};

} // namespace host_local
