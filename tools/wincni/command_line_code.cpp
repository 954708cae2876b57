// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <CLI/CLI.hpp>

#include "tools/wincni/codes/code.hpp"
#include "tools/wincni/command_groups.hpp"

namespace wincni {

void add_code(CLI::App& root, Action& action) {
    const auto options = std::make_shared<codes::CodeOptions>();
    CLI::App& app =
        *root.add_subcommand("code", "What an HRESULT, a CNI error code or a rule of lint means");
    app.footer("Examples, in PowerShell as in sh:\n"
               "  wincni code 0x803b000d\n"
               "  wincni code 11 INVALID_POLICY\n"
               "  wincni code \"hcnCreateEndpoint failed in Win32: ... (0x803b001e)\"");
    app.add_option("CODE", options->texts, "a number, a name, or a message that holds one")
        ->required()
        ->type_name("");
    app.add_flag_callback(
        "--json", [options] { options->format = Format::json; }, "one JSON document");
    app.callback([options, &action] { action = [options] { return codes::explain(*options); }; });
}

} // namespace wincni
