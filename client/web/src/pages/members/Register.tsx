/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Registering a member: name and org, all else is folded away. A card is given out at once. Who
 * has the same name in the org is shown first.
 */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { MemberInfo } from "../../gen/lovebank/v1/queries_pb";
import { formatResult, Code } from "../../lib/result";
import { orgName, orgs } from "../../lib/registry";
import { go } from "../../lib/route";
import { toFailure } from "../../lib/rpc";
import { announce } from "../../lib/said";
import { today, who } from "../../lib/session";
import { cardIsValid, fold, formatCard, formatMember } from "../../lib/values";
import { t } from "../../lib/words";
import { Field, Form } from "../../ui/Field";
import { Notice, PersonLine } from "../../ui/parts";
import { ChoiceField, orgChoices } from "../ledger/ChoiceField";
import { ClassBoxes } from "./ClassBoxes";
import { namesakes } from "./find";
import { PersonFields } from "./PersonFields";
import { emptyDraft, faultsOf, personOf, type PersonDraft } from "./person_rules";
import { act, freshCard, keepLinesFor } from "./state";

/** 0n: the next free one; null: its check digit is wrong. */
export function cardTyped(text: string): bigint | null {
  const clean = fold(text).replace(/[\s-]/g, "");
  if (clean === "") {
    return 0n;
  }
  return /^\d{10}$/.test(clean) && cardIsValid(BigInt(clean)) ? BigInt(clean) : null;
}

export const cardFault = (text: string): string | undefined => (cardTyped(text) !== null ? undefined
  : /^\d{10}$/.test(fold(text)) ? formatResult(Code.CARD_CHECK_DIGIT, BigInt(fold(text)))
    : t("卡号有 10 位数字", "a card number has 10 digits"));

/** Where this desk stands; else the org of the operator's role, if it is not the whole book. */
function orgHere(): string {
  const org = who.value?.device?.org ?? who.value?.operator?.roles[0]?.org ?? 0n;
  return org !== 0n && orgs.value.some((row) => row.org === org) ? String(org) : "";
}

/** The last one chosen, for the next person. */
let lastOrg = "";

async function giveCard(member: bigint, masked: string): Promise<void> {
  const result = await act(() => t(`为 ${masked} 发卡`, `issue a card to ${masked}`),
    { case: "cardIssue", value: { member } },
    (done) => t(`已为 ${masked} 发卡 ${formatCard(done.assigned || done.assignedCard)}。`,
      `Issued to ${masked} card ${formatCard(done.assigned || done.assignedCard)}.`));
  if (result !== undefined) {
    freshCard.value = { member, card: result.assignedCard || result.assigned };
  }
}

interface Wanted {
  draft: PersonDraft;
  org: bigint;
  card: bigint;
  classIds: readonly number[];
}

/** The new member; undefined: the lines say why not. */
async function register(wanted: Wanted): Promise<bigint | undefined> {
  const { org, card } = wanted;
  const result = await act(() => t("登记", "register"), { case: "memberRegister", value: {
    org, card, classIds: [...wanted.classIds], person: personOf(wanted.draft, today()) } },
  (done) => t(`已登记志愿者 ${formatMember(done.assigned)}，${orgName(org)}。`,
    `Registered member ${formatMember(done.assigned)} in ${orgName(org)}.`));
  if (result === undefined) {
    return undefined;
  }
  const member = result.assigned;
  keepLinesFor(member);
  if (card !== 0n) {
    freshCard.value = { member, card };
  } else {
    await giveCard(member, formatMember(member));
  }
  return member;
}

function Namesakes(props: { people: readonly MemberInfo[] }): JSX.Element {
  return (
    <div class="namesakes" role="alert">
      <p><b>{t("这个组织里已有同名的人。若是同一个人，不要再登记；不是，请再按一次“登记”。",
        "Somebody in this org has that name. If it is the same person, do not register again; if " +
        "not, press Register once more.")}</b></p>
      <ul>
        {props.people.map((info) => (
          <li key={String(info.member)}>
            <a href={`/members/${info.member}`}>
              <PersonLine info={info} /> {formatMember(info.member)} {info.maskedPhone}{" "}
              {orgName(info.org)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** `card`: one that was scanned while the form stood open. */
export function Register(props: { card: string; onCard: (text: string) => void }): JSX.Element {
  const [draft, setDraft] = useState<PersonDraft>(emptyDraft);
  const [org, setOrg] = useState(lastOrg || orgHere());
  const [classIds, setClassIds] = useState<number[]>([]);
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const [same, setSame] = useState<{ of: string; people: readonly MemberInfo[] }>();
  const faults = faultsOf(draft, today());
  const card = cardTyped(props.card);

  const submit = async () => {
    setTried(true);
    if (Object.keys(faults).length > 0 || org === "" || card === null || isBusy) {
      announce(t("还有没填对的，见各栏", "something is not right yet; see the fields"));
      return;
    }
    setBusy(true);
    setProblem("");
    try {
      const key = `${fold(draft.name)}/${org}`;
      const people = same?.of === key ? [] : await namesakes(fold(draft.name), BigInt(org));
      if (people.length > 0) {
        setSame({ of: key, people });
        return;
      }
      lastOrg = org;
      const member = await register({ draft, org: BigInt(org), card, classIds });
      if (member !== undefined) {
        go(`/members/${member}`);
      }
    } catch (thrown) {
      setProblem(toFailure(thrown).sentence);
    } finally {
      setBusy(false);
    }
  };

  return (
    <section class="panel" aria-label={t("登记志愿者", "register a member")}>
      <h2>{t("登记志愿者", "Register a member")}</h2>
      <Form onSubmit={() => void submit()}>
        <div class="fields">
          <Field label={t("姓名", "Name")} value={draft.name} autofocus
            hint={t("加密保存，不进账本", "kept encrypted, not in the ledger")}
            error={isTried ? faults.name : undefined}
            onInput={(name) => setDraft({ ...draft, name })} />
          <ChoiceField label={t("组织", "Org")} choices={orgChoices()} value={org} onChoose={setOrg}
            hint={t("名称、首字母或编号", "name, initials or number")}
            error={isTried && org === "" ? t("请选组织", "choose the org") : undefined} />
        </div>
        <details open={isTried && (faults.phone ?? faults.idNumber ?? faults.birth) !== undefined}>
          <summary>{t("其他（都可以不填）", "More (all optional)")}</summary>
          <PersonFields draft={draft} faults={faults} isTried={isTried}
            onChange={(change) => setDraft((before) => ({ ...before, ...change }))} />
          <ClassBoxes chosen={classIds} onChange={setClassIds} />
        </details>
        <Field label={t("卡号", "Card")} value={props.card} onInput={props.onCard} inputMode="numeric"
          hint={t("有印好的卡就扫一下；空着自动发一个号",
            "scan a printed card; empty gives out the next number")}
          error={cardFault(props.card)} />
        {same?.of === `${fold(draft.name)}/${org}` && <Namesakes people={same.people} />}
        {problem !== "" && <Notice tone="refused">{problem}</Notice>}
        <button type="submit" class="main" disabled={isBusy}>
          <kbd>Enter</kbd> {t("登记并发卡", "Register and issue a card")}
        </button>
      </Form>
    </section>
  );
}
