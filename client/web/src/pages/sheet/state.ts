/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The sheet: header and rows, what was sent of them and what came back. Every change is kept on
 * disk, so that a reload shows it as it was and sends again what had no answer.
 */
import { batch, computed, signal } from "@preact/signals";
import { newId, toHex } from "../../lib/ids";
import { resultClass } from "../../lib/result";
import { principal, today, who } from "../../lib/session";
import { parseDay } from "../../lib/values";
import { categories } from "../desk/draft";
import { parseTyped } from "../desk/what";
import type { SheetDefaults } from "./cells";
import { columnNames, noFields, type ColumnName, type Fields } from "./columns";
import { readSheet, writeSheet } from "./store";
import { rowsMax } from "./table";

/** What a sent row came to: numbers of the result, as text where JSON has no such number. */
export interface Outcome {
  code: number;
  a: string;
  b: string;
  c: string;
  text: string;
  entry: string;
  points: string;
  balance: string;
  name: string;
  isUndone?: boolean;
}

export interface Row {
  /** Of its request, in hex; made once, and anew after a refusal when it is changed. */
  id: string;
  fields: Fields;
  /** Of several of that name, the one who was chosen: for this text only. */
  chosen?: { text: string; member: string };
  /** The command as it was sent. */
  sent?: Uint8Array<ArrayBuffer>;
  outcome?: Outcome;
}

/** An import opened for rows of this sheet. */
export interface Opened {
  id: string;
  rows: number;
  title: string;
  number?: string;
  /** Its rows have their commands: the next rows open another. */
  isFilled: boolean;
}

export interface Sheet {
  org: string;
  activity: string;
  activityId: string;
  day: string;
  category: number;
  time: string;
  title: string;
  rows: Row[];
  imports: Opened[];
}

const newRow = (fields: Fields = noFields): Row => (
  { id: toHex(newId()), fields: { ...noFields, ...fields } });

function emptySheet(): Sheet {
  const org = who.value?.device?.org ?? who.value?.operator?.roles[0]?.org ?? 0n;
  return { org: String(org), activity: "", activityId: toHex(newId()), day: "", category: 0,
    time: "", title: "", rows: Array.from({ length: 8 }, () => newRow()), imports: [] };
}

export const sheet = signal<Sheet>(emptySheet());
/** It could not be written to disk. */
export const isUnkept = signal(false);
const sheetOf = signal<number | undefined>(undefined);
/** The sheet is that of whoever works here. */
export const isOpen = computed(() =>
  principal.value !== undefined && sheetOf.value === principal.value);
/** What was cleared last: it can be had back until the next sheet has something in it. */
const cleared = signal<Sheet | undefined>(undefined);

/** Resolves when it is on disk. */
export async function setSheet(next: Sheet): Promise<void> {
  sheet.value = next;
  if (principal.value !== undefined) {
    isUnkept.value = !(await writeSheet(principal.value, next));
  }
}

/** The sheet of whoever works here; it is read once. */
export async function openSheet(): Promise<void> {
  const mine = principal.value;
  if (mine === undefined || isOpen.value) {
    return;
  }
  const kept = await readSheet(mine);
  if (principal.value === mine && !isOpen.value) {
    batch(() => {
      sheet.value = kept ?? emptySheet();
      cleared.value = undefined;
      sheetOf.value = mine;
    });
  }
}

export const rowIsEmpty = (row: Row): boolean =>
  Object.values(row.fields).every((text) => text === "");

export async function clearSheet(): Promise<void> {
  cleared.value = sheet.value.rows.every(rowIsEmpty) ? undefined : sheet.value;
  await setSheet(emptySheet());
  if (principal.value !== undefined) {
    await writeSheet(principal.value, undefined);
  }
}

export const canRestore = computed(() =>
  cleared.value !== undefined && sheet.value.rows.every(rowIsEmpty));

/** The sheet as it was before it was cleared. */
export function restoreSheet(): Promise<void> {
  const before = cleared.value;
  cleared.value = undefined;
  return before === undefined ? Promise.resolve() : setSheet(before);
}

