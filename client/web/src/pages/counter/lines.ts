/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The counter's list: acts on their way, and today's of this counter as the server has them. It
 * outlives the page, so that an answer that comes later finds its line.
 */
import { fromBinary } from "@bufbuild/protobuf";
import { computed, signal } from "@preact/signals";
import type { Command } from "../../gen/lovebank/v1/commands_pb";
import { EntrySchema, type Entry } from "../../gen/lovebank/v1/entries_pb";
import type { StoredEntry } from "../../gen/lovebank/v1/queries_pb";
import type { Result } from "../../gen/lovebank/v1/results_pb";
import { newId, toHex } from "../../lib/ids";
import { Code, resultClass, type Answer } from "../../lib/result";
import { ledger, members } from "../../lib/rpc";
import { outbox, send, type Act } from "../../lib/send";
import { hello, principal, today } from "../../lib/session";
import type { Scan } from "./goods";
import { counter } from "./place";
import { expectOriginal } from "./printing";
import { forgetUndo, keepUndo, keptUndos } from "./undoing";

const pageRows = 200;
const pagesMax = 50;
const namesMax = 40;
/** So many are listed; the day's totals are of all. */
export const listedMax = 100;

export type Kind = "redeem" | "serviceAsk" | "serviceRelease" | "serviceGive";

export interface Line {
  key: string;
  kind: Kind;
  state: "pending" | "done" | "refused" | "waiting" | "undone";
  member: bigint;
  name: string;
  goods: readonly Scan[];
  /** 0n: none yet. Of one that waits: the proposal. */
  entry: bigint;
  /** Of the reversal; 0n: none. */
  undoEntry: bigint;
  recordedMs: number;
  /** Spent or held. null: not known. */
  points: bigint | null;
  /** That can be spent after it; null: not known any more. */
  left: bigint | null;
  answer: Answer | null;
  /** `lost`: a page before this one sent it, and the server has none. */
  undo: Answer | "pending" | "lost" | null;
}

/** Made in this page, and those of the server; newest first. */
const fresh = signal<readonly Line[]>([]);
const stored = signal<readonly Line[]>([]);
/** `stored` has all of the day, as of when it was asked for. */
const isWhole = signal(false);
const names = new Map<bigint, string>();

export const lines = computed<readonly Line[]>(() => {
  const here = new Set(fresh.value.map((line) => line.entry));
  const sent = new Set(fresh.value.filter(({ entry }) => entry === 0n).map((line) => line.key));
  return [...fresh.value,
    ...stored.value.filter((line) => !here.has(line.entry) && !sent.has(line.key))];
});

const isOurs = (command: Command) => command.act.case === "redeem" ||
  command.act.case === "serviceAsk" || command.act.case === "serviceRelease" ||
  command.act.case === "serviceGive" || command.act.case === "reverse";

/** The keys of acts of the counter that have no answer: nothing else is booked meanwhile. */
export const unsettled = computed(() => outbox.waiting.value.filter((act) => isOurs(act.command)));
export const slowKeys = computed(() =>
  new Set(unsettled.value.filter((act) => act.isSlow).map((act) => act.key)));
/** Those that a page before this one sent. */
export const unsettledBefore = computed(() => {
  const known = new Set(fresh.value.map((line) => line.key));
  return unsettled.value.filter((act) => !known.has(act.key) && act.command.act.case !== "reverse");
});

const dayOf = (recordedMs: number) =>
  Math.floor((recordedMs / 1000 + (hello.value?.zoneEastS ?? 28800)) / 86400);

/** Redemptions of today that stand, as the terminal's till counts them; null: not all are known. */
export const totals = computed<{ count: number; points: bigint } | null>(() => {
  const counted = lines.value.filter((line) => line.kind === "redeem" && line.state === "done" &&
    dayOf(line.recordedMs) === today());
  return !isWhole.value ? null : { count: counted.length,
    points: counted.reduce((sum, line) => sum + (line.points ?? 0n), 0n) };
});

