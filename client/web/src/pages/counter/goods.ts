/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Goods and baskets: finding what is meant, what it costs, what fits. Pure.
 */
import { ItemKind } from "../../gen/lovebank/v1/commands_pb";
import type { CatalogueResponse, StockRow } from "../../gen/lovebank/v1/queries_pb";
import { namedBy } from "../../lib/initials";

/** LB_COMMAND_LINES_MAX, and as many scans as the till takes. */
const linesMax = 32;
const scansMax = 64;

export interface Goods {
  item: number;
  isService: boolean;
  /** 0n: none. */
  barcode: bigint;
  /** In 1/100 point, of one. */
  price: bigint;
  name: string;
  unit: string;
}

export interface Scan {
  item: number;
  quantity: number;
}

/** Pieces of each of a counter's goods. */
export type Stock = ReadonlyMap<number, bigint>;

export function goodsOf(catalogue: CatalogueResponse | undefined): Goods[] {
  return (catalogue?.items ?? []).flatMap(({ item, price }) => (price === undefined ? [] : [{
    item, isService: price.kind === ItemKind.SERVICE, barcode: price.barcode,
    price: price.priceCenti, name: price.name, unit: price.unit,
  }]));
}

export function stockOf(rows: readonly StockRow[]): Stock {
  const stock = new Map<number, bigint>();
  for (const { item, quantity } of rows) {
    stock.set(item, (stock.get(item) ?? 0n) + quantity);
  }
  return stock;
}

export function findBarcode(goods: readonly Goods[], barcode: bigint): Goods | undefined {
  return goods.find((row) => row.barcode !== 0n && row.barcode === barcode);
}

export function findItem(goods: readonly Goods[], item: number): Goods | undefined {
  return goods.find((row) => row.item === item);
}

/** By a part of the name or by its initials; one is the whole name, if any. */
export function findNamed(goods: readonly Goods[], text: string): Goods[] {
  return namedBy(goods, text, (row) => row.name);
}

/** Each item once, in the order they came. */
export function linesOf(scans: readonly Scan[]): Scan[] {
  const lines = new Map<number, Scan>();
  for (const { item, quantity } of scans) {
    lines.set(item, { item, quantity: (lines.get(item)?.quantity ?? 0) + quantity });
  }
  return [...lines.values()];
}

/** null: no more goods go into one redemption. */
export function addScan(scans: readonly Scan[], scan: Scan): Scan[] | null {
  const more = [...scans, scan];
  return more.length > scansMax || linesOf(more).length > linesMax ? null : more;
}

export function totalOf(scans: readonly Scan[], goods: readonly Goods[]): bigint {
  return scans.reduce((sum, { item, quantity }) =>
    sum + (findItem(goods, item)?.price ?? 0n) * BigInt(quantity), 0n);
}

/** The first line of which there is too little. */
export function shortOf(scans: readonly Scan[], stock: Stock): Scan | undefined {
  return linesOf(scans).find(({ item, quantity }) => BigInt(quantity) > (stock.get(item) ?? 0n));
}

/** What the points are enough for instead: less of the dearest thing in the basket, else the two
 * dearest goods there are; in stock, each by itself. */
export function fitting(
  points: bigint, scans: readonly Scan[], goods: readonly Goods[], stock: Stock,
): Scan[] {
  const most = (row: Goods, wanted?: number): Scan => {
    const there = stock.get(row.item) ?? 0n;
    const paid = row.price > 0n && points > 0n ? points / row.price : 0n;
    const count = Number(paid < there ? paid : there);
    return { item: row.item, quantity: Math.min(count, wanted ?? 999) };
  };
  const dearest = goods.filter((row) => !row.isService && row.price > 0n)
    .sort((a, b) => Number(b.price - a.price));
  const lines = linesOf(scans);
  const less = dearest.flatMap((row) => {
    const line = lines.find(({ item }) => item === row.item);
    return line === undefined ? [] : [most(row, line.quantity)];
  }).filter(({ quantity }) => quantity > 0);
  return less.length > 0 ? less.slice(0, 1)
    : dearest.map((row) => most(row)).filter(({ quantity }) => quantity > 0).slice(0, 2);
}
