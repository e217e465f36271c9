/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The arithmetic of the charts: sums, ranks, shares and heights of bars. Pure. Amounts stay bigint;
 * only a bar's length is a fraction.
 */
import type { ItemInfo, ReportRow, StockRow } from "../../gen/lovebank/v1/queries_pb";

export interface Bar {
  key: string;
  name: string;
  value: bigint;
}

/** What of a year's months: twelve values, 0n where nothing was done. */
export function monthsOf(
  rows: readonly ReportRow[], valueOf: (row: ReportRow) => bigint,
): bigint[] {
  const months = Array.from({ length: 12 }, () => 0n);
  for (const row of rows) {
    if (row.month >= 1 && row.month <= 12) {
      months[row.month - 1]! += valueOf(row);
    }
  }
  return months;
}

export function sumOf(values: readonly bigint[]): bigint {
  return values.reduce((sum, value) => sum + value, 0n);
}

export function maxOf(values: readonly bigint[]): bigint {
  return values.reduce((most, value) => (value > most ? value : most), 0n);
}

/** Largest first; those behind the first `most` as one, named `others`. Nothing is left out of the
 * sum; what is 0 has no bar. */
export function rankedBars(bars: readonly Bar[], most: number, others: string): Bar[] {
  const found = bars.filter((bar) => bar.value !== 0n)
    .sort((a, b) => (a.value > b.value ? -1 : a.value < b.value ? 1 : a.key < b.key ? -1 : 1));
  if (found.length <= most) {
    return found;
  }
  const rest = found.slice(most - 1);
  return [...found.slice(0, most - 1),
    { key: "others", name: others, value: sumOf(rest.map((bar) => bar.value)) }];
}

/** Of the longest bar, 0 to 1: bars begin at zero. */
export function lengthOf(value: bigint, most: bigint): number {
  return most <= 0n || value <= 0n ? 0 : Number((value * 10_000n) / most) / 10_000;
}

/** "23%"; of nothing nothing. Half a percent and more is rounded up. */
export function shareText(part: bigint, whole: bigint): string {
  return whole <= 0n ? "0%" : `${(part * 200n + whole) / (whole * 2n)}%`;
}

/** Hours with at most one decimal: "12.5". */
export function hoursText(minutes: bigint): string {
  const tenths = (minutes + 3n) / 6n;
  return tenths % 10n === 0n ? String(tenths / 10n) : `${tenths / 10n}.${tenths % 10n}`;
}

/** Points with at most one decimal. */
export function pointsText(centi: bigint): string {
  const tenths = (centi + 5n) / 10n;
  return tenths % 10n === 0n ? String(tenths / 10n) : `${tenths / 10n}.${tenths % 10n}`;
}

/** Above a column there is little room: whole numbers from 100 on. */
export function shortText(text: string): string {
  return text.replace(/^(\d{3,})\..*$/, "$1");
}

/** Goods on the shelves at today's prices, in 1/100 points; services have no stock. */
export function stockValue(stock: readonly StockRow[], items: readonly ItemInfo[]): bigint {
  const prices = new Map(items.map((item) => [item.item, item.price?.priceCenti ?? 0n]));
  return sumOf(stock.map((row) => row.quantity * (prices.get(row.item) ?? 0n)));
}

/** What members still hold: all that was ever earned, less all that was ever spent. */
export function owedOf(years: readonly { earnedCenti: bigint; redeemedCenti: bigint }[]): bigint {
  return sumOf(years.map((year) => year.earnedCenti - year.redeemedCenti));
}
