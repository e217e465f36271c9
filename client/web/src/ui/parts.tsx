/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Small parts that all pages share: amounts, persons, sentences of what happened, tables, notices.
 */
import type { ComponentChildren, JSX } from "preact";
import type { MemberInfo } from "../gen/lovebank/v1/queries_pb";
import { cardTail, formatMember, formatMinutes, formatPoints } from "../lib/values";
import { t } from "../lib/words";

/** Points; `huge`: the hero of the page. */
export function Points(props: { centi: bigint; huge?: boolean }): JSX.Element {
  return (
    <span class={props.huge === true ? "amount huge" : "amount"}>
      {formatPoints(props.centi)}
      <small>{t("分", props.centi === 100n ? "point" : "points")}</small>
    </span>
  );
}

export function Minutes(props: { minutes: number | bigint }): JSX.Element {
  return <span class="amount">{formatMinutes(props.minutes)}</span>;
}

/** Masked name and the card's last digits; the number where there is no card. */
export function PersonLine(props: { info: MemberInfo }): JSX.Element {
  const { info } = props;
  const tail = info.card === 0n
    ? t(`编号 ${formatMember(info.member)}`, `member ${formatMember(info.member)}`)
    : cardTail(info.card);
  return (
    <span class="person">
      <b>{info.maskedName || t("（姓名未知）", "(name unknown)")}</b> <small>{tail}</small>
    </span>
  );
}

export type Tone = "done" | "refused" | "pending" | "waiting" | "plain";

const marks: Readonly<Record<Tone, string>> = {
  done: "✓", refused: "✕", pending: "…", waiting: "⏸", plain: "·",
};

/** Never colour alone: a mark and a word stand beside it. */
function toneWord(tone: Tone): string {
  switch (tone) {
    case "done":
      return t("完成", "done");
    case "refused":
      return t("没有记上", "refused");
    case "pending":
      return t("正在发送", "sending");
    case "waiting":
      return t("等待确认", "waiting");
    case "plain":
      return "";
  }
}

export interface SaidLine {
  key: string;
  tone: Tone;
  text: ComponentChildren;
  /** Undo and the like, in the same line. */
  actions?: ComponentChildren;
}

/** What happened, newest on top. */
export function Said(props: { lines: readonly SaidLine[]; label?: string }): JSX.Element {
  return (
    <ol class="said" aria-label={props.label ?? t("刚才的记录", "what happened")}>
      {props.lines.map((line) => (
        <li key={line.key} class={line.tone}>
          <span class="mark" aria-hidden="true">{marks[line.tone]}</span>
          <span class="tone">{toneWord(line.tone)}</span>
          <span class="text">{line.text}</span>
          {line.actions !== undefined && <span class="actions">{line.actions}</span>}
        </li>
      ))}
    </ol>
  );
}

/** One sentence in place: what went wrong, or how it went. */
export function Notice(props: { tone: Tone; children: ComponentChildren }): JSX.Element {
  return (
    <p class={`notice ${props.tone}`} role={props.tone === "refused" ? "alert" : "status"}>
      <span class="mark" aria-hidden="true">{marks[props.tone]}</span> {props.children}
    </p>
  );
}

export interface Column<Row> {
  title: string;
  /** Amounts stand right, in tabular figures. */
  isAmount?: boolean;
  cell: (row: Row) => ComponentChildren;
}

export function Table<Row>(props: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** Said when there are no rows. */
  none?: string;
  /** What a row is for: opened by a click or Enter. */
  onOpen?: (row: Row) => void;
}): JSX.Element {
  const { columns, rows, onOpen } = props;
  return (
    <div class="table" tabIndex={0} role="region" aria-label={props.caption}>
      <table>
        <caption>{props.caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" class={column.isAmount === true ? "right" : ""}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={props.keyOf(row)} tabIndex={onOpen && 0} class={onOpen && "opens"}
              onClick={onOpen && (() => onOpen(row))}
              onKeyDown={onOpen && ((event) => {
                if (event.key === "Enter" && event.target === event.currentTarget) {
                  event.preventDefault(); // not for what is opened, too
                  onOpen(row);
                }
              })}>
              {columns.map((column) => (
                <td key={column.title} class={column.isAmount === true ? "right" : ""}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
          {rows.length === 0 && (
            <tr><td colSpan={columns.length} class="none">{props.none ?? t("没有", "none")}</td></tr>
          )}
        </tbody>
      </table>
    </div>
  );
}
