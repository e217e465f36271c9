#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""
Checks that what the documents point to is there: links of Markdown files with their #headings, paths
of the repository in `code`, and documents that sources and scripts name. One message a miss.

usage: check_links.py SOURCE_DIR
"""

import re
import subprocess
import sys
from pathlib import Path

LINK = re.compile(r"\]\(([^()\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
# A path whole: its first folder is one of ours. Names that stand for others hold < or … or are an x.
PATH = re.compile(r"(?:^|(?<=[ (]))(?:bench|client|cmake|docs|examples|include|packaging|proto|scripts|server|tests)"
                  r"/[\w./*-]+(?=$|[ ,):])")
STANDS_FOR_OTHERS = re.compile(r"(?:/|_)x(?:[./]|$)")
DOCUMENT = re.compile(r"\b(?:docs/[\w/-]+\.(?:md|[18])|README\.md|SECURITY\.md|CONTRIBUTING\.md|CHANGELOG\.md)\b")
SOURCES = {".c", ".h", ".py", ".sh", ".cmake", ".proto", ".conf", ".service", ".txt"}


def anchors(path):
    """The names by which headings of a Markdown file can be linked to."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ +(.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def check_link(file, target):
    if re.match(r"[a-z]+:", target):
        return None
    name, _, anchor = target.partition("#")
    path = (file.parent / name) if name else file
    if not path.exists():
        return f"links to {target}, which is not there"
    if anchor and anchor not in anchors(path):
        return f"links to {target}, but there is no such heading"
    return None


def check_path(root, path):
    found = any(root.glob(path.rstrip("/."))) if "*" in path else (root / path.rstrip(".")).exists()
    return None if found else f"names {path}, which is not there"


def paths_of(line):
    """The first path in each `code` of a line: what follows it in a command may be yet to be made."""
    for code in CODE.findall(line):
        match = PATH.search(code)
        if match and not STANDS_FOR_OTHERS.search(match.group()):
            yield match.group()


def check_file(root, file):
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        problems = []
        if file.suffix == ".md":
            problems += [check_link(file, target) for target in LINK.findall(line)]
            problems += [check_path(root, path) for path in paths_of(line)]
        else:
            problems += [check_path(root, path) for path in DOCUMENT.findall(line)]
        for problem in filter(None, problems):
            yield f"{file.relative_to(root)}:{number}: {problem}"


def main(root):
    names = subprocess.run(["git", "-C", root, "ls-files", "-z"], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.split("\0")
    files = [root / name for name in names if Path(name).suffix in SOURCES | {".md"}]
    problems = [problem for file in files if file.exists() for problem in check_file(root, file)]
    print(*problems, sep="\n", end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]).resolve()))
