/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Review: what waits for a second person, one of it in full, and the word on it: F9 confirms, F8
 * refuses with a reason. The words are the terminal's (lovebank proposal).
 */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { loadRegistry } from "../lib/registry";
import { Code } from "../lib/result";
import { toFailure } from "../lib/rpc";
import { hasRole, principal, Role } from "../lib/session";
import { t } from "../lib/words";
import { Field } from "../ui/Field";
import { Keys } from "../ui/Keys";
import { Notice, Said } from "../ui/parts";
import {
  chooseFirst, chosen, decide, forgetDeciding, gone, lacksReason, lines, move, neighbour, reason,
  rows, setReason,
} from "./review/deciding";
import { mayNotDecide, ProposalDetail } from "./review/Detail";
import { Decided, Waiting } from "./review/Lists";
import * as proposals from "./review/proposals";
import "./review/review.css";

type Proposal = proposals.Proposal;

/** What is known of the chosen one; asked for when it is chosen, and when the book changed. */
function useDetail(of: Proposal | undefined): [proposals.Detail | undefined, string] {
  const [detail, setDetail] = useState<proposals.Detail>();
  const [problem, setProblem] = useState("");
  useEffect(() => {
    let isWanted = of !== undefined;
    setProblem("");
    if (of !== undefined) {
      proposals.detailOf(of).then(
        (found) => isWanted && setDetail(found),
        (thrown: unknown) => isWanted && setProblem(toFailure(thrown).sentence));
    }
    return () => {
      isWanted = false;
    };
  }, [of]);
  return [detail?.number === of?.entry.number ? detail : undefined, problem];
}

/** The keys, and what is written with the word. */
function Decide(props: { detail: proposals.Detail | undefined }): JSX.Element {
  const { detail } = props;
  const mayDecide = hasRole(Role.REVIEWER) && detail !== undefined && !mayNotDecide(detail);
  const act = (confirm: boolean) => {
    if (chosen.value !== undefined) {
      void decide(chosen.value, confirm).then((isSent) =>
        isSent || document.querySelector<HTMLElement>(".decide input")?.focus());
    }
  };
  return (
    <div class="decide">
      {hasRole(Role.REVIEWER)
        ? <Field label={t("说明（不同意时必写）", "Remark (needed to refuse)")} value={reason.value}
          onInput={setReason} error={lacksReason.value
            ? t("不同意要写明原因", "a reason is needed to refuse") : undefined} />
        : <p>{t("只有审核员能处理；您看到的是自己提交的和您能看的。",
          "Only reviewers decide; these are your own and those you may see.")}</p>}
      <Keys keys={[
        { key: "F9", label: t("同意", "Confirm"), main: true,
          disabled: !mayDecide || detail.outcome.code !== Code.OK, act: () => act(true) },
        { key: "F8", label: t("不同意", "Refuse"), disabled: !mayDecide, act: () => act(false) },
        { key: "F6", label: t("上一项", "Before"), disabled: neighbour(-1) === undefined,
          act: () => move(-1) },
        { key: "F7", label: t("下一项", "Next"), disabled: neighbour(1) === undefined,
          act: () => move(1) },
      ]} />
    </div>
  );
}

function One(): JSX.Element {
  const [detail, problem] = useDetail(chosen.value);
  return (
    <div>
      <Decide detail={detail} />
      {gone.value !== undefined && (
        <Notice tone="plain">{t(`第 ${gone.value} 号事项已经处理或作废了，请按 F7 看下一项。`,
          `Proposal ${gone.value} is decided or void by now; F7 shows the next.`)}</Notice>
      )}
      {problem !== "" && <Notice tone="refused">{problem}</Notice>}
      {chosen.value !== undefined && <ProposalDetail proposal={chosen.value} detail={detail} />}
    </div>
  );
}

function countText(): string {
  const count = rows.value.length;
  const isAll = proposals.waiting.value?.hasOlder !== true;
  return count === 0 && isAll ? t("没有等确认的事项", "nothing waits")
    : isAll ? t(`${count} 项等确认`, `${count} waiting`)
      : t(`${count} 项等确认，还有更早的`, `${count} waiting, and older ones`);
}

export default function Review(): JSX.Element {
  useEffect(() => {
    loadRegistry().catch(() => undefined); // names stay numbers
    const end = proposals.follow();
    return () => {
      end();
      proposals.forget();
      forgetDeciding();
    };
  }, [principal.value]);
  useLayoutEffect(chooseFirst, [rows.value]);
  const isKnown = proposals.waiting.value !== undefined;
  const hasAny = rows.value.length > 0 || proposals.waiting.value?.hasOlder === true;
  return (
    <div class="review">
      <h1>{t("审核", "Review")} {isKnown && <small>{countText()}</small>}</h1>
      {proposals.problem.value !== "" && <Notice tone="refused">{proposals.problem.value}</Notice>}
      <Said lines={lines.value.map(({ key, tone, text }) => ({ key, tone, text: text() }))} />
      {hasAny && (
        <div class="review-columns">
          <div><Waiting /></div>
          <One />
        </div>
      )}
      {!hasAny && gone.value !== undefined && (
        <Notice tone="plain">{t(`第 ${gone.value} 号事项已经处理或作废了。`,
          `Proposal ${gone.value} is decided or void by now.`)}</Notice>
      )}
      <Decided />
    </div>
  );
}
