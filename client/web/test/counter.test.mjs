/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
import assert from "node:assert/strict";
import test from "node:test";
import { setLang } from "../src/lib/prefs";
import {
  addScan, findBarcode, findNamed, fitting, linesOf, shortOf, stockOf, totalOf,
} from "../src/pages/counter/goods";
import { passbookCells, receiptRows } from "../src/pages/counter/receipt";
import { readUndos, writeUndos } from "../src/pages/counter/undoing";
import { isReason, readWord } from "../src/pages/counter/word";
import { proofCode } from "../src/pages/ledger/proof";

const goods = [
  { item: 1, isService: false, barcode: 6901234567892n, price: 500n, name: "食盐", unit: "袋" },
  { item: 2, isService: false, barcode: 6901234567908n, price: 5000n, name: "大米 5 千克", unit: "袋" },
  { item: 3, isService: false, barcode: 0n, price: 8000n, name: "食用油", unit: "桶" },
  { item: 4, isService: true, barcode: 0n, price: 2000n, name: "上门理发", unit: "次" },
];
const stock = new Map([[1, 200n], [2, 1n], [3, 3n]]);

test("accepts: a line is known by its form, as the terminal's till knows it", () => {
  const forms = [
    ["", { kind: "empty", quantity: 0 }],
    ["3*", { kind: "empty", quantity: 3 }],
    ["３×", { kind: "empty", quantity: 3 }],
    ["0000000014", { kind: "card", card: 14n, quantity: 0 }],
    ["0000000018", { kind: "badCard", card: 18n, quantity: 0 }],
    ["6901234567892", { kind: "barcode", barcode: 6901234567892n, quantity: 0 }],
    ["]E06901234567892", { kind: "barcode", barcode: 6901234567892n, quantity: 0 }],
    ["E06901234567892", { kind: "barcode", barcode: 6901234567892n, quantity: 0 }],
    ["２*６９０１２３４５６７８９２", { kind: "barcode", barcode: 6901234567892n, quantity: 2 }],
    ["12345670", { kind: "barcode", barcode: 12345670n, quantity: 0 }],
    ["102", { kind: "number", number: 102, quantity: 0 }],
    ["3x 102", { kind: "number", number: 102, quantity: 3 }],
    ["-", { kind: "minus", quantity: 0 }],
    ["U", { kind: "letter", letter: "u", quantity: 0 }],
    ["dm", { kind: "text", text: "dm", quantity: 0 }],
    ["大米", { kind: "text", text: "大米", quantity: 0 }],
  ];
  for (const [line, word] of forms) {
    assert.deepEqual(readWord(line), word, line);
  }
});

test("rejects: digits of a length that nothing has, quantities of nothing", () => {
  assert.deepEqual(readWord("123456789"), { kind: "badScan", text: "123456789", quantity: 0 });
  assert.equal(readWord("0").kind, "badScan");
  assert.equal(readWord("0*2").kind, "text");
  assert.equal(readWord("1000*2").kind, "text");
});

test("a reason has words; a scan, a number or a command is none", () => {
  assert.deepEqual(["拿错了", "wrong goods", "错", "第 2 袋破了"].map(isReason), [true, true, true, true]);
  assert.deepEqual(["", "u", "-", "0000000014", "??"].map(isReason),
    [false, false, false, false, false]);
});

test("goods are found by barcode, part of the name and initials", () => {
  const named = (text) => findNamed(goods, text).map(({ item }) => item);
  assert.equal(findBarcode(goods, 6901234567908n).item, 2);
  assert.equal(findBarcode(goods, 0n), undefined);
  assert.deepEqual([named("食"), named("dm"), named("油"), named("食盐"), named("园艺")],
    [[1, 3], [2], [3], [1], []]);
});

test("the same goods twice are one line; too many are refused", () => {
  const scans = [{ item: 1, quantity: 2 }, { item: 2, quantity: 1 }, { item: 1, quantity: 3 }];
  assert.deepEqual(linesOf(scans), [{ item: 1, quantity: 5 }, { item: 2, quantity: 1 }]);
  assert.equal(totalOf(scans, goods), 7500n);
  assert.deepEqual(shortOf([{ item: 2, quantity: 1 }, { item: 2, quantity: 1 }], stock),
    { item: 2, quantity: 2 });
  assert.equal(shortOf(scans, stock), undefined);
  const many = Array.from({ length: 32 }, (_, i) => ({ item: i + 10, quantity: 1 }));
  assert.equal(addScan(many, { item: 99, quantity: 1 }), null);
  assert.equal(addScan(many, { item: 10, quantity: 1 }).length, 33);
  assert.deepEqual([...stockOf([{ item: 1, quantity: 2n }, { item: 1, quantity: 3n }])], [[1, 5n]]);
});

