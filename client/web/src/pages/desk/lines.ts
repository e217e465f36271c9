/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The desk's list: records on their way, and today's of this desk as the server has them. It
 * outlives the page, so that an answer that comes later finds its line.
 */
import { fromBinary } from "@bufbuild/protobuf";
import { computed, signal } from "@preact/signals";
import type { Command } from "../../gen/lovebank/v1/commands_pb";
import { EntrySchema } from "../../gen/lovebank/v1/entries_pb";
import type { StoredEntry } from "../../gen/lovebank/v1/queries_pb";
import type { Result } from "../../gen/lovebank/v1/results_pb";
import { newId, toHex } from "../../lib/ids";
import { Code, resultClass, type Answer } from "../../lib/result";
import { ledger, members } from "../../lib/rpc";
import { announce } from "../../lib/said";
import { outbox, send } from "../../lib/send";
import { dayOfTime, principal, today, who } from "../../lib/session";
import { t } from "../../lib/words";
import { lateDays } from "../../lib/working_days";
import type { Person } from "./person";
import { lineText, undoText } from "./say";

const pageRows = 50;
const actServiceRecord = 31; // Command.service_record

export interface Line {
  key: string;
  state: "pending" | "done" | "refused" | "waiting" | "undone";
  member: bigint;
  card: bigint;
  name: string;
  category: number;
  day: number;
  minutes: number;
  start: number | null;
  activity: bigint;
  /** 0n: none yet. */
  entry: bigint;
  /** What undid it, or itself: the newest that is known to have happened. */
  touched: bigint;
  recordedMs: number;
  points: bigint | null;
  balance: bigint | null;
  /** Working days too late; 0: in time. */
  late: number;
  /** Its first try has failed. */
  isSlow: boolean;
  answer: Answer | null;
  undoAnswer: Answer | null;
}

/** Made in this page, newest first. */
const fresh = signal<readonly Line[]>([]);
/** Of the server, newest first. */
const stored = signal<readonly Line[]>([]);
export const moreBefore = signal(0n);
const names = new Map<bigint, string>();
let linesOf: number | undefined;

function change(key: string, changes: Partial<Line>): Line | undefined {
  const edit = (line: Line) => (line.key === key ? { ...line, ...changes } : line);
  fresh.value = fresh.value.map(edit);
  stored.value = stored.value.map(edit);
  return lines.value.find((line) => line.key === key);
}

/** What a command of the outbox records. undefined: it is another act. */
export function lineOfCommand(command: Command, madeMs: number): Line | undefined {
  const act = command.act;
  if (act.case !== "serviceRecord") {
    return undefined;
  }
  const { member, category, minutes, hasStart, startMinute, activity } = act.value;
  return {
    key: toHex(command.id), state: "pending", member: member?.member ?? 0n,
    card: member?.card ?? 0n, name: names.get(member?.member ?? 0n) ?? "", category, minutes,
    start: hasStart ? startMinute : null, activity, day: command.day, entry: 0n, touched: 0n,
    recordedMs: madeMs, points: null, balance: null, late: 0, isSlow: true, answer: null,
    undoAnswer: null,
  };
}

/** Acts that waited when the page was opened. */
const restored = computed(() => {
  const known = new Set(fresh.value.map((line) => line.key));
  return outbox.waiting.value
    .filter((act) => !known.has(act.key) && act.command.import === 0n)
    .map((act) => lineOfCommand(act.command, act.madeMs))
    .filter((line): line is Line => line !== undefined)
    .reverse();
});

/** Newest on top. */
export const lines = computed<readonly Line[]>(() => {
  const slow = new Set(outbox.waiting.value.filter((act) => act.isSlow).map((act) => act.key));
  const mine = fresh.value.map((line) =>
    (slow.has(line.key) ? { ...line, isSlow: true } : line));
  const here = new Set(mine.map((line) => line.entry));
  return [...mine, ...restored.value, ...stored.value.filter((line) => !here.has(line.entry))];
});

export const restoredCount = computed(() => restored.value.length);

function settledState(code: number): Line["state"] {
  switch (resultClass(code)) {
    case "DONE":
      return "done";
    case "WAITING":
      return "waiting";
    default:
      return "refused";
  }
}

function settle(made: Line, result: Result): void {
  const earning = result.earning;
  if (!fresh.value.some((line) => line.key === made.key)) {
    fresh.value = [made, ...fresh.value]; // the page was left and opened again meanwhile
  }
  const line = change(made.key, {
    state: settledState(result.code), entry: result.entry, touched: result.entry, answer: result,
    member: earning?.member ?? made.member, points: earning?.pointsCenti ?? null,
    balance: result.balances[0]?.pointsCenti ?? null, recordedMs: Date.now(),
    late: lateDays(made.day, dayOfTime(Date.now())),
  });
  if (line !== undefined) {
    announce(lineText(line));
  }
}

export interface Record {
  category: number;
  minutes: number;
  start: number | null;
  day: number;
  activity: bigint;
}

