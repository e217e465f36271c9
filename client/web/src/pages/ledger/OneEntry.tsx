/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * One entry: who, where, when, what; its postings, which sum to zero; what it was worked out
 * from; its reversal, proposal and proof.
 */
import { toJson } from "@bufbuild/protobuf";
import { Fragment, type ComponentChildren, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import {
  EntrySchema, AccountKind, type Entry, type Posting,
} from "../../gen/lovebank/v1/entries_pb";
import type { EntryGetResponse } from "../../gen/lovebank/v1/queries_pb";
import { fromHex, toHex } from "../../lib/ids";
import { categoryName, itemName, orgName } from "../../lib/registry";
import { Code } from "../../lib/result";
import { ledger, online, toFailure } from "../../lib/rpc";
import { timeText } from "../../lib/session";
import { formatDay, formatMember, formatMinutes, formatPoints } from "../../lib/values";
import { t, valueWord } from "../../lib/words";
import { Notice, Table } from "../../ui/parts";
import {
  amountText, entryRefusal, lotText, ownerText, readRow, refusalText, sumsOf, whatText, whoText,
  type Row,
} from "./entry_words";
import { ProofPart } from "./ProofPart";

function EntryLink(props: { number: bigint }): JSX.Element {
  const { number } = props;
  return <a href={`/ledger/${number}`}>{t(`第 ${number} 号账`, `entry ${number}`)}</a>;
}

function MemberLink(props: { member: bigint }): JSX.Element {
  return <a href={`/members/${props.member}`}>{formatMember(props.member)}</a>;
}

type Fact = [string, ComponentChildren];

function facts(row: Row): Fact[] {
  const { entry, beside } = row;
  const all: (Fact | false)[] = [
    entry.links.length > 0 && [t("志愿者", "Member"), entry.links.map((link, i) => (
      <Fragment key={i}>{i > 0 && t("、", ", ")}<MemberLink member={link.member} /></Fragment>))],
    [t("业务日期", "Date"), formatDay(entry.day)],
    [t("记账时间", "Recorded"), timeText(entry.recordedMs)],
    entry.org !== 0n && [t("计入组织", "Counts for"), orgName(entry.org)],
    whoText(row) !== "" && [t("经手", "By"), whoText(row)],
    entry.proposal !== 0n && [t("提出", "Proposed as"), <EntryLink number={entry.proposal} />],
    entry.targetEntry !== 0n && [t("针对", "About"), <EntryLink number={entry.targetEntry} />],
    beside.reversedBy !== 0n && [t("撤销", "Undone by"), <EntryLink number={beside.reversedBy} />],
    beside.settledBy !== 0n && [t("了结", "Settled by"), <EntryLink number={beside.settledBy} />],
    beside.memo !== "" && [t("事由", "Reason"), beside.memo],
    (entry.command?.import ?? 0n) !== 0n && [t("导入", "Import"),
      t(`第 ${entry.command!.import} 号`, `${entry.command!.import}`)],
    entry.assigned !== 0n && [t("给出的编号", "Number given out"), String(entry.assigned)],
    [t("请求号", "Request id"), <span class="hash">{toHex(entry.command!.id)}</span>],
  ];
  return all.filter((fact): fact is Fact => fact !== false);
}

function Postings(props: { postings: readonly Posting[] }): JSX.Element | null {
  if (props.postings.length === 0) {
    return <p>{t("这笔账没有改动任何账户。", "This entry changed no account.")}</p>;
  }
  const sums = sumsOf(props.postings);
  const isZero = sums.every(({ amount }) => amount === 0n);
  const text = sums.map((sum) => amountText(sum.asset, sum.item, sum.amount)).join(t("、", ", "));
  return (
    <>
      <Table caption={t("分录", "Postings")} rows={props.postings} keyOf={(row) => String(
        props.postings.indexOf(row))}
        columns={[
          { title: t("账户", "Account"),
            cell: (row) => valueWord(`ACCOUNT_KIND_${AccountKind[row.account]}`) },
          { title: t("归属", "Owner"), cell: ownerText },
          { title: t("批次", "Lot"), cell: lotText },
          { title: t("增减", "Change"), isAmount: true,
            cell: (row) => amountText(row.asset, row.item, row.amount) },
        ]} />
      <Notice tone={isZero ? "done" : "refused"}>
        {isZero ? t(`合计 ${text}：收支相抵。`, `Sum ${text}: they balance.`)
          : t(`合计 ${text}：不为零，账有错，请告诉审计员。`,
            `Sum ${text}: not zero, so the entry is wrong; tell an auditor.`)}
      </Notice>
    </>
  );
}

/** How the points were worked out, and what they came to. */
function workings(entry: Entry): ComponentChildren[] {
  const { earning } = entry;
  return [
    earning !== undefined && earning.category !== 0 && t(
      `${categoryName(earning.category)} 给出 ${formatMinutes(earning.minutes)}，计分 ` +
      `${formatMinutes(earning.countedMinutes)}，得 ${formatPoints(earning.pointsCenti)} 分；` +
      `标准由第 ${earning.tariffEntry} 号账设定。`,
      `${categoryName(earning.category)}: ${formatMinutes(earning.minutes)} given, ` +
      `${formatMinutes(earning.countedMinutes)} counted, ` +
      `${formatPoints(earning.pointsCenti)} points earned; the tariff was set by entry ${earning.tariffEntry}.`),
    ...entry.lines.map((line) => t(
      `${itemName(line.item)}：${line.quantity} × ${formatPoints(line.priceCenti)} 分，` +
      `价格由第 ${line.priceEntry} 号账设定。`,
      `${itemName(line.item)}: ${line.quantity} × ${formatPoints(line.priceCenti)} points, ` +
      `price set by entry ${line.priceEntry}.`)),
    ...entry.balances.map((row) => t(
      `记完后 ${formatMember(row.member)} 有积分 ${formatPoints(row.pointsCenti)} 分，累计 ` +
      `${formatMinutes(row.minutes)}。`,
      `After it ${formatMember(row.member)} has ${formatPoints(row.pointsCenti)} points, ` +
      `${formatMinutes(row.minutes)}.`)),
  ].filter((line) => line !== false);
}

function Outcome(props: { row: Row }): JSX.Element {
  const { entry, beside } = props.row;
  if (entry.code === Code.WAITING) {
    return <Notice tone="waiting">{refusalText(entry)}{t("。", ".")}</Notice>;
  }
  if (entry.code !== Code.OK) {
    const why = refusalText(entry);
    return <Notice tone="refused">{t(`被拒绝：${why}。`, `Refused: ${why}.`)}</Notice>;
  }
  return beside.reversedBy !== 0n ? (
    <Notice tone="refused">
      {t("这笔已撤销，见 ", "This was undone; see ")}<EntryLink number={beside.reversedBy} />
      {t("。", ".")}
    </Notice>
  ) : <Notice tone="done">{t("已记账，没有撤销。", "Entered, and not undone.")}</Notice>;
}

function Shown(props: { answer: EntryGetResponse; row: Row }): JSX.Element {
  const { answer, row } = props;
  const { entry } = row;
  return (
    <article>
      <h2 class="entry-title">
        {t(`第 ${entry.number} 号账：${whatText(entry)}`, `Entry ${entry.number}: ${whatText(entry)}`)}
      </h2>
      <Outcome row={row} />
      <div class="columns">
        <div>
          <dl>
            {facts(row).map(([name, value]) => (
              <Fragment key={name}><dt>{name}</dt><dd>{value}</dd></Fragment>
            ))}
          </dl>
        </div>
        <div>
          <Postings postings={entry.postings} />
          {workings(entry).map((line, i) => <p key={i}>{line}</p>)}
        </div>
      </div>
      <ProofPart answer={answer} number={entry.number} />
      <details>
        <summary>{t("原样（JSON）", "As it is (JSON)")}</summary>
        <pre tabIndex={0}>{JSON.stringify(toJson(EntrySchema, entry), null, 1)}</pre>
      </details>
    </article>
  );
}

/** By its number or a request id; what is shown: the answer, or why there is none. */
type State = { answer: EntryGetResponse; row: Row } | { why: string } | undefined;

async function ask(name: string): Promise<State> {
  const isNumber = /^\d{1,18}$/.test(name);
  const requestId = /^[0-9a-f]{32}$/i.test(name) ? fromHex(name) : null;
  if (!isNumber && requestId === null) {
    return { why: t(`“${name}”不是记账号`, `"${name}" is no entry number`) };
  }
  try {
    const answer = await ledger.entryGet({ withProof: true,
      target: isNumber ? { entry: BigInt(name) } : { requestId: requestId! } });
    return answer.code === Code.OK && answer.entry !== undefined
      ? { answer, row: readRow(answer.entry) }
      : { why: entryRefusal(answer.code, isNumber ? BigInt(name) : 0n) };
  } catch (thrown) {
    return { why: toFailure(thrown).sentence };
  }
}

export function OneEntry(props: { name: string }): JSX.Element | null {
  const [state, setState] = useState<State>();
  const isFailed = state !== undefined && "why" in state;
  useEffect(() => {
    let isWanted = true;
    void ask(props.name).then((found) => {
      if (isWanted) {
        setState(found);
      }
    });
    return () => {
      isWanted = false;
    };
  }, [props.name, isFailed && online.value]); // once more when the network is back
  if (state === undefined) {
    return null;
  }
  return "why" in state ? <Notice tone="refused">{state.why}{t("。", ".")}</Notice>
    : <Shown answer={state.answer} row={state.row} />;
}
