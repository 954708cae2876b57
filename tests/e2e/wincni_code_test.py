# SPDX-License-Identifier: Apache-2.0
"""`wincni code` and the completion of commands in shells: both work without HNS."""
import re
import pathlib
import subprocess
import unittest

from harness import executable, main, run, settings

DOCS = pathlib.Path(__file__).parents[2] / "docs"


class Code(unittest.TestCase):
    def ask(self, *texts):
        done = run("wincni", "code", "--json", *texts)
        self.assertEqual((done.status, done.stderr), (0, ""), done)
        return done.json

    def test_every_spelling_of_a_code(self):
        for text in ("0x803b000d", "0X803B000D", "803b000d", "-2143617011", "2151350285", "HCN_E_INVALID_POLICY",
                     "hcn_e_invalid_policy", "INVALID_POLICY",
                     "hcnCreateEndpoint failed in Win32: The provided policy configuration is invalid or missing "
                     "parameters. (0x803b000d)",
                     '{"Success":false,"Error":"The provided policy configuration is invalid or missing parameters. "}'):
            with self.subTest(text):
                code, = self.ask(text)
                self.assertEqual((code["kind"], code["code"], code["name"], code["decimal"]),
                                 ("hresult", "0x803B000D", "HCN_E_INVALID_POLICY", -2143617011))

    def test_windows_errors_in_short(self):
        for text in ("0x490", "1168", "0x80070490", "hnsCall failed in Win32: Element not found. (0x490)"):
            with self.subTest(text):
                code, = self.ask(text)
                self.assertEqual((code["code"], code["name"]), ("0x80070490", "ERROR_NOT_FOUND"))
                self.assertIn("wincni hns list networks", code["advice"])
        code, = self.ask("0x80071234")
        self.assertEqual((code["name"], code["reports"]), ("", []))
        self.assertIn("net helpmsg 4660", run("wincni", "code", "0x80071234").stdout)

    def test_codes_of_cni_are_those_of_the_docs(self):
        rows = [int(code) for cell in re.findall(r"^\| ([\d, ]+) \|", (DOCS / "errors.md").read_text(), re.M)
                for code in cell.split(",")]
        # Of the spec, and never answered by ours.
        for number in sorted({*rows, 2, 3}):
            with self.subTest(number):
                code = self.ask(str(number))[0]
                self.assertEqual((code["kind"], code["code"]), ("cni", number))
                self.assertTrue(code["meaning"] and code["advice"])

    def test_rules_of_lint(self):
        rules = run("wincni", "conf", "lint", "--rules", "--json").json
        for rule in (rules[0], rules[len(rules) // 2], rules[-1]):
            for text in (rule["id"], rule["id"].lower(), rule["name"]):
                code, = self.ask(text)
                self.assertEqual((code["kind"], code["code"], code["name"]), ("rule", rule["id"], rule["name"]))
                file, _, anchor = code["docs"].partition("#")
                self.assertTrue((DOCS.parent / file).exists() and anchor, code)

    def test_a_message_with_several_codes_tells_each_once(self):
        codes = self.ask("failed with HCN_E_INVALID_IP (0x803B001E), before that 0x80070490 and 0x803b001e")
        self.assertEqual([code["name"] for code in codes], ["HCN_E_INVALID_IP", "ERROR_NOT_FOUND"])
        self.assertEqual([code["code"] for code in self.ask("11", "0x803b0001")], [11, "0x803B0001"])

    def test_what_others_met_has_an_address(self):
        for report in self.ask("HCN_E_NETWORK_ALREADY_EXISTS")[0]["reports"]:
            self.assertRegex(report["url"], r"^https://[\w./-]+$")
            self.assertTrue(report["when"])
        self.assertIn("https://github.com/microsoft/hcsshim/issues/850",
                      run("wincni", "code", "0x803b0010").stdout)

    def test_what_holds_no_code_is_refused(self):
        for text, said in (("HCN_E_INVALD_POLICY", "did you mean HCN_E_INVALID_POLICY?"), ("nonsense", "0x803b000d"),
                           ("endpont_not_found", "did you mean ENDPOINT_NOT_FOUND?"),
                           ("", "0x803b000d"), ("0x", "0x803b000d"), ("0x123456789", "0x803b000d"),
                           ("no code in here", "0x803b000d"), ("\u202e\x1b[31m", "0x803b000d")):
            with self.subTest(text):
                done = run("wincni", "code", text)
                self.assertEqual((done.status, done.stdout), (1, ""), done)
                self.assertIn(said, done.stderr)
                self.assertNotIn("\x1b", done.stderr)
        self.assertEqual(run("wincni", "code").status, 2)


class Completion(unittest.TestCase):
    def candidates(self, *words):
        done = run("wincni", "__complete", *words[:-1], words[-1] + ".")
        self.assertEqual((done.status, done.stderr), (0, ""), done)
        return done.lines

    def test_commands_and_options(self):
        self.assertLessEqual({"hns", "code", "completion"}, set(self.candidates("")))
        self.assertEqual(self.candidates("h"), ["hns"])
        self.assertEqual(self.candidates("hns", "de"), ["delete", "detach"])
        self.assertEqual(self.candidates("hns", "list", "n"), ["networks", "namespaces"])
        self.assertEqual(self.candidates("hns", "list", "network", "--j"), ["--json"])
        self.assertIn("--network", self.candidates("hns", "create", "endpoint", "e1", "--"))
        self.assertIn("--gateway", self.candidates("hns", "create", "network", "--subnet", "10.0.0.0/8", "--g"))
        self.assertEqual(self.candidates("nonsense", "x"), [])
        self.assertEqual(run("wincni", "__complete").stdout, "")

    def test_every_command_tells_its_own(self):
        """Whatever `--help` lists is completed."""
        for words in ((), ("hns",), ("hns", "create"), ("completion",)):
            help_text = run("wincni", *words, "--help").stdout
            listed = re.findall(r"^  (\S+)  ", re.sub(r".*Subcommands:\n|\n\nExamples.*", "", help_text, flags=re.S), re.M)
            self.assertEqual(self.candidates(*words, ""), listed)

    def test_bash(self):
        if settings.wine:
            self.skipTest("bash is not of Windows")
        script = run("wincni", "completion", "bash").stdout
        for line, expected in (("wincni hns del", "delete"), ("wincni ", "completion"),
                               ("wincni hns list networks --", "--json")):
            words = line.split(" ")
            test = (script + f"COMP_WORDS=({' '.join(repr(word) for word in words)}); COMP_CWORD={len(words) - 1}; "
                    '_wincni; printf "%s\\n" "${COMPREPLY[@]}"')
            done = subprocess.run(["bash", "-c", test], capture_output=True, text=True, check=False,
                                  env={"PATH": f"{executable('wincni').parent}:/usr/bin:/bin"})
            self.assertIn(expected, done.stdout.splitlines(), (line, done))

    def test_powershell_is_told_the_same_command(self):
        script = run("wincni", "completion", "powershell").stdout
        self.assertIn("Register-ArgumentCompleter -Native -CommandName wincni, wincni.exe", script)
        self.assertIn('wincni __complete @words "$wordToComplete."', script)
        self.assertEqual(script.count("{"), script.count("}"))


if __name__ == "__main__":
    main()
