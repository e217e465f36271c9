/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Proofs against the roots that the ledger's own tests know (tests/unit/ledger/merkle_known_roots.h),
 * and against RFC 6962's recursive definitions.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isIncluded, leafHash, proofCode, rootByProof } from "../src/pages/ledger/proof.ts";

const header = readFileSync(join(process.env.LOVEBANK_SOURCE_DIR,
  "tests/unit/ledger/merkle_known_roots.h"), "utf8");
const roots = new Map([...header.matchAll(/^MERKLE_ROOT\((\d+), "([0-9a-f]{64})"\)/gm)]
  .map(([, size, root]) => [Number(size), root]));
const text = (index) => new TextEncoder().encode(`leaf ${index}`);
const hash = (...parts) => {
  const sum = createHash("sha256");
  parts.forEach((part) => sum.update(part));
  return sum.digest();
};
const hex = (bytes) => Buffer.from(bytes).toString("hex");

/** RFC 6962, 2.1 and 2.1.1, over hashes of leaves. */
const splitOf = (count) => 2 ** Math.floor(Math.log2(count - 1));
function rootOf(leaves) {
  if (leaves.length === 1) {
    return leaves[0];
  }
  const split = splitOf(leaves.length);
  return hash(Buffer.of(1), rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}
function pathOf(index, leaves) {
  if (leaves.length === 1) {
    return [];
  }
  const split = splitOf(leaves.length);
  return index < split ? [...pathOf(index, leaves.slice(0, split)), rootOf(leaves.slice(split))]
    : [...pathOf(index - split, leaves.slice(split)), rootOf(leaves.slice(0, split))];
}
const leavesOf = (size) => Array.from({ length: size }, (_, i) => hash(Buffer.of(0), text(i)));

test("the empty leaf has the known hash", async () => {
  assert.equal(hex(await leafHash(new Uint8Array())),
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
});

test("each leaf of each known tree leads to its root", async () => {
  for (const size of [1, 2, 3, 7, 8, 100, 257]) {
    const leaves = leavesOf(size);
    for (let i = 0; i < size; i += size > 50 ? 13 : 1) {
      const root = await rootByProof(leaves[i], BigInt(i), BigInt(size), pathOf(i, leaves));
      assert.equal(hex(root), roots.get(size), `leaf ${i} of ${size}`);
    }
  }
});

test("proofs of the known trees are those that the ledger makes", () => {
  for (const [, index, size, count, over] of header.matchAll(
    /^MERKLE_INCLUSION\((\d+), (\d+), (\d+), "([0-9a-f]{64})"\)/gm)) {
    if (Number(size) < 1000) {
      const path = pathOf(Number(index), leavesOf(Number(size)));
      assert.deepEqual([path.length, hex(hash(...path))], [Number(count), over]);
    }
  }
});

test("what was changed in any place is not in the tree", async () => {
  const leaves = leavesOf(7);
  const proof = pathOf(4, leaves);
  const root = rootOf(leaves);
  assert.equal(await isIncluded(text(4), 5n, 7n, proof, root), true);
  assert.equal(await isIncluded(text(3), 5n, 7n, proof, root), false, "another leaf");
  assert.equal(await isIncluded(text(4), 4n, 7n, proof, root), false, "another number");
  assert.equal(await isIncluded(text(4), 5n, 5n, proof, root), false, "another size");
  assert.equal(await isIncluded(text(4), 5n, 7n, proof.slice(1), root), false, "one hash less");
  assert.equal(await isIncluded(text(4), 5n, 7n, [...proof, root], root), false, "one more");
  assert.equal(await isIncluded(text(4), 5n, 7n, proof, hash(root)), false, "another root");
  assert.equal(await isIncluded(text(4), 8n, 7n, proof, root), false, "behind the end");
  assert.equal(await isIncluded(text(4), 0n, 7n, proof, root), false, "before the beginning");
  const bent = proof.map((part, i) => (i === 1 ? part.map((byte, at) => byte ^ (at === 9)) : part));
  assert.equal(await isIncluded(text(4), 5n, 7n, bent, root), false, "one bit");
  const short = proof.map((part, i) => (i === 1 ? part.slice(1) : part));
  assert.equal(await isIncluded(text(4), 5n, 7n, short, root), false, "a short hash");
});

test("the proof code is forty bits of the leaf's hash, in letters that are not mixed up", async () => {
  // 6e340b9cff: 01101 11000 11010 00000 10111 00111 00111 11111
  assert.equal(await proofCode(new Uint8Array()), "DRT0-Q77Z");
});
