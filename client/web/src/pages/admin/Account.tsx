/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * One operator or device: its roles, its lock, a new code, which member an operator is.
 */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { PrincipalState, Role } from "../../gen/lovebank/v1/commands_pb";
import type { PrincipalInfo } from "../../gen/lovebank/v1/queries_pb";
import { orgOptions } from "../../lib/org_tree";
import { orgs } from "../../lib/registry";
import { Code } from "../../lib/result";
import { t } from "../../lib/words";
import { Field } from "../../ui/Field";
import { ActForm } from "./ActForm";
import { doIt, useOnce, type Asked } from "./doing";
import { makeCode } from "./one_time";
import {
  allRoles, readMember, readRole, removeRole, roleText, roleWord, setState, stateWord,
} from "./principals";

function Roles(props: { account: PrincipalInfo }): JSX.Element {
  const { account } = props;
  const once = useOnce();
  return (
    <>
      <h3>{t("角色", "Roles")}</h3>
      {account.roles.length === 0 && (
        <p>{t("没有角色，什么都不能做。", "No roles: it may do nothing.")}</p>
      )}
      <ul class="roles">
        {account.roles.map((role) => (
          <li key={roleText(role)}>
            <span>{roleText(role)}</span>
            <button type="button"
              aria-label={t(`去掉 ${roleText(role)}`, `Take away ${roleText(role)}`)}
              onClick={() => void once(() => doIt(removeRole(account, role)))}>
              {t("去掉", "Take away")}
            </button>
          </li>
        ))}
      </ul>
      <ActForm title={t("增加角色", "Give a role")} submit={t("增加", "Give it")}
        start={{ role: String(Role.DESK), org: "0" }} read={(reader) => readRole(account, reader)}
        fields={[
          { name: "role", label: t("角色", "Role"),
            options: allRoles.map((role) => ({ value: String(role), text: roleWord(role) })) },
          { name: "org", label: t("在哪个组织，含其下级", "In which org, and all below it"),
            codes: [Code.ORG_CLOSED, Code.OUT_OF_SCOPE],
            options: [{ value: "0", text: t("全部", "all") }, ...orgOptions(orgs.value)] },
        ]} />
    </>
  );
}

async function anotherCode(account: PrincipalInfo, memo: string): Promise<Asked> {
  const { text, credential } = await makeCode();
  return {
    act: { case: "credentialSet", value: { principal: account.principal, credential } },
    memo,
    secret: { kind: "code", whose: account.name, text },
    done: () => t(`已给 ${account.name} 新的一次性口令，旧密码作废`,
      `${account.name} has a new one-time code; the old password is void`),
  };
}

function Locks(props: { account: PrincipalInfo }): JSX.Element {
  const { account } = props;
  const [reason, setReason] = useState("");
  const [error, setError] = useState<string>();
  const once = useOnce();
  const run = (asked: () => Asked | Promise<Asked>) => void once(async () => {
    setError(undefined);
    if ((await doIt(asked()))?.code === Code.OK) {
      setReason("");
    }
  });
  const set = (state: PrincipalState) => run(() => setState(account, state, reason.trim()));
  const close = () => { // nothing undoes it, so not by one key
    if (reason.trim() === "") {
      setError(t("停用后不能恢复，请先写事由", "it is for ever; give the reason first"));
    } else {
      set(PrincipalState.CLOSED);
    }
  };
  return (
    <>
      <h3>{t("账户", "Account")} <small>{stateWord(account.state)}</small></h3>
      <Field label={t("事由（可删除，不进账本）", "Reason (erasable, not in the ledger)")}
        value={reason} onInput={setReason} error={error} />
      <div class="row">
        {account.state === PrincipalState.ACTIVE
          ? <button type="button" onClick={() => set(PrincipalState.LOCKED)}>
            {t("锁定", "Lock")}</button>
          : <button type="button" onClick={() => set(PrincipalState.ACTIVE)}>
            {t("解除锁定", "Lift the lock")}</button>}
        {!account.isDevice && (
          <button type="button" onClick={() => run(() => anotherCode(account, reason.trim()))}>
            {t("另发一次性口令", "Another one-time code")}
          </button>)}
        <button type="button" onClick={close}>
          {t("停用，不能再恢复", "Close for ever")}
        </button>
      </div>
    </>
  );
}

function OwnMember(props: { account: PrincipalInfo }): JSX.Element {
  const { account } = props;
  return (
    <ActForm title={t("本人的志愿者编号", "The person's own member number")} isQuiet
      start={{ member: account.member === 0n ? "" : String(account.member) }}
      submit={t("登记", "Link it")} read={(reader) => readMember(account, reader)}
      fields={[{ name: "member", label: t("志愿者编号", "Member"), codes: [Code.MEMBER_UNKNOWN],
        hint: t("为自己记的账要由第二个人确认，所以要登记",
          "what operators enter for themselves needs a second person") }]} />
  );
}

export function Account(props: { account: PrincipalInfo }): JSX.Element {
  const { account } = props;
  const isClosed = account.state === PrincipalState.CLOSED;
  return (
    <section class="account" aria-label={account.name}>
      <h2>
        {account.name}
        {" "}<small>{t(`${account.principal} 号账户`, `account ${account.principal}`)}</small>
      </h2>
      {isClosed ? <p>{t("已停用，不能再恢复。", "Closed for ever.")}</p> : (
        <div class="columns">
          <div><Roles account={account} /></div>
          <div>
            <Locks account={account} />
            {!account.isDevice && <OwnMember account={account} />}
          </div>
        </div>
      )}
    </section>
  );
}
