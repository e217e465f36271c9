/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Opening balances without a browser: what is typed, what is wrong with it, how they read, and why
 * they wait.
 */
import assert from "node:assert/strict";
import { create } from "@bufbuild/protobuf";
import { test } from "node:test";
import { CommandSchema, PolicySetSchema } from "../src/gen/lovebank/v1/commands_pb.ts";
import { AccountKind, AssetKind, EntrySchema } from "../src/gen/lovebank/v1/entries_pb.ts";
import { StoredEntrySchema } from "../src/gen/lovebank/v1/queries_pb.ts";
import { setLang } from "../src/lib/prefs.ts";
import { formatDay } from "../src/lib/values.ts";
import { openingText, whatText } from "../src/pages/ledger/entry_words.ts";
import {
  emptyOpening, openingAfter, openingDay, openingFaults, openingOf, timeReading,
} from "../src/pages/members/opening.ts";
import { sentenceOf } from "../src/pages/members/statement.ts";
import { fieldsOf, whyItWaits } from "../src/pages/review/why.ts";

const today = 16922; // 2016-05-01
const me = 10010001n;
const typed = (change) => ({ ...emptyOpening, ...change });
const faultsOf = (change) => openingFaults(typed(change), today);
const both = { pointsCenti: 30000n, lastDay: 17166, hasLastDay: true, minutes: 5160, year: 2015 };

function entryOf(opening, change = {}) {
  return create(EntrySchema, { number: 5n, day: today, links: [{ member: me }],
    command: { act: { case: "openingBalance", value: { member: { member: me }, ...opening } } },
    postings: [
      { account: AccountKind.OPENING, asset: AssetKind.POINTS, amount: -opening.pointsCenti },
      { account: AccountKind.MEMBER, owner: me, asset: AssetKind.POINTS,
        amount: change.kept ?? opening.pointsCenti },
      { account: AccountKind.MEMBER, owner: me, asset: AssetKind.MINUTES,
        amount: BigInt(opening.minutes) }],
    balances: [{ member: me, pointsCenti: 42500n }], ...change.entry });
}
const rowOf = (entry) => ({ entry, beside: create(StoredEntrySchema, {}) });

// ---- accepts ----

test("points with their end, hours with their year, as they are typed, become the message", () => {
  const draft = typed({ points: "３００分", last: "2016-12-31", time: "86小时", year: "2015年" });
  assert.deepEqual(openingFaults(draft, today), {});
  assert.deepEqual(openingOf(draft, me, today), { member: { member: me }, ...both });
});

test("points alone, never ending, or hours alone do as well", () => {
  assert.deepEqual(openingOf(typed({ points: "12.5" }), me, today), { member: { member: me },
    pointsCenti: 1250n, lastDay: 0, hasLastDay: false, minutes: 0, year: 0 });
  assert.deepEqual(openingOf(typed({ time: "1:30", year: "2014" }), me, today), {
    member: { member: me }, pointsCenti: 0n, lastDay: 0, hasLastDay: false, minutes: 90,
    year: 2014 });
});

test("times are read as at the desk", () => {
  for (const [time, minutes] of [["90", 90], ["2", 120], ["1.5小时", 90], ["1:30", 90], ["90分", 90],
    ["1200 h", 72000], ["1234:30", 74070]]) {
    assert.deepEqual(faultsOf({ time, year: "2015" }), {}, time);
    assert.equal(openingOf(typed({ time, year: "2015" }), me, today).minutes, minutes, time);
  }
});

test("what a time is understood as is told, the more so where hours may be meant", () => {
  assert.equal(timeReading("86小时"), "= 86 小时");
  assert.equal(timeReading("2"), "= 2 小时");
  assert.equal(timeReading("86"), "= 1 小时 26 分钟；若是 86 小时，请写 86小时");
  assert.deepEqual(["", "0", "86.5", "x"].map(timeReading), ["", "", "", ""]);
});

test("words for points that never end are no date", () => {
  for (const last of ["永久", "长期有效", "never"]) {
    assert.deepEqual(faultsOf({ points: "1", last }), {}, last);
    assert.equal(openingOf(typed({ points: "1", last }), me, today).hasLastDay, false, last);
  }
});

test("points may end, and hours be of the year, on the business day itself", () => {
  assert.deepEqual(faultsOf({ points: "1", last: "2016-05-01", time: "1", year: "2016" }), {});
  assert.deepEqual(faultsOf({ points: "1", last: "2015-12-31", day: "2015-12-31" }), {});
  assert.equal(openingDay(typed({ day: "2015-12-31" }), today), 16800);
  assert.equal(openingDay(typed({}), today), undefined);
});

test("day and reason stay for the next year of the passbook", () => {
  assert.deepEqual(openingAfter(typed({ points: "1", last: "2016-12-31", time: "1", year: "2015",
    day: "4/30", memo: "老存折" })), typed({ day: "4/30", memo: "老存折" }));
});

