/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
import assert from "node:assert/strict";
import test from "node:test";

const kept = new Map();
globalThis.localStorage = {
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => kept.set(key, value),
  removeItem: (key) => kept.delete(key),
};
const { loginName } = await import("../src/lib/remembered");

test("accepts: the log-in name of an account that has worked here", () => {
  kept.set("lovebank.last.logins", '{"7":"wangli"}');
  assert.equal(loginName(7), "wangli");
  assert.equal(loginName(8), "8 号账户");
});

test("rejects: what was cut off or is of another program says nothing, and stops nothing", () => {
  for (const text of ["{", "null", "[]", '"x"', '{"7":1}']) {
    kept.set("lovebank.last.logins", text);
    assert.equal(loginName(7), "7 号账户", text);
  }
});
