/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The statement on A4: opening, entries, closing, lots; it says whether it adds up, and up to which
 * entry it goes. Each sheet has its number, the member, and the checkpoint that an auditor compares
 * (docs/receipts.md).
 */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Balances } from "../../gen/lovebank/v1/entries_pb";
import type { MemberInfo } from "../../gen/lovebank/v1/queries_pb";
import { toHex } from "../../lib/ids";
import { printPaper } from "../../lib/print";
import { orgName } from "../../lib/registry";
import { answerSentence, Code } from "../../lib/result";
import { ledger, members, toFailure } from "../../lib/rpc";
import { timeText, today } from "../../lib/session";
import {
  cardTail, dayMax, dayMin, formatDay, formatLot, formatMember, formatMinutes, formatPoints,
  parseDay,
} from "../../lib/values";
import { counted, t } from "../../lib/words";
import { Field, Form } from "../../ui/Field";
import { Notice } from "../../ui/parts";
import { noteText, readRow, whatText, type Row } from "../ledger/entry_words";
import { freshCard, nameText } from "./state";
import { statementOf, type Statement } from "./statement";
import "./statement.css";

const pageRows = 1000;

/** All entries of a member and the balances with which they must agree. Throws a Failure. */
export async function fetchAll(
  member: bigint,
): Promise<{ rows: Row[]; balances: Balances } | string> {
  const rows: Row[] = [];
  const got = await members.memberGet({ member: { member }, balancesOnly: true });
  if (got.code !== Code.OK || got.info?.balances === undefined) {
    return answerSentence({ ...got, a: member });
  }
  let before = 0n;
  do {
    const page = await members.history({ member: { member }, limit: pageRows,
      beforeEntry: before });
    if (page.code !== Code.OK) {
      return answerSentence({ ...page, a: member });
    }
    // What came after the balances were asked for is not part of them.
    rows.push(...page.entries.map(readRow).filter(({ entry }) => entry.number <= got.asOfEntry));
    before = page.next;
  } while (before !== 0n);
  return { rows, balances: got.info.balances };
}

/** The hash tree when the statement was made. */
interface Checkpoint {
  size: bigint;
  root: string;
  atMs: number;
}

/** Throws a Failure. */
async function fetchCheckpoint(): Promise<Checkpoint> {
  const { treeSize, treeRoot } = await ledger.status({});
  return { size: treeSize, root: toHex(treeRoot), atMs: Date.now() };
}

/** "检查点 2016-05-01 08:30：前 120 笔账的树根 5f3a 9c21 07de 44b8 …": enough to be compared by eye. */
export function checkpointText({ size, root, atMs }: Checkpoint): string {
  const start = root.slice(0, 16).replace(/(....)(?=.)/g, "$1 ");
  return t(`检查点 ${timeText(atMs)}：前 ${size} 笔账的树根 ${start} …`,
    `Checkpoint ${timeText(atMs)}: root of the first ${size} entries ${start} …`);
}

const signed = (text: string, amount: bigint) =>
  (amount === 0n ? "" : amount > 0n ? `+${text}` : text);

/** `foot` stands on each sheet. */
function Lines(props: { statement: Statement; foot: string }): JSX.Element {
  const { opening, closing, lines } = props.statement;
  return (
    <table>
      <thead>
        <tr>
          <th>{t("日期", "Date")}</th><th>{t("事项", "What")}</th>
          <th class="right">{t("时长", "Time")}</th><th class="right">{t("积分", "Points")}</th>
          <th class="right">{t("余额", "Balance")}</th><th class="right">{t("记账号", "Entry")}</th>
        </tr>
      </thead>
      <tbody>
        <tr><td colSpan={4}>{t("期初余额", "Opening balance")}</td>
          <td class="right">{formatPoints(opening.points)}</td><td /></tr>
        {lines.map(({ row, change, after }) => (
          <tr key={String(row.entry.number)}>
            <td>{formatDay(row.entry.day)}</td>
            <td>{whatText(row.entry)} {noteText(row) !== "" && <small>{noteText(row)}</small>}</td>
            <td class="right">{signed(formatMinutes(change.minutes), change.minutes)}</td>
            <td class="right">{signed(formatPoints(change.points), change.points)}</td>
            <td class="right">{formatPoints(after)}</td>
            <td class="right">{String(row.entry.number)}</td>
          </tr>
        ))}
        <tr><td colSpan={4}><b>{t("期末余额", "Closing balance")}</b></td>
          <td class="right"><b>{formatPoints(closing.points)}</b></td><td /></tr>
      </tbody>
      <tfoot><tr><td colSpan={6}><small>{props.foot}</small></td></tr></tfoot>
    </table>
  );
}

/** What is printed, all of the same moment. */
interface Made {
  info: MemberInfo;
  statement: Statement;
  period: string;
  checkpoint: Checkpoint;
}

