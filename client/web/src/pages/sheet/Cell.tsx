/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The cell that has the focus: an input, so that an input method works in it at once. What is typed
 * goes into the sheet when the cell is left, however it is left.
 */
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../../lib/words";
import { actOfKey, type Mode, type Place } from "./cell_keys";
import { columnTitle, type ColumnName } from "./columns";
import { changeCell, isFixed, sheet } from "./state";
import { isTable, pasteAt } from "./take";

export interface CellProps {
  columns: readonly ColumnName[];
  at: Place;
  onMove: (to: Place) => void;
  /** Escape in a cell that is not being edited. */
  onLeave: () => void;
}

/** Its text, and the ways to keep it or give it up. */
function useCell({ at, columns }: CellProps) {
  const row = sheet.value.rows[at.row]!;
  const column = columns[at.column]!;
  const before = row.fields[column];
  const [text, setText] = useState(before);
  const [mode, setMode] = useState<Mode>("move");
  const input = useRef<HTMLInputElement>(null);
  const latest = useRef({ text, before, id: row.id });
  latest.current = { text, before, id: row.id };
  const isDropped = useRef(false);

  const commit = () => {
    const { text: typed, before: was, id } = latest.current;
    if (!isDropped.current && typed !== was) {
      changeCell(id, column, typed.trim());
    }
  };
  useLayoutEffect(() => { // before the next key
    input.current!.focus();
    input.current!.select();
    return commit; // a click elsewhere
  }, []);
  const shown = useRef(before);
  useLayoutEffect(() => { // changed from elsewhere: Delete, a number in place of an ID number
    if (shown.current !== before && mode === "move") {
      setText(before);
    }
    shown.current = before;
  }, [before]);
  return {
    row, column, before, text, mode, input, commit, setText, setMode,
    /** What is typed here is settled: leaving the cell changes nothing more. */
    drop: () => (isDropped.current = true),
  };
}

export type CellState = ReturnType<typeof useCell>;

export function Cell(props: CellProps): JSX.Element {
  const { at, columns } = props;
  const cell = useCell(props);
  const isRowFixed = isFixed(cell.row);
  return (
    <input ref={cell.input} value={cell.text} readOnly={isRowFixed} autocomplete="off"
      spellcheck={false} aria-describedby={`verdict-${at.row}`}
      aria-label={t(`${columnTitle(cell.column)}，第 ${at.row + 1} 行`,
        `${columnTitle(cell.column)}, row ${at.row + 1}`)}
      onBlur={cell.commit} onDblClick={() => cell.setMode("edit")}
      onKeyDown={(event) => {
        if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) {
          return;
        }
        const act = actOfKey(event, cell, props);
        if (act !== undefined) {
          event.preventDefault();
          act();
        } else if (/^F\d/.test(event.key)) {
          cell.commit(); // the page's keys are about the sheet as it stands there
        }
      }}
      onInput={(event) => {
        cell.setText(event.currentTarget.value);
        if (cell.mode === "move") {
          cell.setMode("type");
        }
      }}
      onPaste={(event) => {
        const pasted = event.clipboardData?.getData("text/plain") ?? "";
        if (isTable(pasted) && !isRowFixed) {
          event.preventDefault();
          cell.drop();
          pasteAt(pasted, at.row, columns.slice(at.column));
          props.onMove({ ...at });
        }
      }} />
  );
}
