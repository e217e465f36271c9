/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
import assert from "node:assert/strict";
import test from "node:test";
import { codeText, makeCode, makeToken } from "../src/pages/admin/one_time";
import { Lookback } from "../src/pages/admin/lookback";
import { Reader } from "../src/pages/admin/reading";
import { readGoods } from "../src/pages/admin/stock_words";

const read = (values) => new Reader(values, 17000);

test("accepts: numbers, points, factors, barcodes and days as the terminal does", () => {
  const reader = read({ n: "１２", points: "12.5分", factor: "1.25", from: "2016-05-01",
    code: "6901234567892" });
  assert.equal(reader.number("n", 1, 12), 12);
  assert.equal(reader.number("none", 1, 12, 7), 7);
  assert.equal(reader.points("points"), 1250n);
  assert.equal(reader.permille("factor"), 1250);
  assert.equal(reader.permille("none"), 1000);
  assert.equal(reader.barcode("code"), 6901234567892n);
  assert.equal(reader.barcode("none"), 0n);
  assert.equal(reader.from(), 16922);
  assert.ok(reader.isGood);
});

test("rejects: each wrong field, with what to write instead", () => {
  const reader = read({ n: "13", points: "-1", factor: "0", from: "2016-13-01",
    code: "6901234567893" });
  reader.number("n", 1, 12);
  reader.points("points");
  reader.permille("factor");
  reader.barcode("code");
  reader.from();
  reader.needed("name");
  assert.deepEqual(Object.keys(reader.errors).sort(),
    ["code", "factor", "from", "n", "name", "points"]);
  assert.match(reader.errors.n, /“13”.*1 到 12/);
});

test("accepts: a one-time code is written as the server reads it", () => {
  assert.equal(codeText(new Uint8Array(16)), "0000-0000-0000-0000-0000-0000-00");
  assert.equal(codeText(new Uint8Array(16).fill(255)), "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZW");
});

test("accepts: only hashes go out, and no two secrets are the same", async () => {
  const [a, b] = [await makeCode(), await makeCode()];
  assert.notEqual(a.text, b.text);
  assert.equal(a.credential.verifier.length, 32);
  const token = await makeToken();
  assert.match(token.text, /^[0-9a-f]{64}$/);
  assert.equal(token.hash.length, 32);
});

test("rejects: what is left out is said to be needed, not to be wrong", () => {
  const reader = read({ n: " ", points: "" });
  reader.number("n", 1, 12);
  reader.points("points");
  assert.equal(reader.errors.n, "要填");
  assert.equal(reader.errors.points, "要填");
});

test("rejects: a barcode of zeros, which would be none", () => {
  const reader = read({ code: "00000000" });
  reader.barcode("code");
  assert.match(reader.errors.code, /不是条码/);
});

test("rejects: the number of a new one that is another's", () => {
  const reader = read({ free: "8", taken: "7" });
  const nameOf = (number) => (number === 7 ? "家政" : undefined);
  assert.equal(reader.newNumber("free", 10, nameOf), 8);
  assert.ok(reader.isGood);
  reader.newNumber("taken", 10, nameOf);
  assert.match(reader.errors.taken, /7 是 家政/);
});

const starFields = ["s1", "s2", "s3", "s4", "s5"];

test("accepts: a star table of as many levels as are written", () => {
  const reader = read({ s1: "100", s2: "300", s3: "６００" });
  assert.deepEqual(reader.rising(starFields, 1000), [100, 300, 600]);
  assert.ok(reader.isGood);
});

test("rejects: a star table that does not rise, has a gap, is empty or goes too far", () => {
  for (const [values, wrong] of [
    [{ s1: "100", s2: "100" }, "s2"], [{ s1: "100", s3: "300" }, "s2"], [{}, "s1"],
    [{ s1: "1000", s2: "1001" }, "s2"], [{ s1: "0" }, "s1"],
  ]) {
    const reader = read(values);
    reader.rising(starFields, 1000);
    assert.deepEqual(Object.keys(reader.errors), [wrong], JSON.stringify(values));
  }
});

