/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Words in both languages. A sentence stands where it is used, in both: t("你好", "hello");
 * the words of enums and fields are the terminal's (generated).
 */
import { fieldWords, valueWords } from "../gen/words";
import { lang, type Lang } from "./prefs";

export function t(zh: string, en: string, language: Lang = lang.value): string {
  return language === "zh" ? zh : en;
}

/** Of an enum's value or an act by their names in proto/: "ROLE_DESK", "serviceRecord". */
export function valueWord(name: string | undefined, language: Lang = lang.value): string {
  const row = name === undefined ? undefined : valueWords[name];
  return row === undefined ? t("未知", "unknown", language) : row[language === "zh" ? 0 : 1];
}

/** Of a field or a right as {s} of a result names it; what has no words is said as it is. */
export function fieldWord(name: string, language: Lang = lang.value): string {
  const act = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const row = fieldWords[name] ?? valueWords[act];
  return row === undefined ? name : row[language === "zh" ? 0 : 1];
}

/** "3 人", "1 person", "3 persons". */
export function counted(count: number | bigint, zh: string, one: string, many: string): string {
  return t(`${count} ${zh}`, `${count} ${Number(count) === 1 ? one : many}`);
}
