/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What was recorded before for the same person and day, here or at another desk: so that nothing is
 * recorded twice unawares.
 */
import { fromBinary } from "@bufbuild/protobuf";
import { EntrySchema, type Entry } from "../../gen/lovebank/v1/entries_pb";
import type { StoredEntry } from "../../gen/lovebank/v1/queries_pb";
import { Code } from "../../lib/result";
import { members } from "../../lib/rpc";
import { dayOfTime } from "../../lib/session";
import { sameLine, type Record } from "./lines";
import type { Person } from "./person";

const rowsLooked = 50;

/** A record of service that stands, or waits for a second person. */
export interface Recorded {
  entry: bigint;
  category: number;
  minutes: number;
  /** Minute of the day; null: not said. */
  start: number | null;
}

function recordedOf(entry: Entry, row: StoredEntry, day: number): Recorded[] {
  const act = entry.command?.act;
  const stands = row.reversedBy === 0n && entry.day === day &&
    (entry.code === Code.OK || entry.code === Code.WAITING);
  if (act?.case !== "serviceRecord" || !stands) {
    return [];
  }
  const { category, minutes, hasStart, startMinute } = act.value;
  return [{ entry: entry.number, category, minutes, start: hasStart ? startMinute : null }];
}

/** The member's records of a day, newest first, as far as so many pages of entries go. Throws a
 * Failure; who may not be read has none. */
export async function recordsOf(
  member: bigint, day: number, options: { pagesMax: number; timeoutMs?: number },
): Promise<Recorded[]> {
  const records: Recorded[] = [];
  const { pagesMax, ...call } = options;
  let before = 0n;
  let isBehind = false; // nothing of the day was entered before the day
  for (let page = 0; page < pagesMax && !isBehind; page++) {
    const answer = await members.history(
      { member: { member }, beforeEntry: before, limit: rowsLooked }, call);
    for (const row of answer.entries) {
      const entry = fromBinary(EntrySchema, row.packed);
      records.push(...recordedOf(entry, row, day));
      isBehind ||= dayOfTime(entry.recordedMs) < day;
    }
    before = answer.next;
    isBehind ||= before === 0n;
  }
  return records;
}

export interface Before {
  minutes: number;
  /** 0n: not yet recorded. */
  entry: bigint;
}

/** Without the server only this page's own list is looked at. */
export async function recordedBefore(
  person: Person, what: Record,
): Promise<Before | undefined> {
  const here = sameLine(person, what);
  if (here !== undefined || person.member === 0n) {
    return here && { minutes: here.minutes, entry: here.entry };
  }
  const records = await recordsOf(person.member, what.day, { pagesMax: 1, timeoutMs: 3000 })
    .catch((): Recorded[] => []);
  return records.find((record) => record.category === what.category);
}
