# SPDX-License-Identifier: Apache-2.0
"""Replays what the Go plugins were recorded doing (tests/golden/<plugin>/) and compares what HNS, the files and
the caller end up with.

Each step of a case holds "reference" (recorded from the Go plugin, never rewritten) and "wincni" (what ours
does). Where the two differ, the step's "differs" names the reasons, each an entry of docs/differences.md.
`WINCNI_ACCEPT=1` rewrites "wincni"; "differs" is written by people. tests/golden/import.py makes the cases.

What HNS holds before the first step is a file of tests/golden/states/, which the case names. The number of HNS calls
of ours is stated as "hnsCallsAtMost": fewer are always right, and WINCNI_ACCEPT keeps a bound that holds. The
reference's "hnsCalls" are as recorded.

`--group win-overlay` runs the cases of one plugin.
"""
import argparse
import json
import os
import re
import sys
import unittest

import harness
from harness import (EmulatorTestCase, documented_differences, host_path, leases_in, main, plugin_folders,
                     run_plugin)

GOLDEN = harness.ROOT / "tests" / "golden"
STATES = GOLDEN / "states"
GROUPS = ("flannel", "host-local", "win-bridge", "win-overlay")
ACCEPT = os.environ.get("WINCNI_ACCEPT") == "1"
KNOWN_REASONS = documented_differences()
GUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
ENDPOINT_KEYS = ("Name", "NetworkID", "NamespaceID", "MacAddress", "IpConfigurations", "Routes", "Dns", "Policies",
                 "Flags")
# What Go plugins answer when they have no better code.
CODE_OTHER = 999


def files_of_cases():
    return sorted(file for group in GROUPS for file in (GOLDEN / group).glob("*.json"))


def state_named(name):
    """What HNS holds before the first step of the cases that name it."""
    return json.loads((STATES / f"{name}.json").read_text())


def filled(value, folder):
    """The conf with this test's folder in it."""
    if isinstance(value, dict):
        return {key: filled(element, folder) for key, element in value.items()}
    if isinstance(value, list):
        return [filled(element, folder) for element in value]
    if isinstance(value, str) and value.startswith("{{dir}}"):
        return host_path(folder / value.removeprefix("{{dir}}\\"))
    return value


def leases(folder):
    """Address to "container\\ninterface", whatever the network; names as on Windows."""
    return {file.name.replace(":", "_"): file.read_text().replace("\r", "")
            for network in sorted(folder.glob("ipam/*")) for file in leases_in(network)}


def endpoint(stored):
    shown = {key: stored.get(key) for key in ENDPOINT_KEYS}
    if stored.get("SharedContainers"):
        shown["SharedContainers"] = stored["SharedContainers"]
    return shown


def without_places(text, folder):
    """The text with "{{dir}}" for the test's folder and "{{bin}}" for where the executables are, as recordings have
    them, in whatever way the path is spelled."""
    for place, name in [(folder, "{{dir}}"), *((place, "{{bin}}") for place in plugin_folders())]:
        for spelled in (host_path(place), host_path(place).replace("\\", "/")):
            text = text.replace(spelled, name)
    text = re.sub(r"\{\{bin\}\}(?:[,;: ]+\{\{bin\}\})*", "{{bin}}", text)
    return re.sub(r"(?<=\{\{dir\}\})[^\s\"':]*", lambda m: m[0].replace("/", "\\"), text)


def of_the_system(text):
    """Messages about files end in the words of the operating system."""
    return "{{dir}}" in text or "{{bin}}" in text


def comparable(observed):
    """What must be alike for "wincni" to be as "reference": the calls only may be fewer."""
    left_out = ("hnsCalls", "hnsCallsAtMost", "msg", "code")
    return json.dumps({key: value for key, value in observed.items() if key not in left_out}, sort_keys=True)


def within_bound(observed, stated):
    """What was observed, with the bound that is stated in place of the number of calls when that is not above it."""
    if "hnsCallsAtMost" in observed and observed["hnsCallsAtMost"] <= stated.get("hnsCallsAtMost", -1):
        return {**observed, "hnsCallsAtMost": stated["hnsCallsAtMost"]}
    return observed