const goods = [["食盐", 1, 6901234567892n], ["大米 5 千克", 2, 0n], ["大米 10 千克", 3, 0n]].map(
  ([name, item, barcode]) => ({ name, item, barcode, unit: "袋", price: 100n, isService: false }));

test("accepts: goods by barcode, number, whole name or a part that is of one alone", () => {
  for (const [text, item] of [["6901234567892", 1], ["2", 2], ["大米 10 千克", 3], ["盐", 1]]) {
    const reader = read({ item: text });
    assert.equal(readGoods(goods, reader)?.item, item, text);
    assert.ok(reader.isGood);
  }
});

test("rejects: goods that are none or several", () => {
  for (const [text, sentence] of [["大米", /大米 5 千克、大米 10 千克/], ["9", /没有“9”/],
    ["6901234567908", /没有/], ["", /要填/]]) {
    const reader = read({ item: text });
    assert.equal(readGoods(goods, reader), undefined);
    assert.match(reader.errors.item, sentence);
  }
});

/** A log of `acts`, entry 1 first, as the server lists it: pages look at `looks` entries. */
function logOf(acts, looks, limit = 3) {
  const asked = [];
  const list = async (act, before) => {
    asked.push([act, before]);
    let at = before === 0n ? acts.length : Number(before) - 1;
    const rows = [];
    for (let i = 0; i < looks && at > 0 && rows.length < limit; i++, at--) {
      if (acts[at - 1] === act) {
        rows.push({ entry: { number: BigInt(at) } });
      }
    }
    return { rows, next: at === 0 ? 0n : BigInt(at + 1) };
  };
  return { list, asked };
}

const numbers = (lookback) => lookback.rows.map(({ entry }) => Number(entry.number));

test("accepts: a history goes on over pages that have nothing", async () => {
  const { list } = logOf([7, ...Array(12).fill(1), 7], 3);
  const lookback = new Lookback([7], list);
  await lookback.readOn(2);
  assert.deepEqual(numbers(lookback), [14, 1]);
  assert.equal(lookback.floor, 0n);
});

test("accepts: several acts in one order, and none is shown before those above it are known",
  async () => {
    const acts = [8, 8, 7, 8, 7, 7, 7, 7, 7, 8, 7];
    const { list } = logOf(acts, 100, 2);
    const lookback = new Lookback([7, 8], list);
    const shown = [];
    for (let i = 0; i < 20 && lookback.floor > 0n; i++) {
      await lookback.readOn(lookback.rows.length + 1);
      const rows = numbers(lookback);
      const all = acts.map((_, at) => at + 1).reverse();
      assert.deepEqual(rows, all.slice(0, rows.length));
      shown.push(rows.length);
    }
    assert.deepEqual(numbers(lookback), acts.map((_, at) => at + 1).reverse());
    assert.ok(shown.length > 1, "in more than one step");
  });

test("accepts: it stops looking after a while, and goes on from there when asked", async () => {
  const { list, asked } = logOf([7, ...Array(50).fill(1)], 1);
  const lookback = new Lookback([7], list);
  await lookback.readOn(1);
  assert.deepEqual(numbers(lookback), []);
  assert.equal(asked.length, 20);
  await lookback.readOn(1);
  await lookback.readOn(1);
  assert.deepEqual(numbers(lookback), [1]);
});

test("accepts: asked twice at once, no entry comes twice", async () => {
  const { list } = logOf([7, 7, 7, 7], 2);
  const lookback = new Lookback([7], list);
  await Promise.all([lookback.readOn(4), lookback.readOn(4)]);
  assert.deepEqual(numbers(lookback), [4, 3, 2, 1]);
});

test("faults: a page that fails is asked for again, and nothing is lost", async () => {
  const { list } = logOf([7, 8, 7], 100, 1);
  let failures = 1;
  const lookback = new Lookback([7, 8], async (act, before) => {
    if (act === 8 && failures-- > 0) {
      throw new Error("no network");
    }
    return list(act, before);
  });
  await assert.rejects(lookback.readOn(3));
  await lookback.readOn(3);
  await lookback.readOn(3);
  assert.deepEqual(numbers(lookback), [3, 2, 1]);
});
