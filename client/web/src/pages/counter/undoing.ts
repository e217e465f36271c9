/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Undos without an answer, so that a page that is opened again can ask what became of them: request
 * id and entry, by principal, in localStorage. Not the reason, which may name people.
 */
import { fromHex, toHex } from "../../lib/ids";

export interface Undoing {
  id: Uint8Array<ArrayBuffer>;
  entry: bigint;
}

const undosMax = 20;
const keyOf = (principal: number | undefined) => `lovebank.counter.undoing.${principal ?? ""}`;

/** Oldest first; what is of another form is none. */
export function readUndos(text: string): Undoing[] {
  return text.split(" ").flatMap((part) => {
    const found = /^([0-9a-f]{32}):(\d{1,18})$/.exec(part);
    return found === null ? [] : [{ id: fromHex(found[1]!)!, entry: BigInt(found[2]!) }];
  });
}

export function writeUndos(undos: readonly Undoing[]): string {
  return undos.slice(-undosMax).map(({ id, entry }) => `${toHex(id)}:${entry}`).join(" ");
}

export function keptUndos(principal: number | undefined): Undoing[] {
  try {
    return readUndos(localStorage.getItem(keyOf(principal)) ?? "");
  } catch {
    return []; // forbidden here: they are known as long as the page
  }
}

function keep(principal: number | undefined, undos: readonly Undoing[]): void {
  try {
    if (undos.length === 0) {
      localStorage.removeItem(keyOf(principal));
    } else {
      localStorage.setItem(keyOf(principal), writeUndos(undos));
    }
  } catch {
    // as above
  }
}

/** Before it is sent. */
export function keepUndo(principal: number | undefined, undo: Undoing): void {
  keep(principal, [...keptUndos(principal).filter(({ entry }) => entry !== undo.entry), undo]);
}

/** It is answered, or was not sent. */
export function forgetUndo(principal: number | undefined, id: Uint8Array): void {
  const key = toHex(id);
  keep(principal, keptUndos(principal).filter((undo) => toHex(undo.id) !== key));
}
