/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Calm news above the page: no network, acts that wait to be sent, acts that were refused after
 * their page was left.
 */
import type { JSX } from "preact";
import { answerSentence } from "../lib/result";
import { loginName } from "../lib/remembered";
import { online } from "../lib/rpc";
import { outbox } from "../lib/send";
import { hasRole, Role, timeText } from "../lib/session";
import type { Refused } from "../lib/outbox";
import { cardTail, formatMember } from "../lib/values";
import { counted, t, valueWord } from "../lib/words";

/** "记时 · 尾号 0019 · 2016-05-01 09:30": no name, for none is kept. */
function actLine(act: Refused): string {
  const parts = [valueWord(act.command.act.case)];
  const value = act.command.act.value;
  const member = value !== undefined && "member" in value ? value.member : undefined;
  if (member !== undefined && typeof member === "object") {
    parts.push(member.card !== 0n ? cardTail(member.card) : formatMember(member.member));
  }
  parts.push(timeText(act.madeMs));
  return parts.join(" · ");
}

function RefusedActs(): JSX.Element | null {
  if (outbox.refused.value.length === 0) {
    return null;
  }
  return (
    <section class="banner refused" aria-label={t("没有记上的", "refused")}>
      <p>{t("下面几笔在断网时记下，送到后没有记上，请处理：",
        "These were recorded without the network and refused when they arrived; settle them:")}</p>
      <ul>
        {outbox.refused.value.map((act) => (
          <li key={act.key}>
            <span><b>{actLine(act)}</b> {answerSentence(act.result)}</span>
            {act.command.act.case === "serviceRecord" && (
              <a class="button" href={`/desk?anew=${act.key}`}>
                {t("改正后重记", "Correct it and record anew")}
              </a>
            )}
            <button type="button" onClick={() => void outbox.dismiss(act.key)}>
              {act.command.act.case === "serviceRecord" ? t("不记了", "Drop it")
                : t("已处理", "Settled")}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Banner(): JSX.Element {
  const slow = outbox.waiting.value.filter((act) => act.isSlow).length;
  return (
    <>
      {(slow > 0 || !online.value) && (
        <section class="banner" role="status">
          <p>
            {online.value
              ? t("正在重新发送。", "Sending again. ")
              : hasRole(Role.DESK)
                ? t("连不上服务器，可以继续记时。", "The server cannot be reached; go on recording. ")
                : t("连不上服务器，正在重试。", "The server cannot be reached; trying again. ")}
            {slow > 0 && t(`有 ${slow} 笔等着发送，不会重复，也不用再输一遍。`,
              `${counted(slow, "", "act waits", "acts wait")} to be sent; nothing is entered ` +
              "twice, and nothing has to be typed again.")}
          </p>
          <button type="button" onClick={() => outbox.nudge()}>{t("现在发送", "Send now")}</button>
        </section>
      )}
      {[...outbox.othersWaiting.value].map(([other, count]) => (
        <section key={other} class="banner" role="status">
          <p>{t(`这台电脑上有 ${count} 笔是 ${loginName(other)} 记的，要等 ${loginName(other)} 登录后发送。`,
            `${counted(count, "", "act", "acts")} of ${loginName(other)} wait on this computer ` +
            `until ${loginName(other)} logs in; nobody else can send them.`)}</p>
        </section>
      ))}
      <RefusedActs />
    </>
  );
}
