/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * All that a sheet entered, undone entry by entry, the newest first, as `lovebank import undo` does
 * it.
 */
import { fromBinary } from "@bufbuild/protobuf";
import { EntrySchema } from "../../gen/lovebank/v1/entries_pb";
import type { Result } from "../../gen/lovebank/v1/results_pb";
import { answerSentence, Code, resultClass } from "../../lib/result";
import { members } from "../../lib/rpc";
import { send } from "../../lib/send";
import { t } from "../../lib/words";
import { forgetRecorded } from "./before";
import { busy } from "./record";
import { say } from "./said";
import { setSheet, sheet } from "./state";

/** The standing records of an import, newest first. Throws a Failure. */
async function standing(opened: bigint): Promise<bigint[]> {
  const entries: bigint[] = [];
  let before = 0n;
  do {
    const page = await members.history({ import: opened, beforeEntry: before, limit: 200 });
    for (const row of page.entries) {
      const entry = fromBinary(EntrySchema, row.packed);
      if (entry.code === Code.OK && row.reversedBy === 0n &&
          entry.command?.act.case === "serviceRecord") {
        entries.push(entry.number);
      }
    }
    before = page.next;
  } while (before !== 0n);
  return entries;
}

const isUndone = ({ code }: Result) => code === Code.OK || code === Code.ALREADY_REVERSED;
const isWaiting = ({ code }: Result) => resultClass(code) === "WAITING";

function sumUp(results: readonly Result[]): void {
  const done = results.filter(isUndone).length;
  const waiting = results.filter(isWaiting).length;
  const refused = results.filter((result) => !isUndone(result) && !isWaiting(result));
  const why = refused[0] === undefined ? "" : answerSentence(refused[0]);
  say(refused.length > 0 ? "refused" : "done", t(
    `撤销了 ${done} 笔${waiting > 0 ? `，${waiting} 笔等第二个人确认` : ""}` +
    `${refused.length > 0 ? `，${refused.length} 笔不能撤销：${why}` : ""}。`,
    `${done} undone${waiting > 0 ? `, ${waiting} wait for a second person` : ""}` +
    `${refused.length > 0 ? `, ${refused.length} cannot be undone: ${why}` : ""}.`));
}

/** Their rows say so. */
function markUndone(entries: ReadonlySet<string>): Promise<void> {
  return setSheet({ ...sheet.value, rows: sheet.value.rows.map((row) => (
    row.outcome !== undefined && entries.has(row.outcome.entry)
      ? { ...row, outcome: { ...row.outcome, isUndone: true } } : row)) });
}

/** Rejects with a Failure when the server cannot be asked. */
export function undoSheet(reason: string): Promise<void> {
  return busy(async () => {
    const numbers = sheet.value.imports.flatMap((each) =>
      (each.number === undefined ? [] : [BigInt(each.number)]));
    const entries = (await Promise.all(numbers.map(standing))).flat();
    const results = await Promise.all(entries.map((entry) =>
      send({ case: "reverse", value: { target: { entry } } }, { memo: reason })));
    forgetRecorded();
    await markUndone(new Set(entries.filter((_, i) => isUndone(results[i]!)).map(String)));
    sumUp(results);
  });
}
