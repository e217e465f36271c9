/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Amounts, durations, days and numbers as text, both ways.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as values from "../src/lib/values.ts";

const today = values.dayOf({ year: 2016, month: 6, day: 1 });

test("points are read as people write them", () => {
  const cases = { "12.5": 1250n, "１２．５０": 1250n, "0": 0n, "100 分": 10000n, "-3.05": -305n,
    "1.100": 110n };
  for (const [text, centi] of Object.entries(cases)) {
    assert.equal(values.parsePoints(text), centi, text);
  }
});

test("points that are no amount are refused", () => {
  for (const text of ["", "1.005", "1e3", "12,5", "abc", "1.", "9999999999999999"]) {
    assert.equal(values.parsePoints(text), null, text);
  }
});

test("points are shown without useless figures and read back", () => {
  assert.equal(values.formatPoints(1250n), "12.5");
  assert.equal(values.formatPoints(-5n), "-0.05");
  assert.equal(values.formatPoints(10000n), "100");
  for (let centi = -500n; centi <= 500n; centi++) {
    assert.equal(values.parsePoints(values.formatPoints(centi)), centi);
  }
});

test("durations are read as people write them", () => {
  const cases = { "3": 180, "3.5": 210, "3:30": 210, "3小时30分": 210, "３小时３０分钟": 210,
    "半小时": 30, "2个半小时": 150, "90分钟": 90, "90 min": 90, "1.5h": 90, "0.1": 6, "3h30": 210 };
  for (const [text, minutes] of Object.entries(cases)) {
    assert.equal(values.parseMinutes(text), minutes, text);
  }
  assert.equal(values.parseMinutes("90", "minutes"), 90);
});

test("durations that are not whole minutes are refused", () => {
  for (const text of ["", "0.001", "很久", "3:75", "-1", "1:2:3"]) {
    assert.equal(values.parseMinutes(text), null, text);
  }
});

test("durations are shown in both languages and read back", () => {
  assert.equal(values.formatMinutes(210, "zh"), "3 小时 30 分钟");
  assert.equal(values.formatMinutes(180, "en"), "3 h");
  assert.equal(values.formatMinutes(-45n, "en"), "-45 min");
  assert.equal(values.formatMinutes(0, "zh"), "0 分钟");
  for (let minutes = 0; minutes < 3000; minutes++) {
    assert.equal(values.parseMinutes(values.formatMinutes(minutes, "zh")), minutes);
    assert.equal(values.parseMinutes(values.formatMinutes(minutes, "en")), minutes);
  }
});

test("dates are read as people write them", () => {
  for (const text of ["2016-05-01", "2016/5/1", "2016.5.1", "2016年5月1日", "20160501", "5月1日",
    "５月１日", "5/1", "05-01", " 2016-5-1 "]) {
    assert.equal(values.formatDay(values.parseDay(text, today)), "2016-05-01", text);
  }
  assert.equal(values.parseDay("今天", today), today);
  assert.equal(values.parseDay("yesterday", today), today - 1);
});

test("a date without a year is the last such day", () => {
  assert.equal(values.formatDay(values.parseDay("12月31日", today)), "2015-12-31");
  assert.equal(values.formatDay(values.parseDay("6/1", today)), "2016-06-01");
  const spring = values.dayOf({ year: 2015, month: 3, day: 1 });
  assert.equal(values.formatDay(values.parseDay("2/29", spring)), "2012-02-29");
});

test("days that are none are refused", () => {
  for (const text of ["", "2016-02-30", "2016/13/1", "1899-12-31", "2200-01-01", "2016/5-1",
    "32月1日", "5", "16/5/1"]) {
    assert.equal(values.parseDay(text, today), null, text);
  }
});

test("day numbers count from 1970-01-01", () => {
  assert.equal(values.formatDay(0), "1970-01-01");
  assert.equal(values.formatDay(values.dayMin), "1900-01-01");
  assert.equal(values.formatDay(values.dayMax), "2199-12-31");
  assert.equal(values.formatDay(values.dayMax + 1), "?");
  for (let day = values.dayMin; day <= values.dayMax; day += 97) {
    assert.equal(values.dayOf(values.dateOf(day)), day);
  }
});

test("times of day are read and shown", () => {
  assert.equal(values.parseClock("9:30"), 570);
  assert.equal(values.parseClock("０９：３０"), 570);
  assert.equal(values.parseClock("0930"), 570);
  assert.equal(values.parseClock("9点半"), 570);
  assert.equal(values.parseClock("24:00"), null);
  assert.equal(values.formatClock(570), "09:30");
  assert.equal(values.formatClock(1440), "?");
});

test("a card's check digit finds every single wrong digit", () => {
  const serial = 123456789;
  const card = BigInt(serial) * 10n + BigInt(values.cardCheckDigit(serial));
  assert.ok(values.cardIsValid(card));
  const digits = values.formatCard(card);
  for (let place = 0; place < 10; place++) {
    for (let digit = 0; digit < 10; digit++) {
      const other = digits.slice(0, place) + digit + digits.slice(place + 1);
      assert.equal(values.cardIsValid(BigInt(other)), other === digits);
    }
  }
  assert.ok(!values.cardIsValid(0n));
});

test("what is typed for a person is a card, a number or a name", () => {
  const card = BigInt(1) * 10n + BigInt(values.cardCheckDigit(1));
  assert.deepEqual(values.parsePerson(values.formatCard(card)), { kind: "card", card, valid: true });
  assert.equal(values.parsePerson("0000000010").valid, values.cardCheckDigit(1) === 0);
  assert.deepEqual(values.parsePerson("１２"), { kind: "member", member: 12n });
  assert.deepEqual(values.parsePerson(" zxm "), { kind: "name", text: "zxm" });
  assert.deepEqual(values.parsePerson("张晓明"), { kind: "name", text: "张晓明" });
  assert.equal(values.parsePerson("  "), null);
});
