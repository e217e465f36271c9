/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What stands beside a row: a sign, a word, and why.
 */
import type { ComponentChildren } from "preact";
import { answerSentence, resultClass } from "../../lib/result";
import { online } from "../../lib/rpc";
import { formatPoints } from "../../lib/values";
import { t } from "../../lib/words";
import type { Outcome, Row } from "./state";
import { verdicts, type Verdict } from "./verdicts";

export interface Mark {
  class: string;
  content: ComponentChildren;
}

const mark = (tone: string, sign: string, word: string, text: string): Mark => ({ class: tone,
  content: (
    <>
      <span class="mark" aria-hidden="true">{sign}</span> <span class="tone">{word}</span> {text}
    </>
  ) });

function markOfOutcome(outcome: Outcome): Mark {
  const { code, a, b, c, text, name } = outcome;
  if (outcome.isUndone === true) {
    return mark("", "↶", t("已撤销", "undone"), name);
  }
  const answer = { code, a: BigInt(a), b: BigInt(b), c: BigInt(c), text };
  const points = formatPoints(BigInt(outcome.points || "0"));
  const balance = formatPoints(BigInt(outcome.balance));
  switch (resultClass(code)) {
    case "DONE":
      return mark("done", "✓", t("已记", "recorded"), t(
        `${name} 得 ${points} 分，现有 ${balance} 分`, `${name}: ${points} points, ${balance} in all`));
    case "WAITING":
      return mark("waiting", "⏸", t("等确认", "waits"), answerSentence(answer));
    default:
      return mark("refused", "✕", t("没有记上", "refused"), answerSentence(answer));
  }
}

function markOfVerdict(verdict: Verdict): Mark {
  const text = verdict.say();
  switch (verdict.kind) {
    case "checking":
      return mark("pending", "…", t("核对中", "checking"), text);
    case "good":
      return mark("done", "✓", t("可以", "good"), text);
    case "doubtful":
      return mark("waiting", "!", t("像是记过", "perhaps twice"), text);
    case "waiting":
      return mark("waiting", "⏸", t("要确认", "needs a second person"), text);
    case "choose":
      return mark("waiting", "?", t("请选", "choose"), text);
    case "bad":
      return mark("refused", "✕", t("不行", "no"), text);
  }
}

export function markOf(row: Row): Mark {
  if (row.outcome !== undefined) {
    return markOfOutcome(row.outcome);
  }
  if (row.sent !== undefined) {
    return mark("pending", "…", t("发送中", "sending"), online.value ? ""
      : t("等网络恢复", "waits for the network"));
  }
  const verdict = verdicts.value.get(row.id);
  return verdict === undefined ? { class: "", content: "" } : markOfVerdict(verdict);
}
