/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Goods as a storekeeper types or scans them, and as stock tells of them. Pure.
 */
import type { StockRow } from "../../gen/lovebank/v1/queries_pb";
import { dayMax, formatDay } from "../../lib/values";
import { t } from "../../lib/words";
import { findBarcode, findItem, findNamed, type Goods } from "../counter/goods";
import type { Reader } from "./reading";

const barcodeDigits = 8; // and more

/** The high half of a lot of goods is its best-before day. */
export function bestBefore({ lot }: StockRow): string {
  const day = lot >> 32n;
  return day > BigInt(dayMax) ? t("不限期", "no end") : formatDay(day);
}

/** Those that the text may mean: by barcode, number, or name and its initials; the one whose whole
 * name it is goes before the others. */
function meant(goods: readonly Goods[], text: string): Goods[] {
  if (/^\d+$/.test(text)) {
    const found = text.length >= barcodeDigits ? findBarcode(goods, BigInt(text))
      : findItem(goods, Number(text));
    return found === undefined ? [] : [found];
  }
  const named = findNamed(goods, text);
  const whole = named.filter(({ name }) => name === text);
  return whole.length > 0 ? whole : named;
}

/** undefined: none, or several; said beside the field. */
export function readGoods(goods: readonly Goods[], reader: Reader): Goods | undefined {
  const text = reader.needed("item");
  const found = text === "" ? [] : meant(goods, text);
  if (found.length > 1) {
    const names = found.map(({ name }) => name);
    reader.errors["item"] = t(`“${text}”有几种：${names.join("、")}。请写全`,
      `"${text}" is several: ${names.join(", ")}; write it in full`);
  } else if (found.length === 0 && text !== "") {
    reader.errors["item"] = t(`价目里没有“${text}”这种商品。请核对，或先定价`,
      `there are no goods "${text}" in the prices; check it, or set a price first`);
  }
  return found.length === 1 ? found[0] : undefined;
}
