/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A row's cells as what they mean, or why not: what can be said without the server. Pure.
 */
import { namedBy } from "../../lib/initials";
import { Code, formatResult } from "../../lib/result";
import { fold, parseClock, parseDay, parsePerson } from "../../lib/values";
import { t } from "../../lib/words";
import { parseRange, parseTyped, type Named, type Span } from "../desk/what";
import { columnTitle, type ColumnName, type Fields } from "./columns";

/** Whom a row means; `name`: whose the number must be. */
export type Who =
  | { kind: "card"; card: bigint; name: string }
  | { kind: "member"; member: bigint; name: string }
  | { kind: "id"; idNumber: string; name: string }
  | { kind: "name"; name: string };

export interface RowMeaning {
  who: Who;
  span: Span;
  day: number;
  category: number;
}

/** Said anew when the language changes. */
export type Saying = () => string;
export type Read<Value> =
  | { ok: true; value: Value }
  | { ok: false; column: ColumnName; say: Saying };

export interface SheetDefaults {
  today: number;
  day: number | null;
  category: number;
  minutes: number;
  categories: readonly Named[];
}

const good = <Value>(value: Value): Read<Value> => ({ ok: true, value });
const bad = (column: ColumnName, say: Saying): Read<never> => ({ ok: false, column, say });

