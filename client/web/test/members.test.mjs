/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Members' pages without a browser: what is wrong with what was typed of a person, entries as
 * sentences, the statement that adds up, and the ledger's filters.
 */
import assert from "node:assert/strict";
import { create } from "@bufbuild/protobuf";
import { test } from "node:test";
import {
  AccountKind, AssetKind, BalancesSchema, EntrySchema,
} from "../src/gen/lovebank/v1/entries_pb.ts";
import { StoredEntrySchema } from "../src/gen/lovebank/v1/queries_pb.ts";
import { catalogue } from "../src/lib/registry.ts";
import { setLang } from "../src/lib/prefs.ts";
import { sumsOf } from "../src/pages/ledger/entry_words.ts";
import { addressOf, everything, filterOf } from "../src/pages/ledger/filter.ts";
import {
  birthOfIdNumber, draftOf, emptyDraft, faultsOf, idNumberFault, isIdNumber, personOf, phoneFault,
} from "../src/pages/members/person_rules.ts";
import { sentenceOf, statementOf } from "../src/pages/members/statement.ts";
import { expiredOf, starsOf } from "../src/pages/members/tallies.ts";

const today = 20000;
const me = 10010001n;
catalogue.value = { categories: [{ category: 1, tariff: { name: "家政" } }],
  items: [{ item: 1, price: { name: "食盐" } }], classes: [], counters: [], starHours: [] };

function posting(account, asset, amount, lot = 20453n) {
  return { account, owner: account === AccountKind.ISSUER ? 310101001001n : me, asset, lot, amount };
}

function service(number, day, minutes, centi, after) {
  return { beside: create(StoredEntrySchema, {}), entry: create(EntrySchema, {
    number: BigInt(number), day, command: { act: { case: "serviceRecord", value: {
      member: { member: me }, category: 1, minutes } } },
    links: [{ member: me }], earning: { member: me, category: 1, minutes, pointsCenti: BigInt(centi) },
    postings: [
      posting(AccountKind.ISSUER, AssetKind.MINUTES, BigInt(-minutes)),
      posting(AccountKind.MEMBER, AssetKind.MINUTES, BigInt(minutes)),
      posting(AccountKind.ISSUER, AssetKind.POINTS, BigInt(-centi)),
      posting(AccountKind.MEMBER, AssetKind.POINTS, BigInt(centi))],
    balances: [{ member: me, pointsCenti: BigInt(after), minutes: 0n }] }) };
}

// ---- accepts ----

test("an ID number with its check is taken, also of the old form, in any width", () => {
  for (const number of ["11010519491231002X", "11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ",
    "110105 19491231 002X", "110105491231002", ""]) {
    assert.equal(idNumberFault(number), "", number);
  }
  assert.equal(isIdNumber("11010519491231002x"), true);
  assert.equal(birthOfIdNumber("11010519491231002X"), birthOfIdNumber("110105491231002"));
});

test("phones as people write them are taken, and other documents", () => {
  for (const phone of ["", "13812345678", "138-1234-5678", "+86 138 1234 5678", "021-65432100"]) {
    assert.equal(phoneFault(phone), "", phone);
  }
  assert.equal(idNumberFault("军字第001234号"), "");
});

test("a draft goes to the message and back without a change", () => {
  const draft = { ...emptyDraft, name: "张晓明", birth: "1949-12-31", idNumber: "11010519491231002X",
    phone: "13812345678", gender: "1", address: "幸福路 3 号", skills: "理发", wishes: "家政" };
  assert.deepEqual(faultsOf(draft, today), {});
  assert.deepEqual(draftOf(personOf(draft, today)), draft);
});

test("an entry is a plain sentence with amount and balance, in both languages", () => {
  const row = service(5, 16922, 150, 2500, 12500);
  assert.equal(sentenceOf(row, me), "2016-05-01 记时 家政 2 小时 30 分钟，得 25 分，余额 125 分。");
  setLang("en");
  assert.equal(sentenceOf(row, me), "2016-05-01 service 家政 2 h 30 min, 25 points earned, balance 125.");
  setLang("zh");
});

