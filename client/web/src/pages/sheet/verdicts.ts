/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Each row's verdict before anything is sent: cells are read, persons found, doubles named, and the
 * server asked by a dry run what all rows together would come to. A little after the last change.
 */
import { fromBinary } from "@bufbuild/protobuf";
import { batch, computed, signal } from "@preact/signals";
import { CommandSchema } from "../../gen/lovebank/v1/commands_pb";
import type { MemberInfo } from "../../gen/lovebank/v1/queries_pb";
import { answerSentence, resultClass } from "../../lib/result";
import { toFailure } from "../../lib/rpc";
import { preview, type Act } from "../../lib/send";
import { formatMinutes, formatPoints } from "../../lib/values";
import { t } from "../../lib/words";
import { personOf, type Person } from "../desk/person";
import { knownActivity } from "./activity";
import { recordedLike, sayDoubtful } from "./before";
import { readRow, type RowMeaning, type Saying } from "./cells";
import { find, type Found } from "./find";
import { defaults, isFixed, setSheet, sheet, type Row, type Sheet } from "./state";

/** "doubtful": it can be recorded, and may have been. */
export interface Verdict {
  kind: "checking" | "good" | "doubtful" | "waiting" | "choose" | "bad";
  say: Saying;
  /** Of "choose"; `more`: there are others still. */
  people?: readonly MemberInfo[];
  more?: boolean;
  /** What would be recorded. */
  person?: Person;
  meaning?: RowMeaning;
}

export const verdicts = signal<ReadonlyMap<string, Verdict>>(new Map());
const judged = signal<Sheet | undefined>(undefined);
/** The verdicts are those of the sheet as it is now. */
export const isSettled = computed(() => judged.value === sheet.value);
/** Why the server could not be asked. */
export const problem = signal("");

const pauseMs = 350;
const retryMs = 3000;
const atOnce = 8;

function verdictOfFound(row: Row, meaning: RowMeaning, answer: Found): Verdict {
  if ("say" in answer) {
    return { kind: "bad", say: answer.say };
  }
  const { people, more } = answer;
  const chosen = row.chosen?.text === row.fields.who
    ? people.find((info) => String(info.member) === row.chosen!.member) : undefined;
  const one = chosen ?? (people.length === 1 && !more ? people[0] : undefined);
  return one === undefined
    ? { kind: "choose", people, more, say: () =>
      t(`有 ${people.length}${more ? " 多" : ""} 个人叫这个名字，按 F4 选`,
        `${more ? "over " : ""}${people.length} persons have that name; F4 chooses`) }
    : { kind: "checking", say: () => t("正在核对", "being checked"), person: personOf(one),
      meaning };
}

/** Calls for each, so many at a time. */
async function forEachOf<Item>(
  items: readonly Item[], isWanted: () => boolean, call: (item: Item) => Promise<void>,
): Promise<void> {
  for (let i = 0; i < items.length && isWanted(); i += atOnce) {
    await Promise.all(items.slice(i, i + atOnce).map(call));
  }
}

/** What tells a row's record from another. undefined: it has none. */
interface Mark {
  member: bigint;
  day: number;
  category: number;
  start: number | null;
}

function markOf(row: Row, verdict: Verdict | undefined): Mark | undefined {
  if (row.outcome?.isUndone === true) {
    return undefined;
  }
  if (isFixed(row)) {
    const command = fromBinary(CommandSchema, row.sent!);
    const act = command.act;
    return act.case !== "serviceRecord" ? undefined : {
      member: act.value.member?.member ?? 0n, day: command.day, category: act.value.category,
      start: act.value.hasStart ? act.value.startMinute : null };
  }
  return verdict?.person === undefined || verdict.meaning === undefined ? undefined : {
    member: verdict.person.member, day: verdict.meaning.day, category: verdict.meaning.category,
    start: verdict.meaning.span.start };
}

/** The same person, day and category once more, without times that tell them apart. */
const isDouble = (a: Mark, b: Mark) => a.member === b.member && a.day === b.day &&
  a.category === b.category && (a.start === null || b.start === null || a.start === b.start);

function nameDoubles(rows: readonly Row[], all: Map<string, Verdict>): void {
  const marks = rows.map((row) => markOf(row, all.get(row.id)));
  const isFirst = (i: number, of: number) => isFixed(rows[i]!) || (i < of && !isFixed(rows[of]!));
  rows.forEach((row, at) => {
    const mine = marks[at];
    const other = mine === undefined || isFixed(row) ? -1 : marks.findIndex((mark, i) =>
      i !== at && mark !== undefined && isFirst(i, at) && isDouble(mine, mark));
    if (other !== -1) {
      all.set(row.id, { kind: "bad", say: () =>
        t(`和第 ${other + 1} 行重复：同一人、同一天、同一类别。请删去一行，或写不同的开始时间`,
          `the same person, day and category as row ${other + 1}; remove one, or write ` +
          "different start times") });
    }
  });
}

