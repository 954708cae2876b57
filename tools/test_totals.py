#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the test cases of a `meson test` run: "PASSED FAILED SKIPPED" on stdout, the output of what failed on
stderr. Meson knows programs; the cases in them are what doctest and unittest say of themselves.

usage: test_totals.py BUILD
       test_totals.py --self-test   checks this script
"""
import json
import pathlib
import re
import sys

DOCTEST = re.compile(r"\[doctest\] test cases:\s*(\d+)\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed\s*\|\s*(\d+) skipped")
UNITTEST = re.compile(r"^Ran (\d+) tests? in .*\n+(?:OK|FAILED)(?: \(([^)]*)\))?", re.MULTILINE)
# As much of a failed program's output as a person reads.
LONGEST = 8000


def counts_of(program):
    """Passed, failed and skipped cases of one program."""
    is_good, is_skipped = program["result"] in ("OK", "EXPECTEDFAIL"), program["result"] == "SKIP"
    output = program.get("stdout", "") + "\n" + program.get("stderr", "")
    if is_skipped:
        return 0, 0, 1
    counts = counts_in(output) or (int(is_good), int(not is_good), 0)
    # A program that was killed, or failed after its last case, failed whatever it said before.
    return counts if is_good or counts[1] else (counts[0], 1, counts[2])


def counts_in(output):
    if match := DOCTEST.search(re.sub(r"\x1b\[[0-9;]*m", "", output)):
        _, passed, failed, skipped = map(int, match.groups())
        return passed, failed, skipped
    if match := UNITTEST.search(output):
        named = dict(part.split("=") for part in (match[2] or "").split(", ") if "=" in part)
        failed = sum(int(named.get(key, 0)) for key in ("failures", "errors", "unexpected successes"))
        skipped = int(named.get("skipped", 0))
        return max(int(match[1]) - failed - skipped, 0), failed, skipped
    return None


def main(build):
    log = pathlib.Path(build) / "meson-logs" / "testlog.json"
    if not log.exists():
        print("0 1 0")
        sys.exit(f"{log} is missing: the tests did not run")
    totals = [0, 0, 0]
    for program in map(json.loads, log.read_text("utf-8", "replace").splitlines()):
        counts = counts_of(program)
        totals = [total + count for total, count in zip(totals, counts)]
        if counts[1]:
            output = program.get("stdout", "") + program.get("stderr", "")
            print(f"--- {program['name']} ({program['result']})\n{output[-LONGEST:]}", file=sys.stderr)
    print(*totals)


def self_test():
    cases = [
        ((12, 0, 1), "OK", "[doctest] test cases: 12 | 12 passed | 0 failed | 1 skipped\n[doctest] Status: SUCCESS!", ""),
        ((10, 2, 0), "FAIL", "\x1b[0m[doctest] test cases: \x1b[1m12\x1b[0m | 10 passed | 2 failed | 0 skipped", ""),
        # All cases passed, and then it crashed or hung.
        ((12, 1, 0), "FAIL", "[doctest] test cases: 12 | 12 passed | 0 failed | 0 skipped", "AddressSanitizer: ..."),
        ((0, 1, 0), "TIMEOUT", "", ""),
        ((5, 0, 0), "OK", "", ".....\nRan 5 tests in 1.204s\n\nOK\n"),
        ((1, 0, 0), "OK", "", ".\nRan 1 test in 0.001s\n\nOK\n"),
        ((3, 0, 2), "OK", "", "Ran 5 tests in 1.204s\n\nOK (skipped=2)\n"),
        ((2, 2, 1), "FAIL", "", "Ran 5 tests in 1.204s\n\nFAILED (failures=1, errors=1, skipped=1)\n"),
        # Parts of one test failed.
        ((0, 3, 0), "FAIL", "", "Ran 1 test in 0.1s\n\nFAILED (failures=3)\n"),
        # Programs that count nothing count as one.
        ((1, 0, 0), "OK", "fine", ""),
        ((0, 1, 0), "FAIL", "not fine", ""),
        ((0, 0, 1), "SKIP", "", ""),
    ]
    wrong = [(wanted, found) for wanted, result, stdout, stderr in cases
             if (found := counts_of({"result": result, "stdout": stdout, "stderr": stderr})) != wanted]
    print("\n".join([*(f"counted {found}, not {wanted}" for wanted, found in wrong),
                     f"{len(cases)} cases, {len(wrong)} wrong"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        sys.exit(self_test())
    main(sys.argv[1])
