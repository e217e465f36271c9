/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Sentences of results: what the terminal and its engine expect, read from their tests, and the
 * whole list.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { resultRows } from "../src/gen/results.ts";
import { Code, formatResult, resultClass } from "../src/lib/result.ts";

const source = process.env.LOVEBANK_SOURCE_DIR;
const read = (path) => readFileSync(join(source, path), "utf8");

test("sentences are the terminal's, to the letter", () => {
  const c = ["base/test_result_sentence.c", "client_cli/test_sentence.c"]
    .map((name) => read(`tests/unit/${name}`)).join("").replace(/"\s*\n\s*"/g, "");
  const calls = [...c.matchAll(
    /check\((true|false), (LB_\w+|\d+), (-?\d+), (-?\d+), (-?\d+), "([^"]*)",\s*"([^"]*)"\);/g)];
  assert.ok(calls.length >= 16, "the tests have another form");
  for (const [, isChinese, result, a, b, numberC, thing, expected] of calls) {
    const code = result.startsWith("LB_") ? Code[result.slice(3)] : Number(result);
    assert.equal(formatResult(code, BigInt(a), BigInt(b), BigInt(numberC), thing,
      isChinese === "true" ? "zh" : "en"), expected);
  }
});

test("every result of the list is known, and leaves no place open", () => {
  const listed = [...read("include/lovebank/result.h").matchAll(/^ {4}X\((\w+), +(\d+),/gm)];
  assert.equal(Object.keys(resultRows).length, listed.length);
  for (const [, symbol, number] of listed) {
    assert.equal(Code[symbol], Number(number));
    for (const language of ["zh", "en"]) {
      const sentence = formatResult(Number(number), 1n, 2n, 3n, "name", language);
      assert.ok(sentence.length > 0);
      assert.doesNotMatch(sentence, /[{}[\]]|undefined/);
    }
  }
});

test("a result that is not known is a bug, not a guess", () => {
  assert.equal(resultClass(9999), "BUG");
  assert.equal(resultClass(Code.OK), "DONE");
  assert.equal(resultClass(Code.WAITING), "WAITING");
});
