# SPDX-License-Identifier: Apache-2.0
"""Replays what the Go plugins were recorded doing (tests/golden/) and compares what HNS, the leases and the
caller end up with.

Each step of a case holds "reference" (recorded from the Go plugin, never rewritten) and "wincni" (what ours
does). Where the two differ, the step's "differs" names the reasons, each an entry of docs/differences.md.
`WINCNI_ACCEPT=1` rewrites "wincni"; "differs" is written by people.
"""
import json
import os
import pathlib
import re
import unittest

import harness
from harness import EmulatorTestCase, host_path, main, run_plugin

GOLDEN = harness.ROOT / "tests" / "golden"
ACCEPT = os.environ.get("WINCNI_ACCEPT") == "1"
KNOWN_REASONS = set(re.findall(r"`([a-z0-9-]+)`", (harness.ROOT / "docs" / "differences.md").read_text()))
GUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
ENDPOINT_KEYS = ("Name", "NetworkID", "NamespaceID", "MacAddress", "IpConfigurations", "Routes", "Dns", "Policies",
                 "Flags")


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
    return sorted(file.name for file in folder.glob("ipam/*/*")
                  if file.name != "lock" and not file.name.startswith("last_reserved"))


def comparable(observed):
    """What must be alike for "wincni" to be as "reference": the calls only may be fewer."""
    compared = {key: value for key, value in observed.items() if key not in ("hnsCalls", "msg", "code")}
    compared["leases"] = [name.replace(":", "_") for name in compared["leases"]]
    return json.dumps(compared, sort_keys=True)


class Golden(EmulatorTestCase):
    """One test method a case, added below."""

    def replay(self, file):
        case = json.loads(file.read_text())
        self.hns.load(case["initialState"])
        given = {stored["ID"] for kind in case["initialState"].values() for stored in kind}
        for number, step in enumerate(case["steps"]):
            with self.subTest(step=number, command=step.get("command", "do")):
                if "do" in step:
                    self.interfere(step["do"])
                    continue
                observed = self.observe(step, given)
                if ACCEPT:
                    step["wincni"] = observed
                self.assertEqual(observed, step["wincni"])
                self.compare_with_reference(step)
        self.assert_no_handles_left_open()
        if ACCEPT:
            file.write_text(json.dumps(case, indent=1, ensure_ascii=False) + "\n")

    def interfere(self, what):
        for namespace in self.hns.namespaces():
            if namespace["ID"].lower() == what["deleteNamespace"].lower():
                self.hns.remove("namespaces", namespace["ID"])

    def observe(self, step, given):
        self.hns.forget_calls()
        self.hns.faults(*step.get("faults", []))
        done = run_plugin("win-bridge", step["command"], filled(step["conf"], self.folder),
                          {**self.hns.env, **step["env"]})
        observed = {
            "rc": done.status,
            "endpoints": [{key: stored.get(key) for key in ENDPOINT_KEYS}
                          for stored in sorted(self.hns.endpoints(), key=lambda e: (e["Name"], e["MacAddress"]))],
            "leases": [name.replace(":", "_") for name in leases(self.folder)],
            "hnsCalls": len([call for call in self.hns.calls() if call["api"] != "exit"]),
        }
        if done.status != 0:
            shown = GUID.sub(lambda m: m[0] if m[0].upper() in given else "<id>", done.json["msg"])
            observed.update(code=done.json["code"], msg=shown)
        elif done.stdout:
            observed["result"] = done.json
        return observed

    def compare_with_reference(self, step):
        differs = step.get("differs", [])
        alike = comparable(step["wincni"]) == comparable(step["reference"])
        self.assertEqual(alike, not differs,
                         "differs from the Go plugin: name the reason in the step's \"differs\""
                         if not differs else f"no longer differs, but \"differs\" says {differs}")
        self.assertLessEqual(set(differs), KNOWN_REASONS, "a reason that docs/differences.md does not have")
        if step["wincni"]["rc"] == 0 and step["reference"]["rc"] == 0 and step["command"] != "CHECK":
            self.assertLessEqual(step["wincni"]["hnsCalls"], step["reference"]["hnsCalls"])


def add_cases():
    for file in sorted((GOLDEN / "win-bridge").glob("*.json")):
        name = "test_" + file.stem.replace("-", "_")
        setattr(Golden, name, lambda self, file=file: self.replay(file))


add_cases()

if __name__ == "__main__":
    main()
