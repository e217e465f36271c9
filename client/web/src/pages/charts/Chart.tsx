/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Charts of bars that begin at zero, with the number at each bar and the same data as a table.
 * Solid and outlined, so that a grey print tells them apart.
 */
import type { ComponentChildren, JSX } from "preact";
import { t } from "../../lib/words";
import { lengthOf, maxOf, shortText, type Bar } from "./figures";

/** A question, its answer in a sentence, the drawing, and its numbers. */
export function Chart(props: {
  question: string; answer: string; note?: string | undefined;
  children: ComponentChildren; table: ComponentChildren;
}): JSX.Element {
  return (
    <figure class="chart">
      <figcaption>
        <h2>{props.question}</h2>
        <p>{props.answer}</p>
      </figcaption>
      {props.children}
      {props.note !== undefined && <p class="note"><small>{props.note}</small></p>}
      <details class="no-print">
        <summary>{t("看数字", "See the numbers")}</summary>
        {props.table}
      </details>
    </figure>
  );
}

/** Lying bars, name before and number behind. */
export function LyingBars(props: {
  bars: readonly Bar[]; text: (value: bigint) => string; none: string;
}): JSX.Element {
  const most = maxOf(props.bars.map((bar) => bar.value));
  if (props.bars.length === 0) {
    return <p class="none">{props.none}</p>;
  }
  return (
    <ul class="lying-bars">
      {props.bars.map((bar) => (
        <li key={bar.key}>
          <span class="name">{bar.name}</span>
          <svg height="1.4rem" aria-hidden="true">
            <rect class={bar.key === "others" ? "bar second" : "bar"} width={
              `${lengthOf(bar.value, most) * 100}%`} height="100%" />
          </svg>
          <span class="amount">{props.text(bar.value)}</span>
        </li>
      ))}
    </ul>
  );
}

const heightPx = 150;
const letterPx = 22;

interface Side {
  name: string;
  values: readonly bigint[];
}

/** One side's columns: up from the line, or hanging down from it. */
function Columns(props: {
  side: Side; most: bigint; line: number; isDown: boolean; text: (value: bigint) => string;
}): JSX.Element {
  const { side, most, line, isDown } = props;
  return (
    <>
      {side.values.map((value, i) => {
        const height = lengthOf(value, most) * heightPx;
        const middle = `${((i + 0.5) / 12) * 100}%`;
        return (
          <g key={i}>
            <rect class={isDown ? "bar second" : "bar"} x={`${((i + 0.18) / 12) * 100}%`}
              width={`${(0.64 / 12) * 100}%`} y={isDown ? line : line - height} height={height} />
            {value > 0n && (
              <text x={middle} y={isDown ? line + height + 16 : line - height - 5}
                text-anchor="middle">{shortText(props.text(value))}</text>
            )}
          </g>
        );
      })}
    </>
  );
}

/** Twelve months standing up; what is taken hangs down from the same line, in the same measure. */
export function Months(props: {
  label: string; up: Side; down?: Side; text: (value: bigint) => string;
}): JSX.Element {
  const { up, down } = props;
  const most = maxOf([...up.values, ...(down?.values ?? [])]);
  const pxOf = (side: Side | undefined) => lengthOf(maxOf(side?.values ?? []), most) * heightPx;
  const sidePx = down === undefined ? 0 : letterPx; // the sides' names, clear of the numbers
  const line = sidePx + letterPx + pxOf(up);
  const foot = down === undefined ? line : line + letterPx; // months stand between the sides
  const height = foot + pxOf(down) + letterPx + 6 + sidePx;
  return (
    <div class="months" tabIndex={0} role="region" aria-label={props.label}>
      <svg role="img" aria-label={props.label} height={height} width="100%">
        {down !== undefined && (
          <>
            <text class="side" x="0" y="14">↑ {up.name}</text>
            <text class="side" x="0" y={height - 6}>↓ {down.name}</text>
          </>
        )}
        <Columns side={up} most={most} line={line} isDown={false} text={props.text} />
        {down !== undefined && (
          <Columns side={down} most={most} line={foot} isDown text={props.text} />)}
        <line class="axis" x1="0" x2="100%" y1={line} y2={line} />
        {down !== undefined && <line class="axis" x1="0" x2="100%" y1={foot} y2={foot} />}
        {up.values.map((_, i) => (
          <text key={i} class="month" x={`${((i + 0.5) / 12) * 100}%`} y={line + 16}
            text-anchor="middle">{t(`${i + 1}月`, monthNames[i]!)}</text>
        ))}
      </svg>
    </div>
  );
}

export const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
  "Nov", "Dec"];