/** 3.20102E+17: the digits are gone. */
const isMangled = (text: string) => /^\d(\.\d+)?e\+?\d+$/i.test(text);
/** 张*明, 138****5678, 3201##: somebody hid it. */
const isMasked = (text: string) => /[*#●×＊]/.test(text);

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** GB 11643: the last sign follows from the others. */
function idNumberIsValid(text: string): boolean {
  const sum = weights.reduce((total, weight, i) => total + weight * Number(text[i]), 0);
  return "10X98765432"[sum % 11] === text[17];
}

function readIdNumber(text: string, name: string): Read<Who> {
  if (idNumberIsValid(text)) {
    return good({ kind: "id", idNumber: text, name });
  }
  return bad("who", () => (text.endsWith("000")
    ? t("Excel 只留下了身份证号的前 15 位。请把这一列设为文本，重新输入号码",
      "Excel kept only 15 digits of the ID number; make the column text and enter it again")
    : formatResult(Code.ID_NUMBER_INVALID)));
}

export function readWho(cell: string): Read<Who> {
  const text = fold(cell);
  const both = /^([\dxX-]{1,20})\s+(\D.*)$/.exec(text) ?? /^(\d\S*[eE]\+?\d+)\s+(\D.*)$/.exec(text);
  const number = both?.[1] ?? text;
  const name = (both?.[2] ?? "").trim();
  if (isMangled(number)) {
    return bad("who", () => t(`Excel 把长数字变成了 ${number}，后面的数字已经丢了。请把这一列设为文本，重新输入`,
      `Excel made ${number} of a long number, its last digits are lost; make the column text ` +
        "and enter it again"));
  }
  if (isMasked(text)) {
    return bad("who", () => t(`“${text}”是隐去了一部分的，认不出是谁。请写全，或写卡号、编号`,
      `"${text}" is partly hidden; write it in full, or the card's or member's number`));
  }
  if (/^\d{17}[\dX]$/i.test(number)) {
    return readIdNumber(number.toUpperCase(), name);
  }
  const digits = number.replace(/-/g, "");
  const typed = parsePerson(/^\d{9}$/.test(digits) ? digits.padStart(10, "0") : number);
  switch (typed?.kind) {
    case "card":
      return typed.valid ? good({ kind: "card", card: typed.card, name })
        : bad("who", () => formatResult(Code.CARD_CHECK_DIGIT, typed.card));
    case "member":
      return good({ kind: "member", member: typed.member, name });
    case "name":
      return /\d{5}/.test(typed.text)
        ? bad("who", () => t(`“${text}”既不是 10 位卡号，也不是 8 位以内的编号。请核对`,
          `"${text}" is neither a card of 10 digits nor a number of up to 8; check it`))
        : good({ kind: "name", name: typed.text });
    case undefined:
      return bad("who", () => formatResult(Code.FIELD_MISSING, 0, 0, 0, columnTitle("who")));
  }
}

const timeWrong = (column: ColumnName, text: string) => {
  const isTime = column === "time";
  return bad(column, () => t(
    `“${text}”不是${columnTitle(column)}。写成 ${isTime ? "2、90分" : "9:00"}`,
    `"${text}" is not understood as ${columnTitle(column)}; write ` +
      (isTime ? "2 or 90m" : "9:00")));
};

function readClocks(fields: Fields): Read<{ start: number | null; end: number | null }> {
  const range = parseRange(fields.start);
  if (range !== undefined && range !== null) {
    return good({ start: range.start, end: (range.start ?? 0) + range.minutes });
  }
  const clocks = { start: parseClock(fields.start), end: parseClock(fields.end) };
  for (const column of ["start", "end"] as const) {
    if (fields[column] !== "" && clocks[column] === null) {
      return timeWrong(column, fields[column]);
    }
  }
  return good(clocks);
}

export function readSpan(fields: Fields, defaultMinutes: number): Read<Span> {
  const clocks = readClocks(fields);
  if (!clocks.ok) {
    return clocks;
  }
  const { start, end } = clocks.value;
  const typed = fields.time === "" ? null : parseTyped(fields.time);
  if (fields.time !== "" && typed === null) {
    return timeWrong("time", fields.time);
  }
  if (end !== null && start === null) {
    return bad("start", () => t("有结束时间，没有开始时间。请补上",
      "it ends but does not begin; fill in the start"));
  }
  if (end !== null && start !== null && end <= start) {
    return bad("end", () => t("结束不晚于开始。请核对", "it ends before it begins; check the times"));
  }
  const between = end === null || start === null ? null : end - start;
  if (between !== null && typed !== null && typed !== between) {
    return bad("time", () => t(`时长写 ${typed} 分钟，起止时间是 ${between} 分钟。请改一处`,
      `the time says ${typed} minutes, start and end ${between}; correct one of them`));
  }
  const minutes = between ?? typed ?? defaultMinutes;
  if (minutes < 1 || minutes > 1440) {
    return minutes === 0 && between === null && typed === null
      ? bad("time", () => t("没有时长。写在这一格，或写在表头", "no time; write it here, or above for all rows"))
      : bad("time", () => formatResult(Code.MINUTES_INVALID, minutes, 1440));
  }
  return good({ minutes, start });
}

function readDay(cell: string, defaults: SheetDefaults): Read<number> {
  const day = cell === "" ? defaults.day : parseDay(cell, defaults.today);
  if (day === null) {
    return bad("day", () => (cell === ""
      ? t("表头没有日期。写成 5/1 或 2016-05-01", "no day above; write 5/1 or 2016-05-01")
      : formatResult(Code.DATE_INVALID, 0, 0, 0, cell)));
  }
  return day > defaults.today
    ? bad("day", () => formatResult(Code.DATE_IN_FUTURE, day, defaults.today)) : good(day);
}

function readCategory(cell: string, defaults: SheetDefaults): Read<number> {
  if (cell === "") {
    return defaults.category !== 0 ? good(defaults.category)
      : bad("category", () => t("表头没有选类别。请选", "no category is chosen above; choose one"));
  }
  const number = /^#?(\d{1,6})$/.exec(fold(cell));
  const found = number === null ? namedBy(defaults.categories, fold(cell), (row) => row.name)
    : defaults.categories.filter((row) => row.number === Number(number[1]));
  return found.length === 1 ? good(found[0]!.number)
    : bad("category", () => t(`没有叫“${cell}”的类别，或不止一个。请写编号`,
      `no category "${cell}", or several; write its number`));
}

/** undefined: an empty row. */
export function readRow(fields: Fields, defaults: SheetDefaults): Read<RowMeaning> | undefined {
  if (Object.values(fields).every((text) => text.trim() === "")) {
    return undefined;
  }
  const who = readWho(fields.who);
  const span = readSpan(fields, defaults.minutes);
  const day = readDay(fields.day, defaults);
  const category = readCategory(fields.category, defaults);
  if (!who.ok || !span.ok || !day.ok || !category.ok) {
    return [who, span, day, category].find((part): part is Extract<typeof part, { ok: false }> =>
      !part.ok)!;
  }
  return good({ who: who.value, span: span.value, day: day.value, category: category.value });
}
