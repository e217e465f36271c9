/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A sheet into the ledger: an import is opened, the activity if it is new, then all good rows go
 * out under their ids. What had no answer goes out again after a reload. An answer may come when
 * the sheet was changed, or is another's: only what stands as it was judged goes on.
 */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { signal } from "@preact/signals";
import { CommandSchema, type Command } from "../../gen/lovebank/v1/commands_pb";
import type { Result } from "../../gen/lovebank/v1/results_pb";
import { fromHex, newId, toHex } from "../../lib/ids";
import { answerSentence, Code, resultClass } from "../../lib/result";
import { outbox, type Act } from "../../lib/send";
import { fold } from "../../lib/values";
import { t } from "../../lib/words";
import { forgetActivities, knownActivity } from "./activity";
import { forgetRecorded } from "./before";
import { forgetFound } from "./find";
import { said, say } from "./said";
import {
  defaults, isOpen, openSheet, setSheet, sheet, type Opened, type Outcome, type Row, type Sheet,
} from "./state";
import { actOf, isSettled, verdicts, type Verdict } from "./verdicts";

export const isBusy = signal(false);

/** Through the outbox, which sends it until it is answered. */
async function sendCommand(command: Command): Promise<Result> {
  const result = await outbox.send(command);
  const key = toHex(command.id);
  if (outbox.refused.value.some((row) => row.key === key)) {
    await outbox.dismiss(key); // the sheet itself shows it
  }
  return result;
}

function commandOf(
  id: string, act: Act, rest: { day?: number; memo?: string; opened?: bigint },
): Command {
  return create(CommandSchema, { id: fromHex(id)!, act, memo: rest.memo ?? "",
    import: rest.opened ?? 0n, day: rest.day ?? 0, hasDay: rest.day !== undefined });
}

function changeImport(opened: Opened): Promise<void> {
  const imports = sheet.value.imports.filter((other) => other.id !== opened.id);
  return setSheet({ ...sheet.value, imports: [...imports, opened] });
}

const isHere = (opened: Opened) => sheet.value.imports.some((each) => each.id === opened.id);

/** The import of the rows that go out now; one that was begun before a reload is gone on with.
 * undefined: refused or waiting, which was said, or the sheet was put away. */
async function openImport(rows: number): Promise<Opened | undefined> {
  const begun = sheet.value.imports.find((each) => !each.isFilled);
  const opened = begun ?? { id: toHex(newId()), rows, title: sheet.value.title, isFilled: false };
  await changeImport(opened);
  const result = await sendCommand(commandOf(opened.id,
    { case: "importOpen", value: { kind: "sheet", rows: opened.rows } }, { memo: opened.title }));
  if (!isHere(opened)) {
    return undefined;
  }
  if (result.code !== Code.OK) {
    const isWaiting = resultClass(result.code) === "WAITING";
    say(isWaiting ? "waiting" : "refused", answerSentence(result) + (isWaiting
      ? t("。整张表等第二个人确认，确认后再按 F9。", ". Once it is confirmed, press F9 again.") : ""));
    if (!isWaiting) { // a refusal has used the id up
      const imports = sheet.value.imports.filter((each) => each.id !== opened.id);
      await setSheet({ ...sheet.value, imports });
    }
    return undefined;
  }
  const known = { ...opened, number: String(result.assigned) };
  await changeImport(known);
  return known;
}

/** Its number; 0n: the sheet has none. undefined: refused, which was said. */
async function openActivity(opened: Opened): Promise<bigint | undefined> {
  const name = fold(sheet.value.activity);
  const known = await knownActivity();
  if (name === "" || known !== undefined) {
    return known?.number ?? 0n;
  }
  const { day } = defaults.value;
  if (day === null || sheet.value.org === "0") {
    say("refused", t("活动要有组织单位和日期。请在表头填上，再按 F9。",
      "An activity needs its org and its day. Fill them in above, then press F9 again."));
    return undefined;
  }
  const result = await sendCommand(commandOf(sheet.value.activityId,
    { case: "activityOpen", value: { org: BigInt(sheet.value.org), name } },
    { opened: BigInt(opened.number!), day }));
  if (result.code !== Code.OK) {
    say("refused", t("活动没有登记上：", "the activity was refused: ") + answerSentence(result));
    if (isHere(opened)) {
      await setSheet({ ...sheet.value, activityId: toHex(newId()) });
    }
    return undefined;
  }
  forgetActivities();
  return result.assigned;
}

function outcomeOf(result: Result, name: string): Outcome {
  const { code, a, b, c, text, entry, earning, balances } = result;
  return { code, a: String(a), b: String(b), c: String(c), text, entry: String(entry),
    points: earning === undefined ? "" : String(earning.pointsCenti),
    balance: String(balances[0]?.pointsCenti ?? 0n), name };
}

/** Answers come one by one; they are put down together. */
async function sendRows(rows: readonly Row[], names: ReadonlyMap<string, string>): Promise<void> {
  const outcomes = new Map<string, Outcome>();
  let isPutDown = Promise.resolve();
  const putDown = () => setSheet({ ...sheet.value, rows: sheet.value.rows.map((row) => {
    const outcome = outcomes.get(row.id);
    return outcome === undefined ? row : { ...row, outcome };
  }) });
  await Promise.all(rows.map(async (row) => {
    const result = await sendCommand(fromBinary(CommandSchema, row.sent!));
    outcomes.set(row.id, outcomeOf(result, names.get(row.id) ?? ""));
    const isFirst = outcomes.size % 20 === 1;
    isPutDown = isFirst ? putDown() : isPutDown;
  }));
  await isPutDown;
  await putDown();
}

