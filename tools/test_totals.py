#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the test cases of a `meson test` run: "PASSED FAILED SKIPPED" on stdout, the output of what failed on
stderr. Meson knows programs; the cases in them are what doctest and unittest say of themselves.

usage: test_totals.py BUILD
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


if __name__ == "__main__":
    main(sys.argv[1])
