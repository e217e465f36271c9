/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rows that may be in the ledger already: the same person, day and category, without times that
 * tell them apart. The server refuses what overlaps; where no time of day is said only a person
 * can know.
 */
import { categoryName } from "../../lib/registry";
import { formatMinutes } from "../../lib/values";
import { t } from "../../lib/words";
import { recordsOf, type Recorded } from "../desk/before";
import type { RowMeaning, Saying } from "./cells";

const pagesMax = 10;
const knownForMs = 60_000;

const known = new Map<string, { records: readonly Recorded[]; untilMs: number }>();

/** What was recorded may be more by now. */
export function forgetRecorded(): void {
  known.clear();
}

async function recordsOn(member: bigint, day: number): Promise<readonly Recorded[]> {
  const key = `${member}/${day}`;
  const before = known.get(key);
  if (before !== undefined && Date.now() < before.untilMs) {
    return before.records;
  }
  const records = await recordsOf(member, day, { pagesMax });
  known.set(key, { records, untilMs: Date.now() + knownForMs });
  return records;
}

/** What the row may be twice of. Throws a Failure. */
export async function recordedLike(
  member: bigint, { day, category, span }: RowMeaning,
): Promise<Recorded | undefined> {
  return (await recordsOn(member, day)).find((record) => record.category === category &&
    (span.start === null || record.start === null));
}

export const sayDoubtful = (good: Saying, { entry, category, minutes }: Recorded): Saying => () =>
  good() + t(`。当天已经记过 ${categoryName(category)} ${formatMinutes(minutes)}（第 ${entry} 号账）：` +
    "是同一次就删去这一行",
  `. ${formatMinutes(minutes)} of ${categoryName(category)} are recorded on that day already ` +
    `(entry ${entry}): if it is the same service, remove this row`);