export const lineOfKey = (key: string) => lines.value.find((line) => line.key === key);

function change(key: string, changes: Partial<Line>): void {
  const edit = (line: Line) => (line.key === key ? { ...line, ...changes } : line);
  fresh.value = fresh.value.map(edit);
  stored.value = stored.value.map(edit);
}

function stateOf(code: number): Line["state"] {
  const kind = resultClass(code);
  return kind === "DONE" ? "done" : kind === "WAITING" ? "waiting" : "refused";
}

const spentOf = (rows: readonly { quantity: bigint; priceCenti: bigint }[]) =>
  rows.reduce((sum, row) => sum + row.quantity * row.priceCenti, 0n);

/** What an act is about; the person as it was before it. */
export interface About {
  kind: Kind;
  member: bigint;
  name: string;
  expired: bigint;
  goods: readonly Scan[];
}

/** Shown at once as pending; gives the line when it is answered. Throws a Failure when nothing was
 * sent. `onKey`: the act is on its way. */
export async function take(act: Act, about: About, onKey: (key: string) => void): Promise<Line> {
  const { kind, member, name, goods, expired } = about;
  const id = newId();
  const key = toHex(id);
  names.set(member, name);
  fresh.value = [{ key, kind, state: "pending", member, name, goods, entry: 0n, undoEntry: 0n,
    recordedMs: Date.now(), points: null, left: null, answer: null, undo: null }, ...fresh.value];
  onKey(key);
  try {
    const result = await send(act, { id });
    const balance = result.balances[0]?.pointsCenti;
    expectOriginal(result.entry);
    change(key, { state: stateOf(result.code), entry: result.entry, answer: result,
      recordedMs: Date.now(), points: spentOf(result.lines),
      left: balance === undefined ? null : balance - expired });
    if (stateOf(result.code) === "refused") {
      await outbox.dismiss(key); // it is told of here
    }
    return lineOfKey(key)!;
  } catch (thrown) {
    fresh.value = fresh.value.filter((line) => line.key !== key);
    throw thrown;
  }
}

export const mayUndo = (line: Line) => line.state === "done" && line.entry !== 0n &&
  (line.undo === null || line.undo === "lost") && line.kind !== "serviceRelease";

/** Throws a Failure when nothing was sent. The server decides whether it is done at once, waits for
 * a second person, or is refused. Its id outlives the page, its reason does not: askUndosBefore. */
export async function undoLine(line: Line, reason: string): Promise<Result> {
  const by = principal.value;
  const id = keptUndos(by).find(({ entry }) => entry === line.entry)?.id ?? newId();
  change(line.key, { undo: "pending" });
  keepUndo(by, { id, entry: line.entry });
  try {
    const result = await send({ case: "reverse", value: { target: { entry: line.entry } } },
      { memo: reason, id });
    forgetUndo(by, id);
    const isDone = result.code === Code.OK || result.code === Code.ALREADY_REVERSED;
    expectOriginal(result.entry);
    change(line.key, isDone
      ? { state: "undone", undo: null, undoEntry: result.entry, left: null }
      : { undo: result });
    return result;
  } catch (thrown) { // nothing went out now
    change(line.key, { undo: line.undo });
    if (line.undo !== "lost") {
      forgetUndo(by, id);
    }
    throw thrown;
  }
}

/** Undos whose answer no page has seen: what the server has under their ids. One that did not
 * arrive wants its reason again, and goes out under the same id. Gives the entries of those that
 * are not in the list. Throws a Failure. */