function sumUp(ids: ReadonlySet<string>): void {
  const rows = sheet.value.rows.filter((row) => ids.has(row.id) && row.outcome !== undefined);
  const count = (kind: string) =>
    rows.filter((row) => resultClass(row.outcome!.code) === kind).length;
  const [done, waiting] = [count("DONE"), count("WAITING")];
  const refused = rows.length - done - waiting;
  say(refused > 0 ? "refused" : "done", t(
    `已记 ${done} 行${waiting > 0 ? `，${waiting} 行等第二个人确认` : ""}` +
    `${refused > 0 ? `，${refused} 行没有记上，原因在行里` : ""}。`,
    `${done} rows recorded${waiting > 0 ? `, ${waiting} wait for a second person` : ""}` +
    `${refused > 0 ? `, ${refused} refused, the reasons stand in the rows` : ""}.`));
}

export const isReady = (verdict: Verdict | undefined): boolean =>
  verdict?.kind === "good" || verdict?.kind === "waiting" || verdict?.kind === "doubtful";

/** What the verdicts took from above the rows. */
function headerText(): string {
  const { org, activity, day, category, time } = sheet.value;
  return [org, activity, day, category, time].join("\n");
}

/** The rows that still stand as they were judged have their commands from now on, on disk before
 * anything of them goes out. Those rows. */
async function fill(
  good: ReadonlySet<Row>, judged: ReadonlyMap<string, Verdict>, opened: Opened, activity: bigint,
): Promise<Row[]> {
  const org = BigInt(sheet.value.org);
  const filled: Row[] = [];
  const rows = sheet.value.rows.map((row) => {
    const { person, meaning } = judged.get(row.id) ?? {};
    if (!good.has(row) || person === undefined || meaning === undefined) {
      return row;
    }
    const command = commandOf(row.id, actOf(person, meaning, activity, org),
      { day: meaning.day, memo: row.fields.note, opened: BigInt(opened.number!) });
    const sent = { ...row, sent: toBinary(CommandSchema, command) as Uint8Array<ArrayBuffer> };
    filled.push(sent);
    return sent;
  });
  const imports = sheet.value.imports.map((each) => (
    each.id === opened.id ? { ...each, isFilled: true } : each));
  await setSheet({ ...sheet.value, rows, imports });
  return filled;
}

async function recordGood(): Promise<void> {
  const judged = verdicts.value;
  const header = headerText();
  const good = new Set(sheet.value.rows.filter((row) =>
    row.sent === undefined && isReady(judged.get(row.id))));
  const opened = await openImport(good.size);
  const activity = opened && await openActivity(opened);
  if (opened === undefined || activity === undefined || !isHere(opened)) {
    return;
  }
  if (headerText() !== header) {
    say("refused", t("表头刚刚改了，还没有记。请看一下每行，再按 F9。",
      "What stands above the rows was changed; nothing is recorded yet. Look at the rows, then " +
      "press F9 again."));
    return;
  }
  const filled = await fill(good, judged, opened, activity);
  await sendRows(filled, new Map(filled.map((row) =>
    [row.id, judged.get(row.id)?.person?.name ?? ""])));
  forgetRecorded();
  sumUp(new Set(filled.map((row) => row.id)));
}

/** One after the other: while one is under way another is not begun. */
export async function busy(act: () => Promise<void>): Promise<void> {
  if (isBusy.value) {
    return;
  }
  isBusy.value = true;
  try {
    await act();
  } finally {
    isBusy.value = false;
  }
}

/** For which sheet it was said that rows may be in the ledger already. */
let warnedOf: Sheet | undefined;

function warn(doubtful: number): void {
  warnedOf = sheet.value;
  say("waiting", t(
    `有 ${doubtful} 行像是已经记过（看行里的第几号账）。是重复就删去那几行；都要记，再按一次 F9。`,
    `${doubtful} rows may be in the ledger already (the entries stand in the rows). Remove those ` +
    "that are; F9 again records all of them."));
}

/** F9: all good rows; bad ones stay with their reasons. */
export function recordSheet(): Promise<void> {
  const ready = sheet.value.rows.map((row) => verdicts.value.get(row.id)).filter(isReady);
  const doubtful = ready.filter((verdict) => verdict?.kind === "doubtful").length;
  if (isBusy.value) {
    return Promise.resolve();
  }
  if (!isSettled.value) {
    say("refused", t("还在核对，请稍等再按 F9。",
      "The rows are still being checked; press F9 again in a moment."));
    return Promise.resolve();
  }
  if (ready.length === 0) {
    say("refused", t("没有可以记的行。", "There is no row to record."));
    return Promise.resolve();
  }
  if (doubtful > 0 && warnedOf !== sheet.value) {
    warn(doubtful);
    return Promise.resolve();
  }
  return busy(recordGood);
}

/** What was sent and has no answer goes out again, under the same ids. Who waited before, in a page
 * that was left or a session that ended, may wait in vain. */
function resendSheet(): Promise<void> {
  isBusy.value = false;
  const rows = sheet.value.rows.filter((row) =>
    row.sent !== undefined && row.outcome === undefined);
  return rows.length === 0 ? Promise.resolve() : busy(async () => {
    await sendRows(rows, new Map());
    sumUp(new Set(rows.map((row) => row.id)));
  });
}

/** When the page is opened. */
export async function startSheet(): Promise<void> {
  if (!isOpen.value) {
    said.value = undefined;
    forgetFound();
    forgetRecorded();
    forgetActivities();
    await openSheet();
  }
  await resendSheet();
}