class Golden(EmulatorTestCase):
    """One test method a case, added below."""

    def replay(self, file):
        case = json.loads(file.read_text())
        self.plugin = file.parent.name
        self.hns.configure(**case.get("config", {}))
        state = state_named(case["initialState"])
        self.hns.load(state)
        for name, text in case.get("files", {}).items():
            self.write_file(name, text)
        self.given = {stored["ID"] for kind in state.values() for stored in kind}
        for number, step in enumerate(case["steps"]):
            with self.subTest(step=number, command=step.get("command", "do")):
                if "do" in step:
                    self.interfere(step["do"])
                else:
                    self.replay_step(step)
        if ACCEPT:
            file.write_text(json.dumps(case, indent=1, ensure_ascii=False) + "\n")
        self.assert_no_handles_left_open()

    def replay_step(self, step):
        observed = within_bound(self.observe(step), step.get("wincni", {}))
        if ACCEPT:
            step["wincni"] = observed
        if "wincni" not in step:
            self.fail("never replayed: WINCNI_ACCEPT=1 fills in \"wincni\"")
        expected = dict(step["wincni"])
        if harness.settings.wine and of_the_system(expected.get("msg", "")):
            expected["msg"] = observed.get("msg")
        self.assertEqual(observed, expected)
        self.compare_with_reference(step)

    def interfere(self, what):
        """What happens behind the plugin's back between two steps."""
        for action, value in what.items():
            if action == "writeFile":
                self.write_file(*value)
            elif action == "deleteFile":
                (self.folder / value).unlink()
            elif action == "deleteEndpoint":
                self.hns.delete_endpoint(value)
            elif action == "deleteNamespace":
                self.hns.remove("namespaces", value.upper())
            else:
                self.fail(f"\"do\" has no {action}")

    def write_file(self, name, text):
        (self.folder / name).write_bytes(text.encode())

    def stdin(self, step):
        """What the plugin reads: text that is not a conf as it is."""
        if "stdin" in step:
            return step["stdin"]
        conf = filled(step["conf"], self.folder)
        if self.plugin == "flannel" and "ipam" not in conf:
            # A flannel conf leaves the leases in host-local's default folder, which all tests of a machine would
            # share. Ours merges the conf's own ipam under what flannel sets; the Go plugin never reads it.
            conf["ipam"] = {"dataDir": self.lease_folder()}
        return conf

    def lease_folder(self):
        return host_path(self.folder / "ipam")

    def stored_delegates(self):
        """What flannel keeps of its ADDs for its DELs, without the folder that stdin() put in."""
        kept = {}
        for file in sorted(self.folder.glob("flannel/*")):
            if file.name == "lock":
                continue
            conf = json.loads(file.read_text())
            if conf.get("ipam", {}).get("dataDir") == self.lease_folder():
                del conf["ipam"]["dataDir"]
            kept[file.name] = conf
        return kept

    def observe(self, step):
        self.hns.forget_calls()
        self.hns.faults(*step.get("faults", []))
        done = run_plugin(self.plugin, step["command"], self.stdin(step), {**self.hns.env, **step["env"]})
        observed = {
            "rc": done.status,
            "endpoints": [endpoint(stored)
                          for stored in sorted(self.hns.endpoints(), key=lambda e: (e["Name"], e["MacAddress"]))],
            "leases": leases(self.folder),
        }
        if done.status == 0:
            # How often a call is made again before it counts as failed depends on the machine.
            observed["hnsCallsAtMost"] = self.hns.count_calls()
        if self.plugin == "flannel":
            observed["stored"] = self.stored_delegates()
        if done.status != 0:
            shown = GUID.sub(lambda m: m[0] if m[0].upper() in self.given else "<id>", done.json["msg"])
            observed.update(code=done.json["code"], msg=without_places(shown, self.folder))
        elif done.stdout:
            observed["result"] = done.json
        return observed

    def compare_with_reference(self, step):
        ours, reference, differs = step["wincni"], step["reference"], step.get("differs", [])
        alike = comparable(ours) == comparable(reference)
        if reference.get("code", CODE_OTHER) != CODE_OTHER:
            alike = alike and ours.get("code") == reference["code"]
        self.assertEqual(alike, not differs or differs == ["more-calls"],
                         "differs from the Go plugin: name the reason in the step's \"differs\""
                         if not differs else f"no longer differs, but \"differs\" says {differs}")
        self.assertLessEqual(set(differs), KNOWN_REASONS, "a reason that docs/differences.md does not have")
        both_succeed = ours["rc"] == 0 and reference["rc"] == 0
        if both_succeed and reference["hnsCalls"] > 0 and "more-calls" not in differs:
            self.assertLessEqual(ours["hnsCallsAtMost"], reference["hnsCalls"])


class Files(unittest.TestCase):
    def test_every_folder_of_cases_is_a_group(self):
        self.assertEqual(sorted(folder.name for folder in GOLDEN.iterdir() if folder.is_dir() and folder != STATES),
                         sorted(GROUPS))

    def test_every_state_is_named_by_a_case_and_is_there_once(self):
        named = {json.loads(file.read_text())["initialState"] for file in files_of_cases()}
        states = {file.stem: file.read_text() for file in STATES.glob("*.json")}
        self.assertEqual(sorted(states), sorted(named))
        self.assertEqual(len(set(states.values())), len(states))


class Bound(unittest.TestCase):
    """How many HNS calls were made is compared with how many may be."""

    def test_holds_for_fewer_calls_and_stays(self):
        stated = {"rc": 0, "hnsCallsAtMost": 6}
        for calls in (0, 5, 6):
            self.assertEqual(within_bound({"rc": 0, "hnsCallsAtMost": calls}, stated), stated)

    def test_does_not_hide_more_calls(self):
        self.assertEqual(within_bound({"hnsCallsAtMost": 7}, {"hnsCallsAtMost": 6}), {"hnsCallsAtMost": 7})

    def test_is_what_was_observed_where_none_is_stated(self):
        self.assertEqual(within_bound({"hnsCallsAtMost": 7}, {}), {"hnsCallsAtMost": 7})

    def test_is_not_put_in_place_of_a_failure(self):
        self.assertEqual(within_bound({"rc": 1}, {"rc": 0, "hnsCallsAtMost": 6}), {"rc": 1})


def test_name(file):
    return "test_" + re.sub(r"\W", "_", f"{file.parent.name}__{file.stem}")


for case_file in files_of_cases():
    setattr(Golden, test_name(case_file), lambda self, file=case_file: self.replay(file))

groups_to_run = list(GROUPS)


def load_tests(loader, _standard_tests, _pattern):
    """All cases of the groups; of those every third (48 of 142) under Wine and sanitizers, where each step starts
    a process or two that take half a second each."""
    chosen = files_of_cases()[:: 3 if harness.settings.sampled else 1]
    names = {test_name(file) for file in chosen if file.parent.name in groups_to_run}
    suite = unittest.TestSuite(loader.loadTestsFromTestCase(tests) for tests in (Files, Bound))
    suite.addTests(Golden(name) for name in loader.getTestCaseNames(Golden) if name in names)
    return suite


if __name__ == "__main__":
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--group", choices=GROUPS, action="append")
    arguments, sys.argv[1:] = parser.parse_known_args()
    groups_to_run = arguments.group or groups_to_run
    main()
