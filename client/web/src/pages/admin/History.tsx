/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the ledger has of some acts, newest first: who did what, from which day on, and what waits.
 * Read when it is opened.
 */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ledger, toFailure } from "../../lib/rpc";
import { announce } from "../../lib/said";
import { timeText } from "../../lib/session";
import { formatDay } from "../../lib/values";
import { counted, fieldWord, t } from "../../lib/words";
import { Notice, Table, type Column } from "../../ui/parts";
import { acts, noteText, readRow, whatText, whoText, type Row } from "../ledger/entry_words";
import { fieldsOf } from "../review/why";
import { changes } from "./doing";
import { Lookback } from "./lookback";

const pageRows = 30;

function lookbackOf(names: readonly string[], noRefused: boolean): Lookback {
  const wanted = acts.filter(({ name }) => names.includes(name)).map(({ number }) => number);
  return new Lookback(wanted, async (act, beforeEntry) => {
    const answer = await ledger.entryList(
      { act, beforeEntry, noRefused, newestFirst: true, limit: pageRows });
    return { rows: answer.entries.map(readRow), next: answer.next };
  });
}

export interface Entries {
  rows: readonly Row[];
  /** As Lookback has it; undefined: not read yet. */
  floor: bigint | undefined;
  problem: string;
  readOn: () => Promise<void>;
}

/** `names`: acts as Command has them, "orgOpen". Read anew when something was done. */
export function useEntries(
  names: readonly string[], isWanted: boolean, noRefused = false,
): Entries {
  const lookback = useRef<Lookback>();
  const [shown, setShown] = useState<{ rows: readonly Row[]; floor?: bigint }>({ rows: [] });
  const [problem, setProblem] = useState("");
  const read = async (from: Lookback, wanted: number) => {
    lookback.current = from;
    try {
      await from.readOn(wanted);
      if (lookback.current === from) { // else it is being read anew
        setShown({ rows: from.rows, floor: from.floor });
        setProblem("");
      }
    } catch (thrown) {
      setProblem(toFailure(thrown).sentence);
    }
  };
  useEffect(() => {
    if (isWanted) {
      void read(lookbackOf(names, noRefused), Math.max(pageRows, shown.rows.length));
    }
  }, [names.join(), isWanted, changes.value]);
  useEffect(() => () => (lookback.current = undefined), []);
  const readOn = async () => {
    const before = shown.rows.length;
    await read(lookback.current!, before + pageRows);
    const came = (lookback.current?.rows.length ?? before) - before;
    announce(t(`又取到 ${came} 笔`, counted(came, "", "more entry", "more entries")));
  };
  return { rows: shown.rows, floor: shown.floor, problem, readOn };
}

/** Below the rows: older ones, by the server's cursor. */
export function Earlier(props: { entries: Entries }): JSX.Element | null {
  const { floor, problem, readOn } = props.entries;
  return (
    <>
      {problem !== "" && <Notice tone="refused">{problem}</Notice>}
      {floor !== undefined && floor > 0n && (
        <p>
          <button type="button" onClick={() => void readOn()}>{t("更早的", "Earlier")}</button>
          {" "}<small>{t(`已看到第 ${floor} 号账`, `looked back to entry ${floor}`)}</small>
        </p>
      )}
    </>
  );
}

/** A hash says nothing to people. */
function detailText({ entry }: Row): string {
  const unsaid = fieldWord("token_hash");
  return fieldsOf(entry.command!).filter(([name]) => name !== unsaid)
    .map(([name, value]) => `${name} ${value}`).join(t("，", ", "));
}

const columns = (): Column<Row>[] => [
  { title: t("记账号", "Entry"), isAmount: true, cell: ({ entry }) => (
    <a href={`/ledger/${entry.number}`}>{String(entry.number)}</a>) },
  { title: t("起用", "From"), cell: ({ entry }) => (
    <span class="amount">{formatDay(entry.day)}</span>) },
  { title: t("事项", "What"), cell: (row) => (
    <>{whatText(row.entry)} <small>{detailText(row)} {noteText(row)}</small></>) },
  { title: t("经手", "By"), cell: (row) => (
    <>{whoText(row)} <span class="amount">{timeText(row.entry.recordedMs)}</span></>) },
];

export function History(props: { names: readonly string[] }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const entries = useEntries(props.names, isOpen);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("账上的历史", "History in the ledger")}</summary>
      <Table caption={t("历史，新的在前", "History, newest first")} rows={entries.rows}
        columns={columns()} keyOf={({ entry }) => String(entry.number)}
        none={entries.floor === undefined ? t("正在取……", "being fetched …")
          : t("没有", "none")} />
      <Earlier entries={entries} />
    </details>
  );
}
