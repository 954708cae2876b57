# SPDX-License-Identifier: Apache-2.0
"""What end-to-end tests share: the built executables, run natively or under Wine, and an HNS emulator
of each test's own.

    from harness import EmulatorTestCase, main

    class Add(EmulatorTestCase):
        def test_gives_the_pod_an_address(self):
            self.hns.create_network("cbr0")
            namespace = self.hns.create_namespace()
            done = self.run_plugin("win-bridge", "ADD", conf, {"CNI_NETNS": namespace})
            self.assertEqual(done.status, 0, done)
            self.assertEqual(done.json["ips"][0]["address"], "10.244.4.3/24")

    if __name__ == "__main__":
        main()

By hand: `python3 tests/e2e/some_test.py --build build/linux [-v] [Class.test]`; with `--wine` and a Windows
build folder the .exe files run under Wine.
"""
import argparse
import atexit
import concurrent.futures
import dataclasses
import functools
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# Confs to copy, and confs that people run.
EXAMPLES = ROOT / "conf-examples"
REAL = ROOT / "tests" / "e2e" / "data" / "confs"

# Machines are noisy; no test may depend on time. This only ends what hangs.
PATIENCE = 180


@dataclasses.dataclass
class Settings:
    """Which executables are tested."""
    build: pathlib.Path = ROOT / "build" / "linux"
    wine: bool = False
    # Of long tables only a part is run: every process costs ten times as much under Wine or a sanitizer.
    sampled: bool = False
    # How many starts Wine has lost so far (is_lost()).
    lost: int = 0


settings = Settings()


def host_path(path):
    """A path as the tested executables spell it: itself, or `Z:\\...` under Wine."""
    text = str(pathlib.Path(path).absolute())
    return "Z:" + text.replace("/", "\\") if settings.wine else text


def path_list(*folders):
    """Folders as CNI_PATH has them."""
    return (";" if settings.wine else ":").join(host_path(folder) for folder in folders)


def executable(name):
    """The built executable of that name."""
    file_name = name + (".exe" if settings.wine else "")
    for group in ("plugins", "ipam", "tools"):
        path = settings.build / group / name / file_name
        if path.exists():
            return path
    raise FileNotFoundError(f"{file_name} is not built in {settings.build}")


def plugin_folders():
    """The folders that hold built plugins; a node has all of them in one."""
    return [folder for group in ("plugins", "ipam") for folder in sorted((settings.build / group).glob("*/"))
            if not folder.name.endswith(".p")]


@dataclasses.dataclass
class Done:
    """How a process ended."""
    status: int
    stdout: str
    stderr: str

    @property
    def json(self):
        """stdout as one JSON document; anything else fails the test with the whole output."""
        try:
            return json.loads(self.stdout)
        except ValueError:
            raise AssertionError(f"stdout is not a JSON document: {self}") from None

    @property
    def lines(self):
        return self.stdout.splitlines()


