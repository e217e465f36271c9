/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Amounts, durations, days, card and member numbers as text, both ways. Shown as the terminal
 * shows them; typed in the ways people write them. Pure. Points are bigint in 1/100; nothing is a
 * fraction.
 */
import { lang, type Lang } from "./prefs";
import { t } from "./words";

export const dayMin = -25567; // 1900-01-01
export const dayMax = 84005; // 2199-12-31
/** PointLot.lot of points that never expire. */
export const lotNever = 0xffffffffn;

/** Full-width signs and odd spaces become plain ones; no space at the ends. */
export function fold(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\u00a0\u2000-\u200b\u202f\u3000\ufeff]/g, " ")
    .replace(/[\u3002]/g, ".")
    .trim();
}

function decimal(value: bigint, decimals: number): string {
  const size = value < 0n ? -value : value;
  const digits = size.toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const rest = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return (value < 0n ? "-" : "") + whole + (rest === "" ? "" : `.${rest}`);
}

/** "12.5" of 1250. */
export function formatPoints(centi: bigint): string {
  return decimal(centi, 2);
}

/** 1250 of "12.5", "１２．５" or "12.50分"; null: not a number with at most two decimals. */
export function parsePoints(text: string): bigint | null {
  const found = /^(-?)(\d{1,12})(?:\.(\d{1,2})0*)?\s*(?:分|points?|pts?)?$/i.exec(fold(text));
  if (found === null) {
    return null;
  }
  const centi = BigInt(found[2]!) * 100n + BigInt((found[3] ?? "").padEnd(2, "0"));
  return found[1] === "-" ? -centi : centi;
}

/** "3 小时 30 分钟": never a bare 分, which is a point. */
export function formatMinutes(minutes: number | bigint, language: Lang = lang.value): string {
  const size = Math.abs(Number(minutes));
  const hours = Math.floor(size / 60);
  const rest = size % 60;
  const parts = [];
  if (hours > 0) {
    parts.push(t(`${hours} 小时`, `${hours} h`, language));
  }
  if (rest > 0 || hours === 0) {
    parts.push(t(`${rest} 分钟`, `${rest} min`, language));
  }
  return (Number(minutes) < 0 ? "-" : "") + parts.join(" ");
}

const hourWords = "(?:个?小时|小時|个?钟头|時|时|hours?|hrs?|h)";
const minuteWords = "(?:分钟|分鐘|分|minutes?|mins?|m)";
const durationForms: [RegExp, (found: RegExpExecArray) => number][] = [
  [/^(\d{1,4}):([0-5]\d)$/, (f) => Number(f[1]) * 60 + Number(f[2])],
  [new RegExp(`^半${hourWords}$`), () => 30],
  [new RegExp(`^(\\d+)个?半${hourWords}$`), (f) => Number(f[1]) * 60 + 30],
  [new RegExp(`^(\\d+)${hourWords}半$`), (f) => Number(f[1]) * 60 + 30],
  [new RegExp(`^(\\d+)${hourWords}([0-5]?\\d)${minuteWords}?$`),
    (f) => Number(f[1]) * 60 + Number(f[2])],
  [new RegExp(`^(\\d+(?:\\.\\d+)?)${hourWords}$`), (f) => Number(f[1]) * 60],
  [new RegExp(`^(\\d+)${minuteWords}$`), (f) => Number(f[1])],
];

/** Whole minutes of "3小时30分", "3:30", "3.5 h", "210分钟", "半小时"; a bare number is in `unit`.
 * null: not understood, or not whole minutes. */
export function parseMinutes(text: string, unit: "hours" | "minutes" = "hours"): number | null {
  const clean = fold(text).toLowerCase().replace(/\s+/g, "");
  const word = unit === "hours" ? "h" : "m";
  const typed = /^\d+(\.\d+)?$/.test(clean) ? clean + word : clean;
  for (const [form, minutesOf] of durationForms) {
    const found = form.exec(typed);
    if (found !== null) {
      const minutes = minutesOf(found);
      const whole = Math.round(minutes);
      return Math.abs(minutes - whole) < 1e-6 && whole <= 1e7 ? whole : null;
    }
  }
  return null;
}

