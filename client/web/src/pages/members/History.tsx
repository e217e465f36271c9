/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A member's entries: each a plain sentence, undone ones struck through with the link to what undid
 * them; in pages, the newest first.
 */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { answerSentence, Code } from "../../lib/result";
import { members, online, toFailure } from "../../lib/rpc";
import { announce } from "../../lib/said";
import { counted, t } from "../../lib/words";
import { Notice } from "../../ui/parts";
import { readRow, type Row } from "../ledger/entry_words";
import { version } from "./state";
import { sentenceOf } from "./statement";

const pageRows = 20;

function Line(props: { row: Row; member: bigint }): JSX.Element {
  const { entry, beside } = props.row;
  const text = sentenceOf(props.row, props.member);
  const isUndone = beside.reversedBy !== 0n;
  return (
    <li class={isUndone || entry.code !== Code.OK ? "off" : ""}>
      <span class="text">{isUndone ? <s>{text}</s> : text}</span>
      {isUndone && (
        <a href={`/ledger/${beside.reversedBy}`}>
          {t(`已由第 ${beside.reversedBy} 号撤销`, `undone by entry ${beside.reversedBy}`)}
        </a>
      )}
      <a href={`/ledger/${entry.number}`}>{t(`第 ${entry.number} 号账`, `entry ${entry.number}`)}</a>
    </li>
  );
}

export function History(props: { member: bigint }): JSX.Element {
  const { member } = props;
  const [rows, setRows] = useState<readonly Row[]>([]);
  const [next, setNext] = useState(0n);
  const [problem, setProblem] = useState("");
  const [isLoaded, setLoaded] = useState(false);
  const asked = useRef(0);

  const ask = async (before: bigint) => {
    const mine = ++asked.current;
    try {
      const answer = await members.history(
        { member: { member }, limit: pageRows, beforeEntry: before });
      if (mine !== asked.current) {
        return;
      }
      const came = answer.entries.map(readRow);
      setProblem(answer.code === Code.OK ? "" : answerSentence({ ...answer, a: member }));
      setRows((had) => (before === 0n ? came : [...had, ...came]));
      setNext(answer.next);
      setLoaded(true);
      if (before !== 0n) {
        announce(t(`又取到 ${came.length} 笔`, counted(came.length, "", "more entry", "more entries")));
      }
    } catch (thrown) {
      if (mine === asked.current) {
        setProblem(toFailure(thrown).sentence);
      }
    }
  };
  useEffect(() => {
    void ask(0n);
    return () => {
      asked.current++;
    };
  }, [member, version.value, online.value]);

  return (
    <section aria-label={t("明细", "entries")}>
      <h2>{t("明细，新的在前", "Entries, newest first")}</h2>
      {problem !== "" && <Notice tone="refused">{problem}</Notice>}
      <ol class="history">
        {rows.map((row) => <Line key={String(row.entry.number)} row={row} member={member} />)}
      </ol>
      {isLoaded && rows.length === 0 && <p>{t("还没有账。", "No entries yet.")}</p>}
      {next !== 0n && (
        <button type="button" onClick={() => void ask(next)}>{t("更早的", "Older ones")}</button>
      )}
    </section>
  );
}
