#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails when a file includes what its folder may not include.

usage: check_includes.py [ROOT]        checks every C++ file below ROOT (this repository)
       check_includes.py --self-test   checks this script
"""
import fnmatch
import pathlib
import re
import sys

# What a folder may include of ours. The longest folder that holds a file decides; "*" is everything, and an
# entry is a header or a folder. Nothing includes upward. A plugin may include what its meson.build links it with.
LAYERS = {
    # Text and platform, free of HNS and CNI.
    "libcni/base": ["libcni/base/"],
    "libcni": ["libcni/"],
    "hnsclient": ["hnsclient/", "libcni/base/", "libcni/ip.hpp", "libcni/json_reader.hpp", "libcni/json_value.hpp"],
    # Written against the C API alone, so that it cannot share a misunderstanding with the client.
    "hnsclient/emulator": ["hnsclient/emulator/", "hnsclient/api.hpp", "hnsclient/guid.hpp", "libcni/base/",
                           "libcni/ip.hpp"],
    "ipam/host-local": ["ipam/host-local/", "libcni/"],
    # Who holds an address is asked of host-local's files, which both suites write.
    "plugins/common": ["plugins/common/", "hnsclient/", "libcni/", "ipam/host-local/lease_holder.hpp"],
    # plugins/<name>: see layers_of_plugins().
    # wincni is a plugin, too, for confs of the type of Microsoft's first one; and it asks the plugins' own readers what
    # they say of a conf, so that it never calls good what they refuse.
    "tools": ["tools/", "hnsclient/", "libcni/", "plugins/", "ipam/host-local/"],
    "tests": ["*"],
}

# Files that know nothing of ours but their own header and what is named here: the floor of the house.
LEAVES = {
    "libcni/ip.*": [],
    "libcni/json_reader.*": ["libcni/base/text.hpp"],
    "libcni/json_value.*": [],
    "libcni/version.hpp": [],
    "hnsclient/api.hpp": [],
    "hnsclient/guid.*": ["hnsclient/api.hpp"],
}

# The emulator is seen by itself, by tests, and by the one file that puts it in HNS's place on Linux.
EMULATOR = "hnsclient/emulator/"
EMULATOR_USERS = ["hnsclient/emulator/*", "hnsclient/api_emulated.cpp", "tests/*"]

# Who may include headers that cost seconds to compile, kilobytes of .exe, or the other platform.
OUTSIDE = {
    "spdlog/*": ["libcni/log_line.cpp"],
    "fmt/*": ["libcni/log_line.cpp"],
    "boost/process*": ["libcni/child_process.cpp", "tests/unit/fake_plugin.cpp"],
    "boost/asio*": ["libcni/ip.*", "libcni/child_process.cpp"],
    "boost/uuid*": ["hnsclient/guid.cpp"],
    "CLI/*": ["tools/wincni/command_line*.cpp"],
    "doctest/*": ["tests/*"],
    "iostream": ["tests/*"],
    # Other headers say libcni::JsonValue or include nlohmann/json_fwd.hpp.
    "nlohmann/json.hpp": ["*.cpp", "tests/*", "hnsclient/answers.hpp", "hnsclient/emulator/service.hpp"],
    **dict.fromkeys(["windows.h", "win*.h", "objbase.h", "combaseapi.h", "shellapi.h", "computenetwork.h"],
                    ["*_windows.cpp", "hnsclient/emulator/*_dll.cpp", "tests/*"]),
    **dict.fromkeys(["unistd.h", "sys/*", "dirent.h"], ["*_linux.cpp", "tests/*"]),
}

# The folders of libraries that plugins are linked with; that of another plugin has its name.
FOLDER_OF_LIBRARY = {"libcni": "libcni", "plugins_common": "plugins/common"}
LIBRARY = re.compile(r"\b(\w+)_dep\b")
INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')


def layers_of_plugins(meson_files):
    """The entries of LAYERS for the plugins with these names and texts of meson.build: each its own folder, and what
    the libraries that the text names are and may include."""
    def entries_of(name):
        entries = [f"plugins/{name}/"]
        for library in LIBRARY.findall(meson_files[name]):
            folder = FOLDER_OF_LIBRARY.get(library)
            other = library.replace("_", "-")
            if folder:
                entries += [f"{folder}/", *LAYERS[folder]]
            elif other != name and other in meson_files:
                entries += entries_of(other)
        return sorted(set(entries))

    return {f"plugins/{name}": entries_of(name) for name in meson_files}


def is_one_of(name, patterns):
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def layer_of(file):
    folders = [folder for folder in LAYERS if file.startswith(folder + "/")]
    return max(folders, key=len, default=None)


def allowed_by_layer(file, header):
    layer = layer_of(file)
    if layer is None:
        return False
    return any(entry in ("*", header) or (entry.endswith("/") and header.startswith(entry))
               for entry in LAYERS[layer])


def why_not(file, kind, header):
    """A sentence when the file may not include the header, else None."""
    if kind == "<":
        users = [users for pattern, users in OUTSIDE.items() if fnmatch.fnmatchcase(header, pattern)]
        return None if all(is_one_of(file, allowed) for allowed in users) else "only " + ", ".join(users[0]) + " may"
    if not allowed_by_layer(file, header):
        return f"{layer_of(file) or file} may include {', '.join(LAYERS.get(layer_of(file), ['nothing']))}"
    if header.startswith(EMULATOR) and not is_one_of(file, EMULATOR_USERS):
        return "nothing but tests may know the emulator"
    own = header.rpartition(".")[0] == file.rpartition(".")[0]
    if not own and any(header not in known for leaf, known in LEAVES.items() if fnmatch.fnmatchcase(file, leaf)):
        return "it is a leaf"
    return None


def faults_in(file, text):
    """Sentences on what is wrong with a file, by its path from the root."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        reason = why_not(file, match[1], match[2]) if match else None
        if reason:
            found.append(f"{file}:{number}: must not include {match[2]}: {reason}")
    return found


