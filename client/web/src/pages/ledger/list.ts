/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The list of entries: what was asked for (it stands in the address), what is shown, older ones by
 * "more", new ones as they come. A new entry of the stream only says that there is something: what
 * belongs into the list, the server decides by the same request as for the rest.
 */
import { signal } from "@preact/signals";
import { answerSentence, Code } from "../../lib/result";
import { followEntries, newestEntry } from "../../lib/events";
import { go } from "../../lib/route";
import { ledger, toFailure } from "../../lib/rpc";
import { principal } from "../../lib/session";
import { readRow, type Row } from "./entry_words";
import { addressOf, everything, type Filter } from "./filter";

const pageRows = 50;
/** More are not kept in the page; those below come again by "more". */
export const shownMax = 1000;
const gatherMs = 400;

export const rows = signal<readonly Row[]>([]);
/** Entries below this one are not shown yet; 0n: there are none. */
export const moreBefore = signal(0n);
export const problem = signal("");
export const isLoading = signal(false);
export const isPaused = signal(false);
/** Came while the list was paused: there are new ones. */
export const hasNew = signal(false);
/** Those that came by themselves. */
export const fresh = signal<ReadonlySet<bigint>>(new Set());

let filter: Filter = everything;
let newest: bigint | undefined; // up to here the list is complete; undefined: it is not there
let told = 0n; // the newest entry that came by the stream
let loading: Promise<void> = Promise.resolve(); // of the list that was asked for last
let asked = 0; // answers to earlier questions are not wanted any more
let asking = 0; // questions without an answer

function requestOf(wanted: Filter) {
  return {
    limit: pageRows, org: wanted.org, act: wanted.act,
    principal: wanted.mine ? (principal.value ?? 0) : 0,
    recordedDay: wanted.day ?? 0, hasRecordedDay: wanted.day !== null,
  };
}

/** What goes wrong is said, unless something else was asked for since. */
async function ask(mine: number, work: () => Promise<void>): Promise<void> {
  asking++;
  isLoading.value = true;
  try {
    await work();
  } catch (thrown) {
    if (mine === asked) {
      problem.value = toFailure(thrown).sentence;
    }
  } finally {
    isLoading.value = --asking > 0;
  }
}

/** Begins anew with the newest; null: what was asked for last. */
export function load(wanted: Filter = filter): Promise<void> {
  const mine = ++asked;
  filter = wanted;
  newest = undefined; // what comes meanwhile waits for this list
  loading = ask(mine, async () => {
    const answer = await ledger.entryList({ ...requestOf(wanted), newestFirst: true });
    if (mine !== asked) {
      return;
    }
    problem.value = answer.code === Code.OK ? "" : answerSentence(answer);
    rows.value = answer.entries.map(readRow);
    moreBefore.value = answer.next;
    newest = answer.code === Code.OK ? answer.durableEntry : undefined;
    fresh.value = new Set();
    hasNew.value = isPaused.value && newest !== undefined && told > newest;
  });
  return loading;
}

/** No list is on its way any more. */
async function loaded(): Promise<void> {
  for (let waited: Promise<void> | undefined; waited !== loading;) {
    waited = loading;
    await waited;
  }
}

/** A page may be short, even empty, while there is more: goes on until something is found. */
export function loadMore(): Promise<void> {
  const mine = asked;
  return isLoading.value ? Promise.resolve() : ask(mine, async () => {
    let found = 0;
    while (found === 0 && moreBefore.value !== 0n) {
      const answer = await ledger.entryList({ ...requestOf(filter), newestFirst: true,
        beforeEntry: moreBefore.value });
      if (mine !== asked) {
        return;
      }
      problem.value = answer.code === Code.OK ? "" : answerSentence(answer);
      rows.value = [...rows.value, ...answer.entries.map(readRow)];
      moreBefore.value = answer.next;
      found = answer.entries.length;
    }
  });
}

/** What was undone or settled by a new entry is shown so at once. */
function markedBy(row: Row, news: readonly Row[]): Row {
  const by = news.find(({ entry }) => entry.code === Code.OK &&
    entry.targetEntry === row.entry.number);
  return by?.entry.command?.act.case !== "reverse" ? row
    : { entry: row.entry, beside: { ...row.beside, reversedBy: by.entry.number } };
}

function addNew(news: readonly Row[]): void {
  const all = [...[...news].reverse(), ...rows.value.map((row) => markedBy(row, news))];
  rows.value = all.slice(0, shownMax);
  if (all.length > shownMax) {
    moreBefore.value = rows.value[shownMax - 1]!.entry.number;
  }
  fresh.value = new Set([...fresh.value, ...news.map(({ entry }) => entry.number)]);
}

/** One page after the other, up to the newest. */
async function fetchNew(): Promise<void> {
  const mine = asked;
  for (let isThere = false; !isThere && !isPaused.value;) {
    const after = newest!;
    const answer = await ledger.entryList({ ...requestOf(filter), afterEntry: after });
    if (mine !== asked || answer.code !== Code.OK) {
      return;
    }
    isThere = answer.next === after || answer.next >= answer.durableEntry;
    newest = answer.next;
    if (answer.entries.length > 0) {
      addNew(answer.entries.map(readRow));
    }
  }
}

let isCatching = false;
let isMore = false; // asked for meanwhile

/** One at a time, or the same entries would come twice. */
async function catchUp(): Promise<void> {
  isMore = true;
  if (isCatching) {
    return;
  }
  isCatching = true;
  try {
    while (isMore) {
      isMore = false;
      await loaded();
      await (newest === undefined ? load() : fetchNew());
    }
  } finally {
    isCatching = false;
  }
}

/** Shows what has come meanwhile, and goes on. */
export function setPaused(paused: boolean): void {
  isPaused.value = paused;
  if (!paused) {
    hasNew.value = false;
    catchUp().catch((thrown: unknown) => {
      problem.value = toFailure(thrown).sentence;
    });
  }
}

/** The stream begins where the list was made. One that did not come is asked for by the first entry
 * that does. */
async function beginning(): Promise<bigint> {
  await loaded();
  const there = newest ?? await newestEntry();
  await loaded();
  return newest ?? there;
}

/** New entries come on top, gathered for a moment. Returns the end. */
export function follow(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = followEntries(({ entry }) => {
    told = entry.number;
    if (newest !== undefined && entry.number <= newest) {
      return;
    }
    if (isPaused.value) {
      hasNew.value = true;
    } else {
      timer ??= setTimeout(() => {
        timer = undefined;
        catchUp().catch(() => undefined); // the banner says it; the next one brings both
      }, gatherMs);
    }
  }, beginning);
  return () => {
    end();
    clearTimeout(timer);
  };
}

/** Into the address, from where the page reads it. */
export function choose(change: Partial<Filter>): void {
  go(addressOf({ ...filter, ...change }), true);
}
