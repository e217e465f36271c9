/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Request ids.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, newId, toHex } from "../src/lib/ids.ts";

test("ids are UUIDs of version 7 that rise, also within a millisecond and when the clock goes back", () => {
  const now = Date.now();
  const ids = [];
  for (let i = 0; i < 10000; i++) {
    ids.push(toHex(newId(i === 5000 ? now - 5000 : now + (i >> 12))));
  }
  for (const [i, id] of ids.entries()) {
    assert.equal(id.length, 32);
    assert.equal(id[12], "7");
    assert.match(id[16], /[89ab]/);
    assert.ok(i === 0 || ids[i - 1].slice(0, 16) < id.slice(0, 16), `${ids[i - 1]} ${id}`);
  }
});

test("the time of an id is its first 48 bits", () => {
  const later = Date.now() + 1e9;
  assert.equal(parseInt(toHex(newId(later)).slice(0, 12), 16), later);
});

test("hex is read back, and what is none is refused", () => {
  assert.equal(toHex(fromHex("00ffA0")), "00ffa0");
  assert.equal(fromHex("0"), null);
  assert.equal(fromHex("zz"), null);
});
