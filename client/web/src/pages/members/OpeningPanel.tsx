/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What a member brings along from a paper passbook: points with their last day, hours of a year;
 * one act for each end and each year.
 */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { MemberInfo } from "../../gen/lovebank/v1/queries_pb";
import type { Result } from "../../gen/lovebank/v1/results_pb";
import { newId } from "../../lib/ids";
import { catalogue } from "../../lib/registry";
import { Code } from "../../lib/result";
import { announce } from "../../lib/said";
import { today } from "../../lib/session";
import { formatMinutes, formatPoints } from "../../lib/values";
import { t } from "../../lib/words";
import { Field, Form } from "../../ui/Field";
import { openingText } from "../ledger/entry_words";
import {
  emptyOpening, openingAfter, openingDay, openingFaults, openingOf, timeReading,
  type OpeningDraft,
} from "./opening";
import { nameText, offerUndo, tellAct } from "./state";

function doneText(name: string, what: string, result: Result): string {
  const balances = result.balances[0];
  const points = formatPoints(balances?.pointsCenti ?? 0n);
  const time = formatMinutes(balances?.minutes ?? 0n);
  return t(`已为 ${name} 转入 ${what}，现有 ${points} 分，累计 ${time}。`,
    `Taken over for ${name}: ${what}; ${points} points and ${time} in all.`);
}

/** undefined: it was not sent. */
async function takeOver(
  info: MemberInfo, draft: OpeningDraft, id: Uint8Array<ArrayBuffer>,
): Promise<Result | undefined> {
  const value = openingOf(draft, info.member, today());
  const day = openingDay(draft, today());
  const name = nameText(info);
  const result = await tellAct(
    () => t(`为 ${name} 转入 ${openingText(value)}`,
      `take over for ${name}: ${openingText(value)}`),
    { case: "openingBalance", value }, (done) => doneText(name, openingText(value), done),
    { id, memo: draft.memo.trim(), ...(day !== undefined && { day }) });
  if (result?.code === Code.OK) {
    offerUndo(result.entry);
  }
  return result;
}

/** What is typed, and sending it. A filled form has one request id until it is answered, so that it
 * is entered once, however often it is sent. */
function useOpening(info: MemberInfo, focusFirst: () => void) {
  const [draft, setDraft] = useState(emptyOpening);
  const [isTried, setTried] = useState(false);
  const latest = useRef(draft);
  latest.current = draft;
  const request = useRef<{ draft: OpeningDraft; id: Uint8Array<ArrayBuffer> }>();
  const faults = openingFaults(draft, today());
  const submit = async () => {
    setTried(true);
    if (Object.keys(faults).length > 0) {
      announce(t("还有没填对的，见各栏", "something is not right yet; see the fields"));
      return;
    }
    const mine = request.current?.draft === draft ? request.current : { draft, id: newId() };
    request.current = mine;
    const result = await takeOver(info, draft, mine.id);
    if (result === undefined || request.current !== mine) {
      return;
    }
    request.current = undefined; // a refusal has used the id up as well
    const isTaken = result.code === Code.OK || result.code === Code.WAITING;
    if (isTaken && latest.current === draft) { // else the next is being typed already
      setDraft(openingAfter(draft));
      setTried(false);
      focusFirst();
    }
  };
  const edit = (change: Partial<OpeningDraft>) => setDraft((now) => ({ ...now, ...change }));
  return { draft, faults: isTried ? faults : {}, edit, submit: () => void submit() };
}

export function OpeningPanel(props: { info: MemberInfo }): JSX.Element {
  const part = useRef<HTMLElement>(null);
  const { draft, faults, edit, submit } = useOpening(props.info, () => {
    if (part.current?.contains(document.activeElement) === true) {
      part.current.querySelector("input")?.focus();
    }
  });
  const field = (key: keyof OpeningDraft, label: string, hint: string, isFirst = false) => (
    <Field label={label} value={draft[key]} hint={hint} error={faults[key]} autofocus={isFirst}
      onInput={(text) => edit({ [key]: text })} />
  );
  return (
    <section ref={part} class="panel" aria-label={t("期初余额", "opening balance")}>
      <h2>{t("期初余额（从纸质存折转入）", "Opening balance (from a paper passbook)")}</h2>
      <p>{t("每个有效期的积分、每一年的时长各记一次。时长算累计和星级；都不算今年所得。",
        "Once for each last day of points, and for each year of hours. Hours count for stars; " +
        "none of it is earned this year.")}
        {catalogue.value?.policy?.openingBalances === true && t("每笔都要第二个人确认。",
          " Each waits for a second person.")}</p>
      <Form onSubmit={submit}>
        <div class="fields">
          {field("points", t("积分", "Points"), t("如 300 或 12.5；没有就空着",
            "like 300 or 12.5; empty: none"), true)}
          {field("last", t("积分最后可用日", "Last day to spend them"),
            t("如 2027-12-31；空着就永久有效", "like 2027-12-31; empty: no end"))}
          {field("time", t("时长", "Hours"), timeReading(draft.time) ||
            t("如 86小时、90分 或 1:30；没有就空着", "like 86h, 90m or 1:30; empty: none"))}
          {field("year", t("哪一年的时长", "Year of the hours"), t("如 2015", "like 2015"))}
          {field("day", t("业务日期", "Business day"), t("不写就是今天", "today, if left out"))}
          {field("memo", t("事由", "Reason"),
            t("可不写；加密保存，可删除", "optional; kept encrypted, erasable"))}
        </div>
        <button type="submit" class="main"><kbd>Enter</kbd> {t("转入", "Take over")}</button>
      </Form>
    </section>
  );
}
