# SPDX-License-Identifier: Apache-2.0
"""Two commands on one container at once. The spec forbids it, and a runtime that was restarted does it."""
import concurrent.futures
import itertools

from harness import at_once, host_path, kill, main, need_processes_that_can_be_killed, sample, settings, start_plugin
from node import CODE_TRY_AGAIN, valid_attachments
from setups import FLANNEL_BRIDGE, NAT_TO_BE_MADE, WIN_BRIDGE_V1, WIN_BRIDGE_V2, WIN_OVERLAY_V2, SetupTestCase, for_each_setup



def slow():
    """Milliseconds, longer than a command takes. A slow machine makes such a test see less, never fail."""
    return 4_000 if settings.sampled else 700


class TwoAtOnce:
    def create(self):
        return {"function": "HNSCall", "method": "POST"} if self.setup.api_version == 1 \
            else {"function": "HcnCreateEndpoint"}

    def beside_a_slow_add(self, command, conf=None, **env):
        """How an ADD of c1 ends whose endpoint HNS is slow to make, and a command that begins meanwhile."""
        self.hns.faults({**self.create(), "call": 1, "delayMs": slow()})
        with concurrent.futures.ThreadPoolExecutor() as pool:
            add = pool.submit(self.cni, "ADD")
            self.hns.wait_for_fault()
            other = pool.submit(self.cni, command, conf, **env)
            return add.result(), other.result()

    def test_del_waits_for_the_add_that_it_would_miss(self):
        add, other = self.beside_a_slow_add("DEL")
        self.assertEqual((add.status, other.status), (0, 0), (add, other))
        self.assert_nothing_left()

    def test_two_adds_are_one(self):
        add, other = self.beside_a_slow_add("ADD")
        self.assertEqual((add.status, other.status), (0, 0), (add, other))
        self.assertEqual(add.json["ips"], other.json["ips"])
        self.assertEqual(len(self.hns.endpoints()), 1)
        self.succeed("DEL")
        self.assert_nothing_left()

    def test_gc_waits_for_an_add_of_its_network(self):
        add, other = self.beside_a_slow_add("GC", {**self.conf, **valid_attachments()})
        self.assertEqual((add.status, other.status), (0, 0), (add, other))
        self.assert_nothing_left()


for_each_setup(globals(), TwoAtOnce, [WIN_BRIDGE_V2, WIN_BRIDGE_V1, WIN_OVERLAY_V2, FLANNEL_BRIDGE, NAT_TO_BE_MADE])


class AnyOrder:
    def test_no_endpoint_has_an_address_that_is_free(self):
        operations = [("ADD", "c1"), ("DEL", "c1"), ("ADD", "c1"), ("GC", ""), ("ADD", "c2"), ("DEL", "c1"), ("ADD", "c2"),
                      ("DEL", "c2")]
        namespaces = {"c1": self.namespace,
                      "c2": self.namespace if self.namespace == "none" else self.hns.create_namespace()}

        def run(operation):
            command, container = operation
            if command == "GC":
                return self.cni("GC", {**self.conf, **valid_attachments("c2")})
            return self.cni(command, CNI_CONTAINERID=container, CNI_NETNS=namespaces[container])

        for turned in range(0, len(operations), 8 if settings.sampled else 1):
            order = list(itertools.islice(itertools.cycle(operations), turned, turned + len(operations)))
            self.assertEqual([done for done in at_once(run, order) if done.status != 0], [])
            held = sorted(ip["IpAddress"] for e in self.hns.endpoints() for ip in e["IpConfigurations"])
            self.assertEqual(len(set(held)), len(held))
            self.assertLessEqual(set(held), set(self.leases()))
        run(("DEL", "c1"))
        run(("DEL", "c2"))
        self.assert_nothing_left()


for_each_setup(globals(), AnyOrder, [WIN_BRIDGE_V2, WIN_BRIDGE_V1, FLANNEL_BRIDGE])


class Waiting(SetupTestCase):
    def test_one_that_waits_in_vain_says_for_what(self):
        need_processes_that_can_be_killed(self)
        self.hns.faults({"function": "HcnCreateEndpoint", "call": 1, "delayMs": 600_000})
        held = start_plugin("win-bridge", "ADD", self.conf, {**self.hns.env, "CNI_NETNS": self.namespace})
        self.hns.wait_for_fault()
        short = {**self.conf, "timeoutSeconds": 1}
        for command in ("DEL", "ADD"):
            error = self.fail_with(CODE_TRY_AGAIN, command, short)
            self.assertEqual(error["msg"], 'another command on container "c1" and network "cbr0" has not ended within '
                             '1 second')
        error = self.fail_with(CODE_TRY_AGAIN, "GC", {**short, **valid_attachments()})
        self.assertEqual(error["msg"], 'other commands on network "cbr0" have not ended within 1 second')
        # Nobody else waits; and what a process held is free once it has ended.
        self.succeed("ADD", CNI_CONTAINERID="c2", CNI_NETNS=self.hns.create_namespace())
        self.succeed("DEL", CNI_CONTAINERID="c2")
        kill(held)
        self.succeed("DEL")
        self.assert_nothing_left()

    def test_without_the_file_commands_work_and_say_so(self):
        (self.folder / "in the way").write_text("")
        for folder in ("in the way", "in the way/below"):
            done = self.cni("ADD", WINCNI_LOCK_FOLDER=host_path(self.folder / folder))
            self.assertEqual(done.status, 0, done)
            self.assertIn("in the way", done.stderr)
            self.assertIn("two commands on one container are not kept apart", done.stderr)

    def test_the_folder_is_made_and_holds_one_file(self):
        folder = self.folder / "new" / "folder"
        for command in ("ADD", "DEL"):
            self.succeed(command, WINCNI_LOCK_FOLDER=host_path(folder))
        self.assertEqual([(file.name, file.stat().st_size) for file in folder.iterdir()], [("turns", 0)])


def load_tests(_loader, standard_tests, _pattern):
    return sample(standard_tests, TwoAtOnce)


if __name__ == "__main__":
    main()
