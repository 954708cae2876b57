# SPDX-License-Identifier: Apache-2.0
"""`wincni conf lint` and `wincni conf schema`.

tests/data/lint/<rule>[-<variant>]/ has a bad conf, a good one that is nearly the same, and, where the rule has a safe
fix, what --fix makes of the bad one. cases.json says where in the bad one the rule finds what, and the arguments beside
the file. Rules that look at folders have folders of these names. What is found in confs that people run is in real.json,
which was written by somebody who read each of them: change it only so.
"""
import collections
import json
import pathlib
import re
import shutil

from harness import EXAMPLES, REAL, ROOT, EmulatorTestCase, host_path, main, some

DATA = ROOT / "tests" / "data" / "lint"
OTHERS = ROOT / "tests" / "data" / "lint-real"
CASES = json.loads((DATA / "cases.json").read_text())
CONF = b'{"cniVersion": "1.1.0", "name": "cbr0", "type": "win-bridge", "dns": {"search": ["a"]}}'
NOT_CONFS = {"expectations.json"}


def confs_in(folder):
    return sorted(file for file in folder.iterdir()
                  if file.suffix in (".conf", ".conflist", ".json") and file.name not in NOT_CONFS)


def file_of(case, which):
    """The conf of that name; None where the case has none."""
    return next(iter((DATA / case).glob(which + ".*")), None)


def name_of(path):
    """The last part of a path with either separator."""
    return re.split(r"[/\\]", path)[-1]


def rule_of(case):
    return case.split("-")[0]


class LintTestCase(EmulatorTestCase):
    """No command here needs HNS, emulated or not."""

    def lint(self, *arguments, status=None, stdin=b""):
        done = self.run_tool("conf", "lint", *arguments, env={"WINCNI_EMULATOR": ""}, stdin=stdin)
        if status is not None:
            self.assertEqual(done.status, status, done)
        return done

    def found(self, files, *arguments):
        """What is found in each file, "C301@7:3", by its name on the command line."""
        names = {host_path(file): file for file in files}
        done = self.lint("--json", *arguments, *names)
        self.assertIn(done.status, (0, 3), done)
        found = {file: [] for file in files}
        for one in done.json["findings"]:
            found[names[one["file"]]].append(f"{one['id']}@{one['line']}:{one['column']}")
        return found

    def copy_of(self, file, name=None):
        copy = self.folder / (name or file.name)
        shutil.copy(file, copy)
        return copy


class Rules(LintTestCase):
    def by_arguments(self):
        """Cases that one process can look at."""
        groups = collections.defaultdict(list)
        for case, expected in CASES.items():
            if file_of(case, "bad"):
                groups[tuple(expected.get("arguments", []))].append(case)
        return groups.items()

    def test_each_rule_finds_the_bad_one_and_nothing_else(self):
        for arguments, cases in self.by_arguments():
            found = self.found([file_of(case, "bad") for case in cases], *arguments)
            for case in cases:
                with self.subTest(case):
                    self.assertEqual(found[file_of(case, "bad")],
                                     [f"{rule_of(case)}@{place}" for place in CASES[case]["at"]])

    def test_good_ones_are_silent(self):
        for arguments, cases in self.by_arguments():
            files = [file_of(case, "good") for case in cases]
            self.assertEqual(self.found(files, *arguments), {file: [] for file in files})

    def test_fix_writes_what_was_foreseen(self):
        for arguments, cases in self.by_arguments():
            copies = {case: self.copy_of(file_of(case, "bad"), case + file_of(case, "bad").suffix) for case in cases}
            self.lint("--fix", *arguments, *map(host_path, copies.values()))
            for case, copy in copies.items():
                with self.subTest(case):
                    bad, fixed = file_of(case, "bad"), file_of(case, "fixed")
                    self.assertEqual(copy.read_bytes(), (fixed or bad).read_bytes())
                    backup = copy.with_name(copy.name + ".bak")
                    self.assertEqual(backup.read_bytes() if backup.exists() else None,
                                     bad.read_bytes() if fixed else None)

    def test_what_was_fixed_is_not_found_again(self):
        for arguments, cases in self.by_arguments():
            files = {file_of(case, "fixed"): rule_of(case) for case in cases if file_of(case, "fixed")}
            for file, places in (self.found(files, *arguments) if files else {}).items():
                self.assertEqual([place for place in places if place.startswith(files[file])], [], file)

    def test_rules_on_folders(self):
        for case, expected in CASES.items():
            if not (DATA / case / "bad").is_dir():
                continue
            for which, places in (("bad", expected["at"]), ("good", [])):
                findings = self.lint("--json", "--only", rule_of(case), host_path(DATA / case / which)).json["findings"]
                self.assertEqual([f"{name_of(one['file'])}:{one['line']}:{one['column']}"
                                  for one in findings], places, case)

    def test_every_rule_has_a_case_and_a_place_in_the_docs(self):
        rules = self.lint("--rules", "--json", status=0).json
        self.assertEqual({rule["id"] for rule in rules}, {rule_of(case) for case in CASES})
        headings = re.findall(r"^### (C\d+) ([\w-]+)$", (ROOT / "docs" / "lint.md").read_text(), re.M)
        self.assertEqual(headings, [(rule["id"], rule["name"]) for rule in rules])
        for rule in rules:
            self.assertEqual(rule["docs"], f"docs/lint.md#{rule['id'].lower()}-{rule['name']}")

    def test_every_folder_is_a_case(self):
        self.assertEqual({folder.name for folder in DATA.iterdir() if folder.is_dir()}, set(CASES))