test("what fits: less of what is wanted, else the dearest there is", () => {
  assert.deepEqual(fitting(1200n, [{ item: 1, quantity: 3 }], goods, stock), [{ item: 1, quantity: 2 }]);
  assert.deepEqual(fitting(1200n, [{ item: 2, quantity: 1 }], goods, stock), [{ item: 1, quantity: 2 }]);
  assert.deepEqual(fitting(13000n, [{ item: 4, quantity: 9 }], goods, stock),
    [{ item: 3, quantity: 1 }, { item: 2, quantity: 1 }]);
  assert.deepEqual(fitting(400n, [], goods, stock), []);
  assert.deepEqual(fitting(-100n, [], goods, stock), []);
});

const receipt = {
  isReprint: false, org: "春晖社区", place: "春晖爱心超市", act: "兑换商品", what: "",
  when: "2016-05-01 08:30", day: "2016-05-01", desk: 0, name: "张*明", member: 10010001n, card: 19n,
  lines: [{ name: "大米", unit: "袋", quantity: 3n, price: 6000n }], points: -18000n,
  balance: 7500n, expired: 0n, held: 0n, debt: 0n, lots: [{ day: 17166, points: 2000n }],
  entry: 30n, reversedBy: 0n, code: "K7QF-M2XD",
};
const textOf = (row) => row.text ?? (row.kind === "rule" ? "--" : `${row.left}|${row.right}`);

test("a receipt has the terminal's rows in the terminal's order, and the points before", () => {
  assert.deepEqual(receiptRows(receipt).map(textOf), [
    "春晖社区", "春晖爱心超市", "兑换商品", "--", "时间|2016-05-01 08:30", "志愿者|张*明",
    "积分卡|尾号 0019", "--", "大米", "  3 袋 x 60|180", "--", "原有|255 分", "合计|-180 分",
    "余额|75 分", "  用至 2016-12-31|20 分", "--", "记账|第 30 号", "校验码|K7QF-M2XD",
  ]);
});

test("a reprint says so; so does a receipt that was undone, and one of another day", () => {
  const rows = receiptRows({ ...receipt, isReprint: true, reversedBy: 31n, day: "2016-04-30",
    expired: 100n, held: 2000n, debt: 300n }).map(textOf);
  for (const text of ["兑换商品（补打）", "业务日期|2016-04-30", "  其中已过期|1 分", "另有预占|20 分",
    "还欠|3 分", "已由第 31 号撤销，本单作废"]) {
    assert.ok(rows.includes(text), `${text} is not among ${rows.join(" ")}`);
  }
});

test("the passbook's line is date, content, hours, points, balance, entry, proof code", () => {
  assert.deepEqual(passbookCells({ ...receipt, isReprint: true }), ["2016-05-01",
    "兑换商品(补打) 大米x3", "-", "-180", "75", "30", "K7QF-M2XD"]);
});

test("in English, too", () => {
  setLang("en");
  const rows = receiptRows({ ...receipt, act: "redeem", isReprint: true }).map(textOf);
  setLang("zh");
  assert.ok(rows.includes("redeem (reprint)"));
  assert.ok(rows.includes("Total|-180 points"));
  assert.ok(rows.includes("Card|..0019"));
});

test("proof codes are those of docs/receipts.md", async () => {
  assert.equal(await proofCode(new Uint8Array()), "DRT0-Q77Z");
  assert.equal(await proofCode(new TextEncoder().encode("lovebank")), "F74D-APSM");
});

test("undos without an answer are kept by id and entry, the newest twenty; other forms are none", () => {
  const undos = Array.from({ length: 25 }, (_, i) => (
    { id: new Uint8Array(16).fill(i), entry: BigInt(i + 1) }));
  assert.deepEqual(readUndos(writeUndos(undos)), undos.slice(5));
  assert.deepEqual(readUndos(""), []);
  assert.deepEqual(readUndos("x:1 00:1 " + "0".repeat(32) + ":-1"), []);
});
