# SPDX-License-Identifier: Apache-2.0
"""host-local, killed at any moment: what is on the disk is a whole lease or none, the lock goes with the process,
and DEL or GC leave nothing behind."""
import pathlib
import random
import tempfile
import unittest

from harness import kill_after, leases_in, main, need_processes_that_can_be_killed, run_plugin, start_plugin
from node import valid_attachments


class Killed(unittest.TestCase):
    def setUp(self):
        need_processes_that_can_be_killed(self)
        scratch = tempfile.TemporaryDirectory(prefix="wincni test ")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name, "cbr0")
        self.conf = {"cniVersion": "1.1.0", "name": "cbr0", "timeoutSeconds": 30,
                     "ipam": {"type": "host-local", "dataDir": scratch.name,
                              "ranges": [[{"subnet": "10.0.0.0/22"}], [{"subnet": "fd00::/64"}]]}}
        self.random = random.Random(20)

    def call_and_kill(self, command, container_id):
        process = start_plugin("host-local", command, self.conf, {"CNI_CONTAINERID": container_id, "CNI_NETNS": "none"})
        kill_after(process, self.random.uniform(0, 0.03))

    def leases(self):
        """Of no file while every call so far was killed before it made its folder."""
        return {file.name: file.read_bytes() for file in leases_in(self.folder)}

    def call(self, command, container_id, **conf):
        return run_plugin("host-local", command, {**self.conf, **conf},
                          {"CNI_CONTAINERID": container_id, "CNI_NETNS": "none"})

    def test_add_killed_at_any_moment(self):
        pods = [f"pod{i}" for i in range(150)]
        for pod in pods:
            self.call_and_kill("ADD", pod)
        for name, content in self.leases().items():
            if name != ".wincni-new":
                self.assertRegex(content, rb"\Apod\d+\r\neth0\Z", name)
        living = self.call("ADD", "living")
        self.assertEqual(living.status, 0, living)
        self.assertNotIn(".wincni-new", self.leases())
        for pod in pods:
            self.assertEqual(self.call("DEL", pod).status, 0)
        self.assertEqual(set(self.leases().values()), {b"living\r\neth0"})

    def test_add_again_after_a_kill_takes_no_second_address(self):
        for pod in [f"pod{i}" for i in range(40)]:
            self.call_and_kill("ADD", pod)
            done = self.call("ADD", pod)
            self.assertEqual(done.status, 0, done)
            own = [name for name, content in self.leases().items() if content.startswith(pod.encode() + b"\r")]
            self.assertEqual(sorted(own), sorted(ip["address"].split("/")[0] for ip in done.json["ips"]))

    def test_del_and_gc_killed_at_any_moment(self):
        pods = [f"pod{i}" for i in range(40)]
        for pod in pods:
            self.assertEqual(self.call("ADD", pod).status, 0)
        for pod in pods[:20]:
            self.call_and_kill("DEL", pod)
        for content in self.leases().values():
            self.assertRegex(content, rb"\Apod\d+\r\neth0\Z")
        self.conf.update(valid_attachments(pods[-1]))
        for _ in range(10):
            self.call_and_kill("GC", "x")
        done = self.call("GC", "x")
        self.assertEqual(done.status, 0, done)
        self.assertEqual(set(self.leases().values()), {pods[-1].encode() + b"\r\neth0"})


if __name__ == "__main__":
    main()
