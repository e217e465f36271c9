#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""The Merkle tree computed by other code in another language.

Reads tests/unit/ledger/merkle_known_roots.h, which the C tests compare the tree with, and derives
each of its lines anew from RFC 6962's recursive definitions with hashlib. Shares no code with the
ledger. With --write it prints the header's lines instead of checking them.
"""

import hashlib
import os
import re
import sys

CT_LEAVES = [bytes.fromhex(leaf) for leaf in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f")]
SIZES = [0, 1, 2, 3, 7, 8, 100, 255, 256, 257, 511, 512, 513, 1000, 4096, 65535, 65536, 65537,
         70001]
HEADER = "tests/unit/ledger/merkle_known_roots.h"


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def root_of(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, over leaf hashes."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\x01" + root_of(leaves[:split]) + root_of(leaves[split:]))


def inclusion_of(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < split:
        return inclusion_of(index, leaves[:split]) + [root_of(leaves[split:])]
    return inclusion_of(index - split, leaves[split:]) + [root_of(leaves[:split])]


def consistency_of(old: int, leaves: list[bytes], is_whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962, 2.1.2."""
    if old == len(leaves):
        return [] if is_whole else [root_of(leaves)]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    if old <= split:
        return consistency_of(old, leaves[:split], is_whole) + [root_of(leaves[split:])]
    return consistency_of(old - split, leaves[split:], False) + [root_of(leaves[:split])]


def expected_lines() -> list[str]:
    """The header's rows, in its order."""
    # Leaf number i of the C test is the text "leaf i".
    leaves = [sha256(b"\x00leaf %d" % i) for i in range(max(SIZES))]
    lines = ['MERKLE_CT_ROOT("%s")'
             % root_of([sha256(b"\x00" + leaf) for leaf in CT_LEAVES]).hex()]
    for size in SIZES:
        lines.append('MERKLE_ROOT(%d, "%s")' % (size, root_of(leaves[:size]).hex()))
    # A proof is given by the hash over its hashes, one after the other.
    for index, size in ((0, 1), (5, 8), (255, 257), (256, 70001), (70000, 70001)):
        proof = inclusion_of(index, leaves[:size])
        lines.append('MERKLE_INCLUSION(%d, %d, %d, "%s")'
                     % (index, size, len(proof), sha256(b"".join(proof)).hex()))
    for old, new in ((1, 8), (6, 8), (256, 513), (300, 70001), (65536, 65537), (70000, 70001)):
        proof = consistency_of(old, leaves[:new])
        lines.append('MERKLE_CONSISTENCY(%d, %d, %d, "%s")'
                     % (old, new, len(proof), sha256(b"".join(proof)).hex()))
    return lines


def main() -> int:
    lines = expected_lines()
    if sys.argv[1:] == ["--write"]:
        print("\n".join(lines))
        return 0
    top = os.environ.get("LOVEBANK_SOURCE_DIR") or os.path.dirname(
        os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    with open(os.path.join(top, HEADER), encoding="utf-8") as header:
        found = re.findall(r'^MERKLE_\w+\(.*\)$', header.read(), re.MULTILINE)
    if found != lines:
        for number, (have, want) in enumerate(zip(found, lines), 1):
            if have != want:
                print("line %d\n  header: %s\n  python: %s" % (number, have, want))
        print("%s has %d lines, %d are expected" % (HEADER, len(found), len(lines)))
        return 1
    print("%d roots and proofs agree" % len(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
