/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
import assert from "node:assert/strict";
import test from "node:test";
import { dayOf } from "../src/lib/values";
import { readRow, readSpan, readWho } from "../src/pages/sheet/cells";
import { mapTable, noFields } from "../src/pages/sheet/columns";
import { decodeText, parseTable } from "../src/pages/sheet/table";

const today = dayOf({ year: 2016, month: 5, day: 20 });
const defaults = { today, day: today, category: 1, minutes: 120,
  categories: [{ number: 1, name: "家政" }, { number: 2, name: "科普" }] };
const row = (fields) => ({ ...noFields, ...fields });

test("accepts: UTF-8 with and without mark, UTF-16 and GBK", () => {
  const text = "姓名,时长";
  assert.equal(decodeText(Buffer.from(text)), text);
  assert.equal(decodeText(Buffer.from(`\ufeff${text}`)), text);
  assert.equal(decodeText(Buffer.from(`\ufeff${text}`, "utf16le")), text);
  assert.equal(decodeText(Uint8Array.of(0xd0, 0xd5, 0xc3, 0xfb, 0x2c, 0xca, 0xb1, 0xb3, 0xa4)), text);
});

test("accepts: cells of Excel: tabs, commas, quotes, line ends within cells, empty cells", () => {
  assert.deepEqual(parseTable("a\tb\r\n\tc\r\n\r\n"), [["a", "b"], ["", "c"]]);
  assert.deepEqual(parseTable('"a,1","say ""hi""","two\nlines"\n1,,\n'),
    [["a,1", 'say "hi"', "two\nlines"], ["1", "", ""]]);
  assert.deepEqual(parseTable("姓名；x\n1;2"), [["姓名；x"], ["1;2"]]);
  assert.deepEqual(parseTable('"open'), [["open"]]);
  assert.deepEqual(parseTable(""), []);
});

test("accepts: random tables come back as they were", () => {
  const seed = Number(process.env.LOVEBANK_SEED ?? Date.now() % 1e9);
  console.log(`seed ${seed}`);
  let state = seed;
  const random = (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
  const signs = ["张", "1", ",", '"', "\n", "\t", "x"];
  for (let round = 0; round < 300; round++) {
    const table = Array.from({ length: 1 + random(4) }, () => Array.from({ length: 3 }, () =>
      `k${Array.from({ length: random(6) }, () => signs[random(signs.length)]).join("")}k`));
    const text = table.map((cells) => cells.map((cell) =>
      `"${cell.replaceAll('"', '""')}"`).join("\t")).join("\r\n");
    assert.deepEqual(parseTable(text), table);
  }
});

test("accepts: headings in both languages below a title; numbers are checked by names", () => {
  const mapped = mapTable([["春晖社区签到表", "", "", ""], ["序号", "姓名", "卡号", "服务时长（分钟）", "心情"],
    ["1", "张晓明", "14", "90", "好"], ["2", "李秀英", "", "60", ""], ["合计", "", "", "150", ""]]);
  assert.deepEqual(mapped.rows, [row({ who: "0000000014 张晓明", time: "90分" }),
    row({ who: "李秀英", time: "60分" })]);
  assert.deepEqual(mapped.unknown, ["心情"]);
  const english = mapTable([["Name", "Start time", "End time", "Note"], ["Zhang", "9:00", "11:00", "x"]]);
  assert.deepEqual(english.rows, [row({ who: "Zhang", start: "9:00", end: "11:00", note: "x" })]);
});

test("rejects: a table without headings is none with them", () => {
  assert.equal(mapTable([["张晓明", "9:00", "11:00"]]), undefined);
});

test("accepts: whom a cell means", () => {
  const who = (text) => readWho(text).value;
  assert.deepEqual(who("００００００００１４"), { kind: "card", card: 14n, name: "" });
  assert.deepEqual(who("000000014"), { kind: "card", card: 14n, name: "" }); // lost one zero
  assert.deepEqual(who("10010001 张晓明"), { kind: "member", member: 10010001n, name: "张晓明" });
  assert.deepEqual(who("张晓明"), { kind: "name", name: "张晓明" });
  assert.deepEqual(who("11010519491231002x"), { kind: "id", idNumber: "11010519491231002X", name: "" });
});

test("rejects: what Excel has mangled and what somebody has hidden, with the reason", () => {
  const why = (text) => readWho(text).say();
  assert.match(why("3.20102E+17"), /Excel 把长数字变成了/);
  assert.match(why("3.20102e17 张晓明"), /Excel/);
  assert.match(why("320102199001011000"), /前 15 位/);
  assert.match(why("110105194912310021"), /校验位/);
  assert.match(why("张*明"), /隐去/);
  assert.match(why("138****5678"), /隐去/);
  assert.match(why("0000000019"), /校验位/);
  assert.match(why("12345678901234"), /卡号/);
  assert.match(why(""), /缺少/);
});

test("accepts: start and end, start and time, time alone, the sheet's time", () => {
  const span = (fields) => readSpan(row(fields), 120).value;
  assert.deepEqual(span({ start: "9:00", end: "11点半" }), { minutes: 150, start: 540 });
  assert.deepEqual(span({ start: "9:00", time: "90分" }), { minutes: 90, start: 540 });
  assert.deepEqual(span({ time: "1.5" }), { minutes: 90, start: null });
  assert.deepEqual(span({ start: "9:00-10:00" }), { minutes: 60, start: 540 });
  assert.deepEqual(span({ start: "9:00" }), { minutes: 120, start: 540 });
  assert.deepEqual(span({}), { minutes: 120, start: null });
});

test("rejects: times that cannot be, or that disagree", () => {
  const at = (fields, minutes = 120) => readSpan(row(fields), minutes).column;
  assert.equal(at({ start: "9:00", end: "8:00" }), "end");
  assert.equal(at({ end: "8:00" }), "start");
  assert.equal(at({ start: "25:00" }), "start");
  assert.equal(at({ time: "long" }), "time");
  assert.equal(at({ start: "9:00", end: "10:00", time: "2" }), "time");
  assert.equal(at({}, 0), "time");
});

test("accepts and rejects: whole rows; an empty one is neither", () => {
  assert.equal(readRow(noFields, defaults), undefined);
  assert.deepEqual(readRow(row({ who: "张晓明", day: "5/1", category: "kp" }), defaults).value, {
    who: { kind: "name", name: "张晓明" }, span: { minutes: 120, start: null },
    day: dayOf({ year: 2016, month: 5, day: 1 }), category: 2 });
  assert.equal(readRow(row({ who: "张晓明", day: "2016-05-21" }), defaults).column, "day");
  assert.equal(readRow(row({ who: "张晓明", day: "soon" }), defaults).column, "day");
  assert.equal(readRow(row({ who: "张晓明", category: "园艺" }), defaults).column, "category");
});
