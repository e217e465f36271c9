/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
import assert from "node:assert/strict";
import test from "node:test";
import { treeOf } from "../src/lib/org_tree";
import { coverAnswer } from "../src/pages/charts/CoverChart";
import {
  hoursText, lengthOf, maxOf, monthsOf, owedOf, pointsText, rankedBars, shareText, shortText,
  stockValue, sumOf,
} from "../src/pages/charts/figures";

const bar = (key, value) => ({ key, name: key, value });

test("accepts: months have twelve values, those without rows are nought", () => {
  const months = monthsOf([{ month: 5, minutes: 60n }, { month: 5, minutes: 30n },
    { month: 12, minutes: 1n }], (row) => row.minutes);
  assert.equal(months.length, 12);
  assert.deepEqual([months[4], months[11], months[0]], [90n, 1n, 0n]);
});

test("rejects: rows of no month are not counted", () => {
  assert.equal(sumOf(monthsOf([{ month: 0, minutes: 60n }, { month: 13, minutes: 60n }],
    (row) => row.minutes)), 0n);
});

test("accepts: bars are ranked, the rest is one bar, and the sum stays", () => {
  const bars = [bar("a", 1n), bar("b", 5n), bar("c", 0n), bar("d", 3n), bar("e", 3n)];
  assert.deepEqual(rankedBars(bars, 10, "rest").map(({ key }) => key), ["b", "d", "e", "a"]);
  const short = rankedBars(bars, 3, "rest");
  assert.deepEqual(short.map(({ name, value }) => [name, value]),
    [["b", 5n], ["d", 3n], ["rest", 4n]]);
  assert.equal(sumOf(short.map(({ value }) => value)), 12n);
});

test("accepts: lengths begin at zero, the longest is one, and nothing is longer", () => {
  assert.equal(lengthOf(0n, 10n), 0);
  assert.equal(lengthOf(10n, 10n), 1);
  assert.equal(lengthOf(5n, 10n), 0.5);
  assert.equal(lengthOf(2n ** 62n, 2n ** 63n), 0.5);
  assert.equal(lengthOf(-5n, 10n), 0);
  assert.equal(lengthOf(5n, 0n), 0);
  assert.equal(maxOf([]), 0n);
});

test("accepts: shares and amounts are rounded once", () => {
  assert.equal(shareText(1n, 3n), "33%");
  assert.equal(shareText(2n, 3n), "67%");
  assert.equal(shareText(1n, 200n), "1%");
  assert.equal(shareText(1n, 201n), "0%");
  assert.equal(shareText(1n, 0n), "0%");
  assert.equal(shareText(5n, 2n), "250%");
  assert.equal(hoursText(90n), "1.5");
  assert.equal(hoursText(120n), "2");
  assert.equal(hoursText(1n), "0");
  assert.equal(pointsText(1250n), "12.5");
  assert.equal(pointsText(1255n), "12.6");
  assert.equal(pointsText(0n), "0");
  assert.equal(shortText("1234.5"), "1234");
  assert.equal(shortText("99.5"), "99.5");
});

test("accepts: stock at today's prices; what has no price is worth nothing", () => {
  const items = [{ item: 1, price: { priceCenti: 500n } }, { item: 2 }];
  assert.equal(stockValue([{ item: 1, quantity: 3n }, { item: 1, quantity: 2n },
    { item: 2, quantity: 9n }, { item: 7, quantity: 9n }], items), 2500n);
});

test("accepts: owed is all earned less all spent", () => {
  assert.equal(owedOf([{ earnedCenti: 100n, redeemedCenti: 30n },
    { earnedCenti: 0n, redeemedCenti: 20n }]), 50n);
  assert.equal(owedOf([]), 0n);
});

test("accepts: orgs stand below their parents, by number", () => {
  const org = (number, parent) => ({ org: BigInt(number), parent: BigInt(parent) });
  const rows = treeOf([org(5, 1), org(3, 2), org(1, 0), org(2, 1)]);
  assert.deepEqual(rows.map((row) => [Number(row.org.org), row.depth]),
    [[1, 0], [2, 1], [3, 2], [5, 1]]);
});

test("faults: an org whose parent is not seen, or is itself, is a root", () => {
  const rows = treeOf([{ org: 7n, parent: 99n }, { org: 8n, parent: 8n }]);
  assert.deepEqual(rows.map((row) => [row.org.org, row.depth]), [[7n, 0], [8n, 0]]);
});

test("accepts: what is owed is compared with the shelves; where nothing is owed, that is said", () => {
  assert.equal(coverAnswer({ owedCenti: 200n, stockCenti: 100n }), "不够：每 100 分积分有 50 分的货。");
  assert.equal(coverAnswer({ owedCenti: 100n, stockCenti: 100n }), "够：每 100 分积分有 100 分的货。");
  assert.equal(coverAnswer({ owedCenti: 0n, stockCenti: 100n }), "现在没有可兑换的积分。");
});
