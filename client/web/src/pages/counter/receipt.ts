/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A receipt and the line of a passbook: the same words in the same order as the terminal's
 * (client/cli/paper/receipt.c, docs/receipts.md). Rows only; Paper.tsx puts them on paper. Pure.
 */
import { formatDay, formatMember, formatPoints } from "../../lib/values";
import { t } from "../../lib/words";

export interface ReceiptLine {
  name: string;
  unit: string;
  quantity: bigint;
  /** Of one. */
  price: bigint;
}

/** Texts that are "" and amounts that are 0n are left out. */
export interface Receipt {
  isReprint: boolean;
  org: string;
  place: string;
  act: string;
  /** What a reversal is about. */
  what: string;
  /** "2016-05-01 08:30" in the book's zone, and the business day. */
  when: string;
  day: string;
  desk: number;
  name: string;
  member: bigint;
  card: bigint;
  lines: readonly ReceiptLine[];
  /** What it changed, and what there is after it. */
  points: bigint;
  balance: bigint;
  expired: bigint;
  held: bigint;
  debt: bigint;
  lots: readonly { day: number; points: bigint }[];
  entry: bigint;
  /** 0n: it stands. */
  reversedBy: bigint;
  code: string;
}

export type Row =
  | { kind: "title" | "middle" | "line"; text: string }
  | { kind: "pair" | "sum"; left: string; right: string }
  | { kind: "rule" };

const pair = (left: string, right: string): Row => ({ kind: "pair", left, right });

function pointsText(centi: bigint): string {
  const isOne = centi === 100n || centi === -100n;
  return t(`${formatPoints(centi)} 分`, `${formatPoints(centi)} ${isOne ? "point" : "points"}`);
}

const signed = (centi: bigint) => (centi > 0n ? "+" : "") + formatPoints(centi);

function headRows(receipt: Receipt): Row[] {
  const middles = [receipt.org, receipt.place].filter((text) => text !== "");
  const rows: Row[] = middles.map((text) => ({ kind: "middle", text }));
  rows.push({ kind: "title",
    text: receipt.act + (receipt.isReprint ? t("（补打）", " (reprint)") : "") });
  rows.push({ kind: "rule" }, pair(t("时间", "Recorded"), receipt.when));
  if (!receipt.when.startsWith(receipt.day)) {
    rows.push(pair(t("业务日期", "Day of business"), receipt.day));
  }
  if (receipt.desk !== 0) {
    rows.push(pair(t("服务台", "Desk"), String(receipt.desk)));
  }
  rows.push(pair(t("志愿者", "Member"), receipt.name || formatMember(receipt.member)));
  if (receipt.card !== 0n) {
    const tail = String(receipt.card % 10000n).padStart(4, "0");
    rows.push(pair(t("积分卡", "Card"), t(`尾号 ${tail}`, `..${tail}`)));
  }
  return rows;
}

function goodsRows(line: ReceiptLine): Row[] {
  const unit = line.unit === "" ? "" : ` ${line.unit}`;
  return [{ kind: "line", text: line.name },
    pair(`  ${line.quantity}${unit} x ${formatPoints(line.price)}`,
      formatPoints(line.price * line.quantity))];
}

function sumRows(receipt: Receipt): Row[] {
  const rows: Row[] = [{ kind: "rule" },
    pair(t("原有", "Before"), pointsText(receipt.balance - receipt.points)),
    pair(t("合计", "Total"), t(`${signed(receipt.points)} 分`, `${signed(receipt.points)} points`)),
    { kind: "sum", left: t("余额", "Balance"), right: pointsText(receipt.balance) }];
  const besides: [string, bigint][] = [
    [t("  其中已过期", "  of it expired"), receipt.expired],
    [t("另有预占", "Held besides"), receipt.held], [t("还欠", "Owed"), receipt.debt]];
  for (const [left, centi] of besides.filter(([, value]) => value !== 0n)) {
    rows.push(pair(left, pointsText(centi)));
  }
  for (const { day, points } of receipt.lots) {
    rows.push(pair(t(`  用至 ${formatDay(day)}`, `  use by ${formatDay(day)}`), pointsText(points)));
  }
  return rows;
}

function footRows(receipt: Receipt): Row[] {
  const rows: Row[] = [{ kind: "rule" },
    pair(t("记账", "Entry"), t(`第 ${receipt.entry} 号`, `No. ${receipt.entry}`)),
    pair(t("校验码", "Proof code"), receipt.code)];
  if (receipt.reversedBy !== 0n) {
    rows.push({ kind: "line", text: t(`已由第 ${receipt.reversedBy} 号撤销，本单作废`,
      `Void: undone by entry ${receipt.reversedBy}`) });
  }
  return rows;
}

export function receiptRows(receipt: Receipt): Row[] {
  const what: Row[] = receipt.what === "" ? [] : [{ kind: "line", text: receipt.what }];
  return [...headRows(receipt), { kind: "rule" }, ...receipt.lines.flatMap(goodsRows), ...what,
    ...sumRows(receipt), ...footRows(receipt)];
}

/** Date, content, hours, points, balance, entry, proof code. */
export function passbookCells(receipt: Receipt): string[] {
  const mark = receipt.isReprint ? t("(补打)", "(reprint)") : "";
  const content = [receipt.act + mark, receipt.what,
    ...receipt.lines.map(({ name, quantity }) => `${name}x${quantity}`)];
  return [receipt.day, content.filter((text) => text !== "").join(" "), "-",
    signed(receipt.points), formatPoints(receipt.balance), String(receipt.entry), receipt.code];
}
