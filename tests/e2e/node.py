# SPDX-License-Identifier: Apache-2.0
"""A node with a network and a pod's namespace, and what is said of every plugin there: that a command succeeds, fails
with a code, or leaves nothing behind."""
from harness import EmulatorTestCase, host_path, leases_in

# CNI's codes, then ours (docs/errors.md).
CODE_VERSION, CODE_ENVIRONMENT, CODE_INPUT_OUTPUT, CODE_DECODING, CODE_CONF, CODE_TRY_AGAIN = 1, 4, 5, 6, 7, 11
CODE_NOT_AVAILABLE = 50
CODE_HNS, CODE_CHECK, CODE_DELEGATE = 100, 101, 102


def valid_attachments(*containers):
    """The key by which GC is told which containers there still are."""
    return {"cni.dev/valid-attachments": [{"containerID": container, "ifname": "eth0"} for container in containers]}


def port_mapping(host_port=8080, container_port=80, protocol="tcp", **other):
    return {"hostPort": host_port, "containerPort": container_port, "protocol": protocol, **other}


def runtime_ports(*mappings):
    """The key by which a runtime asks for host ports."""
    return {"runtimeConfig": {"portMappings": list(mappings)}}


def flannel_files(folder):
    """The keys of a conf that keep flannel's files in a test's folder."""
    return {"subnetFile": host_path(folder / "subnet.env"), "dataDir": host_path(folder / "flannel")}


class NodeTestCase(EmulatorTestCase):
    """A node with network cbr0, a pod's namespace, and a plugin with its conf."""
    plugin = "win-bridge"

    def setUp(self):
        super().setUp()
        self.network = self.hns.create_network("cbr0")
        self.namespace = self.hns.create_namespace()
        self.conf = {"cniVersion": "1.1.0", "name": "cbr0", "type": "win-bridge", "apiVersion": 2,
                     "ipam": {"type": "host-local", "dataDir": host_path(self.folder / "ipam"),
                              "ranges": [[{"subnet": "10.244.4.0/24"}]]}}

    def cni(self, command, conf=None, **env):
        variables = {"CNI_NETNS": self.namespace, **env}
        return self.run_plugin(self.plugin, command, self.conf if conf is None else conf, variables)

    def succeed(self, command, conf=None, **env):
        done = self.cni(command, conf, **env)
        self.assertEqual(done.status, 0, done)
        return done.json if done.stdout else None

    def fail_with(self, code, command, conf=None, **env):
        """The error JSON of a command that must fail; exactly one document, in the conf's version."""
        done = self.cni(command, conf, **env)
        self.assertEqual(done.status, 1, done)
        error = done.json
        self.assertEqual(error["code"], code, done)
        self.assertIn("cniVersion", error)
        self.assertTrue(error["msg"], done)
        return error

    def pass_check(self, result, conf=None, **env):
        """CHECK of what ADD returned, by the conf of ADD."""
        self.succeed("CHECK", {**(self.conf if conf is None else conf), "prevResult": result}, **env)

    def leases(self, network="cbr0"):
        return [file.name for file in leases_in(self.folder / "ipam" / network)]

    def assert_nothing_left(self):
        self.assertEqual(self.endpoints_of_pods(), [])
        self.assertEqual(self.leases(), [])
        self.assertEqual([n["Endpoints"] for n in self.hns.namespaces()], [[] for _ in self.hns.namespaces()])

    def endpoint(self):
        found = self.endpoints_of_pods()
        self.assertEqual(len(found), 1, found)
        return found[0]

    def change_endpoint(self, **values):
        self.hns.put("endpoints", {**self.endpoint(), **values})
