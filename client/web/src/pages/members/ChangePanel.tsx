/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What changes a member but the person: org, classes, consents, blocked or not; closing.
 */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { MemberStatus } from "../../gen/lovebank/v1/commands_pb";
import type { MemberInfo } from "../../gen/lovebank/v1/queries_pb";
import { orgName } from "../../lib/registry";
import { formatPoints } from "../../lib/values";
import { t } from "../../lib/words";
import { Field, Form } from "../../ui/Field";
import { ChoiceField, orgChoices } from "../ledger/ChoiceField";
import { ClassBoxes } from "./ClassBoxes";
import { act, nameText } from "./state";

function OrgAndClasses(props: { info: MemberInfo }): JSX.Element {
  const { info } = props;
  const [org, setOrg] = useState(String(info.org));
  const [classIds, setClassIds] = useState<number[]>(info.classIds);
  const add = classIds.filter((id) => !info.classIds.includes(id));
  const remove = info.classIds.filter((id) => !classIds.includes(id));
  const newOrg = org !== "" && BigInt(org) !== info.org ? BigInt(org) : 0n;
  const isSame = newOrg === 0n && add.length === 0 && remove.length === 0;
  const submit = () => act(() => t("变更组织、类别", "change org or classes"), {
    case: "memberUpdate",
    value: { member: info.member, org: newOrg, classIdsAdd: add, classIdsRemove: remove },
  }, () => t(`已变更 ${nameText(info)}${newOrg === 0n ? "的类别" : `，现属 ${orgName(newOrg)}`}。`,
    `Changed ${nameText(info)}${newOrg === 0n ? "'s classes" : `, now in ${orgName(newOrg)}`}.`));
  return (
    <Form onSubmit={() => void (isSame || submit())}>
      <ChoiceField label={t("组织（从今天起）", "Org (from today)")} choices={orgChoices()} value={org}
        onChoose={setOrg} />
      <ClassBoxes chosen={classIds} onChange={setClassIds} />
      <button type="submit" class="main" disabled={isSame}>
        {t("保存组织、类别", "Save org and classes")}
      </button>
    </Form>
  );
}

function Consents(props: { info: MemberInfo }): JSX.Element {
  const { info } = props;
  const [publishName, setPublishName] = useState(info.publishName);
  const [contact, setContact] = useState(info.contact);
  const isSame = publishName === info.publishName && contact === info.contact;
  const box = (text: string, checked: boolean, onInput: (yes: boolean) => void) => (
    <label class="check">
      <input type="checkbox" checked={checked}
        onInput={(event) => onInput(event.currentTarget.checked)} />
      {text}
    </label>
  );
  return (
    <Form onSubmit={() => void (isSame || act(() => t("登记同意事项", "record consents"),
      { case: "consentSet", value: { member: info.member, publishName, contact } },
      () => t("同意事项已登记。", "The consents are recorded.")))}>
      <fieldset class="checks">
        <legend>{t("本人同意", "The member agrees")}</legend>
        {box(t("在公开名单上署名（打码）", "that the masked name stands on public lists"),
          publishName, setPublishName)}
        {box(t("为活动联系本人", "to be contacted about activities"), contact, setContact)}
      </fieldset>
      <button type="submit" class="main" disabled={isSame}>
        {t("登记同意事项", "Record the consents")}
      </button>
    </Form>
  );
}

function Blocking(props: { info: MemberInfo; reason: string }): JSX.Element {
  const { info, reason } = props;
  const isBlocked = info.status === MemberStatus.BLOCKED;
  const change = () => act(() => (isBlocked ? t("恢复", "lift the block") : t("停用", "block")), {
    case: "memberUpdate", value: { member: info.member,
      status: isBlocked ? MemberStatus.ACTIVE : MemberStatus.BLOCKED },
  }, () => (isBlocked ? t(`${nameText(info)} 已恢复。`, `The block of ${nameText(info)} is lifted.`)
    : t(`${nameText(info)} 已停用，不能记时、兑换，可以恢复。`,
      `${nameText(info)} is blocked: no records, no redeeming, until it is lifted.`)),
  { memo: reason });
  return (
    <button type="button" onClick={() => void change()}>
      {isBlocked ? t("恢复", "Lift the block") : t("停用（可恢复）", "Block (can be lifted)")}
    </button>
  );
}

/** Two steps: what it means first. */
function Closing(props: { info: MemberInfo; reason: string }): JSX.Element {
  const { info, reason } = props;
  const [isSure, setSure] = useState(false);
  const left = (info.balances?.pointsCenti ?? 0n) + (info.balances?.heldCenti ?? 0n);
  const close = () => act(() => t("注销", "close the member"),
    { case: "memberClose", value: { member: info.member } },
    () => t(`${nameText(info)} 已注销。`, `${nameText(info)} is closed.`), { memo: reason });
  if (left !== 0n) {
    return <p>{t(`还有 ${formatPoints(left)} 分，用完后才能注销。`,
      `There are ${formatPoints(left)} points; a member is closed only when they are used ` +
      "up.")}</p>;
  }
  return isSure ? (
    <p class="sure" role="alert">
      {t("注销后不能再记时、兑换、发卡，不能恢复；账和时长都留着。",
        "A closed member can have no records, goods or cards, and cannot be opened again; " +
        "entries and hours stay. ")}
      <button type="button" class="main" onClick={() => void close()}>
        {t("确定注销", "Close for good")}
      </button>
      {" "}<button type="button" onClick={() => setSure(false)}>{t("不注销", "Leave it open")}</button>
    </p>
  ) : <button type="button" onClick={() => setSure(true)}>{t("注销……", "Close …")}</button>;
}

export function ChangePanel(props: { info: MemberInfo }): JSX.Element {
  const { info } = props;
  const [reason, setReason] = useState("");
  return (
    <section class="panel" aria-label={t("变更", "changes")}>
      <h2>{t("变更", "Changes")}</h2>
      <div class="columns">
        <OrgAndClasses key={`${info.org}/${info.classIds.join()}`} info={info} />
        <Consents key={`${info.publishName}/${info.contact}`} info={info} />
      </div>
      <details>
        <summary>{t("停用、注销", "Block or close")}</summary>
        <Field label={t("事由", "Reason")} value={reason} onInput={setReason}
          hint={t("可不写；加密保存，可删除", "optional; kept encrypted, erasable")} />
        <div class="keys"><Blocking info={info} reason={reason} /></div>
        <Closing info={info} reason={reason} />
      </details>
    </section>
  );
}
