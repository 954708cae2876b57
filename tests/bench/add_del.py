#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What an ADD and a DEL cost, by plugin and API, on a node that is empty and on one that is full.

usage: tests/bench/add_del.py [--build build/linux] [--pods 20] [--full 500]

Each line: the median of one ADD and of one DEL, and their ratio to the first line. The emulator's own time is in
it, and machines are noisy: compare lines of one run only.
"""
import argparse
import pathlib
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import harness  # noqa: E402

SUBNET = "10.244.0.0/16"


class Node:
    """An HNS with one network and, when it is full, endpoints of other pods on it."""

    def __init__(self, folder, kind, endpoints):
        self.folder = pathlib.Path(folder)
        self.hns = harness.Emulator(self.folder / "hns")
        self.network = self.hns.create_network("net", kind, subnet=SUBNET, gateway="10.244.0.1")
        for number in range(endpoints):
            self.hns.create_endpoint(f"other{number}_net", self.network,
                                     f"10.244.{200 + number // 250}.{1 + number % 250}/16",
                                     MacAddress=f"00-15-5D-00-{number // 256:02X}-{number % 256:02X}")

    def time(self, plugin, api, pods):
        """Seconds of each ADD and of each DEL."""
        conf = {"cniVersion": "1.0.0", "name": "net", "type": plugin, "apiVersion": api,
                "ipam": {"type": "host-local", "dataDir": harness.host_path(self.folder / "ipam"), "subnet": SUBNET}}
        seconds = {"ADD": [], "DEL": []}
        for number in range(pods):
            netns = "none" if api == 1 else self.hns.create_namespace()
            for command, spent in seconds.items():
                started = time.perf_counter()
                done = harness.run_plugin(plugin, command, conf,
                                          {**self.hns.env, "CNI_CONTAINERID": f"pod{number}", "CNI_NETNS": netns})
                spent.append(time.perf_counter() - started)
                if done.status != 0:
                    sys.exit(f"{plugin}: {done}")
        return [statistics.median(spent) for spent in seconds.values()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, default=harness.ROOT / "build" / "linux")
    parser.add_argument("--pods", type=int, default=20)
    parser.add_argument("--full", type=int, default=500)
    options = parser.parse_args()
    harness.settings.build = options.build.resolve()
    first = None
    for endpoints in (0, options.full):
        for plugin, api, kind in (("win-bridge", 2, "L2Bridge"), ("win-bridge", 1, "L2Bridge"),
                                  ("win-overlay", 2, "Overlay"), ("win-overlay", 1, "Overlay")):
            with tempfile.TemporaryDirectory(prefix="wincni bench ") as folder:
                times = Node(folder, kind, endpoints).time(plugin, api, options.pods)
            first = first or times
            shown = "  ".join(f"{name} {1000 * spent:6.1f} ms ({spent / base:4.1f})"
                              for name, spent, base in zip(("ADD", "DEL"), times, first))
            print(f"{plugin:12} v{api}  {endpoints:5} endpoints  {shown}", flush=True)


if __name__ == "__main__":
    main()
