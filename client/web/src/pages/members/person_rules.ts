/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What is typed of a person, and what is wrong with it, told beside the field before it is sent: ID
 * numbers by GB 11643 as server/base/src/id_number.c has it; phones. Pure.
 */
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Gender, type Person, type PersonSchema } from "../../gen/lovebank/v1/commands_pb";
import { dayOf, fold, formatDay, parseDay } from "../../lib/values";
import { t } from "../../lib/words";

/** As it is typed. */
export interface PersonDraft {
  name: string;
  gender: string;
  birth: string;
  idNumber: string;
  phone: string;
  address: string;
  skills: string;
  wishes: string;
}

export const emptyDraft: PersonDraft = { name: "", gender: "", birth: "", idNumber: "", phone: "",
  address: "", skills: "", wishes: "" };

export type Errors = Partial<Record<keyof PersonDraft, string>>;

export const cleanIdNumber = (text: string): string => fold(text).replace(/\s/g, "").toUpperCase();

/** Seventeen digits and a check character, or fifteen digits of the old ones: an ID number is
 * meant. */
export function isIdNumber(text: string): boolean {
  return /^(\d{17}[\dX]|\d{15})$/.test(cleanIdNumber(text));
}

/** So many digits are no card's and no member's: an ID number is meant, rightly written or not. */
export const isMeantAsIdNumber = (text: string): boolean =>
  /^\d{12,}[\dX]$/.test(cleanIdNumber(text));

function checkCharacter(number: string): string {
  const sum = [...number.slice(0, 17)].reduce(
    (total, digit, i) => total + Number(digit) * (2 ** (17 - i) % 11), 0);
  return "10X98765432"[sum % 11]!;
}

/** The birth date within; null: it is none. */
export function birthOfIdNumber(number: string): number | null {
  const figures = number.length === 18 ? number.slice(6, 14) : `19${number.slice(6, 12)}`;
  return dayOf({ year: Number(figures.slice(0, 4)), month: Number(figures.slice(4, 6)),
    day: Number(figures.slice(6)) });
}

/** What is wrong with it, and what to do; "": nothing. Other documents are taken as they are. */
export function idNumberFault(text: string): string {
  const number = cleanIdNumber(text);
  if (!isIdNumber(number) && !isMeantAsIdNumber(number)) {
    return /[*#＊]/.test(number)
      ? t("号码被遮住了几位。请对照证件写全", "some digits are masked; write the whole number")
      : "";
  }
  if (!isIdNumber(number)) {
    return t(`有 ${number.length} 位，身份证号码应有 18 位。请对照证件重输`,
      `${number.length} digits, but an ID number has 18; compare it with the document`);
  }
  if (birthOfIdNumber(number) === null) {
    return t("号码里的出生日期不对。请对照证件重输",
      "the birth date in the number is wrong; compare it with the document");
  }
  if (number.length === 18 && checkCharacter(number) !== number[17]) {
    return t("最后一位（校验位）不对，可能输错了一位。请对照证件重输",
      "the last digit, the check, is wrong: one may be mistyped; compare it with the document");
  }
  return "";
}

/** Mobile numbers have eleven digits; others are five to sixteen. */
export function phoneFault(text: string): string {
  const clean = fold(text).replace(/[\s()-]/g, "");
  if (clean === "") {
    return "";
  }
  if (!/^\+?\d+$/.test(clean)) {
    return t("只写数字，如 13812345678 或 021-65432100", "digits only, like 13812345678");
  }
  const digits = clean.replace(/^(\+|00)86/, "").replace(/^\+/, "");
  if (/^1/.test(digits) && digits.length !== 11) {
    return t(`手机号有 ${digits.length} 位，应有 11 位。请核对`,
      `a mobile number has 11 digits, this has ${digits.length}; check it`);
  }
  return digits.length < 5 || digits.length > 16
    ? t(`有 ${digits.length} 位，不像电话号码。请核对`, `${digits.length} digits are no phone number; check it`)
    : "";
}

function birthFault(text: string, idNumber: string, today: number): string {
  if (text.trim() === "") {
    return "";
  }
  const day = parseDay(text, today);
  if (day === null || day > today) {
    return t("应在 1900-01-01 与今天之间，写成 1950-12-31 的样子", "from 1900-01-01 to today, like 1950-12-31");
  }
  return isIdNumber(idNumber) && idNumberFault(idNumber) === "" &&
    birthOfIdNumber(cleanIdNumber(idNumber)) !== day
    ? t("与号码里的出生日期不一致。请核对", "it is not the birth date in the ID number; check both") : "";
}

/** What is wrong, by field; empty: it may be sent. */
export function faultsOf(draft: PersonDraft, today: number): Errors {
  const faults: Errors = {
    name: fold(draft.name) === "" ? t("请写姓名", "write the name") : "",
    birth: birthFault(draft.birth, draft.idNumber, today),
    idNumber: idNumberFault(draft.idNumber),
    phone: phoneFault(draft.phone),
  };
  return Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault !== ""));
}

/** The message of a draft without faults. */
export function personOf(draft: PersonDraft, today: number): MessageInitShape<typeof PersonSchema> {
  const birth = parseDay(draft.birth, today);
  return {
    name: fold(draft.name),
    gender: draft.gender === "" ? Gender.UNSPECIFIED : Number(draft.gender),
    birthDay: birth ?? 0, hasBirthDay: birth !== null,
    idNumber: cleanIdNumber(draft.idNumber), phone: fold(draft.phone),
    address: fold(draft.address), skills: fold(draft.skills), wishes: fold(draft.wishes),
  };
}

export function draftOf(person: Person): PersonDraft {
  const { name, idNumber, phone, address, skills, wishes } = person;
  return { name, idNumber, phone, address, skills, wishes,
    gender: person.gender === Gender.UNSPECIFIED ? "" : String(person.gender),
    birth: person.hasBirthDay ? formatDay(person.birthDay) : "" };
}
