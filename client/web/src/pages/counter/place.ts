/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What a workplace chose once: its counter, the paper of its receipts, whether they print by
 * themselves. In localStorage; the device's own counter goes before.
 */
import { computed, signal } from "@preact/signals";
import { counterHere } from "../../lib/session";

export type ReceiptPaper = "receipt58" | "receipt80" | "a4";
export const receiptPapers: readonly ReceiptPaper[] = ["receipt58", "receipt80", "a4"];

const keyOf = (name: string) => `lovebank.counter.${name}`;

function kept(name: string): string {
  try {
    return localStorage.getItem(keyOf(name)) ?? "";
  } catch {
    return ""; // forbidden here: choices last as long as the page
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(keyOf(name), value);
  } catch {
    // as above
  }
}

const chosen = signal(Number(kept("number")) || 0);
/** 0: not chosen yet. */
export const counter = computed(() => counterHere.value || chosen.value);
export const paper = signal<ReceiptPaper>(
  receiptPapers.find((row) => row === kept("paper")) ?? "receipt58");
export const printsItself = signal(kept("prints") === "yes");

export function chooseCounter(number: number): void {
  chosen.value = number;
  keep("number", String(number));
}

export function choosePaper(value: ReceiptPaper): void {
  paper.value = value;
  keep("paper", value);
}

export function choosePrints(value: boolean): void {
  printsItself.value = value;
  keep("prints", value ? "yes" : "no");
}