def clean_environment():
    """Ours without what would steer the tested executables."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("CNI_", "WINCNI_", "K8S_"))}
    return {**kept, "LC_ALL": "C.UTF-8", "WINCNI_LOCK_FOLDER": host_path(lock_folder())}


@functools.cache
def lock_folder():
    """Where executables without an HNS wait for each other: for nobody else's."""
    folder = tempfile.mkdtemp(prefix="wincni-locks-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def is_lost(done):
    """No executable of ours ends with 1 without a word; Wine's loader does on a busy machine, once in some ten thousand
    starts. Who sees more than that has found a fault of ours."""
    silent = done.status == 1 and not done.stdout and not done.stderr
    if not settings.wine or not silent or settings.lost == 2:
        return False
    settings.lost += 1
    print("Wine ended a process without a word; it is started again", file=sys.stderr)
    return True


def run(name, *arguments, env=None, stdin=b""):
    """Runs a built executable to its end. `stdin` may be bytes or text."""
    done = run_once(name, *arguments, env=env, stdin=stdin)
    return run_once(name, *arguments, env=env, stdin=stdin) if is_lost(done) else done


def run_once(name, *arguments, env=None, stdin=b""):
    """As run(), and whatever comes of it."""
    wrapper = ["wine"] if settings.wine else []
    command = [*wrapper, str(executable(name)), *map(str, arguments)]
    data = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE,
                          env={**clean_environment(), **(env or {})}, check=False)
    return Done(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


def plugin_variables(command, env=None):
    """What a runtime sets for a plugin. Variables of `env` override the usual ones; None takes one away."""
    usual = {"CNI_COMMAND": command, "CNI_CONTAINERID": "c1", "CNI_IFNAME": "eth0",
             "CNI_PATH": path_list(*plugin_folders())}
    return {key: value for key, value in {**usual, **(env or {})}.items() if value is not None}


def run_plugin(name, command, conf, env=None):
    """Runs a plugin as a runtime does. `conf` is a dict, or text or bytes to be sent as they are; for `env` see
    plugin_variables()."""
    return run(name, env=plugin_variables(command, env), stdin=json.dumps(conf) if isinstance(conf, dict) else conf)


def start_plugin(name, command, conf, env=None):
    """A call that is under way, its conf sent, to be ended with kill(). Not under Wine, whose loader is not the
    process."""
    process = subprocess.Popen([executable(name)], env={**clean_environment(), **plugin_variables(command, env)},
                               stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)
    process.stdin.write(json.dumps(conf).encode())
    process.stdin.close()
    return process


def kill(process):
    """Ends a started plugin and its delegates, as when a node goes down."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def kill_after(process, seconds):
    """As kill(), unless the plugin ends earlier."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        kill(process)


def need_processes_that_can_be_killed(test):
    """Skips the test under Wine."""
    if settings.wine:
        test.skipTest("killing the Wine loader is not killing the process")


def at_once(work, items, most=32):
    """What `work` returns for each item, that many at a time; fewer where a process costs ten times as much, as under
    Wine."""
    with concurrent.futures.ThreadPoolExecutor(min(most, 8) if settings.sampled else most) as pool:
        return list(pool.map(work, items))


def leases_in(folder):
    """The files of host-local in a network's folder that are leases."""
    return sorted(file for file in pathlib.Path(folder).glob("*")
                  if file.name != "lock" and not file.name.startswith("last_reserved_ip."))


def documented_differences():
    """The names of reasons to differ from the Go plugins that docs/differences.md has."""
    return set(re.findall(r"`([a-z0-9-]+)`", (ROOT / "docs" / "differences.md").read_text()))


class Emulator:
    """An HNS that lives in a folder of files (hnsclient/emulator/object_store.hpp). Calls are logged."""

    def __init__(self, folder, version=None, management_ip=None, compute_systems=None):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.config = {}
        if version:
            self.config["version"] = {"Major": version[0], "Minor": version[1]}
        if management_ip:
            self.config["managementIP"] = management_ip
        self.set_compute_systems(compute_systems)

    def configure(self, **values):
        """What this HNS is, in the keys of hnsclient/emulator/config.cpp ("version", "managementIP", ...);
        replaces what was said before."""
        self.config = values
        (self.folder / "config.json").write_text(json.dumps({"logCalls": True, **values}))

    @property
    def env(self):
        """What makes an executable use this HNS."""
        return {"WINCNI_EMULATOR": host_path(self.folder), "WINCNI_LOCK_FOLDER": host_path(self.folder)}

    def set_compute_systems(self, ids):
        """From now on the containers with these IDs run, to HCS, and no others; None: every ID is one."""
        others = {key: value for key, value in self.config.items() if key != "computeSystems"}
        self.configure(**others, **({} if ids is None else {"computeSystems": list(ids)}))

    def create_network(self, name="cbr0", type="L2Bridge", subnet="10.244.4.0/24", gateway="10.244.4.1",
                       subnets=None, **other):
        """Makes a network as the emulator keeps it, without a call to HNS; returns its ID. `subnets` is a list
        of (prefix, gateway) and replaces `subnet` and `gateway`; `other` are keys of the stored object."""
        pairs = subnets if subnets is not None else [(subnet, gateway)]
        network = {
            "ID": new_id(), "Name": name, "Type": type, "ManagementIP": "192.168.1.10", "Flags": 0, "Policies": [],
            "MacPools": [{"StartMacAddress": "00-15-5D-FA-40-00", "EndMacAddress": "00-15-5D-FA-4F-FF"}],
            "Subnets": [{"AddressPrefix": prefix, "GatewayAddress": router or "", "Policies": []}
                        for prefix, router in pairs],
        }
        return self.put("networks", {**network, **other})

    def create_namespace(self, type="Host", **other):
        """Makes a namespace without a call to HNS; returns its ID."""
        compartment = 2 + len(self.namespaces())
        return self.put("namespaces", {"ID": new_id(), "Type": type, "NamespaceId": compartment, "Endpoints": [],
                                       "Containers": [], **other})

    def create_endpoint(self, name, network, *addresses, **other):
        """Makes an endpoint that is in no namespace, without a call to HNS; returns its ID. `addresses` are as
        "10.244.4.2/24"; `other` are keys of the stored object."""
        pairs = [address.split("/") for address in addresses]
        return self.put("endpoints", {
            "ID": new_id(), "Name": name, "Schema": "V2", "NetworkID": network, "NamespaceID": "",
            "MacAddress": "00-15-5D-FA-4F-02", "Routes": [], "Dns": {}, "Policies": [], "Flags": 0,
            "IpConfigurations": [{"IpAddress": address, "PrefixLength": int(length)} for address, length in pairs],
            "SharedContainers": [], **other})

    def load(self, state):
        """Puts in all objects of a state, as traces have them: {"networks": [...], ...}, and tells which compute
        systems there are when the state does."""
        if "computeSystems" in state:
            self.set_compute_systems(state["computeSystems"])
        for kind in ("networks", "namespaces", "endpoints"):
            for stored in state.get(kind, []):
                self.put(kind, stored)

    def put(self, kind, stored):
        """Writes an object ("networks", "endpoints", "namespaces") over what was there; returns its ID."""
        folder = self.folder / kind
        folder.mkdir(exist_ok=True)
        # As the emulator does it: whoever reads meanwhile finds a whole file.
        new = folder / f"{stored['ID']}.new"
        new.write_text(json.dumps(stored, indent=2))
        new.replace(folder / f"{stored['ID']}.json")
        if kind == "endpoints":
            # The journal does not notice a file that is changed in place.
            (self.folder / "endpoints.index").unlink(missing_ok=True)
        return stored["ID"]

    def remove(self, kind, id):
        """Takes an object away behind everybody's back."""
        (self.folder / kind / f"{id}.json").unlink()

    def delete_endpoint(self, name):
        """Takes an endpoint away behind everybody's back, by its name."""
        for endpoint in self.endpoints():
            if endpoint["Name"] == name:
                self.remove("endpoints", endpoint["ID"])

    def objects(self, kind):
        return [json.loads(file.read_text()) for file in sorted((self.folder / kind).glob("*.json"))]

    def networks(self):
        return self.objects("networks")

    def endpoints(self):
        return self.objects("endpoints")

    def namespaces(self):
        return self.objects("namespaces")

    def state(self):
        """All objects, as the emulator keeps them."""
        return {kind: self.objects(kind) for kind in ("networks", "endpoints", "namespaces")}

    def calls(self):
        """Every call so far: {"api", "hr", ...} and, for processes that left handles open, {"api": "exit"}."""
        log = self.folder / "calls.jsonl"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def count_calls(self):
        return len([call for call in self.calls() if call["api"] != "exit"])

    def forget_calls(self):
        (self.folder / "calls.jsonl").unlink(missing_ok=True)

    def faults(self, *rules):
        """What goes wrong from now on, instead of what was to go wrong before; the rules are described in
        hnsclient/emulator/faults.hpp. Counting starts again."""
        (self.folder / "faults.state.json").unlink(missing_ok=True)
        (self.folder / "faults.json").write_text(json.dumps(rules))

    def wait_for_fault(self):
        """Returns when the only rule that faults() gave has met its first call."""
        counted = self.folder / "faults.state.json"
        deadline = time.monotonic() + PATIENCE
        while not counted.exists() or json.loads(counted.read_text())["counts"] == [0]:
            if time.monotonic() > deadline:
                raise AssertionError("no call met the rule")
            time.sleep(0.01)


def new_id():
    return str(uuid.uuid4()).upper()


GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def one_case(value):
    """The value with its GUIDs in upper case: HNS writes the ID of an object now in upper and now in lower case, by API
    and version, and all are the same one."""
    if isinstance(value, str):
        return GUID.sub(lambda found: found[0].upper(), value)
    if isinstance(value, dict):
        return {one_case(key): one_case(element) for key, element in value.items()}
    if isinstance(value, (list, tuple, set)):
        return type(value)(one_case(element) for element in value)
    return value


class EmulatorTestCase(unittest.TestCase):
    """Each test has a folder (its name holds a space, as on many nodes) and an empty HNS in it. GUIDs are equal whatever
    their case."""
    maxDiff = None

    def assertEqual(self, first, second, msg=None):
        super().assertEqual(one_case(first), one_case(second), msg)

    def assertIn(self, member, container, msg=None):
        super().assertIn(one_case(member), one_case(container), msg)

    def assertNotIn(self, member, container, msg=None):
        super().assertNotIn(one_case(member), one_case(container), msg)

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="wincni test "))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.hns = Emulator(self.folder / "hns")

    def run_tool(self, *arguments, env=None, stdin=b""):
        """Runs `wincni` on this test's HNS."""
        return run("wincni", *arguments, env={**self.hns.env, **(env or {})}, stdin=stdin)

    def run_plugin(self, name, command, conf, env=None):
        """run_plugin() on this test's HNS."""
        return run_plugin(name, command, conf, {**self.hns.env, **(env or {})})

    def endpoints_of_pods(self):
        """All but the host's own, which stays with its network."""
        return [endpoint for endpoint in self.hns.endpoints() if "HostCompartment" not in endpoint]

    def assert_no_handles_left_open(self):
        """Fails when a process of this test ended without closing what it had opened."""
        self.assertEqual([call for call in self.hns.calls() if call["api"] == "exit"], [])