export function actOf(person: Person, meaning: RowMeaning, activity: bigint, org: bigint): Act {
  const { span, category } = meaning;
  return { case: "serviceRecord", value: {
    member: { member: person.member }, category, minutes: span.minutes, activity, org,
    ...(span.start !== null && { startMinute: span.start, hasStart: true }) } };
}

async function tryOut(all: Map<string, Verdict>): Promise<void> {
  const tried = [...all].filter(([, verdict]) => verdict.kind === "checking");
  if (tried.length === 0) {
    return;
  }
  const activity = (await knownActivity())?.number ?? 0n;
  const results = await preview(tried.map(([, { person, meaning }]) => (
    { act: actOf(person!, meaning!, activity, BigInt(sheet.value.org)), day: meaning!.day })));
  tried.forEach(([id, verdict], i) => {
    const result = results[i]!;
    const kind = resultClass(result.code);
    const points = formatPoints(result.earning?.pointsCenti ?? 0n);
    const { name } = verdict.person!;
    const time = () => formatMinutes(verdict.meaning!.span.minutes);
    all.set(id, { ...verdict,
      kind: kind === "DONE" ? "good" : kind === "WAITING" ? "waiting" : "bad",
      say: kind === "DONE"
        ? () => t(`${name} ${time()}，得 ${points} 分`, `${name}: ${time()}, ${points} points`)
        : () => `${verdict.person!.name}${t("：", ": ")}${answerSentence(result)}` });
  });
}

/** What the dry run cannot know. */
async function nameDoubtful(all: Map<string, Verdict>, isWanted: () => boolean): Promise<void> {
  const able = [...all].filter(([, { kind }]) => kind === "good" || kind === "waiting");
  await forEachOf(able, isWanted, async ([id, verdict]) => {
    const { person, meaning, say } = verdict;
    const before = await recordedLike(person!.member, meaning!);
    if (before !== undefined) {
      all.set(id, { ...verdict, kind: "doubtful", say: sayDoubtful(say, before) });
    }
  });
}

/** ID numbers do not stay on this machine longer than needed. */
function withoutIdNumber(row: Row, verdict: Verdict, meaning: RowMeaning): void {
  if (meaning.who.kind === "id" && verdict.person !== undefined) {
    const name = meaning.who.name === "" ? "" : ` ${meaning.who.name}`;
    const fields = { ...row.fields, who: `${verdict.person.member}${name}` };
    void setSheet({ ...sheet.value, rows: sheet.value.rows.map((other) =>
      (other === row ? { ...other, fields } : other)) });
  }
}

let run = 0;

async function judge(mine: number): Promise<void> {
  const of = sheet.value;
  const isWanted = () => mine === run;
  const all = new Map<string, Verdict>();
  const toFind: [Row, RowMeaning][] = [];
  for (const row of of.rows.filter((each) => each.sent === undefined)) {
    const read = readRow(row.fields, defaults.value);
    if (read !== undefined && !read.ok) {
      all.set(row.id, { kind: "bad", say: read.say });
    } else if (read !== undefined) {
      toFind.push([row, read.value]);
    }
  }
  await forEachOf(toFind, isWanted, async ([row, meaning]) => {
    const verdict = verdictOfFound(row, meaning, await find(meaning.who, BigInt(of.org)));
    if (isWanted()) {
      all.set(row.id, verdict);
      withoutIdNumber(row, verdict, meaning);
    }
  });
  nameDoubles(of.rows, all);
  if (isWanted()) {
    await tryOut(all);
  }
  await nameDoubtful(all, isWanted);
  if (isWanted()) {
    batch(() => {
      verdicts.value = all;
      judged.value = of;
      problem.value = "";
    });
  }
}

/** The rows as they are now, a little after the last change; until it is called off. */
export function judgeSoon(): () => void {
  const mine = ++run;
  judged.value = undefined;
  let timer = setTimeout(function go() {
    judge(mine).catch((thrown: unknown) => {
      if (mine === run) {
        problem.value = toFailure(thrown).sentence;
        timer = setTimeout(go, retryMs);
      }
    });
  }, pauseMs);
  return () => {
    clearTimeout(timer);
    run += mine === run ? 1 : 0;
  };
}