/** Shown at once as pending; settled when it is durable. */
export async function record(person: Person, what: Record): Promise<void> {
  const id = newId();
  const key = toHex(id);
  const by = principal.value;
  if (person.member !== 0n && person.name !== "") {
    names.set(person.member, person.name);
  }
  const made: Line = {
    key, state: "pending", member: person.member, card: person.card, name: person.name, ...what,
    entry: 0n, touched: 0n, recordedMs: Date.now(), points: null, balance: null, late: 0,
    isSlow: false, answer: null, undoAnswer: null,
  };
  fresh.value = [made, ...fresh.value];
  const result = await send({ case: "serviceRecord", value: {
    member: person.card !== 0n ? { card: person.card } : { member: person.member },
    category: what.category, minutes: what.minutes, activity: what.activity,
    ...(what.start !== null && { startMinute: what.start, hasStart: true }),
  } }, { day: what.day, id });
  if (by === principal.value) { // else it stands in its own list when that is opened
    settle(made, result);
  }
}

/** The reason of an undo on the spot; it is the entry's memo. */
const undoReason = () => t("录入有误", "entered by mistake");

/** How an undo of it would go: at once, by a second person, or not at all. */
export function undoWay(
  line: Line, policy: { reversals: boolean; undoMinutes: number } | undefined,
): "now" | "ask" | "never" {
  if (line.state !== "done" || line.entry === 0n || line.undoAnswer !== null) {
    return "never";
  }
  if (policy === undefined || !policy.reversals) {
    return "now";
  }
  // One's own last act on the member, as server/bank judges; others' acts it alone knows.
  const isLast = lines.value.every((row) =>
    row.member !== line.member || row.touched <= line.entry);
  const ageMs = Date.now() - line.recordedMs;
  return isLast && ageMs < policy.undoMinutes * 60_000 ? "now" : "ask";
}

/** Throws a Failure when the server cannot be reached: nothing was sent then. */
export async function undo(line: Line): Promise<void> {
  const result = await send({ case: "reverse", value: { target: { entry: line.entry } } },
    { memo: undoReason() });
  const isDone = result.code === Code.OK || result.code === Code.ALREADY_REVERSED;
  const after = isDone
    ? change(line.key, { state: "undone", touched: result.entry,
      balance: result.balances[0]?.pointsCenti ?? null })
    : change(line.key, { undoAnswer: result });
  if (after !== undefined) {
    announce(isDone ? lineText(after) : undoText(after));
  }
}

function lineOfEntry(row: StoredEntry): Line | undefined {
  const entry = fromBinary(EntrySchema, row.packed);
  const line = entry.command && lineOfCommand(entry.command, Number(entry.recordedMs));
  if (line === undefined || entry.command?.import !== 0n) {
    return undefined;
  }
  const member = entry.links[0]?.member ?? line.member;
  const isGone = row.reversedBy !== 0n;
  const { code, a, b, c } = entry;
  return { ...line, member, name: names.get(member) ?? "", day: entry.day, entry: entry.number,
    touched: isGone ? row.reversedBy : entry.number,
    state: isGone ? "undone" : settledState(code), points: entry.earning?.pointsCenti ?? null,
    balance: isGone ? null : (entry.balances[0]?.pointsCenti ?? null), isSlow: false,
    answer: { code, a, b, c, text: "" },
    late: lateDays(entry.day, dayOfTime(entry.recordedMs)) };
}

/** Masked names of those in the list, asked for once; kept in memory only. */
async function findNames(wanted: readonly bigint[]): Promise<void> {
  const by = principal.value;
  const unknown = [...new Set(wanted)].filter((member) => member !== 0n && !names.has(member));
  await Promise.all(unknown.map(async (member) => {
    const answer = await members.memberGet({ member: { member } });
    if (by === principal.value) {
      names.set(member, answer.info?.maskedName ?? "");
    }
  }));
  stored.value = stored.value.map((line) => (
    { ...line, name: line.name || (names.get(line.member) ?? "") }));
}

/** Today's records of this desk; `older`: the page before what is shown. Throws a Failure. */
export async function loadToday(older = false): Promise<void> {
  const by = principal.value;
  const answer = await ledger.entryList({
    newestFirst: true, limit: pageRows, act: actServiceRecord, principal: principal.value ?? 0,
    device: principal.value === 0 ? 0 : deviceHere(), recordedDay: today(), hasRecordedDay: true,
    beforeEntry: older ? moreBefore.value : 0n,
  });
  if (by !== principal.value) {
    return; // somebody else's list by now
  }
  const found = answer.entries.map(lineOfEntry).filter((row): row is Line => row !== undefined);
  stored.value = older ? [...stored.value, ...found] : found;
  moreBefore.value = answer.next;
  await findNames(found.map((line) => line.member));
}

/** The device at which an operator works; a device that works by itself is the principal. */
function deviceHere(): number {
  const device = who.value?.device?.principal ?? 0;
  return device === principal.value ? 0 : device;
}

/** When the desk is opened. Somebody else has another list; what was on its way when the session
 * ended is the outbox's now. */
export function startLines(): void {
  fresh.value = fresh.value.filter((line) => line.state !== "pending");
  if (linesOf !== principal.value) {
    linesOf = principal.value;
    fresh.value = [];
    stored.value = [];
    moreBefore.value = 0n;
    names.clear();
  }
}

/** A record of the same person, day and category that stands or is on its way. */
export function sameLine(person: Person, what: Record): Line | undefined {
  const isSame = (line: Line) =>
    (person.member !== 0n && line.member === person.member) ||
    (person.card !== 0n && line.card === person.card);
  return lines.value.find((line) => isSame(line) && line.day === what.day &&
    line.category === what.category && line.state !== "refused" && line.state !== "undone");
}
