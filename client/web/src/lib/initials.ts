/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Pinyin initials of the few names that a page knows by itself (categories, activities): from the
 * browser's own order of Chinese characters. Members are found by the server, which has a table.
 * Pure.
 */
/** The first character of each letter in pinyin order. */
const firsts = "阿八嚓哒妸发旮哈讥咔垃呣拏噢妑七呥仨他屲夕丫帀";
const letters = "abcdefghjklmnopqrstwxyz";
const collator = new Intl.Collator("zh-u-co-pinyin");

function initialOf(character: string): string {
  if (!/\p{Script=Han}/u.test(character)) {
    return /[a-z0-9]/i.test(character) ? character.toLowerCase() : "";
  }
  let found = "";
  for (const [i, first] of [...firsts].entries()) {
    if (collator.compare(first, character) > 0) {
      break;
    }
    found = letters[i]!;
  }
  return found;
}

/** "jjqj" of 居家清洁. */
export function initialsOf(name: string): string {
  return [...name].map(initialOf).join("");
}

/** Those that are meant by part of a name or by initials: the exact ones, if there are any. */
export function namedBy<Row>(
  rows: readonly Row[], typed: string, nameOf: (row: Row) => string,
): Row[] {
  const text = typed.trim().toLowerCase();
  const tries: ((name: string) => boolean)[] = [
    (name) => name === text,
    (name) => initialsOf(name) === text,
    (name) => name.includes(text),
    (name) => /^[a-z0-9]+$/.test(text) && initialsOf(name).startsWith(text),
  ];
  for (const isMeant of text === "" ? [] : tries) {
    const found = rows.filter((row) => isMeant(nameOf(row).toLowerCase()));
    if (found.length > 0) {
      return found;
    }
  }
  return [];
}
