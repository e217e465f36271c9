/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A card that is lost or worn: blocked, replaced, or a new one given out.
 */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { MemberInfo } from "../../gen/lovebank/v1/queries_pb";
import { formatCard } from "../../lib/values";
import { t } from "../../lib/words";
import { Field, Form } from "../../ui/Field";
import { cardFault, cardTyped } from "./Register";
import { act, freshCard, may, nameText } from "./state";

async function issue(info: MemberInfo, card: bigint): Promise<void> {
  const { member } = info;
  const name = nameText(info);
  const given = (result: { assigned: bigint; assignedCard: bigint }) =>
    result.assignedCard || result.assigned || card;
  const result = info.card === 0n
    ? await act(() => t("发卡", "issue a card"), { case: "cardIssue", value: { member, card } },
      (done) => t(`已为 ${name} 发卡 ${formatCard(given(done))}。`,
        `Issued to ${name} card ${formatCard(given(done))}.`))
    : await act(() => t("换卡", "replace the card"),
      { case: "cardReplace", value: { card: info.card, newCard: card } },
      (done) => t(`卡 ${formatCard(info.card)} 已换为 ${formatCard(given(done))}，旧卡不能再用。`,
        `Card ${formatCard(info.card)} is replaced by ${formatCard(given(done))}; the old one ` +
        "is void."));
  if (result !== undefined) {
    freshCard.value = { member, card: given(result) };
  }
}

function block(info: MemberInfo): Promise<unknown> {
  return act(() => t("挂失", "block the card"), { case: "cardBlock", value: { card: info.card } },
    () => t(`卡 ${formatCard(info.card)} 已挂失，积分不受影响。`,
      `Card ${formatCard(info.card)} is blocked; the points are not affected.`));
}

export function CardPanel(props: {
  info: MemberInfo;
  card: string;
  onCard: (text: string) => void;
}): JSX.Element {
  const { info } = props;
  const [isBusy, setBusy] = useState(false);
  const card = cardTyped(props.card);
  const run = async (work: () => Promise<unknown>) => {
    setBusy(true);
    await work();
    props.onCard("");
    setBusy(false);
  };
  const hasCard = info.card !== 0n;
  return (
    <section class="panel" aria-label={t("积分卡", "card")}>
      <h2>{hasCard ? t(`卡 ${formatCard(info.card)}`, `Card ${formatCard(info.card)}`)
        : t("没有在用的卡", "No card in use")}</h2>
      {may.act() && (
        <Form onSubmit={() => {
          if (card !== null && !isBusy) {
            void run(() => issue(info, card));
          }
        }}>
          <Field label={t("新卡号", "New card")} value={props.card} onInput={props.onCard} autofocus
            inputMode="numeric" error={cardFault(props.card)}
            hint={t("有印好的卡就扫一下；空着自动发一个号",
              "scan a printed card; empty gives out the next number")} />
          <button type="submit" class="main" disabled={isBusy || card === null}>
            <kbd>Enter</kbd> {hasCard ? t("换成新卡（旧卡作废）", "Replace it (the old one is void)")
              : t("发新卡", "Issue a new card")}
          </button>
        </Form>
      )}
      {hasCard && may.block() && (
        <p>
          <button type="button" disabled={isBusy} onClick={() => void run(() => block(info))}>
            {t("挂失（先停用，以后再换）", "Block it (replace it later)")}
          </button>
        </p>
      )}
    </section>
  );
}