export function changeHeader(changes: Partial<Omit<Sheet, "rows" | "imports">>): void {
  // Another activity is another act.
  const isOther = changes.activity !== undefined || changes.org !== undefined ||
    changes.day !== undefined;
  void setSheet({ ...sheet.value, ...changes, ...(isOther && { activityId: toHex(newId()) }) });
}

/** What is on its way, done or waiting for a second person stays as it is. */
export function isFixed(row: Row): boolean {
  const kind = row.outcome === undefined ? undefined : resultClass(row.outcome.code);
  return row.sent !== undefined && (kind === undefined || kind === "DONE" || kind === "WAITING");
}

function withFields(row: Row, changes: Partial<Fields>): Row {
  if (isFixed(row)) {
    return row;
  }
  const fields = { ...row.fields, ...changes };
  const isSame = columnNames.every((name) => fields[name] === row.fields[name]);
  if (isSame) {
    return row;
  }
  const chosen = row.chosen?.text === fields.who ? row.chosen : undefined;
  // A refusal has used the id up.
  return { id: row.outcome === undefined ? row.id : toHex(newId()), fields,
    ...(chosen && { chosen }) };
}

export function changeCell(id: string, column: ColumnName, text: string): void {
  const row = sheet.value.rows.find((each) => each.id === id);
  const changed = row && withFields(row, { [column]: text });
  if (changed !== row) {
    const rows = sheet.value.rows.map((each) => (each === row ? changed! : each));
    void setSheet({ ...sheet.value, rows });
  }
}

/** From a row and column on, as Excel pastes. Rows that are done are passed over. How many lines
 * did not fit. */
export function pasteCells(
  at: number, columns: readonly ColumnName[], cells: readonly string[][],
): number {
  const rows = [...sheet.value.rows];
  let to = at;
  let taken = 0;
  for (const line of cells) {
    while (to < rows.length && isFixed(rows[to]!)) {
      to++;
    }
    if (to >= rowsMax) {
      break;
    }
    const changes = Object.fromEntries(line.slice(0, columns.length).map(
      (text, c) => [columns[c]!, text.replace(/\s+/g, " ")]));
    rows[to] = withFields(rows[to] ?? newRow(), changes);
    to++;
    taken++;
  }
  void setSheet({ ...sheet.value, rows });
  return cells.length - taken;
}

/** Behind the rows there are. How many did not fit. */
export function appendRows(fields: readonly Fields[], title = ""): number {
  const before = sheet.value.rows.filter((row) => !rowIsEmpty(row));
  const room = rowsMax - before.length;
  const taken = fields.slice(0, room).map((row) => newRow(row));
  const rows = [...before, ...taken, ...(taken.length < room ? [newRow()] : [])];
  void setSheet({ ...sheet.value, rows, title: sheet.value.title || title });
  return Math.max(0, fields.length - room);
}

export function insertRow(at: number): void {
  const { rows } = sheet.value;
  if (rows.length < rowsMax) {
    void setSheet({ ...sheet.value, rows: [...rows.slice(0, at), newRow(), ...rows.slice(at)] });
  }
}

export function removeRow(id: string): void {
  const rows = sheet.value.rows.filter((row) => row.id !== id || isFixed(row));
  void setSheet({ ...sheet.value, rows: rows.length > 0 ? rows : [newRow()] });
}

export function changeRow(id: string, changes: Partial<Row>): Promise<void> {
  const rows = sheet.value.rows.map((row) => (row.id === id ? { ...row, ...changes } : row));
  return setSheet({ ...sheet.value, rows });
}

export function choose(id: string, text: string, member: bigint): void {
  void changeRow(id, { chosen: { text, member: String(member) } });
}

/** Columns that rows may have of their own are shown when one has. */
export const columnsShown = computed<readonly ColumnName[]>(() => {
  const { rows } = sheet.value;
  const isUsed = (name: ColumnName) => rows.some((row) => row.fields[name] !== "");
  return columnNames.filter((name) =>
    (name !== "day" && name !== "category") || isUsed(name));
});

export const defaults = computed<SheetDefaults>(() => {
  const { day, category, time } = sheet.value;
  const now = today();
  return { today: now, day: day.trim() === "" ? null : parseDay(day, now), category,
    minutes: time.trim() === "" ? 0 : (parseTyped(time) ?? 0), categories: categories.value };
});
