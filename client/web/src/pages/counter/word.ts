/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What a line at the counter means, by its form alone, as client/cli/till/till_word.c reads it: a
 * card, a barcode, a number, a quantity, a command, a word. Pure.
 */
import { cardIsValid, fold } from "../../lib/values";

/** `quantity`: "3*" in front; 0: none. */
export type Word = { quantity: number } & (
  | { kind: "empty" | "minus" }
  | { kind: "card" | "badCard"; card: bigint }
  | { kind: "barcode"; barcode: bigint }
  | { kind: "number"; number: number }
  | { kind: "badScan" | "text"; text: string }
  | { kind: "letter"; letter: string }
);

/** What some scanners send before the digits: "]E0", of which only "E0" may arrive. */
const symbology = /^\]?[a-z]\d(?=\d{8,14}$)/i;
const quantityForm = /^(\d{1,3})(?:[*x×]) */i;

function readDigits(digits: string, quantity: number): Word {
  const { length } = digits;
  if (length === 10) {
    const card = BigInt(digits);
    return { kind: cardIsValid(card) ? "card" : "badCard", card, quantity };
  }
  if (length === 8 || (length >= 12 && length <= 14)) {
    return { kind: "barcode", barcode: BigInt(digits), quantity };
  }
  return length <= 6 && Number(digits) > 0
    ? { kind: "number", number: Number(digits), quantity }
    : { kind: "badScan", text: digits, quantity };
}

export function readWord(line: string): Word {
  let text = fold(line).replace(/[\u0000-\u001f\u007f]/g, "").replace(symbology, "");
  const found = quantityForm.exec(text);
  const quantity = Number(found?.[1] ?? 0);
  if (found !== null && quantity > 0) {
    text = text.slice(found[0].length);
  }
  if (text === "") {
    return { kind: "empty", quantity };
  }
  if (/^\d+$/.test(text)) {
    return readDigits(text, quantity);
  }
  if (text === "-") {
    return { kind: "minus", quantity };
  }
  return /^[a-z]$/i.test(text) ? { kind: "letter", letter: text.toLowerCase(), quantity }
    : { kind: "text", text, quantity };
}

/** It can be a reason: letters or characters of any script, no scan and no command. */
export function isReason(line: string): boolean {
  const word = readWord(line);
  return word.kind === "text" && /[a-z]|[\u2e80-\u{10ffff}]/iu.test(word.text);
}