class Confs(LintTestCase):
    def test_examples_are_silent(self):
        self.lint("--fail-on", "warning", *map(host_path, confs_in(EXAMPLES)), status=0)

    def test_confs_that_people_run(self):
        expected = json.loads((DATA / "real.json").read_text())
        files = confs_in(REAL) + confs_in(OTHERS)
        self.assertEqual({file.name for file in files}, set(expected))
        for file, places in self.found(files).items():
            with self.subTest(file.name):
                self.assertEqual(places, expected[file.name])

    def test_is_an_error_where_the_plugin_refuses(self):
        """The conf that ADD refuses for what is in it is never called good."""
        of_conf = {6, 7}
        refused = {run["conf"] for run in json.loads((REAL / "expectations.json").read_text())
                   if "refused" in run and run["refused"]["code"] in of_conf and "azure" not in run["refused"]["text"]}
        done = self.lint("--json", *(host_path(REAL / name) for name in sorted(refused)))
        errors = {name_of(one["file"]) for one in done.json["findings"] if one["severity"] == "error"}
        self.assertEqual(refused - errors, set())


def places_in(value, path=()):
    """The path of every value in JSON, itself not."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield path + (key,)
        yield from places_in(member, path + (key,))


def changed(conf, path, value):
    copy = json.loads(json.dumps(conf))
    holder = copy
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return copy


class Refusals(LintTestCase):
    """A conf that a plugin refuses is never called good: here every value of the examples is another one once."""
    odd = [None, True, 7, "", "x", "10.1.2.3", "fd00::/64", [], ["x"], {"a": 1}, "<x>", 1.5]
    of_conf = {1, 6, 7}

    def broken_confs(self):
        number = 0
        for file in sorted(EXAMPLES.glob("*.conf")):
            conf = json.loads(file.read_text())
            for path in places_in(conf):
                number += 1
                # Whether a plugin is there depends on the node.
                if path[-1] != "type":
                    yield file.stem, path, changed(conf, path, self.odd[number % len(self.odd)])

    def is_refused(self, conf):
        env = {"CNI_NETNS": "none"} if conf.get("apiVersion") in (1, "1") else {}
        done = self.run_plugin(conf["type"], "ADD", json.dumps(conf).encode(), env)
        return done.status != 0 and done.json["code"] in self.of_conf

    def test_is_an_error_where_the_plugin_refuses(self):
        confs = some(list(self.broken_confs())[::2])
        files = [self.folder / f"{number}.conf" for number in range(len(confs))]
        for file, (_, _, conf) in zip(files, confs):
            file.write_text(json.dumps(conf))
        done = self.lint("--json", *map(host_path, files), status=3)
        wrong = {one["file"] for one in done.json["findings"] if one["severity"] == "error"}
        refused = 0
        for file, (name, path, conf) in zip(files, confs):
            if self.is_refused(conf):
                refused += 1
                self.assertIn(host_path(file), wrong, (name, path))
        self.assertGreater(refused, len(confs) // 40)


class Answers(LintTestCase):
    def conf(self, text=CONF, name="cni.conf"):
        file = self.folder / name
        file.write_bytes(text)
        return host_path(file)

    def test_exit_codes(self):
        warning = self.conf(CONF.replace(b'"dns"', b'"dsn"'))
        self.lint(warning, status=0)
        self.lint("--fail-on", "warning", warning, status=3)
        self.lint("--fail-on", "note", self.conf(), status=3)
        self.lint(self.conf(b"{"), status=3)
        self.lint(host_path(self.folder / "none.conf"), status=1)
        self.lint(status=2)
        self.lint("--only", "C301", "--fail-on", "never", warning, status=2)

    def test_a_file_that_cannot_be_read_does_not_hide_the_others(self):
        done = self.lint(host_path(self.folder / "none.conf"), self.conf(b"{"), status=1)
        self.assertIn("none.conf is not there", done.stderr)
        self.assertIn("error[C110]", done.stdout)

    def test_wrong_arguments_name_the_right_one(self):
        conf = self.conf()
        self.assertIn('did you mean "unknown-key"?', self.lint("--only", "unknown-kye", conf, status=2).stderr)
        self.assertIn('--service-cidr "10.96" is no network', self.lint("--service-cidr", "10.96", conf, status=2).stderr)
        self.assertIn("--fix", self.lint("--diff", conf, status=2).stderr)

    def test_text_shows_the_place(self):
        conf = self.conf(b'{\r\n\t"cniVersion": "1.1.0", "name": "cbr0", "type": "win-bridge",\r\n\t"d\xc3\xbcns": 1\r\n}')
        lines = self.lint("--only", "unknown-key", conf, status=0).lines
        self.assertEqual(lines[0], 'warning[C301] unknown-key: nobody reads "düns"')
        self.assertEqual(lines[1:5], [f"  --> {conf}:3:2", "   |", ' 3 |  "düns": 1', '   |  ^^^^^^ did you mean "dns"?'])
        self.assertEqual(lines[-1], f"{conf}: 1 warning")

    def test_names_and_ids_choose_rules(self):
        conf = self.conf(b'{"name": "cbr0", "type": "win-bridge", "dsn": {}}')
        self.assertEqual({one["id"] for one in self.lint("--json", "--only", "C301", conf).json["findings"]}, {"C301"})
        kept = {one["name"] for one in self.lint("--json", "--skip", "Unknown-Key", "--skip", "C306", conf).json["findings"]}
        self.assertEqual(kept, {"cniversion-missing", "ipam-missing"})

    def test_stdin(self):
        done = self.lint("--json", "-", stdin=b'{"type": "win-bridge"}', status=3)
        self.assertIn(("-", "C201"), [(one["file"], one["id"]) for one in done.json["findings"]])

    def test_json_has_all_that_the_text_has(self):
        one, = self.lint("--json", "--only", "C305", self.conf(CONF.replace(b'"dns"', b'"capabilites"'))).json["findings"]
        self.assertEqual((one["severity"], one["line"], one["column"], one["endColumn"], one["path"], one["docs"]),
                         ("warning", 1, 63, 76, "conf.capabilites", "docs/lint.md#c305-capability-unknown"))
        fix, = one["fixes"]
        self.assertEqual((fix["applicability"], fix["edits"]),
                         ("safe", [{"offset": 62, "length": 13, "text": '"capabilities"'}]))

    def test_edits_in_json_lead_to_what_fix_writes(self):
        for case in CASES:
            bad, fixed = file_of(case, "bad"), file_of(case, "fixed")
            if not fixed or bad.read_bytes()[:2] == b"\xff\xfe" or CASES[case].get("arguments"):
                continue
            text = bad.read_bytes()
            edits = [edit for one in self.lint("--json", host_path(bad)).json["findings"]
                     for fix in one["fixes"] if fix["applicability"] == "safe" for edit in fix["edits"]]
            for edit in sorted(edits, key=lambda edit: -edit["offset"]):
                end = edit["offset"] + edit["length"]
                text = text[:edit["offset"]] + edit["text"].encode() + text[end:]
            self.assertEqual(text, fixed.read_bytes(), case)

    def test_diff_writes_nothing(self):
        text = CONF.replace(b", ", b",\n").replace(b'"dns"', b'"capabilites"')
        conf = self.conf(text)
        done = self.lint("--fix", "--diff", "--only", "C305", conf)
        self.assertIn(f'--- {conf}\n+++ {conf}\n@@ -1,4 +1,4 @@\n', done.stdout)
        self.assertIn('-"capabilites": {"search": ["a"]}}\n+"capabilities": {"search": ["a"]}}\n', done.stdout)
        self.assertEqual([file.name for file in self.folder.glob("cni.conf*")], ["cni.conf"])
        self.assertEqual(pathlib.Path(self.folder / "cni.conf").read_bytes(), text)

    def test_fix_leaves_what_would_be_no_json(self):
        text = CONF.replace(b'"dns"', b'"capabilites"').replace(b'"cbr0",', b'"cbr0"')
        done = self.lint("--fix", self.conf(text), status=3)
        self.assertIn("is left as it is", done.stderr)
        self.assertEqual((self.folder / "cni.conf").read_bytes(), text)
        self.assertFalse((self.folder / "cni.conf.bak").exists())

    def test_hostile_files(self):
        for text in (b"", b"\x00", b"\xff\xfe", b"[]", b'"x"', b"{" * 5000, b"[" * 100000, b'{"a": "\xff"}', b'{"plugins": 1}',
                     b'{"plugins": [1, null, []]}', b'{"plugins": [], "plugins": [{}, {"type": 1}]}',
                     b'{"name": 1, "type": [], "delegate": 1, "ipam": [], "dns": 3, "policies": {"a": 1}}',
                     b'{"type": "flannel", "name": "a", "delegate": {"type": 1, "policies": [[]]}}',
                     b'{"Backend": 1}', b'{"Backend": {"Type": "vxlan", "VNI": 1e99, "Port": -1}}', b"'" * 7, b'\\\\\\"'):
            with self.subTest(text[:40]):
                conf = self.conf(text)
                self.lint(conf, status=0 if text.startswith(b'{"Backend": 1') else 3)
                self.assertIn(self.lint("--fix", conf).status, (0, 3))


KINDS = {"object": dict, "array": list, "string": str, "boolean": bool, "number": (int, float), "integer": int,
         "null": type(None)}


class Validator:
    """As much of JSON Schema (draft-07) as our schema uses, and nothing else: an unknown word is a fault."""

    def __init__(self, schema):
        self.whole = schema

    def faults(self, value, schema=None, path="conf"):
        schema = self.whole if schema is None else schema
        for word, meaning in schema.items():
            yield from getattr(self, "check_" + word.strip("$"), None)(value, meaning, path)

    def check_type(self, value, kinds, path):
        kinds = [kinds] if isinstance(kinds, str) else kinds
        is_kind = (isinstance(value, KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool)) for kind in kinds)
        if not any(is_kind):
            yield f"{path} is none of {kinds}"

    def check_properties(self, value, properties, path):
        for key in properties.keys() & (value if isinstance(value, dict) else {}):
            yield from self.faults(value[key], properties[key], f"{path}.{key}")

    def check_patternProperties(self, value, patterns, path):
        for key in value if isinstance(value, dict) else ():
            for pattern, schema in patterns.items():
                if re.search(pattern, key):
                    yield from self.faults(value[key], schema, f"{path}.{key}")

    def check_items(self, value, schema, path):
        for one in value if isinstance(value, list) else ():
            yield from self.faults(one, schema, path + "[]")

    def check_required(self, value, keys, path):
        yield from (f"{path}.{key} is missing" for key in keys if key not in value)

    def check_enum(self, value, values, path):
        if value not in values:
            yield f"{path} is none of {values}"

    def check_minimum(self, value, least, path):
        if isinstance(value, int) and value < least:
            yield f"{path} is less than {least}"

    def check_maximum(self, value, most, path):
        if isinstance(value, int) and value > most:
            yield f"{path} is more than {most}"

    def check_minItems(self, value, least, path):
        if isinstance(value, list) and len(value) < least:
            yield f"{path} is too short"

    def check_allOf(self, value, schemas, path):
        for schema in schemas:
            yield from self.faults(value, schema, path)

    def check_ref(self, value, reference, path):
        schema = self.whole
        for step in reference.removeprefix("#/").split("/"):
            schema = schema[step]
        yield from self.faults(value, schema, path)

    def check_nothing(self, _value, _meaning, _path):
        return ()

    check_schema = check_title = check_description = check_examples = check_definitions = check_nothing


class Schema(LintTestCase):
    def schema(self):
        done = self.run_tool("conf", "schema", env={"WINCNI_EMULATOR": ""})
        self.assertEqual((done.status, done.stderr), (0, ""), done)
        return done.json

    def test_confs_that_are_good_are_valid(self):
        validator = Validator(self.schema())
        for file in [file_of(case, "good") for case in CASES if file_of(case, "good")] + confs_in(EXAMPLES):
            conf = json.loads(file.read_text())
            if "Backend" not in conf:
                self.assertEqual(list(validator.faults(conf)), [], file)

    def test_values_of_wrong_types_are_not(self):
        validator = Validator(self.schema())
        conf = json.loads(CONF)
        for wrong in ({"name": 1}, {"dns": []}, {"Dns": []}, {"dns": {"search": 1}}, {"apiVersion": 3}, {"capabilities": []},
                      {"policies": {}}, {"policies": [{"value": {"Type": 1}}]}, {"delegate": {"loopbackDSR": "yes"}},
                      {"timeoutSeconds": 4000}, {"plugins": {}}, {"plugins": [{"policies": 1}]},
                      {"ipam": {"ranges": [[{"subnet": 1}]]}}):
            self.assertNotEqual(list(validator.faults({**conf, **wrong})), [], wrong)

    def test_every_key_of_the_docs_is_in_it(self):
        keys = self.schema()["definitions"]["plugin"]["properties"]
        for key in ("cniVersion", "name", "type", "ipam", "dns", "policies", "AdditionalArgs", "HcnPolicyArgs", "createNetwork",
                    "capabilities", "runtimeConfig", "delegate", "endpointMacPrefix", "optionalFlags", "logFile"):
            self.assertIn("description", keys[key], key)


if __name__ == "__main__":
    main()
