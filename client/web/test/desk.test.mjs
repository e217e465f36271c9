/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
import assert from "node:assert/strict";
import test from "node:test";
import { initialsOf, namedBy } from "../src/lib/initials";
import { dayOf } from "../src/lib/values";
import { lateDays, workingDaysBetween } from "../src/lib/working_days";
import { candidatesShown, pageOf, turnedTo } from "../src/pages/desk/person";
import { parseWhat } from "../src/pages/desk/what";

const today = dayOf({ year: 2016, month: 5, day: 20 });
const categories = [
  { number: 1, name: "家政" }, { number: 2, name: "科普宣传" }, { number: 3, name: "纠纷调解" },
  { number: 4, name: "家电维修" },
];
const what = (text) => parseWhat(text, today, categories);

test("accepts: hours, minutes, ranges, days, categories and activities in any order", () => {
  const span = (minutes, start = null) => ({ ok: true, what: { span: { minutes, start } } });
  assert.deepEqual(what("2"), span(120));
  assert.deepEqual(what("1.5"), span(90));
  assert.deepEqual(what("90"), span(90));
  assert.deepEqual(what("90分"), span(90));
  assert.deepEqual(what("１ 小时 ３０ 分"), span(90));
  assert.deepEqual(what("1h 30m"), span(90));
  assert.deepEqual(what("9:00 - 11:30"), span(150, 540));
  assert.deepEqual(what("9点到11点半"), span(150, 540));
  assert.deepEqual(what("5/1 2 #3 @12"), { ok: true, what: {
    day: dayOf({ year: 2016, month: 5, day: 1 }), span: { minutes: 120, start: null },
    category: 3, activity: 12n } });
  assert.deepEqual(what("20160501"), { ok: true, what: { day: 16922 } });
  assert.deepEqual(what("昨天 kpxc"), { ok: true, what: { day: today - 1, category: 2 } });
  assert.deepEqual(what(""), { ok: true, what: {} });
});

test("rejects: what is no time, is ambiguous, or is not known", () => {
  assert.deepEqual(what("11:00-9:00"), { ok: false, token: "11:00-9:00", why: "time" });
  assert.deepEqual(what("3000"), { ok: false, token: "3000", why: "time" });
  assert.deepEqual(what("0"), { ok: false, token: "0", why: "time" });
  assert.deepEqual(what("2 家"), { ok: false, token: "家", why: "several" });
  assert.deepEqual(what("2 园艺"), { ok: false, token: "园艺", why: "unknown" });
  assert.deepEqual(what("#9"), { ok: false, token: "#9", why: "unknown" });
});

test("accepts: initials of category names, exact before partial", () => {
  assert.equal(initialsOf("居家清洁"), "jjqj");
  assert.equal(initialsOf("敬老爱老 A"), "jlala");
  assert.equal(initialsOf("重阳节"), "zyj");
  const names = (text) => namedBy(categories, text, (row) => row.name).map((row) => row.number);
  assert.deepEqual(names("jz"), [1]);
  assert.deepEqual(names("j"), [1, 3, 4]);
  assert.deepEqual(names("调解"), [3]);
  assert.deepEqual(names(""), []);
});

test("accepts: working days as the terminal counts them", () => {
  const day = (month, date) => dayOf({ year: 2016, month, day: date });
  assert.equal(workingDaysBetween(day(5, 20), day(5, 20)), 0);
  assert.equal(workingDaysBetween(day(5, 20), day(5, 23)), 1); // Friday to Monday
  assert.equal(workingDaysBetween(day(5, 6), day(5, 20)), 10);
  assert.equal(workingDaysBetween(day(5, 20), day(5, 1)), 0);
  assert.equal(lateDays(day(5, 6), day(5, 20)), 0);
  assert.equal(lateDays(day(5, 5), day(5, 20)), 11);
});

test("accepts: pages of persons, as many as there are digits; beyond the ends there is none", () => {
  assert.equal(candidatesShown, 9);
  assert.deepEqual([0, 8, 9, 17, 18].map(pageOf), [0, 0, 9, 9, 18]);
  assert.equal(turnedTo(0, 12, "PageDown"), 9);
  assert.equal(turnedTo(9, 12, "PageDown"), 9);
  assert.equal(turnedTo(9, 12, "PageUp"), 0);
  assert.equal(turnedTo(0, 12, "PageUp"), 0);
  assert.equal(turnedTo(0, 9, "PageDown"), 0);
});
