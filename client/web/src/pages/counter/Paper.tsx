/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A receipt or a passbook's line on paper; not on the screen. The rows are receipt.ts's.
 */
import type { JSX } from "preact";
import { t } from "../../lib/words";
import { paper } from "./place";
import { printing } from "./printing";
import { passbookCells, receiptRows, type Row } from "./receipt";

function PaperRow(props: { row: Row }): JSX.Element {
  const { row } = props;
  switch (row.kind) {
    case "rule":
      return <hr />;
    case "pair":
    case "sum":
      return <p class={row.kind}><span>{row.left}</span><span>{row.right}</span></p>;
    case "title":
    case "middle":
    case "line":
      return <p class={row.kind}>{row.text}</p>;
  }
}

/** On A4 there is room for what is signed and sealed. */
function Signatures(): JSX.Element {
  return (
    <p class="signs">
      <span>{t("志愿者签收：", "Received by: ")}</span>
      <span>{t("经办：", "Handed out by: ")}</span>
      <span>{t("（盖章）", "(seal)")}</span>
    </p>
  );
}

export function Paper(): JSX.Element | null {
  const now = printing.value;
  if (now === null) {
    return null;
  }
  return now.isPassbook ? (
    <p class="paper paper-only passbook">
      {passbookCells(now.receipt).map((cell, i) => <span key={i}>{cell}</span>)}
    </p>
  ) : (
    <section class={`paper paper-only receipt on-${paper.value}`}>
      {receiptRows(now.receipt).map((row, i) => <PaperRow key={i} row={row} />)}
      {paper.value === "a4" && <Signatures />}
    </section>
  );
}
