/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The grid: rows, each with its verdict; one cell has the focus.
 */
import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";
import { t } from "../../lib/words";
import { Cell, type CellProps } from "./Cell";
import { columnTitle } from "./columns";
import { isFixed, sheet, type Row } from "./state";

export interface GridProps extends CellProps {
  verdict: (row: Row) => { class: string; content: ComponentChildren };
}

/** `cellKey`: another one is another visit to a cell. */
function GridRow(props: GridProps & { row: Row; index: number; cellKey: number }): JSX.Element {
  const { columns, at, row, index } = props;
  const said = props.verdict(row);
  return (
    <tr class={isFixed(row) ? "fixed" : ""}>
      <th scope="row" class="right">{index + 1}</th>
      {columns.map((name, column) => {
        const isHere = at.row === index && at.column === column;
        return (
          <td key={name} role="gridcell" class={isHere ? `cell here ${name}` : `cell ${name}`}
            aria-selected={isHere}
            onMouseDown={isHere ? undefined : (event) => {
              event.preventDefault();
              props.onMove({ row: index, column });
            }}>
            {isHere
              ? <Cell key={props.cellKey} columns={columns} at={at} onMove={props.onMove}
                onLeave={props.onLeave} />
              : row.fields[name]}
          </td>
        );
      })}
      <td id={`verdict-${index}`} class={`verdict ${said.class}`}>{said.content}</td>
    </tr>
  );
}

export function Grid(props: GridProps): JSX.Element {
  const { columns, at } = props;
  const cellKey = useRef(0);
  const last = useRef(at);
  if (last.current !== at) {
    last.current = at;
    cellKey.current++;
  }
  return (
    <div class="table sheet-grid">
      <table role="grid" aria-rowcount={sheet.value.rows.length + 1}
        aria-label={t("签到表", "sign-in sheet")}>
        <thead>
          <tr>
            <th scope="col" class="right">#</th>
            {columns.map((name) => <th key={name} scope="col">{columnTitle(name)}</th>)}
            <th scope="col">{t("能不能记", "Verdict")}</th>
          </tr>
        </thead>
        <tbody>
          {sheet.value.rows.map((row, index) => (
            <GridRow key={row.id} {...props} row={row} index={index} cellKey={cellKey.current} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