function Paper({ info, statement, period, checkpoint }: Made): JSX.Element {
  const first = formatMinutes(statement.opening.minutes);
  const last = formatMinutes(statement.closing.minutes);
  const count = statement.lines.length;
  return (
    <div class="paper paper-only statement">
      <h1>{t("志愿者对账单", "Member's statement")}</h1>
      <p><b>{nameText(info)}</b> · {formatMember(info.member)}
        {info.card === 0n ? "" : ` · ${cardTail(info.card)}`}
        {" · "}{orgName(info.org)} · {period}</p>
      <Lines statement={statement} foot={`${nameText(info)} · ${formatMember(info.member)} · ` +
        checkpointText(checkpoint)} />
      {statement.lots.length > 0 && <p>{t("期末余额的有效期：", "The closing balance by last day: ")}
        {statement.lots.map(({ lot, points }) => t(`${formatLot(lot)} ${formatPoints(points)} 分`,
          `${formatLot(lot)} ${formatPoints(points)} points`)).join(t("；", "; "))}</p>}
      <p>{t(`累计时长：期初 ${first}，期末 ${last}。`, `Time: opening ${first}, closing ${last}.`)}</p>
      <p>{t(`本单共 ${count} 笔。期初加增减等于期末，已核对。最近一笔是第 ${statement.newest} 号账。` +
        `打印于 ${formatDay(today())}。`,
      `${counted(count, "", "entry", "entries")} in all. Opening and changes make the closing: ` +
        `checked. The newest entry is ${statement.newest}. Printed on ${formatDay(today())}.`)}</p>
      <p class="seal">{t("经手人：　　　　　　本人签名：　　　　　　（盖章）",
        "Handled by:                Signed:                (seal)")}</p>
    </div>
  );
}

function periodText(first: number, last: number): string {
  const end = formatDay(last === dayMax ? today() : last);
  return first === dayMin ? t(`到 ${end} 的全部`, `all up to ${end}`)
    : t(`${formatDay(first)} 至 ${end}`, `${formatDay(first)} to ${end}`);
}

/** What is to be printed, or why nothing is. */
async function make(info: MemberInfo, first: number, last: number): Promise<Made | string> {
  try {
    const all = await fetchAll(info.member);
    if (typeof all === "string") {
      return all;
    }
    const statement = statementOf(all.rows, info.member, all.balances, first, last);
    return statement.addsUp
      ? { info, statement, period: periodText(first, last), checkpoint: await fetchCheckpoint() }
      : t("账目与余额对不上，没有打印。请告诉管理员",
        "the entries do not make the balance, nothing was printed; tell an administrator");
  } catch (thrown) {
    return toFailure(thrown).sentence;
  }
}

export function PaperStatement(props: { info: MemberInfo }): JSX.Element {
  const { info } = props;
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [problem, setProblem] = useState("");
  const [made, setMade] = useState<Made>();
  const isMaking = useRef(false);
  const shown = useRef(0n); // whose panel it is by now
  useEffect(() => {
    shown.current = info.member;
    return () => {
      shown.current = 0n;
    };
  }, [info.member]);
  const dayOr = (text: string, other: number) =>
    (text.trim() === "" ? other : parseDay(text, today()));
  const [first, last] = [dayOr(from, dayMin), dayOr(to, dayMax)];
  const wrongDay = t("请写成 2016-05-01 的样子", "write it like 2016-05-01");
  useEffect(() => {
    if (made !== undefined) {
      const name = formatMember(made.info.member);
      void printPaper("a4", t(`对账单 ${name}`, `statement ${name}`))
        .then(() => setMade(undefined));
    }
  }, [made]);
  const print = async () => {
    if (first === null || last === null || first > last) {
      setProblem(t("日期不对，或“从”晚于“到”", "a date is wrong, or the first is after the last"));
      return;
    }
    if (isMaking.current || made !== undefined) {
      return; // it is on its way
    }
    isMaking.current = true;
    const found = await make(info, first, last);
    isMaking.current = false;
    if (shown.current !== info.member) {
      return; // another's panel
    }
    setProblem(typeof found === "string" ? found : "");
    if (typeof found !== "string") {
      freshCard.value = undefined; // it has a paper of its own
      setMade(found);
    }
  };
  return (
    <section class="panel" aria-label={t("对账单", "statement")}>
      <h2>{t("打印对账单（A4）", "Print a statement (A4)")}</h2>
      <Form onSubmit={() => void print()}>
        <div class="fields">
          <Field label={t("从", "From")} value={from} onInput={setFrom} autofocus
            hint={t("空着从头", "empty: from the start")}
            error={first === null ? wrongDay : undefined} />
          <Field label={t("到", "To")} value={to} onInput={setTo}
            hint={t("空着到今天", "empty: up to today")}
            error={last === null ? wrongDay : undefined} />
        </div>
        {problem !== "" && <Notice tone="refused">{problem}</Notice>}
        <button type="submit" class="main"><kbd>Enter</kbd> {t("打印", "Print")}</button>
      </Form>
      {made !== undefined && <Paper {...made} />}
    </section>
  );
}