def check(root):
    LAYERS.update(layers_of_plugins({file.parent.name: file.read_text("utf-8")
                                     for file in (root / "plugins").glob("*/meson.build")}))
    files = sorted(file for folder in {layer.split("/")[0] for layer in LAYERS}
                   for file in (root / folder).rglob("*.[ch]pp"))
    faults = [fault for file in files
              for fault in faults_in(file.relative_to(root).as_posix(), file.read_text("utf-8"))]
    print("\n".join([*faults, f"{len(files)} files, {len(faults)} forbidden includes"]))
    return 1 if faults or not files else 0


def self_test():
    LAYERS.update(layers_of_plugins({
        "flannel": "flannel_dep = declare_dependency(link_with: flannel, dependencies: libcni_dep)",
        "win-bridge": "win_bridge_dep = declare_dependency(dependencies: plugins_common_dep)",
        "win-overlay": "win_overlay_dep = declare_dependency(dependencies: plugins_common_dep)",
        "sdnbridge": "sdnbridge_dep = declare_dependency(dependencies: win_bridge_dep)"}))
    good = [
        ("libcni/error.cpp", '#include "libcni/error.hpp"'),
        ("libcni/ip.cpp", '#include "libcni/ip.hpp"'),
        ("libcni/log.cpp", '#include "libcni/base/platform.hpp"'),
        ("libcni/json_reader.cpp", '#include "libcni/base/text.hpp"'),
        ("libcni/base/files.cpp", '#include "libcni/base/platform.hpp"'),
        ("hnsclient/client.cpp", '#include "libcni/json_reader.hpp"'),
        ("hnsclient/api_emulated.cpp", '#include "hnsclient/emulator/emulator.hpp"'),
        ("hnsclient/error.cpp", '#include "libcni/base/text.hpp"'),
        ("hnsclient/emulator/a.cpp", '#include "hnsclient/guid.hpp"'),
        ("hnsclient/emulator/a.cpp", '#include "libcni/base/files.hpp"'),
        ("hnsclient/guid.hpp", '#include "hnsclient/api.hpp"'),
        ("plugins/win-bridge/a.cpp", '#include "plugins/win-bridge/a.hpp"'),
        ("plugins/win-bridge/a.cpp", '#include "plugins/common/a.hpp"'),
        ("plugins/sdnbridge/a.cpp", '#include "plugins/win-bridge/a.hpp"'),
        ("plugins/sdnbridge/a.cpp", '#include "plugins/common/a.hpp"'),
        ("plugins/flannel/a.cpp", '#include "libcni/error.hpp"'),
        ("tests/unit/a_test.cpp", '#include "ipam/host-local/ranges.hpp"'),
        ("tests/unit/a_test.cpp", "#include <doctest/doctest.h>"),
        ("libcni/child_process.cpp", "#include <boost/process/child.hpp>"),
        ("libcni/log_line.cpp", "#include <spdlog/pattern_formatter.h>"),
        ("libcni/base/platform_windows.cpp", "#include <windows.h>"),
        ("libcni/ip.hpp", "#include <boost/asio/ip/address.hpp>"),
        ("libcni/error.cpp", "// #include <windows.h>"),
        ("libcni/error.cpp", "#include <nlohmann/json.hpp>"),
        ("libcni/json_value.hpp", "#include <nlohmann/json_fwd.hpp>"),
        ("hnsclient/answers.hpp", "#include <nlohmann/json.hpp>"),
        ("tests/unit/recordings.hpp", "#include <nlohmann/json.hpp>"),
        ("tools/wincni/a.cpp", '#include "hnsclient/client.hpp"'),
        ("tools/wincni/a.cpp", '#include "plugins/common/a.hpp"'),
    ]
    bad = [
        ("libcni/error.cpp", '#include "hnsclient/error.hpp"'),
        ("libcni/ip.cpp", '#include "libcni/error.hpp"'),
        ("libcni/ip.cpp", '#include "libcni/base/text.hpp"'),
        ("libcni/base/files.cpp", '#include "libcni/error.hpp"'),
        ("libcni/base/files.cpp", '#include "hnsclient/guid.hpp"'),
        ("libcni/json_reader.cpp", '#include "libcni/base/platform.hpp"'),
        ("hnsclient/guid.cpp", '#include "libcni/json_reader.hpp"'),
        ("hnsclient/emulator/a.cpp", '#include "libcni/files.hpp"'),
        ("hnsclient/client.cpp", '#include "libcni/error.hpp"'),
        ("hnsclient/client.cpp", '#include "hnsclient/emulator/emulator.hpp"'),
        ("hnsclient/emulator/a.cpp", '#include "hnsclient/client.hpp"'),
        ("plugins/win-bridge/a.cpp", '#include "plugins/win-overlay/a.hpp"'),
        ("plugins/sdnbridge/a.cpp", '#include "plugins/win-overlay/a.hpp"'),
        ("plugins/win-bridge/a.cpp", '#include "plugins/sdnbridge/a.hpp"'),
        ("plugins/flannel/a.cpp", '#include "hnsclient/client.hpp"'),
        ("plugins/flannel/a.cpp", '#include "plugins/common/a.hpp"'),
        ("plugins/nowhere/a.cpp", '#include "libcni/error.hpp"'),
        ("plugins/common/a.cpp", '#include "plugins/win-bridge/a.hpp"'),
        ("ipam/host-local/a.cpp", '#include "hnsclient/client.hpp"'),
        ("tools/wincni/a.cpp", '#include "tests/unit/scratch.hpp"'),
        ("tools/wincni/a.cpp", '#include "hnsclient/emulator/emulator.hpp"'),
        ("nowhere/a.cpp", '#include "libcni/ip.hpp"'),
        ("libcni/log.cpp", "#include <boost/process.hpp>"),
        ("libcni/error.cpp", "#include <spdlog/spdlog.h>"),
        ("plugins/common/a.cpp", "#include <boost/process.hpp>"),
        ("plugins/common/a.cpp", "#  include  <windows.h>"),
        ("tools/wincni/main.cpp", "#include <CLI/CLI.hpp>"),
        ("libcni/error.hpp", "#include <doctest/doctest.h>"),
        ("libcni/names.cpp", "#include <sys/file.h>"),
        ("libcni/json_value.hpp", "#include <nlohmann/json.hpp>"),
        ("plugins/common/a.hpp", "#include <nlohmann/json.hpp>"),
    ]
    wrong = [case for case in good if faults_in(*case)] + [case for case in bad if not faults_in(*case)]
    print("\n".join([f"decided wrongly: {file}: {line}" for file, line in wrong]
                    + [f"{len(good) + len(bad)} cases, {len(wrong)} wrong"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        sys.exit(self_test())
    here = pathlib.Path(__file__).resolve().parent.parent
    sys.exit(check(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here))
