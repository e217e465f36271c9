/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * One proposal with everything needed to decide: what, for whom, by whom, why it waits, what it
 * would change, and what the person did lately.
 */
import { Fragment, type ComponentChildren, type JSX } from "preact";
import type { Balances } from "../../gen/lovebank/v1/entries_pb";
import { orgName } from "../../lib/registry";
import { answerSentence, Code } from "../../lib/result";
import { dayOfTime, timeText, today } from "../../lib/session";
import { formatDay, formatMinutes, formatPoints } from "../../lib/values";
import { counted, t } from "../../lib/words";
import { Notice, PersonLine, Table } from "../../ui/parts";
import { noteText, whatText, whoText, type Row } from "../ledger/entry_words";
import { sentenceOf } from "../members/statement";
import type { Concerned, Detail, Proposal } from "./proposals";
import { fieldsOf, whyItWaits } from "./why";

type Fact = [string, ComponentChildren];

function expiryText(day: number): string {
  const left = day - today();
  return left < 0 ? t(`${formatDay(day)}，已作废`, `${formatDay(day)}, void`)
    : t(`${formatDay(day)}，还有 ${left} 天`,
      `${formatDay(day)}, ${counted(left, "", "day", "days")} left`);
}

function facts({ entry, beside, info }: Proposal, detail: Detail | undefined): Fact[] {
  const all: (Fact | false)[] = [
    [t("业务日期", "Date"), formatDay(entry.day)],
    ...fieldsOf(entry.command!),
    entry.org !== 0n && [t("计入组织", "Counts for"), orgName(entry.org)],
    detail?.target !== undefined && [t("针对", "About"), (
      <>
        <a href={`/ledger/${detail.target.entry.number}`}>
          {t(`第 ${detail.target.entry.number} 号账`, `entry ${detail.target.entry.number}`)}
        </a>{" "}{whatText(detail.target.entry)}{t("，", ", ")}{formatDay(detail.target.entry.day)}
      </>)],
    [t("提交", "Proposed"), `${whoText({ entry, beside })} ${timeText(entry.recordedMs)}`],
    beside.memo !== "" && [t("事由", "Reason"), beside.memo],
    [t("有效到", "Until"), expiryText(info.expiresDay)],
  ];
  return all.filter((fact): fact is Fact => fact !== false);
}

interface Change {
  what: string;
  before: string;
  after: string;
}

function changesOf(before: Balances, after: Balances): Change[] {
  const points = (centi: bigint) => t(`${formatPoints(centi)} 分`, `${formatPoints(centi)}`);
  const all: [string, string, string][] = [
    [t("积分", "Points"), points(before.pointsCenti), points(after.pointsCenti)],
    [t("预占", "Held"), points(before.heldCenti), points(after.heldCenti)],
    [t("欠分", "Owed"), points(before.debtCenti), points(after.debtCenti)],
    [t("累计时长", "Hours in all"), formatMinutes(before.minutes), formatMinutes(after.minutes)],
  ];
  const isMain = (i: number) => i === 0 || i === 3;
  return all.filter(([, was, is], i) => isMain(i) || was !== is)
    .map(([what, was, is]) => ({ what, before: was, after: is }));
}

function Recent(props: { rows: readonly Row[]; member: bigint }): JSX.Element {
  const { rows, member } = props;
  return (
    <Table caption={t("最近的账", "Recent entries")} rows={rows}
      keyOf={(row) => String(row.entry.number)}
      columns={[
        { title: t("事项", "What"), cell: (row) => (
          <>
            {sentenceOf(row, member)}
            {row.entry.code === Code.OK && <small> {noteText(row)}</small>}
          </>) },
        { title: t("经手", "By"), cell: whoText },
      ]} />
  );
}

function Person(props: { person: Concerned; after: Balances | undefined }): JSX.Element {
  const { person: { info, recent }, after } = props;
  return (
    <section>
      <h3><PersonLine info={info} /> <small>{orgName(info.org)}</small></h3>
      {info.balances !== undefined && after !== undefined && (
        <Table caption={t("同意以后", "If it is confirmed")} keyOf={(row) => row.what}
          rows={changesOf(info.balances, after)}
          columns={[
            { title: "", cell: (row) => row.what },
            { title: t("现在", "Now"), isAmount: true, cell: (row) => row.before },
            { title: t("以后", "Then"), isAmount: true, cell: (row) => (
              row.before === row.after ? t("不变", "the same") : <b>{row.after}</b>) },
          ]} />
      )}
      <Recent rows={recent} member={info.member} />
    </section>
  );
}

/** Nobody decides on what is his own. */
export function mayNotDecide(detail: Detail | undefined): boolean {
  return detail?.outcome.code === Code.SECOND_PERSON;
}

function Outcome(props: { detail: Detail }): JSX.Element | null {
  const { outcome } = props.detail;
  if (outcome.code === Code.OK) {
    return null;
  }
  return mayNotDecide(props.detail)
    ? <Notice tone="refused">{t("您不能处理这一项：", "Not for you to decide: ")}
      {answerSentence(outcome)}{t("。", ".")}</Notice>
    : <Notice tone="refused">{t("现在同意也记不上：", "It could not be entered now: ")}
      {answerSentence(outcome)}{t("。", ".")}</Notice>;
}

export function ProposalDetail(props: {
  proposal: Proposal; detail: Detail | undefined;
}): JSX.Element {
  const { proposal, detail } = props;
  const { entry } = proposal;
  const reasons = whyItWaits(entry, detail?.policy, dayOfTime(entry.recordedMs), detail?.outcome);
  return (
    <article class="proposal" aria-labelledby="proposal-title">
      <h2 id="proposal-title">
        {t(`第 ${entry.number} 号：${whatText(entry)}`, `${entry.number}: ${whatText(entry)}`)}
      </h2>
      {detail !== undefined && (
        <p class="why"><b>{t("为什么要确认：", "Why it waits: ")}</b>
          {reasons.join(t("；", "; "))}{t("。", ".")}</p>
      )}
      {detail !== undefined && <Outcome detail={detail} />}
      <div class="proposal-parts">
        <dl>
          {facts(proposal, detail).map(([name, value], i) => (
            <Fragment key={i}><dt>{name}</dt><dd>{value}</dd></Fragment>))}
        </dl>
        <div>
          {detail?.concerned.map((person) => (
            <Person key={String(person.info.member)} person={person}
              after={detail.outcome.balances.find((row) => row.member === person.info.member)} />))}
        </div>
      </div>
    </article>
  );
}
