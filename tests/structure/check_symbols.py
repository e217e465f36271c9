#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""Checks the symbols of each module's archive: what it calls, and that it has no mutable globals.

usage: check_symbols.py --nm NM --rules DIR module=archive...

The rules are forbidden_symbols.txt and allowed_globals.txt in DIR.
"""
import argparse
import pathlib
import re
import subprocess
import sys

MUTABLE_SECTION = re.compile(r"\.(data|bss|tdata|tbss|ldata|lbss)(\.|$)|\*COM\*")
CONSTANT_AFTER_RELOCATION = ".data.rel.ro"


def rows(text, columns):
    """The lines of a rules file that are not comments, split into columns."""
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            fields = line.split(None, columns - 1)
            if len(fields) < columns:
                raise ValueError(f"a rule needs {columns} columns: {line}")
            yield fields


def plain_name(symbol):
    """The name as written in C: without symbol version, _FORTIFY_SOURCE and C99 alias marks."""
    symbol = symbol.split("@")[0]
    match = re.fullmatch(r"__(\w+)_chk", symbol) or re.fullmatch(r"__isoc\d+_(\w+)", symbol)
    return match.group(1) if match else symbol


def undefined_symbols(nm_output):
    """Names an archive calls and does not itself define, from `nm -f posix`."""
    called, defined = set(), set()
    for line in nm_output.splitlines():
        fields = line.split()
        if len(fields) >= 2 and len(fields[1]) == 1:
            (called if fields[1] in "UwWv" and len(fields) == 2 else defined).add(fields[0])
    return {plain_name(name) for name in called - defined}


def mutable_globals(nm_output):
    """Names of mutable objects in an archive, from `nm -f sysv`."""
    found = set()
    for line in nm_output.splitlines():
        fields = [field.strip() for field in line.split("|")]
        if len(fields) != 7:
            continue
        name, section = fields[0], fields[6]
        if MUTABLE_SECTION.match(section) and not section.startswith(CONSTANT_AFTER_RELOCATION):
            found.add(re.sub(r"\.\d+$", "", name))
    return found - {""}


def forbidden_calls(module, symbols, rules_text):
    for modules, pattern, why in rows(rules_text, 3):
        if module in modules.split(","):
            for symbol in sorted(symbols):
                if re.fullmatch(pattern, symbol):
                    yield f"{module}: calls {symbol}: {why}"


def forbidden_globals(module, names, allowed_text):
    allowed = {(row[0], row[1]) for row in rows(allowed_text, 3)}
    for name in sorted(names):
        if (module, name) not in allowed:
            yield f"{module}: {name} is a mutable global: pass it as an argument"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--rules", type=pathlib.Path, required=True)
    parser.add_argument("archives", nargs="*", metavar="module=archive")
    options = parser.parse_args()
    calls = (options.rules / "forbidden_symbols.txt").read_text()
    allowed = (options.rules / "allowed_globals.txt").read_text()

    def nm(output_format, archive):
        return subprocess.run([options.nm, "-f", output_format, archive],
                              check=True, capture_output=True, text=True).stdout

    problems = []
    for argument in options.archives:
        module, archive = argument.split("=", 1)
        problems += forbidden_calls(module, undefined_symbols(nm("posix", archive)), calls)
        problems += forbidden_globals(module, mutable_globals(nm("sysv", archive)), allowed)
    print("\n".join(problems) or f"{len(options.archives)} modules keep the rules")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