test("an opening balance is a plain sentence in both languages", () => {
  const row = rowOf(entryOf(both));
  assert.equal(sentenceOf(row, me), "2016-05-01 转入期初余额 300 分（用至 2016-12-31）、" +
    "86 小时（2015 年），余额 425 分。");
  setLang("en");
  assert.equal(sentenceOf(row, me), "2016-05-01 opening balance 300 points (use by 2016-12-31), " +
    "86 h (2015), balance 425.");
  assert.equal(openingText({ ...both, pointsCenti: 100n, hasLastDay: false, minutes: 0 }),
    "1 point (no end)");
  setLang("zh");
  assert.equal(openingText({ ...both, pointsCenti: 0n }), "86 小时（2015 年）");
  assert.equal(whatText(row.entry), "转入期初余额 用至 2016-12-31、2015 年");
  assert.equal(whatText(entryOf({ ...both, hasLastDay: false, minutes: 0 })), "转入期初余额 永久有效");
});

test("what paid a debt, what waits and what was refused is said", () => {
  assert.match(sentenceOf(rowOf(entryOf(both, { kept: 25000n })), me),
    /86 小时（2015 年），其中 50 分补上欠分，余额 425 分。$/);
  const waiting = { code: 119, a: 17000n, postings: [], balances: [] };
  assert.equal(sentenceOf(rowOf(entryOf(both, { entry: waiting })), me),
    "2016-05-01 转入期初余额 300 分（用至 2016-12-31）、86 小时（2015 年）：" +
    `要第二个人确认，${formatDay(17000)} 前有效。`);
});

const whyOf = (opening, policy, day = today) =>
  whyItWaits(entryOf(opening), create(PolicySetSchema, policy), day, undefined);

test("why it waits: all do, many points, a day long ago, or it is one's own", () => {
  assert.deepEqual(whyOf(both, { openingBalances: true }), ["期初余额都要第二个人确认"]);
  assert.deepEqual(whyOf(both, { pointsCenti: 20000n }), ["积分 300，超过 200"]);
  const strict = { pointsCenti: 20000n, openingBalances: true, backDays: 3 };
  assert.deepEqual(whyOf(both, strict, today + 5),
    ["积分 300，超过 200", "补记 5 天前的事，超过 3 天", "期初余额都要第二个人确认"]);
  assert.deepEqual(whyOf(both, { pointsCenti: 30000n }), ["可能关系到提交人自己的档案"]);
});

test("hours, which are of a whole year, are not held against the hours of one service", () => {
  assert.deepEqual(whyOf(both, { serviceMinutes: 480 }), ["可能关系到提交人自己的档案"]);
});

const fieldsOfOpening = (value) => fieldsOf(
  create(CommandSchema, { act: { case: "openingBalance", value } })).map((row) => row.join(" "));

test("whoever decides sees points, end, hours and year", () => {
  assert.deepEqual(fieldsOfOpening({ member: { member: me }, ...both }),
    ["积分 300", "最后可用日 2016-12-31", "时长 86 小时", "年份 2015"]);
  assert.deepEqual(fieldsOfOpening({ pointsCenti: 100n }), ["积分 1", "最后可用日 永久有效"]);
  assert.deepEqual(fieldsOfOpening({ minutes: 60, year: 2015 }), ["时长 1 小时", "年份 2015"]);
});

// ---- rejects ----

test("nothing, or nothing but zeros, is no opening balance", () => {
  for (const draft of [{}, { points: "0" }, { time: "0" }, { points: " ", memo: "老存折" }]) {
    assert.deepEqual(faultsOf(draft), { points: "积分、时长至少写一样" }, JSON.stringify(draft));
  }
});

test("each wrong field names its value and what to write", () => {
  const faults = faultsOf({ points: "很多", last: "2016-13-01", time: "86.5", year: "去年",
    day: "x" });
  assert.deepEqual(Object.keys(faults).sort(), ["day", "last", "points", "time", "year"]);
  assert.match(faults.points, /“很多”.*60 或 32\.50/);
  assert.match(faults.last, /“2016-13-01”不是日期/);
  assert.match(faults.time, /“86\.5”.*86小时/);
  assert.match(faults.year, /“去年”不是年份/);
  assert.match(faults.day, /“x”不是日期/);
  for (const points of ["-1", "1.234", "1000000000.01"]) {
    assert.match(faultsOf({ points }).points, new RegExp(`“${points}”`), points);
  }
});

test("a last day without points and a year without hours are told, and hours without a year", () => {
  assert.match(faultsOf({ last: "2016-12-31", time: "1", year: "2015" }).last, /没有积分/);
  assert.match(faultsOf({ points: "1", year: "2015" }).year, /没有时长/);
  assert.match(faultsOf({ time: "1" }).year, /哪一年/);
});

test("what has ended and what is yet to come is told with both days", () => {
  assert.match(faultsOf({ points: "1", last: "2016-04-30" }).last,
    /2016-04-30 就到期了，而业务日期是 2016-05-01/);
  assert.match(faultsOf({ points: "1", last: "12/31" }).last, /2015-12-31 就到期了.*年份/);
  assert.match(faultsOf({ time: "1", year: "2016", day: "2015-12-31" }).year,
    /2016 年还没到，业务日期是 2015-12-31/);
  assert.match(faultsOf({ points: "1", day: "2016-05-02" }).day, /2016-05-02 还没到，今天是 2016-05-01/);
  assert.match(faultsOf({ time: "1", year: "1899" }).year, /不是年份/);
});