export async function askUndosBefore(): Promise<bigint[]> {
  const by = principal.value;
  const missing: bigint[] = [];
  for (const { id, entry } of keptUndos(by)) {
    if (outbox.waiting.value.some((act) => act.key === toHex(id))) {
      continue; // this page still sends it
    }
    const answer = await ledger.entryGet({ target: { requestId: id } });
    const line = lines.value.find((row) => row.entry === entry);
    if (answer.entry !== undefined) {
      const { code, a, b, c } = fromBinary(EntrySchema, answer.entry.packed);
      if (line !== undefined && code !== Code.OK && answer.entry.settledBy === 0n) {
        change(line.key, { undo: { code, a, b, c } });
      }
      forgetUndo(by, id);
    } else if (answer.code === Code.REQUEST_UNKNOWN && line?.state === "done") {
      change(line.key, { undo: "lost" });
    } else if (answer.code === Code.REQUEST_UNKNOWN) {
      forgetUndo(by, id); // undone otherwise, or of another day
      missing.push(...(line === undefined ? [entry] : []));
    }
  }
  return missing;
}

type StoredLine = Line & { proposal: bigint };

function lineOfEntry(row: StoredEntry, entry: Entry): StoredLine | undefined {
  const kind = entry.command?.act.case;
  const state = stateOf(entry.code);
  const isListed = kind === "redeem" || kind === "serviceAsk" || kind === "serviceGive" ||
    kind === "serviceRelease";
  if (!isListed || state === "refused") {
    return undefined;
  }
  const member = entry.links[0]?.member ?? 0n;
  const { code, a, b, c, number } = entry;
  const act = entry.command!.act;
  const asked = act.case === "redeem" ? act.value.lines
    : act.case === "serviceAsk" ? [act.value] : [];
  const goods = entry.lines.length > 0 ? entry.lines : asked;
  return {
    key: toHex(entry.command!.id), kind, member, name: names.get(member) ?? "", entry: number,
    state: row.reversedBy !== 0n ? "undone" : state, undoEntry: row.reversedBy,
    goods: goods.map(({ item, quantity }) => ({ item, quantity: Number(quantity) })),
    recordedMs: Number(entry.recordedMs), points: spentOf(entry.lines), left: null,
    answer: { code, a, b, c }, undo: null, proposal: entry.proposal,
  };
}

async function findNames(wanted: readonly bigint[]): Promise<void> {
  const unknown = [...new Set(wanted)].filter((member) => member !== 0n && !names.has(member));
  await Promise.all(unknown.slice(0, namesMax).map(async (member) => {
    const answer = await members.memberGet({ member: { member } });
    names.set(member, answer.info?.maskedName ?? "");
  }));
}

/** What was recorded today at the counter, newest first; isAll: false, there is still more. */
async function fetchToday(here: number): Promise<{ found: StoredLine[]; isAll: boolean }> {
  const found: StoredLine[] = [];
  let before = 0n;
  for (let page = 0; page < pagesMax; page++) {
    const answer = await members.history({ counter: here, limit: pageRows, beforeEntry: before });
    for (const row of answer.entries) {
      const entry = fromBinary(EntrySchema, row.packed);
      if (dayOf(Number(entry.recordedMs)) < today()) {
        return { found, isAll: true };
      }
      const line = lineOfEntry(row, entry);
      found.push(...(line === undefined ? [] : [line]));
    }
    before = answer.next;
    if (before === 0n) {
      return { found, isAll: true };
    }
  }
  return { found, isAll: false };
}

/** Today's at this counter. Throws a Failure. */
export async function loadToday(): Promise<void> {
  const here = counter.value;
  const { found, isAll } = await fetchToday(here);
  const confirmed = new Set(found.map((line) => line.proposal));
  await findNames(found.slice(0, listedMax).map((line) => line.member));
  if (here === counter.value) {
    isWhole.value = isAll;
    const undos = new Map(stored.value.map((line) => [line.key, line.undo]));
    stored.value = found.filter((line) => !(line.state === "waiting" && confirmed.has(line.entry)))
      .map((line) => ({ ...line, name: names.get(line.member) ?? "",
        undo: line.state === "done" ? undos.get(line.key) ?? null : null }));
  }
}

/** Another counter, or somebody else at it. */
export function forgetLines(): void {
  fresh.value = [];
  stored.value = [];
  isWhole.value = false;
  names.clear();
}
