/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Where the outbox keeps its acts: IndexedDB; memory where the browser has none to give.
 */
import type { Kept, Store } from "./outbox";

const name = "lovebank";
const table = "acts";

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Resolves when the browser has written it. */
function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

async function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(table, { keyPath: "key" });
  return done(request);
}

export function memoryStore(): Store {
  const rows = new Map<string, Kept>();
  return {
    all: () => Promise.resolve([...rows.values()]),
    put: (kept) => Promise.resolve(void rows.set(kept.key, kept)),
    remove: (key) => Promise.resolve(void rows.delete(key)),
  };
}

function databaseStore(database: IDBDatabase): Store {
  const change = (act: (rows: IDBObjectStore) => void) => {
    const transaction = database.transaction(table, "readwrite", { durability: "strict" });
    act(transaction.objectStore(table));
    return committed(transaction);
  };
  return {
    all: () => done<Kept[]>(database.transaction(table).objectStore(table).getAll()),
    put: (kept) => change((rows) => rows.put(kept)),
    remove: (key) => change((rows) => rows.delete(key)),
  };
}

export async function openStore(): Promise<Store> {
  try {
    return databaseStore(await openDatabase());
  } catch {
    return memoryStore(); // forbidden here: acts live as long as the page
  }
}

/** A store that is still being opened. */
export function storeOf(opening: Promise<Store>): Store {
  return {
    all: async () => (await opening).all(),
    put: async (kept) => (await opening).put(kept),
    remove: async (key) => (await opening).remove(key),
  };
}
