/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What waits, to choose from, and what was decided; the newest first, older ones when asked for.
 */
import type { JSX } from "preact";
import { formatDay, formatMember } from "../../lib/values";
import { t } from "../../lib/words";
import { Table, type Column } from "../../ui/parts";
import { subjectOf, whatText, whoText } from "../ledger/entry_words";
import { choose, chosen, rows } from "./deciding";
import { decided, loadOlder, waiting, type Proposal } from "./proposals";

function stateText({ info }: Proposal): string {
  if (info.decidedBy === 0n) {
    return t("已作废", "void");
  }
  return info.confirmed ? t(`已由 ${info.decidedBy} 确认`, `confirmed by ${info.decidedBy}`)
    : t(`已由 ${info.decidedBy} 拒绝`, `refused by ${info.decidedBy}`);
}

function memberText(proposal: Proposal): string {
  const member = subjectOf(proposal.entry);
  return member === 0n ? "" : formatMember(member);
}

const columns = (): Column<Proposal>[] => [
  { title: t("编号", "Number"), isAmount: true, cell: (row) => String(row.entry.number) },
  { title: t("志愿者", "Member"), cell: memberText },
  { title: t("事项", "What"), cell: (row) => whatText(row.entry) },
  { title: t("提交人", "By"), cell: whoText },
  { title: t("状态", "State"), cell: (row) => (row.info.decidedBy === 0n ? stateText(row)
    : <a href={`/ledger/${row.info.decidedBy}`}>{stateText(row)}</a>) },
];

/** In a folder that is opened when somebody asks what became of it. */
export function Decided(): JSX.Element {
  return (
    <details>
      <summary>{t("已处理和已作废的", "Decided and void")}</summary>
      <Table caption={t("最近处理的", "Decided lately")} rows={decided.value.rows}
        keyOf={(row) => String(row.entry.number)} columns={columns()} />
      {decided.value.hasOlder && (
        <p><button type="button" onClick={() => void loadOlder("decided")}>
          {t("更早处理的", "Decided earlier")}
        </button></p>
      )}
    </details>
  );
}

export function Waiting(): JSX.Element {
  return (
    <>
      <ul class="waiting-list" aria-label={t("等确认的", "waiting")}>
        {rows.value.map((row) => (
          <li key={String(row.entry.number)}>
            <button type="button" aria-pressed={row === chosen.value}
              onClick={() => choose(row.entry.number)}>
              <span><b>{whatText(row.entry)}</b> <small>{memberText(row)}</small></span>
              <small>{whoText(row)} · {t(`${formatDay(row.info.expiresDay)} 前`,
                `by ${formatDay(row.info.expiresDay)}`)}</small>
            </button>
          </li>
        ))}
      </ul>
      {waiting.value?.hasOlder === true && (
        <p><button type="button" onClick={() => void loadOlder("waiting")}>
          {t("还有更早提交的", "There are older ones")}
        </button></p>
      )}
    </>
  );
}
