/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Whom the box speaks of: the one who was found, or those of the same name to choose from.
 */
import type { JSX } from "preact";
import type { MemberInfo } from "../../gen/lovebank/v1/queries_pb";
import { orgName } from "../../lib/registry";
import { t, valueWord } from "../../lib/words";
import { MemberStatus } from "../../gen/lovebank/v1/commands_pb";
import { focusBox } from "../../ui/Box";
import { PersonLine, Points } from "../../ui/parts";
import {
  candidatesShown, pageOf, personOf, personText, turnedTo, type Person, type TurnKey,
} from "./person";
import { chosen, choosePerson, step } from "./steps";

function Turning(props: { first: number; count: number; onTurn: (first: number) => void }):
  JSX.Element {
  const { first, count } = props;
  const turn = (key: TurnKey, label: string) => {
    const to = turnedTo(first, count, key);
    return (
      <button type="button" disabled={to === first} aria-keyshortcuts={key}
        onClick={() => props.onTurn(to)}>
        <kbd>{key === "PageDown" ? "PgDn" : "PgUp"}</kbd> {label}
      </button>
    );
  };
  const last = Math.min(first + candidatesShown, count);
  return (
    <div class="keys turning">
      {turn("PageUp", t("前面的", "Before"))} {turn("PageDown", t("后面的", "Next"))}
      {" "}<span>{t(`第 ${first + 1}–${last} 人，共 ${count} 人`,
        `${first + 1} to ${last} of ${count}`)}</span>
    </div>
  );
}

/** Number, name, card's last digits, org, phone: enough to tell namesakes apart. As many as there
 * are digits, from the `first` on. */
export function Candidates(props: {
  people: readonly MemberInfo[];
  more: boolean;
  first: number;
  chosen: number;
  onChoose: (info: MemberInfo) => void;
  onTurn: (first: number) => void;
}): JSX.Element {
  const { people, first } = props;
  return (
    <>
      <ol class="candidates" aria-label={t("找到的人", "persons found")}>
        {people.slice(first, first + candidatesShown).map((info, i) => (
          <li key={String(info.member)}>
            <button type="button" class={first + i === props.chosen ? "here" : ""}
              aria-current={first + i === props.chosen ? "true" : undefined}
              onClick={() => props.onChoose(info)}>
              <kbd>{i + 1}</kbd> <PersonLine info={info} />
              <small>{orgName(info.org)}</small> <small>{info.maskedPhone}</small>
              {info.status !== MemberStatus.ACTIVE && (
                <b>{valueWord(`MEMBER_STATUS_${MemberStatus[info.status]}`)}</b>
              )}
            </button>
          </li>
        ))}
      </ol>
      {people.length > candidatesShown && (
        <Turning first={first} count={people.length} onTurn={props.onTurn} />
      )}
      {props.more && (
        <p class="hint">{t("还有更多：请把姓名写全，或扫卡。",
          "There are more: write the whole name, or scan the card.")}</p>
      )}
    </>
  );
}

function Chosen(props: { person: Person }): JSX.Element {
  const { info } = props.person;
  return (
    <p class="chosen">
      {info === undefined
        ? (
          <b>
            {personText(props.person)}{" "}
            <small>{t("（断网，姓名未查）", "(offline, name not looked up)")}</small>
          </b>
        )
        : <><PersonLine info={info} /> <span>{orgName(info.org)}</span></>}
      {info?.balances !== undefined && (
        <span>{t("现有 ", "has ")}<Points centi={info.balances.pointsCenti} /></span>
      )}
      {info !== undefined && info.status !== MemberStatus.ACTIVE && (
        <b>{valueWord(`MEMBER_STATUS_${MemberStatus[info.status]}`)}</b>
      )}
    </p>
  );
}

export function PersonPart(): JSX.Element | null {
  const now = step.value;
  switch (now.kind) {
    case "person":
      return null;
    case "choose":
      return <Candidates people={now.people} more={now.more} chosen={chosen.value}
        first={pageOf(chosen.value)} onTurn={(first) => {
          chosen.value = first;
          focusBox();
        }}
        onChoose={(info) => choosePerson(personOf(info))} />;
    case "what":
      return <Chosen person={now.person} />;
  }
}
