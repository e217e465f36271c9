/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A card that was given out just now: its number large, to be copied onto a card, and on paper.
 */
import type { JSX } from "preact";
import type { MemberInfo } from "../../gen/lovebank/v1/queries_pb";
import { printPaper } from "../../lib/print";
import { orgName } from "../../lib/registry";
import { today } from "../../lib/session";
import { formatCard, formatDay, formatMember } from "../../lib/values";
import { t } from "../../lib/words";
import { freshCard, nameText } from "./state";

/** "0000 0000 19": read out and copied in groups. */
export function groupedCard(card: bigint): string {
  return formatCard(card).replace(/^(.{4})(.{4})/, "$1 $2 ");
}

export function CardSlip(props: { info: MemberInfo }): JSX.Element | null {
  const { info } = props;
  const fresh = freshCard.value;
  if (fresh?.member !== info.member || fresh.card !== info.card) {
    return null;
  }
  return (
    <section class="card-slip" aria-label={t("新卡", "the new card")}>
      <div class="paper">
        <p>{t("积分卡", "Points card")} · {nameText(info)} · {orgName(info.org)}</p>
        <p class="card-number">{groupedCard(info.card)}</p>
        <p><small>{t(`志愿者编号 ${formatMember(info.member)}，${formatDay(today())} 发`,
          `member ${formatMember(info.member)}, issued ${formatDay(today())}`)}</small></p>
      </div>
      <div class="keys">
        <button type="button" onClick={() => void printPaper("receipt80", t("积分卡", "Points card"))}>
          {t("打印卡号", "Print the number")}
        </button>
        <button type="button" onClick={() => (freshCard.value = undefined)}>
          {t("收起", "Put away")}
        </button>
      </div>
    </section>
  );
}
