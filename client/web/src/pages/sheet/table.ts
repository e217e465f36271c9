/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tables as they come from Excel: bytes to text (UTF-8 with or without mark, UTF-16, GBK), text to
 * cells (commas, tabs, semicolons; quoted cells with line ends in them). Pure.
 */
export const rowsMax = 1000;
export const fileBytesMax = 4_000_000;

/** Never fails: what is no UTF-8 is read as GB 18030, of which GBK is a part. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return new TextDecoder("utf-16le").decode(bytes);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes); // leaves the mark out
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

/** The sign that parts cells: the most frequent one of the first line outside quotes. */
function separatorOf(text: string): string {
  const line = text.replace(/"(?:[^"]|"")*"/g, "").split(/\r?\n/, 1)[0] ?? "";
  const count = (sign: string) => line.split(sign).length;
  return ["\t", ",", ";", "，"].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

/** Cells of rows; empty rows at the end are left out. */
export function parseTable(text: string, separator = separatorOf(text)): string[][] {
  const rows: string[][] = [[]];
  let at = 0;
  const isEnd = (sign: string | undefined) =>
    sign === undefined || sign === separator || sign === "\r" || sign === "\n";
  const cell = () => {
    if (text[at] !== '"') {
      const from = at;
      while (!isEnd(text[at])) {
        at += 1;
      }
      return text.slice(from, at);
    }
    let value = "";
    for (at += 1; at < text.length; at++) {
      if (text[at] === '"' && text[at + 1] !== '"') {
        at += 1;
        break;
      }
      at += text[at] === '"' ? 1 : 0;
      value += text[at] ?? "";
    }
    return value;
  };
  while (at < text.length) {
    rows[rows.length - 1]!.push(cell().trim());
    if (text[at] === separator) {
      at += 1;
      if (at === text.length || text[at] === "\r" || text[at] === "\n") {
        rows[rows.length - 1]!.push("");
      }
    }
    if (text[at] === "\r" || text[at] === "\n") {
      at += text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1;
      rows.push([]);
    }
  }
  while (rows.length > 0 && rows[rows.length - 1]!.every((value) => value === "")) {
    rows.pop();
  }
  return rows;
}