def sample(standard_tests, *classes):
    """For a module's load_tests: of the tests of these classes, which are alike, every third where processes are
    dear; of all others all."""
    tests = [test for of_one_class in standard_tests for test in of_one_class]
    alike = [test for test in tests if isinstance(test, classes)]
    left_out = set(alike) - set(alike[::3]) if settings.sampled else set()
    return unittest.TestSuite(test for test in tests if test not in left_out)


class SparseLoader(unittest.TestLoader):
    """Loads every n-th test of a file. One that is asked for by its name is loaded all the same."""

    def __init__(self, every):
        super().__init__()
        self.every = every

    def loadTestsFromModule(self, module, *args, **kwargs):
        return unittest.TestSuite(list(each_test(super().loadTestsFromModule(module, *args, **kwargs)))[::self.every])


def each_test(suite):
    """The tests of a suite of suites."""
    for part in suite:
        yield from each_test(part) if isinstance(part, unittest.TestSuite) else (part,)


def some(inputs):
    """Of inputs of one kind all, and every third where processes are dear."""
    return inputs[::3] if settings.sampled else inputs


def prepare_wine(build):
    """A prefix with this build's emulator DLLs, and a Wine server that stays, so that starts are quick."""
    prefix = os.environ.setdefault("WINEPREFIX", str(build.parent / "wine-prefix"))
    os.environ["WINEDEBUG"] = "-all"
    subprocess.run([ROOT / "tools" / "wine_prefix", build, prefix], check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, timeout=PATIENCE)


def main():
    """Runs the tests of the calling file; arguments that are not ours are unittest's."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--build", type=pathlib.Path, default=None)
    parser.add_argument("--wine", action="store_true")
    parser.add_argument("--sample", action="store_true")
    parser.add_argument("--every", type=int, default=1)
    ours, rest = parser.parse_known_args()
    settings.wine = ours.wine
    settings.sampled = ours.wine or ours.sample
    settings.build = (ours.build or ROOT / "build" / ("windows" if ours.wine else "linux")).resolve()
    if settings.wine:
        prepare_wine(settings.build)
    unittest.main(module="__main__", argv=[sys.argv[0], *rest], testLoader=SparseLoader(ours.every))
