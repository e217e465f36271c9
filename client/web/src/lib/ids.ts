/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Request ids: UUIDv7 (RFC 9562), 16 bytes, rising within this page. The same id sent again is the
 * same act.
 */
let lastMs = 0;
let counter = 0;

/** 48 bits of time, 12 bits of a counter, 62 of chance. */
export function newId(nowMs: number = Date.now()): Uint8Array<ArrayBuffer> {
  const id = crypto.getRandomValues(new Uint8Array(16));
  if (nowMs > lastMs) {
    lastMs = nowMs;
    counter = ((id[6]! & 0x07) << 8) | id[7]!; // the top bit free, so that it can rise
  } else if (++counter > 0xfff) {
    lastMs += 1;
    counter = 0;
  }
  for (let i = 0, rest = lastMs; i < 6; i++, rest = Math.floor(rest / 256)) {
    id[5 - i] = rest % 256;
  }
  id[6] = 0x70 | (counter >> 8);
  id[7] = counter & 0xff;
  id[8] = 0x80 | (id[8]! & 0x3f);
  return id;
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** null: not an even number of hex digits. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^([0-9a-f]{2})*$/i.test(text)) {
    return null;
  }
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
