/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A result's sentence, exactly as the terminal says it (server/base/src/result_sentence.c). Pure.
 */
import { Code, resultRows, type ResultClass } from "../gen/results";
import { lang, type Lang } from "./prefs";
import { formatCard, formatClock, formatDay, formatMember, formatPoints } from "./values";
import { fieldWord, t } from "./words";

export { Code, type ResultClass };

function numberText(kind: string, number: bigint): string {
  switch (kind) {
    case "d":
      return formatDay(number);
    case "p":
      return formatPoints(number);
    case "t":
      return formatClock(Number(number));
    case "c":
      return formatCard(number);
    case "m":
      return formatMember(number);
    default:
      return number.toString();
  }
}

export function resultName(code: number): string {
  return resultRows[code]?.[0] ?? "unknown";
}

/** Unknown numbers are bugs: pages older than the server stop rather than guess. */
export function resultClass(code: number): ResultClass {
  return resultRows[code]?.[1] ?? "BUG";
}

/** The sentence: {a} {b} {c} are the numbers by their kinds, {s} the thing at fault; a part in [ ]
 * is left out when its number is 0. */
export function formatResult(
  code: number, a: bigint | number = 0n, b: bigint | number = 0n, c: bigint | number = 0n,
  text = "", language: Lang = lang.value,
): string {
  const row = resultRows[code];
  if (row === undefined) {
    return t(`服务器的答复 ${code} 本程序还不认识。请更新客户端`,
      `this program does not know the server's answer ${code}; update it`, language);
  }
  const numbers = [BigInt(a), BigInt(b), BigInt(c)];
  const numberOf = (letter: string) => numbers[letter.charCodeAt(0) - 97]!;
  const thing = text === "" ? t("某一项", "a field", language) : fieldWord(text, language);
  return row[language === "zh" ? 3 : 4]
    .replace(/\[([^\]]*)\]/g, (_, part: string) => {
      const first = /\{([abc])\}/.exec(part);
      return first !== null && numberOf(first[1]!) === 0n ? "" : part;
    })
    .replace(/\{([abcs])\}/g, (_, letter: string) => letter === "s" ? thing
      : numberText(row[2][letter.charCodeAt(0) - 97]!, numberOf(letter)));
}

/** What Result, WriteResponse and other answers with a code have. */
export interface Answer {
  code: number;
  a?: bigint;
  b?: bigint;
  c?: bigint;
  text?: string;
}

export function answerSentence(answer: Answer, language: Lang = lang.value): string {
  return formatResult(answer.code, answer.a, answer.b, answer.c, answer.text, language);
}