test("redeeming, undoing and refusals have their own words", () => {
  const redeem = create(EntrySchema, { number: 6n, day: 16922, command: { act: { case: "redeem",
    value: { lines: [{ item: 1, quantity: 2n }] } } }, lines: [{ item: 1, quantity: 2n }],
  postings: [posting(AccountKind.MEMBER, AssetKind.POINTS, -1000n)],
  balances: [{ member: me, pointsCenti: 11500n }] });
  const beside = create(StoredEntrySchema, {});
  assert.equal(sentenceOf({ entry: redeem, beside }, me),
    "2016-05-01 兑换商品 食盐×2，用去 10 分，余额 115 分。");
  const reverse = create(EntrySchema, { ...redeem, number: 7n, lines: [], targetEntry: 6n,
    command: { act: { case: "reverse", value: {} } },
    postings: [posting(AccountKind.MEMBER, AssetKind.POINTS, 1000n)],
    balances: [{ member: me, pointsCenti: 12500n }] });
  assert.equal(sentenceOf({ entry: reverse, beside }, me),
    "2016-05-01 撤销 第 6 号，退回 10 分，余额 125 分。");
  const refused = create(EntrySchema, { ...redeem, number: 8n, code: 101, a: 500n, b: 1000n, lines: [],
    postings: [], balances: [] });
  assert.match(sentenceOf({ entry: refused, beside }, me),
    /^2016-05-01 兑换商品 食盐×2：被拒绝：积分不够：需 10，现有 5。$/);
});

test("a statement has an opening, its lines in order, a closing and its lots, and adds up", () => {
  const rows = [service(9, 103, 60, 1000, 3000), service(8, 101, 60, 1000, 2000),
    service(7, 99, 60, 1000, 1000)];
  const now = create(BalancesSchema, { pointsCenti: 3000n, minutes: 180n });
  const statement = statementOf(rows, me, now, 100, 102);
  assert.deepEqual([statement.opening.points, statement.closing.points, statement.closing.minutes],
    [1000n, 2000n, 120n]);
  assert.deepEqual(statement.lines.map((line) => [line.row.entry.number, line.after]), [[8n, 2000n]]);
  assert.deepEqual(statement.lots, [{ lot: 20453n, points: 2000n }]);
  assert.equal(statement.addsUp, true);
  assert.equal(statement.newest, 9n);
});

test("filters stand in the address and come back from it", () => {
  const filter = { org: 310101001001n, act: 31, day: 16922, mine: true };
  const query = (address) => new URLSearchParams(address.split("?")[1] ?? "");
  assert.deepEqual(filterOf(query(addressOf(filter))), filter);
  assert.equal(addressOf(everything), "/ledger");
  assert.deepEqual(filterOf(query("/ledger?org=x&act=1e9&day=&mine=yes")), everything);
});

test("stars are levels reached; points past their last day are told", () => {
  assert.deepEqual([599n, 600n, 1800n, 99999n].map((minutes) => starsOf(minutes, [10, 30, 60])),
    [0, 1, 2, 3]);
  assert.equal(expiredOf([{ lot: 99n, pointsCenti: 5n }, { lot: 100n, pointsCenti: 7n },
    { lot: 0xffffffffn, pointsCenti: 9n }], 100), 5n);
});

// ---- rejects ----

test("what is wrong with an ID number is told by what it is", () => {
  assert.match(idNumberFault("110105194912310021"), /校验位/);
  assert.match(idNumberFault("110105194913310021"), /出生日期/);
  assert.match(idNumberFault("1101051949123100"), /有 16 位/);
  assert.match(idNumberFault("1101051949123100X"), /有 17 位/);
  assert.match(idNumberFault("110105********002X"), /遮住/);
});

test("what is wrong with a phone, a birth date, a name stands at its field", () => {
  assert.match(phoneFault("1381234567"), /有 10 位/);
  assert.match(phoneFault("问老张"), /只写数字/);
  const faults = faultsOf({ ...emptyDraft, name: " ", birth: "1950-01-01",
    idNumber: "11010519491231002X", phone: "12" }, today);
  assert.deepEqual(Object.keys(faults).sort(), ["birth", "name", "phone"]);
  assert.match(faults.birth, /不一致/);
  assert.match(faultsOf({ ...emptyDraft, name: "张", birth: "2199-01-01" }, today).birth, /今天之间/);
});

test("a statement whose entries do not make the balance says so", () => {
  const now = create(BalancesSchema, { pointsCenti: 2999n, minutes: 60n });
  assert.equal(statementOf([service(7, 99, 60, 3000, 3000)], me, now, -100, 999999).addsUp, false);
});

test("sums of postings are by asset, and one that is not zero is seen", () => {
  const { postings } = service(7, 99, 60, 1000, 1000).entry;
  assert.deepEqual(sumsOf(postings).map(({ asset, amount }) => [asset, amount]),
    [[AssetKind.MINUTES, 0n], [AssetKind.POINTS, 0n]]);
  assert.equal(sumsOf(postings.slice(1)).some(({ amount }) => amount !== 0n), true);
});
