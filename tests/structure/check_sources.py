#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Checks the rules of the sources that need no compiler: one message for each line that breaks one.

usage: check_sources.py SOURCE_DIR
"""
import pathlib
import re
import sys

FOLDERS = ("include", "server", "client", "tests", "proto", "bench", "scripts", "cmake", "examples")
LICENSED = {".c", ".h", ".py", ".sh", ".cmake", ".proto", ".ts", ".tsx", ".mjs", ".css"}
OTHERS = {"node_modules", "gen"}  # not written by us
LINES_MAX = 800

# What it finds in code (not in comments or strings); where that is allowed, by the path's start; why.
CODE_RULES = (
    (re.compile(r"(?<![>.\w])(time|clock|gettimeofday|clock_gettime|localtime|localtime_r|mktime)\s*\("),
     ("server/base/", "server/main.c", "client/", "tests/", "bench/"),
     "take the time from the clock port"),
    (re.compile(r"(?<![>.\w])(s?rand|s?random|rand_r|[dlm]rand48|getrandom|getentropy|arc4random\w*)\s*\("),
     ("server/base/", "server/main.c", "client/", "tests/", "bench/"),
     "take randomness from its port"),
    (re.compile(r"\b(sleep|usleep|nanosleep)\s*\("), ("client/", "bench/"),
     "wait for the event, or step the clock"),
    (re.compile(r"\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|atof)\s*\("), (),
     "use a call with a bound and an error"),
    (re.compile(r"\btypedef\s+(struct|enum|union)\b(?!.*_fn\()"), (), "no typedef for structs and enums; function types end in _fn"),
    (re.compile(r"\b(float|double)\b"), ("client/", "tests/", "bench/"),
     "amounts are integers in the smallest unit"),
)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
NOT_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def code_only(text):
    """The text with comments and literals blanked out; every line keeps its number."""
    return NOT_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def check_file(name, text):
    """Messages about one file; name is its path from the source directory."""
    lines = text.splitlines()
    suffix = pathlib.PurePosixPath(name).suffix
    if suffix in LICENSED and not any("SPDX-License-Identifier: Apache-2.0" in line for line in lines[:3]):
        yield f"{name}:1: the SPDX header is missing"
    if suffix not in (".c", ".h"):
        return
    if len(lines) > LINES_MAX:
        yield f"{name}: {len(lines)} lines: split it by concept (at most {LINES_MAX})"
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line):
            yield f"{name}:{number}: unfinished work is an issue, not a comment"
    for number, line in enumerate(code_only(text).splitlines(), 1):
        for pattern, allowed, why in CODE_RULES:
            match = pattern.search(line)
            if match and not name.startswith(allowed):
                yield f"{name}:{number}: {match.group().strip()}: {why}"


def main():
    root = pathlib.Path(sys.argv[1])
    problems, count = [], 0
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            ours = OTHERS.isdisjoint(path.parts)
            if ours and path.is_file() and path.suffix in LICENSED:
                count += 1
                name = path.relative_to(root).as_posix()
                problems += check_file(name, path.read_text(encoding="utf-8"))
    print("\n".join(problems) or f"{count} files keep the rules")
    return 1 if problems or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
