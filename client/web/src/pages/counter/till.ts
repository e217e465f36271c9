/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The counter's state: who is here, what is in the basket, what the box takes next. The words and
 * the order are the terminal's (client/cli/till/till.c). Commands are in commands.ts, acts that
 * are sent in book.ts.
 */
import { computed, signal } from "@preact/signals";
import { catalogue } from "../../lib/registry";
import { registry } from "../../lib/rpc";
import { announce } from "../../lib/said";
import { t } from "../../lib/words";
import { goodsOf, stockOf, totalOf, type Goods, type Scan, type Stock } from "./goods";
import { forgetLines, type Line } from "./lines";
import type { Person } from "./person";
import { counter } from "./place";

export interface Basket {
  person: Person | null;
  /** Oldest first. */
  scans: readonly Scan[];
}

export type Mode =
  | { kind: "sell" }
  | { kind: "pick"; goods: readonly Goods[] }
  | { kind: "recall" }
  | { kind: "reason"; line: Line };

export type Tone = "quiet" | "good" | "bad";

const nobody: Basket = { person: null, scans: [] };
const sell: Mode = { kind: "sell" };

export const basket = signal<Basket>(nobody);
/** The basket shown is sent or entered: the next scan begins a new one. The act's key. */
export const booked = signal<string | null>(null);
export const held = signal<readonly Basket[]>([]);
export const mode = signal<Mode>(sell);
/** Of the next scan; 0: not set. */
export const quantity = signal(0);
/** A card was not taken: no goods go to the one before until a key says so. */
export const isStopped = signal(false);
/** Esc was pressed once. */
export const isSure = signal(false);
export const message = signal<{ tone: Tone; text: string }>({ tone: "quiet", text: "" });
export const stock = signal<Stock>(new Map());

export const goods = computed(() => goodsOf(catalogue.value));
export const total = computed(() => totalOf(basket.value.scans, goods.value));
/** Somebody or something is at hand that is not entered yet. */
export const isOpen = computed(() => booked.value === null &&
  (basket.value.person !== null || basket.value.scans.length > 0));

export function tell(tone: Tone, text: string): void {
  message.value = { tone, text };
  if (text !== "") {
    announce(text);
  }
}

/** What is to be done next, as far as it is plain. */
export function tellNext(): void {
  const { person, scans } = basket.value;
  tell("quiet", person === null ? t("请扫积分卡。", "Scan a card.")
    : scans.length === 0 ? t("请扫商品。", "Scan the goods.")
      : t("按 Enter 兑换。", "Enter takes the points."));
}

export function toSell(): void {
  mode.value = sell;
}

export function clearBasket(): void {
  basket.value = nobody;
  booked.value = null;
  quantity.value = 0;
  isStopped.value = false;
  isSure.value = false;
}

export function beginBasket(): void {
  if (booked.value !== null) {
    basket.value = nobody;
    booked.value = null;
  }
}

/** A card that was shown is not taken. Whoever is at hand is not meant: without goods they are sent
 * away, with goods nothing more is added. */
export function stop(): void {
  if (basket.value.scans.length === 0 || booked.value !== null) {
    clearBasket();
  } else {
    isStopped.value = basket.value.person !== null;
  }
}

/** Throws a Failure. */
export async function loadStock(): Promise<void> {
  const here = counter.value;
  const answer = await registry.stock({ counter: here });
  if (here === counter.value) {
    stock.value = stockOf(answer.rows);
  }
}

let era = 0;

/** Tells by and by whether it is still the same person at the same counter: what was begun for the
 * one before is not for the next. */
export function stillHere(): () => boolean {
  const mine = era;
  return () => mine === era;
}

/** Somebody else works here, or at another counter. */
export function startAnew(): void {
  era++;
  clearBasket();
  forgetLines();
  held.value = [];
  stock.value = new Map();
  toSell();
  tellNext();
}