/** "09:30"; "?" for what is no minute of a day. */
export function formatClock(minute: number): string {
  if (minute < 0 || minute >= 1440) {
    return "?";
  }
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** Minute of the day of "9:30", "0930", "9点半", "9点30分"; null: none. */
export function parseClock(text: string): number | null {
  const clean = fold(text).replace(/\s+/g, "");
  const found = /^(\d{1,2}):(\d{2})$/.exec(clean) ?? /^(\d{2})(\d{2})$/.exec(clean) ??
    /^(\d{1,2})[点點时時](?:(\d{1,2})分?|(半))?$/.exec(clean);
  if (found === null) {
    return null;
  }
  const hour = Number(found[1]);
  const minute = found[3] === undefined ? Number(found[2] ?? "0") : 30;
  return hour < 24 && minute < 60 ? hour * 60 + minute : null;
}

export interface CivilDate {
  year: number;
  month: number;
  day: number;
}

/** Day number of a date of the calendar; null: there is no such day from 1900 to 2199. */
export function dayOf(date: CivilDate): number | null {
  const utc = new Date(0);
  utc.setUTCFullYear(date.year, date.month - 1, date.day);
  const day = Math.floor(utc.getTime() / 86400000);
  const same = utc.getUTCMonth() === date.month - 1 && utc.getUTCDate() === date.day;
  return same && day >= dayMin && day <= dayMax ? day : null;
}

export function dateOf(day: number): CivilDate {
  const utc = new Date(day * 86400000);
  return { year: utc.getUTCFullYear(), month: utc.getUTCMonth() + 1, day: utc.getUTCDate() };
}

/** "2016-05-01"; "?" for what is no day. */
export function formatDay(day: number | bigint): string {
  const number = Number(day);
  if (!(number >= dayMin && number <= dayMax)) {
    return "?";
  }
  return new Date(number * 86400000).toISOString().slice(0, 10);
}

/** The last day to spend on, of a lot of points. */
export function formatLot(lot: bigint, language: Lang = lang.value): string {
  return lot === lotNever ? t("永不过期", "never expires", language) : formatDay(lot);
}

/** The last such day up to today; 29 February may be years ago. */
function lastDay(month: number, day: number, today: number): number | null {
  const thisYear = dateOf(today).year;
  for (let year = thisYear; year >= thisYear - 8; year--) {
    const found = dayOf({ year, month, day });
    if (found !== null && found <= today) {
      return found;
    }
  }
  return null;
}

const dayWords: Record<string, number> = {
  今天: 0, 今日: 0, today: 0, 昨天: 1, 昨日: 1, yesterday: 1, 前天: 2, 前日: 2,
};

/** Day of 2016-05-01, 2016/5/1, 2016.5.1, 2016年5月1日, 20160501; without a year (5月1日, 5/1) the
 * last such day; 今天, 昨天. null: none of these, or no such day. */
export function parseDay(text: string, today: number): number | null {
  const clean = fold(text).toLowerCase().replace(/\s+/g, "");
  const back = dayWords[clean];
  if (back !== undefined) {
    return today - back;
  }
  const full = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/.exec(clean);
  const worded = /^(?:(\d{4})年)?(\d{1,2})月(\d{1,2})[日号號]?$/.exec(clean);
  const solid = /^(\d{4})(\d{2})(\d{2})$/.exec(clean);
  const short = /^(\d{1,2})[-/.](\d{1,2})$/.exec(clean);
  const found = full !== null ? [full[1], full[3], full[4]]
    : worded?.[1] !== undefined ? [worded[1], worded[2], worded[3]]
    : solid !== null ? [solid[1], solid[2], solid[3]] : null;
  if (found !== null) {
    return dayOf({ year: Number(found[0]), month: Number(found[1]), day: Number(found[2]) });
  }
  const yearless = worded !== null ? [worded[2], worded[3]]
    : short !== null ? [short[1], short[2]] : null;
  return yearless === null ? null : lastDay(Number(yearless[0]), Number(yearless[1]), today);
}

/** "2016-05-01 09:30" in the book's time zone. */
export function formatTime(ms: number | bigint, zoneEastS: number): string {
  return new Date(Number(ms) + zoneEastS * 1000).toISOString().slice(0, 16).replace("T", " ");
}

/** ISO/IEC 7064 MOD 11,10 over nine digits, as include/lovebank/card.h. */
export function cardCheckDigit(serial: number): number {
  let product = 10;
  for (const digit of String(serial).padStart(9, "0")) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10;
}

export function cardIsValid(card: bigint): boolean {
  return card >= 10n && card <= 9999999999n &&
    BigInt(cardCheckDigit(Number(card / 10n))) === card % 10n;
}

/** "0000000019". */
export function formatCard(card: bigint): string {
  return card.toString().padStart(10, "0");
}

/** "尾号 0019": enough to tell a person's card without showing it. */
export function cardTail(card: bigint, language: Lang = lang.value): string {
  const tail = formatCard(card).slice(-4);
  return t(`尾号 ${tail}`, `ending ${tail}`, language);
}

export function formatMember(member: bigint): string {
  return member.toString().padStart(8, "0");
}

/** What was typed or scanned for a person: ten digits are a card, fewer a member's number, all else
 * a name or its pinyin initials. `valid` false: a card whose check digit is wrong. */
export type PersonTyped =
  | { kind: "card"; card: bigint; valid: boolean }
  | { kind: "member"; member: bigint }
  | { kind: "name"; text: string };

export function parsePerson(text: string): PersonTyped | null {
  const clean = fold(text);
  if (clean === "") {
    return null;
  }
  const digits = clean.replace(/[\s-]/g, "");
  if (/^\d{10}$/.test(digits)) {
    const card = BigInt(digits);
    return { kind: "card", card, valid: cardIsValid(card) };
  }
  if (/^\d{1,8}$/.test(digits) && BigInt(digits) > 0n) {
    return { kind: "member", member: BigInt(digits) };
  }
  return { kind: "name", text: clean };
}
