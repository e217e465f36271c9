/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What comes into the grid as a whole: files, and cells copied in Excel. What was left out is said.
 */
import { t } from "../../lib/words";
import { mapTable, noFields, type ColumnName, type Fields } from "./columns";
import { say } from "./said";
import { appendRows, pasteCells } from "./state";
import { decodeText, fileBytesMax, parseTable, rowsMax } from "./table";

const cutText = (left: number) => (left === 0 ? ""
  : t(`一张表最多 ${rowsMax} 行，后面 ${left} 行没有读入，请分成几张。`,
    ` A sheet has at most ${rowsMax} rows; the last ${left} were not read: split it.`));

const unusedText = (names: readonly string[]) => (names.length === 0 ? ""
  : t(`没有用到的列：${names.join("、")}。`, ` Columns not used: ${names.join(", ")}.`));

function takeRows(rows: readonly Fields[], unused: readonly string[], title = ""): void {
  const left = appendRows(rows, title);
  say(left === 0 ? "done" : "refused", t(`读入 ${rows.length - left} 行。`,
    `${rows.length - left} rows read.`) + unusedText(unused) + cutText(left));
}

/** Without headings: who, and what else the grid always has, from the left. */
function fieldsOf(cells: readonly string[]): Fields {
  const [who = "", start = "", end = "", time = "", note = ""] = cells;
  return { ...noFields, who, start, end, time, note };
}

const isWorkbook = (bytes: Uint8Array) =>
  (bytes[0] === 0x50 && bytes[1] === 0x4b) || (bytes[0] === 0xd0 && bytes[1] === 0xcf);

/** What a file says, or why it says nothing. */
export async function takeFile(file: File): Promise<void> {
  if (file.size > fileBytesMax) {
    say("refused", t(`${file.name} 太大：最多 4 MB。请另存为 CSV`,
      `${file.name} is too large: at most 4 MB; save it as CSV`));
    return;
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (isWorkbook(bytes)) {
    say("refused", t(`${file.name} 是 Excel 文件。请复制表格直接粘贴，或另存为 CSV`,
      `${file.name} is an Excel file; copy its cells and paste them, or save it as CSV`));
    return;
  }
  const table = parseTable(decodeText(bytes));
  const mapped = mapTable(table);
  takeRows(mapped?.rows ?? table.map(fieldsOf), mapped?.unknown ?? [], file.name);
}

/** More than one cell: it is not for the input that has the focus alone. */
export const isTable = (text: string): boolean => /[\t\r\n]/.test(text.replace(/\r?\n$/, ""));

/** Pasted with headings it is a file; else cells, from this row and column on. */
export function pasteAt(text: string, row: number, columns: readonly ColumnName[]): void {
  const table = parseTable(text, text.includes("\t") ? "\t" : undefined);
  const mapped = mapTable(table);
  if (mapped !== undefined) {
    takeRows(mapped.rows, mapped.unknown);
    return;
  }
  const left = pasteCells(row, columns, table);
  if (left > 0) {
    say("refused", cutText(left).trim());
  }
}
