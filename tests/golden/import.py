#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes tests/golden/<plugin>/<case>.json of traces of the Go plugins.

    tests/golden/import.py TRACES [CASE...]

TRACES is the folder of recordings, CASE a name in it; without one, all are imported. "reference" is what was
recorded; "wincni" and "differs" of a case that is here already are kept. After that
`WINCNI_ACCEPT=1 python3 tests/e2e/golden_test.py --build build/linux` fills in "wincni".

What HNS held at the start goes into states/, once for all cases that begin alike. A state that no case had before is
named after its first case, for a person to give it (and the case) a name that tells what is in it.
"""
import argparse
import json
import pathlib
import re

GOLDEN = pathlib.Path(__file__).resolve().parent
STATES = GOLDEN / "states"
ENDPOINT_KEYS = ("Name", "NetworkID", "NamespaceID", "MacAddress", "IpConfigurations", "Routes", "Dns", "Policies",
                 "Flags")
VARIABLES = ("CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME")


def faults(text):
    """Rules of hnsclient/emulator/faults.hpp for FAKEHNS_FAIL: NAME[@N]=HRESULT or HNSCall:METHOD:PATH[@N]=HRESULT,
    separated by commas. "{id}" in a path stands for any; since our paths are prefixes it is left out."""
    rules = []
    for part in text.split(","):
        name, call, result = re.fullmatch(r"([^@=]+)(?:@(\d+))?=(0x[0-9A-Fa-f]+)", part).groups()
        function, _, request = name.partition(":")
        rule = {"function": function}
        if request:
            method, _, path = request.partition(":")
            rule.update(method=method, path=path.partition("{id}")[0])
        rule["hresult"] = result
        if call:
            rule["call"] = int(call)
        rules.append(rule)
    return rules


def emulator_config(trace):
    """What of the recorded HNS is not an object: its version, the containers that run."""
    config = {}
    for step in trace["steps"]:
        version = step.get("env", {}).get("FAKEHNS_VERSION")
        if version:
            major, minor = version.split(".")
            config["version"] = {"Major": int(major), "Minor": int(minor)}
    if "computeSystems" in trace["initialState"]:
        config["computeSystems"] = trace["initialState"]["computeSystems"]
    return config


def endpoint(stored):
    shown = {key: stored[key] for key in ENDPOINT_KEYS}
    if stored.get("SharedContainers"):
        shown["SharedContainers"] = stored["SharedContainers"]
    return shown


def leases(files):
    """Address to "container\\ninterface", of any network and folder of leases."""
    found = {path.rpartition("/")[2]: text for path, text in files.items()
             if re.search(r"(ipam|networks)/[^/]+/[^/]+$", path)}
    return {name: found[name] for name in sorted(found)
            if name != "lock" and not name.startswith("last_reserved")}


def reference(step):
    seen = {"rc": step["rc"], "endpoints": [endpoint(stored) for stored in step["state"]["endpoints"]],
            "leases": leases(step["files"]), "hnsCalls": len(step["hns"])}
    if step["plugin"] == "flannel":
        seen["stored"] = {path.removeprefix("flannel/"): json.loads(text) for path, text in step["files"].items()
                          if path.startswith("flannel/")}
    if "stdoutJSON" in step:
        if step["rc"] == 0:
            seen["result"] = step["stdoutJSON"]
        else:
            seen["code"] = step["stdoutJSON"]["code"]
    return seen


def step_of(step):
    if "do" in step:
        return {"do": step["do"]}
    env = {name: step["env"].get(name) for name in VARIABLES}
    if "CNI_ARGS" in step["env"]:
        env["CNI_ARGS"] = step["env"]["CNI_ARGS"]
    if "CNI_PATH" not in step["env"]:
        env["CNI_PATH"] = None
    made = {"command": step["command"], "env": env}
    try:
        conf = json.loads(step["stdin"])
    except ValueError:
        conf = None
    if isinstance(conf, dict):
        made["conf"] = conf
    else:
        made["stdin"] = step["stdin"]
    if "FAKEHNS_FAIL" in step["env"]:
        made["faults"] = faults(step["env"]["FAKEHNS_FAIL"])
    return {**made, "reference": reference(step)}


def text_of(value):
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def state_name(state, case_name):
    """The name of the file in states/ that holds this; one for the case is written when there is none."""
    text = text_of(state)
    for file in sorted(STATES.glob("*.json")):
        if file.read_text() == text:
            return file.stem
    (STATES / f"{case_name}.json").write_text(text)
    print(f"states/{case_name}.json is new: give it a name that tells what is in it")
    return case_name


def case_of(trace):
    # FAKEHNS_REATTACH (HNS that takes a second attach) is left out: ours never attaches twice.
    case = {"about": trace["about"], "trace": trace["name"]}
    if config := emulator_config(trace):
        case["config"] = config
    if "files" in trace["case"]:
        case["files"] = trace["case"]["files"]
    state = {kind: trace["initialState"][kind] for kind in ("networks", "namespaces", "endpoints")}
    case["initialState"] = state_name(state, trace["name"])
    case["steps"] = [step_of(step) for step in trace["steps"]]
    return case


def keep_ours(case, old):
    """Puts what people and WINCNI_ACCEPT wrote into the steps of the old case into those of the new one."""
    for step, before in zip(case["steps"], old["steps"], strict=True):
        step.update({key: before[key] for key in ("differs", "wincni") if key in before})


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("traces", type=pathlib.Path)
    parser.add_argument("cases", nargs="*")
    ours = parser.parse_args()
    for file in sorted(ours.traces.glob("*.json")):
        if ours.cases and file.stem not in ours.cases:
            continue
        trace = json.loads(file.read_text())
        case = case_of(trace)
        target = GOLDEN / trace["case"]["plugin"] / file.name
        if target.exists():
            keep_ours(case, json.loads(target.read_text()))
        target.parent.mkdir(exist_ok=True)
        target.write_text(text_of(case))


if __name__ == "__main__":
    main()
