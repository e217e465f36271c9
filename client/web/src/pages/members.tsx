/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Members: found by the one box, registered, and one member at /members/<number>.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { MemberInfo } from "../gen/lovebank/v1/queries_pb";
import { loadRegistry, orgName } from "../lib/registry";
import { go, route } from "../lib/route";
import { announce } from "../lib/said";
import { principal } from "../lib/session";
import { formatMember } from "../lib/values";
import { t } from "../lib/words";
import { Box, focusBox } from "../ui/Box";
import { Keys } from "../ui/Keys";
import { Notice, PersonLine } from "../ui/parts";
import { find, type Found } from "./members/find";
import { DoneHere, MemberPart, type Panel } from "./members/MemberPart";
import { statusText } from "./members/Overview";
import { isMeantAsIdNumber } from "./members/person_rules";
import { Register } from "./members/Register";
import { forgetAll, lines, may } from "./members/state";

function People(props: { people: readonly MemberInfo[]; more: boolean }): JSX.Element {
  return (
    <>
      <h2>{t(`找到 ${props.people.length} 个人`, `${props.people.length} persons found`)}</h2>
      <ol class="people">
        {props.people.map((info) => (
          <li key={String(info.member)}>
            <a href={`/members/${info.member}`}>
              <PersonLine info={info} />
              {info.card !== 0n && <span>{formatMember(info.member)}</span>}
              <span>{orgName(info.org)}</span> <small>{info.maskedPhone}</small>
              <small>{statusText(info.status)}</small>
            </a>
          </li>
        ))}
      </ol>
      {props.more && <p class="hint">{t("还有更多：请把姓名写全，或扫卡。",
        "There are more: write the whole name, or scan the card.")}</p>}
    </>
  );
}

/** No member is shown: one can be registered. */
function Start(props: {
  isRegistering: boolean;
  canPutAway: boolean;
  onRegister: () => void;
  onPutAway: () => void;
  card: string;
  onCard: (text: string) => void;
}): JSX.Element {
  const { isRegistering } = props;
  return (
    <>
      {may.act() && (
        <Keys keys={[
          { key: "F2", label: t("登记新人", "Register"), main: isRegistering,
            act: props.onRegister },
          { key: "Escape", label: t("收起", "Put away"), act: props.onPutAway,
            disabled: !props.canPutAway },
        ]} />
      )}
      <DoneHere />
      {isRegistering && <Register card={props.card} onCard={props.onCard} />}
    </>
  );
}

/** Finds and goes there, or shows what was found; false: what was typed stays in the box. Whoever
 * has gone elsewhere meanwhile stays there. */
async function lookUp(text: string, show: (found: Found) => void): Promise<boolean> {
  const from = route.value;
  const found = await find(text);
  if (route.value !== from) {
    return true;
  }
  show(found);
  switch (found.kind) {
    case "none":
      announce(found.why);
      return isMeantAsIdNumber(text); // an ID number stays nowhere
    case "one":
      go(`/members/${found.member}`);
      return true;
    case "several":
      announce(t(`找到 ${found.people.length} 个人，按 Tab 选`,
        `${found.people.length} persons found; choose by Tab`));
      return true;
  }
}

export default function MembersPage(): JSX.Element {
  const name = route.value.path.split("/")[2] ?? "";
  const member = /^\d{1,8}$/.test(name) ? BigInt(name) : 0n;
  const [error, setError] = useState<string>();
  const [people, setPeople] = useState<{ rows: readonly MemberInfo[]; more: boolean }>();
  const [isRegistering, setRegistering] = useState(false);
  const [panel, setPanel] = useState<Panel>("none");
  const [card, setCard] = useState("");
  useEffect(() => {
    loadRegistry().catch(() => undefined); // names stay numbers; what is asked next says why
  }, [principal.value]);
  useEffect(() => {
    setError(undefined);
    setPanel("none");
    setRegistering(false);
    setPeople(undefined);
    setCard("");
    if (name === "") {
      lines.value = [];
    }
  }, [name]);
  useEffect(() => forgetAll, [principal.value]);

  const enter = (text: string, isScan: boolean): Promise<boolean> => {
    if (isScan && (isRegistering || panel === "card")) {
      setCard(text); // a new card, for the one at hand
      return Promise.resolve(true);
    }
    return lookUp(text, (found) => {
      setPeople(found.kind === "several" ? { rows: found.people, more: found.more } : undefined);
      setError(found.kind === "none" && found.why !== "" ? found.why : undefined);
    });
  };
  const putAway = () => {
    setRegistering(false);
    setPeople(undefined);
    focusBox();
  };

  return (
    <div class="members">
      <h1>{t("志愿者", "Members")}</h1>
      <Box label={t("找人", "Find a person")} error={error}
        hint={t("扫卡，或输入卡号、编号、姓名、首字母、身份证号码",
          "scan a card, or type its number, the member's number, name, initials or ID number")}
        onEnter={enter} onInput={() => setError(undefined)} />
      {name === "" ? (
        <Start isRegistering={isRegistering} canPutAway={isRegistering || people !== undefined}
          onRegister={() => setRegistering(true)} onPutAway={putAway}
          card={card} onCard={setCard} />
      ) : member === 0n
        ? (
          <Notice tone="refused">
            {t(`“${name}”不是志愿者编号。`, `"${name}" is no member's number.`)}
          </Notice>
        )
        : <MemberPart key={name} member={member} panel={panel} onPanel={setPanel} card={card}
          onCard={setCard} />}
      {people !== undefined && <People people={people.rows} more={people.more} />}
    </div>
  );
}
