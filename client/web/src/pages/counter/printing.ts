/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Receipts of entries, and when they are printed. The first print of an act made here is the
 * original; every other says 补打.
 */
import { fromBinary } from "@bufbuild/protobuf";
import { signal } from "@preact/signals";
import { AccountKind, AssetKind, EntrySchema, type Entry } from "../../gen/lovebank/v1/entries_pb";
import type { MemberInfo, StoredEntry } from "../../gen/lovebank/v1/queries_pb";
import { printPaper } from "../../lib/print";
import { catalogue, counterName, itemName, orgName } from "../../lib/registry";
import { answerSentence, Code } from "../../lib/result";
import { ledger, members, toFailure } from "../../lib/rpc";
import { timeText, today } from "../../lib/session";
import { formatDay, lotNever } from "../../lib/values";
import { t, valueWord } from "../../lib/words";
import { announce } from "../../lib/said";
import { proofCode } from "../ledger/proof";
import type { Line } from "./lines";
import { paper } from "./place";
import type { Receipt } from "./receipt";

const lotsMax = 3;

/** What is on its way to the printer. */
export const printing = signal<{ receipt: Receipt; isPassbook: boolean } | null>(null);
/** Why nothing came out; "": it did. */
export const printTrouble = signal("");

const originals = new Set<bigint>();

/** An act made here: its first print is no reprint. */
export function expectOriginal(entry: bigint): void {
  originals.add(entry);
}

function unitOf(item: number): string {
  return catalogue.value?.items.find((row) => row.item === item)?.price?.unit ?? "";
}

/** Without the lots, which are known of the member's newest entry only. */
function lotsOf(entry: Entry, info: MemberInfo | undefined): Pick<Receipt, "lots" | "expired"> {
  const known = info?.lastEntry !== entry.number ? [] : info.lots
    .filter((lot) => lot.pointsCenti > 0n && lot.lot !== lotNever);
  return {
    expired: known.filter((lot) => Number(lot.lot) < today())
      .reduce((sum, lot) => sum + lot.pointsCenti, 0n),
    lots: known.filter((lot) => Number(lot.lot) >= today()).slice(0, lotsMax)
      .map((lot) => ({ day: Number(lot.lot), points: lot.pointsCenti })),
  };
}

function pointsChange(entry: Entry, member: bigint): bigint {
  return entry.postings.filter((row) => row.account === AccountKind.MEMBER &&
    row.owner === member && row.asset === AssetKind.POINTS)
    .reduce((sum, row) => sum + row.amount, 0n);
}

/** As client/cli/paper/receipt_view.c. */
export async function receiptOf(
  stored: StoredEntry, info: MemberInfo | undefined, isReprint: boolean,
): Promise<Receipt> {
  const entry = fromBinary(EntrySchema, stored.packed);
  const act = entry.command!.act;
  const member = entry.links[0]?.member ?? 0n;
  const balances = entry.balances.find((row) => row.member === member);
  const at = act.case === "redeem" || act.case === "serviceAsk" ? act.value : undefined;
  return {
    isReprint, org: entry.org === 0n ? "" : orgName(entry.org),
    place: at === undefined ? "" : counterName(at.counter),
    act: valueWord(act.case), when: timeText(entry.recordedMs), day: formatDay(entry.day),
    what: entry.targetEntry === 0n ? ""
      : t(`原第 ${entry.targetEntry} 号`, `of entry ${entry.targetEntry}`),
    desk: entry.command!.desk, name: info?.maskedName ?? "", member,
    card: at?.member?.card || (info?.card ?? 0n),
    lines: entry.lines.map(({ item, quantity, priceCenti }) => (
      { name: itemName(item), unit: unitOf(item), quantity, price: priceCenti })),
    points: pointsChange(entry, member), balance: balances?.pointsCenti ?? 0n,
    held: balances?.heldCenti ?? 0n, debt: balances?.debtCenti ?? 0n, ...lotsOf(entry, info),
    entry: entry.number, reversedBy: stored.reversedBy, code: await proofCode(stored.packed),
  };
}

const painted = () => new Promise<void>((resolve) => {
  requestAnimationFrame(() => setTimeout(resolve));
});

function tellTrouble(why: string): void {
  printTrouble.value = t(`账已记好，收据没有打出（${why}）。按 F9 补打。`,
    `It is entered, but the receipt did not print (${why}). F9 prints it.`);
  announce(printTrouble.value);
}

async function printOne(line: Line, isPassbook: boolean): Promise<void> {
  const entry = line.undoEntry || line.entry;
  const [answer, who] = await Promise.all([ledger.entryGet({ target: { entry } }),
    members.memberGet({ member: { member: line.member } })]);
  if (answer.code !== Code.OK || answer.entry === undefined) {
    tellTrouble(answerSentence({ code: answer.code, a: entry }));
    return;
  }
  const receipt = await receiptOf(answer.entry, who.info, !originals.has(entry));
  printing.value = { receipt, isPassbook };
  printTrouble.value = "";
  await painted();
  if (document.querySelector(".receipt, .passbook") !== null) { // the counter is still shown
    originals.delete(entry);
    await printPaper(isPassbook ? "passbook" : paper.value,
      t(`收据 ${entry}`, `receipt ${entry}`));
  }
}

let turn: Promise<void> = Promise.resolve();

/** The receipt of the act, or of its undo; one after the other, or one would come out in place of
 * the other. What does not come out changes nothing on the books. */
export function printLine(line: Line, isPassbook = false): Promise<void> {
  turn = turn.then(() => printOne(line, isPassbook))
    .catch((thrown: unknown) => tellTrouble(toFailure(thrown).sentence))
    .finally(() => {
      printing.value = null;
    });
  return turn;
}
