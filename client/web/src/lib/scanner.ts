/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Recognises a scanner by its speed: characters a few milliseconds apart, then Enter. It reads the
 * key's place (`code`), which an input method does not change, so it works while one composes.
 */
/** On average: no one types this fast; slow scanners on USB send every 8 to 20 ms. */
const gapMsMax = 45;
/** A busy machine may hold up one of the keys; people pause longer before they scan. */
const holdMsMax = 250;
const lengthMin = 6;
const lengthMax = 64;

/** The character of a key's place on a US keyboard, which scanners pretend to be; null: none. */
function characterOf(code: string, shift: boolean): string | null {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code);
  if (digit !== null) {
    return shift ? null : digit[1]!;
  }
  const letter = /^Key([A-Z])$/.exec(code);
  if (letter !== null) {
    return shift ? letter[1]! : letter[1]!.toLowerCase();
  }
  return code === "Minus" && !shift ? "-" : null;
}

/** Feed it every key; it gives what was scanned when the Enter comes. */
export class ScanReader {
  private text = "";
  private firstMs = 0;
  private lastMs = 0;

  /** null: nothing scanned by this key. */
  feed(code: string, timeMs: number, shift = false): string | null {
    if (code.startsWith("Shift")) {
      return null;
    }
    const isSameRun = timeMs - this.lastMs <= holdMsMax;
    this.lastMs = timeMs;
    if (code === "Enter" || code === "NumpadEnter") {
      const scanned = this.text;
      const isFast = isSameRun && timeMs - this.firstMs <= gapMsMax * scanned.length;
      this.text = "";
      return isFast && scanned.length >= lengthMin ? scanned : null;
    }
    const character = characterOf(code, shift);
    if (!isSameRun || character === null || this.text.length >= lengthMax) {
      this.text = "";
    }
    if (this.text === "") {
      this.firstMs = timeMs;
    }
    this.text += character ?? "";
    return null;
  }
}

/** Calls back for each scan anywhere on the page, before any box sees the Enter. Returns the
 * end. */
export function listenForScans(onScan: (text: string) => void): () => void {
  const reader = new ScanReader();
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) {
      return;
    }
    const scanned = reader.feed(event.code, event.timeStamp, event.shiftKey);
    if (scanned !== null) {
      event.preventDefault();
      event.stopImmediatePropagation();
      onScan(scanned);
    }
  };
  window.addEventListener("keydown", onKey, true);
  return () => window.removeEventListener("keydown", onKey, true);
}
