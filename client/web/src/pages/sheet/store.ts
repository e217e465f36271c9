/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Where a sheet is kept until it is put away: IndexedDB, one a principal. It holds what was typed,
 * names too, until it is cleared; ID numbers become member numbers as soon as they are found.
 */
import type { Sheet } from "./state";

const name = "lovebank-sheets";
const table = "sheets";

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

let opening: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  if (opening === undefined) {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(table);
    opening = done(request);
  }
  return opening;
}

export async function readSheet(principal: number): Promise<Sheet | undefined> {
  try {
    const rows = (await open()).transaction(table).objectStore(table);
    return await done<Sheet | undefined>(rows.get(principal));
  } catch {
    return undefined; // forbidden here: the sheet lives as long as the page
  }
}

/** Resolves when the browser has written it; true: it has. */
export async function writeSheet(principal: number, sheet: Sheet | undefined): Promise<boolean> {
  try {
    const transaction = (await open()).transaction(table, "readwrite", { durability: "strict" });
    const rows = transaction.objectStore(table);
    if (sheet === undefined) {
      rows.delete(principal);
    } else {
      rows.put(sheet, principal);
    }
    return await new Promise<boolean>((resolve) => {
      transaction.oncomplete = () => resolve(true);
      transaction.onabort = () => resolve(false);
    });
  } catch {
    return false;
  }
}
