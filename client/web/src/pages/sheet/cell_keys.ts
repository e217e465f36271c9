/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The keys of a cell, as in Excel: Enter, Tab and arrows move, F2 goes into the cell, Delete
 * empties it, Insert and Shift+Delete add and remove rows, Escape gives up, then leaves the grid.
 */
import type { CellProps, CellState } from "./Cell";
import { changeCell, insertRow, removeRow, rowIsEmpty, sheet } from "./state";

/** "move": arrows leave the cell; "type": so they do while what is typed replaces it; "edit": they
 * move within its text. */
export type Mode = "move" | "type" | "edit";

export interface Place {
  row: number;
  column: number;
  /** Where the Tabs that led here began: Enter goes back below it. */
  from?: number;
}

type Act = () => void;
type Moving = "enter" | "tab" | "arrow";

function move(
  cell: CellState, { at, columns, onMove }: CellProps, down: number, right: number, by: Moving,
): void {
  cell.commit();
  cell.drop();
  let row = at.row + down;
  let column = (by === "enter" ? at.from ?? at.column : at.column) + right;
  if (right !== 0 && (column < 0 || column >= columns.length)) {
    row += right;
    column = column < 0 ? columns.length - 1 : 0;
  }
  const hasMore = cell.text !== "" || cell.before !== "" || right !== 0;
  if (row >= sheet.value.rows.length && hasMore) {
    insertRow(sheet.value.rows.length);
  }
  row = Math.max(0, Math.min(row, sheet.value.rows.length - 1));
  onMove({ row, column, ...(by === "tab" && { from: at.from ?? at.column }) });
}

/** undefined: the key is the input's own, or leads out of the grid. */
function moveOfKey(event: KeyboardEvent, cell: CellState, props: CellProps): Act | undefined {
  const { at, columns } = props;
  const go = (down: number, right: number, by: Moving = "arrow") => () =>
    move(cell, props, down, right, by);
  const last = columns.length - 1;
  const isAtEnd = at.row === sheet.value.rows.length - 1 && at.column === last &&
    rowIsEmpty(cell.row) && cell.text === "";
  const isAtStart = at.row === 0 && at.column === 0;
  switch (event.key) {
    case "Enter":
      return go(event.shiftKey ? -1 : 1, 0, "enter");
    case "Tab":
      return (event.shiftKey ? isAtStart : isAtEnd) ? undefined
        : go(0, event.shiftKey ? -1 : 1, "tab");
    case "ArrowUp":
      return go(-1, 0);
    case "ArrowDown":
      return go(1, 0);
    case "ArrowLeft":
      return cell.mode === "edit" || at.column === 0 ? undefined : go(0, -1);
    case "ArrowRight":
      return cell.mode === "edit" || at.column === last ? undefined : go(0, 1);
    case "Home":
      return cell.mode === "edit" ? undefined : go(0, -at.column);
    case "End":
      return cell.mode === "edit" ? undefined : go(0, last - at.column);
  }
  return undefined;
}

function edit(cell: CellState): void {
  cell.setMode("edit");
  cell.input.current!.setSelectionRange(cell.text.length, cell.text.length);
}

function remove(cell: CellState, { at, onMove }: CellProps): void {
  cell.drop();
  removeRow(cell.row.id);
  onMove({ row: Math.min(at.row, sheet.value.rows.length - 1), column: at.column });
}

function insert(cell: CellState, { at, onMove }: CellProps): void {
  cell.commit();
  cell.drop();
  insertRow(at.row);
  onMove({ row: at.row, column: 0 });
}

function giveUp(cell: CellState, { onLeave }: CellProps): void {
  cell.setText(cell.before);
  cell.setMode("move");
  if (cell.mode === "move") {
    onLeave();
  }
}

/** undefined: the key is the input's own, or the page's. */
export function actOfKey(
  event: KeyboardEvent, cell: CellState, props: CellProps,
): Act | undefined {
  switch (event.key) {
    case "F2":
      return () => edit(cell);
    case "Delete":
      return event.shiftKey ? () => remove(cell, props)
        : cell.mode === "move" ? () => changeCell(cell.row.id, cell.column, "") : undefined;
    case "Insert":
      return () => insert(cell, props);
    case "Escape":
      return () => giveUp(cell, props);
  }
  return moveOfKey(event, cell, props);
}
