/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A member's entries as plain sentences, and the statement for paper: opening, entries, closing,
 * lots, as client/cli/export/statement.c adds them up. Pure.
 */
import {
  AccountKind, AssetKind, type Balances, type Entry,
} from "../../gen/lovebank/v1/entries_pb";
import { Code } from "../../lib/result";
import { formatDay, formatMinutes, formatPoints } from "../../lib/values";
import { t, valueWord } from "../../lib/words";
import {
  balancesAfter, changeOf, noteText, openingText, whatText, type Row,
} from "../ledger/entry_words";

/** "得 20 分": what an act did with the points. */
function pointsText(entry: Entry, centi: bigint): string {
  const size = formatPoints(centi < 0n ? -centi : centi);
  const one = centi === 100n || centi === -100n;
  const points = t(`${size} 分`, one ? "1 point" : `${size} points`);
  const act = entry.command?.act.case;
  if (act === "reverse") {
    return centi > 0n ? t(`退回 ${points}`, `${points} given back`)
      : t(`收回 ${points}`, `${points} taken back`);
  }
  if (act === "serviceAsk") {
    return t(`预占 ${points}`, `${points} held`);
  }
  if (act === "serviceRelease") {
    return t(`退回 ${points}`, `${points} given back`);
  }
  return centi > 0n ? t(`得 ${points}`, `${points} earned`) : t(`用去 ${points}`, `${points} spent`);
}

/** "记时 家政 2 小时", "得 20 分"; what came from paper, and what of it paid a debt. */
function doneParts(entry: Entry, minutes: bigint, centi: bigint): string[] {
  const act = entry.command?.act;
  if (act?.case === "openingBalance") {
    const what = `${valueWord(act.case)} ${openingText(act.value)}`;
    const paid = act.value.pointsCenti - centi;
    return paid === 0n ? [what] : [what, t(`其中 ${formatPoints(paid)} 分补上欠分`,
      `of which ${formatPoints(paid)} settled what was owed`)];
  }
  const what = minutes === 0n ? whatText(entry) : `${whatText(entry)} ${formatMinutes(minutes)}`;
  return centi === 0n ? [what] : [what, pointsText(entry, centi)];
}

/** "2016-05-01 记时 家政 2 小时，得 20 分，余额 125 分。" Undone: what undid it stands beside it. */
export function sentenceOf(row: Row, member: bigint): string {
  const { entry } = row;
  const day = formatDay(entry.day);
  if (entry.code !== Code.OK) {
    const head = `${day} ${whatText(entry)}`;
    return t(`${head}：${noteText(row)}。`, `${head}: ${noteText(row)}.`);
  }
  const minutes = changeOf(entry, member, AssetKind.MINUTES);
  const centi = changeOf(entry, member, AssetKind.POINTS);
  const parts = doneParts(entry, minutes, centi);
  const after = balancesAfter(entry, member);
  if ((centi !== 0n || minutes !== 0n) && after !== undefined) {
    const balance = formatPoints(after.pointsCenti);
    parts.push(t(`余额 ${balance} 分`, `balance ${balance}`));
  }
  return `${day} ${parts.join(t("，", ", "))}${t("。", ".")}`;
}

// ---- on paper ----

export interface Sums {
  points: bigint;
  held: bigint;
  debt: bigint;
  minutes: bigint;
}

export interface StatementLine {
  row: Row;
  change: Sums;
  after: bigint;
}

export interface Statement {
  opening: Sums;
  closing: Sums;
  lines: readonly StatementLine[];
  lots: readonly { lot: bigint; points: bigint }[];
  /** Opening and changes make the closing, and all entries make the balance. */
  addsUp: boolean;
  newest: bigint;
}

const noSums = (): Sums => ({ points: 0n, held: 0n, debt: 0n, minutes: 0n });

function placeOf(account: AccountKind, asset: AssetKind): keyof Sums | undefined {
  if (asset === AssetKind.MINUTES) {
    return account === AccountKind.MEMBER ? "minutes" : undefined;
  }
  if (asset !== AssetKind.POINTS) {
    return undefined;
  }
  return account === AccountKind.MEMBER ? "points" : account === AccountKind.HELD ? "held"
    : account === AccountKind.DEBT ? "debt" : undefined;
}

function add(to: Sums, change: Sums): void {
  to.points += change.points;
  to.held += change.held;
  to.debt += change.debt;
  to.minutes += change.minutes;
}

/** undefined: it is not about the member's accounts. */
function changeBy(entry: Entry, member: bigint): Sums | undefined {
  const change = noSums();
  let isAbout = false;
  for (const posting of entry.postings) {
    const place = posting.owner === member ? placeOf(posting.account, posting.asset) : undefined;
    if (place !== undefined) {
      change[place] += posting.amount;
      isAbout = true;
    }
  }
  return isAbout ? change : undefined;
}

function addLots(lots: Map<bigint, bigint>, entry: Entry, member: bigint): void {
  for (const { owner, account, asset, lot, amount } of entry.postings) {
    if (owner === member && placeOf(account, asset) === "points") {
      lots.set(lot, (lots.get(lot) ?? 0n) + amount);
    }
  }
}

const sameSums = (a: Sums, b: Sums) => a.points === b.points && a.held === b.held &&
  a.debt === b.debt && a.minutes === b.minutes;

/** Of all the member's entries, in any order; days are the first and the last of the period. */
export function statementOf(
  rows: readonly Row[], member: bigint, now: Balances, from: number, to: number,
): Statement {
  const [opening, closing, all] = [noSums(), noSums(), noSums()];
  const lots = new Map<bigint, bigint>();
  const lines: StatementLine[] = [];
  const sorted = [...rows].sort((a, b) => a.entry.day - b.entry.day ||
    (a.entry.number < b.entry.number ? -1 : 1));
  for (const row of sorted) {
    const { entry } = row;
    const change = changeBy(entry, member);
    if (change === undefined) {
      continue;
    }
    add(all, change);
    if (entry.day < from) {
      add(opening, change);
    }
    if (entry.day <= to) {
      add(closing, change);
      addLots(lots, entry, member);
    }
    if (entry.day >= from && entry.day <= to) {
      lines.push({ row, change, after: closing.points });
    }
  }
  const sum = { ...opening };
  lines.forEach((line) => add(sum, line.change));
  const lotSum = [...lots.values()].reduce((total, points) => total + points, 0n);
  return {
    opening, closing, lines,
    lots: [...lots].filter(([, points]) => points !== 0n).sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([lot, points]) => ({ lot, points })),
    addsUp: sameSums(sum, closing) && lotSum === closing.points && sameSums(all, {
      points: now.pointsCenti, held: now.heldCenti, debt: -now.debtCenti, minutes: now.minutes }),
    newest: rows.reduce((top, { entry }) => (entry.number > top ? entry.number : top), 0n),
  };
}
