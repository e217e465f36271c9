/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What is typed of an opening balance, taken over from a paper passbook, and what is wrong with it,
 * told beside the field before it is sent. Pure.
 */
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { OpeningBalanceSchema } from "../../gen/lovebank/v1/commands_pb";
import {
  dateOf, dayMin, fold, formatDay, formatMinutes, parseDay, parsePoints,
} from "../../lib/values";
import { t } from "../../lib/words";
import { parseTyped } from "../desk/what";

const pointsCentiMax = 100_000_000_000n; // LB_POINTS_CENTI_MAX

/** As passbooks have it, of points without a last day. */
const neverWords = ["永久", "永久有效", "长期", "长期有效", "无限期", "不限期", "不限", "never"];

/** As it is typed. */
export interface OpeningDraft {
  points: string;
  /** Until when the points can be spent. */
  last: string;
  time: string;
  year: string;
  /** On which it is entered. */
  day: string;
  memo: string;
}

export const emptyOpening: OpeningDraft = { points: "", last: "", time: "", year: "", day: "",
  memo: "" };

export type OpeningFaults = Partial<Record<keyof OpeningDraft, string>>;

/** What a draft means. null: that part cannot be understood; undefined: it is left out. */
interface Meaning {
  points: bigint | null;
  last: number | null | undefined;
  minutes: number | null;
  year: number | null | undefined;
  day: number | null;
}

function meaningOf(draft: OpeningDraft, today: number): Meaning {
  const isEmpty = (text: string) => fold(text) === "";
  const year = /^(\d{4})年?$/.exec(fold(draft.year));
  return {
    points: isEmpty(draft.points) ? 0n : parsePoints(draft.points),
    last: isEmpty(draft.last) || neverWords.includes(fold(draft.last)) ? undefined
      : parseDay(draft.last, today),
    minutes: isEmpty(draft.time) ? 0 : parseTyped(draft.time),
    year: isEmpty(draft.year) ? undefined : year === null ? null : Number(year[1]),
    day: isEmpty(draft.day) ? today : parseDay(draft.day, today),
  };
}

const noDate = (text: string) => t(`“${text}”不是日期，请写成 2016-05-01`,
  `"${text}" is no date; write it like 2016-05-01`);

function pointsFault(text: string, { points, minutes }: Meaning): string {
  if (points === null || points < 0n) {
    return t(`“${text}”不是积分，请写成 60 或 32.50`,
      `"${text}" is no amount of points; write it like 60 or 32.50`);
  }
  if (points > pointsCentiMax) {
    return t(`“${text}”太多了，一次最多 1000000000 分。请核对`,
      `"${text}" is too much, at most 1000000000 points go at once; check it`);
  }
  return points === 0n && minutes === 0
    ? t("积分、时长至少写一样", "write points, hours or both") : "";
}

function lastFault(text: string, { points, last, day }: Meaning): string {
  if (last === undefined) {
    return "";
  }
  if (last === null) {
    return noDate(text);
  }
  if (points === 0n) {
    return t("没有积分，就不写最后可用日", "there are no points; leave their last day out");
  }
  return day !== null && last < day
    ? t(`积分到 ${formatDay(last)} 就到期了，而业务日期是 ${formatDay(day)}。请核对，年份也写上`,
      `the points ended on ${formatDay(last)}, before the business day, ${formatDay(day)}; check ` +
      "it, and write the year, too")
    : "";
}

const timeFault = (text: string, { minutes }: Meaning): string => (minutes !== null ? ""
  : t(`“${text}”看不明白，请写成 86小时、90分 或 1:30`,
    `"${text}" is not understood; write it like 86h, 90m or 1:30`));

function yearFault(text: string, { minutes, year, day }: Meaning): string {
  if (year === undefined) {
    return minutes === 0 ? "" : t("请写是哪一年的时长", "write the year of the hours");
  }
  if (minutes === 0) {
    return t("没有时长，就不写年份", "there are no hours; leave their year out");
  }
  if (year === null || year < dateOf(dayMin).year) {
    return t(`“${text}”不是年份，请写成 2015`, `"${text}" is no year; write it like 2015`);
  }
  return day !== null && year > dateOf(day).year
    ? t(`${year} 年还没到，业务日期是 ${formatDay(day)}。请核对`,
      `the year ${year} is after the business day, ${formatDay(day)}; check both`)
    : "";
}

function dayFault(text: string, day: number | null, today: number): string {
  if (day === null) {
    return noDate(text);
  }
  return day > today ? t(`${formatDay(day)} 还没到，今天是 ${formatDay(today)}。请改日期`,
    `${formatDay(day)} is in the future, today is ${formatDay(today)}; correct it`) : "";
}

/** What is wrong, by field; empty: it may be sent. */
export function openingFaults(draft: OpeningDraft, today: number): OpeningFaults {
  const meaning = meaningOf(draft, today);
  const faults: OpeningFaults = {
    points: pointsFault(fold(draft.points), meaning),
    last: lastFault(fold(draft.last), meaning),
    time: timeFault(fold(draft.time), meaning),
    year: yearFault(fold(draft.year), meaning),
    day: dayFault(fold(draft.day), meaning.day, today),
  };
  return Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault !== ""));
}

/** What the time is understood as: a bare number beyond a day's hours is minutes, as at the desk,
 * but hours may be meant here. "": none, or it is not understood. */
export function timeReading(text: string): string {
  const minutes = parseTyped(text) ?? 0;
  if (minutes === 0) {
    return "";
  }
  const bare = fold(text);
  const time = formatMinutes(minutes);
  return /^\d+$/.test(bare) && minutes === Number(bare)
    ? t(`= ${time}；若是 ${bare} 小时，请写 ${bare}小时`, `= ${time}; for ${bare} hours write ${bare}h`)
    : `= ${time}`;
}

/** The business day; undefined: today, as the server has it. */
export function openingDay(draft: OpeningDraft, today: number): number | undefined {
  return fold(draft.day) === "" ? undefined : parseDay(draft.day, today) ?? undefined;
}

/** The message of a draft without faults. */
export function openingOf(
  draft: OpeningDraft, member: bigint, today: number,
) {
  const { points, last, minutes, year } = meaningOf(draft, today);
  return {
    member: { member }, pointsCenti: points ?? 0n,
    lastDay: last ?? 0, hasLastDay: last !== undefined,
    minutes: minutes ?? 0, year: year ?? 0,
  } satisfies MessageInitShape<typeof OpeningBalanceSchema>;
}

/** For the next year or the next end: the day and the reason stay. */
export const openingAfter = ({ day, memo }: OpeningDraft): OpeningDraft =>
  ({ ...emptyOpening, day, memo });
