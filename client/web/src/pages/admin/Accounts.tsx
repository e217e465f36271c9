/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Operators and devices: the lists, opening one, and its secret, shown once.
 */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { PrincipalInfo } from "../../gen/lovebank/v1/queries_pb";
import { orgOptions } from "../../lib/org_tree";
import { catalogue, counterName, orgName, orgs } from "../../lib/registry";
import { Code } from "../../lib/result";
import { formatMember } from "../../lib/values";
import { t } from "../../lib/words";
import { Notice, type Column } from "../../ui/parts";
import { Account } from "./Account";
import { ActForm } from "./ActForm";
import { changes, type Asked } from "./doing";
import { makeCode, makeToken } from "./one_time";
import { accounts, loadAccounts, problem, rolesText, stateWord } from "./principals";
import type { Reader } from "./reading";
import { ListSection } from "./Section";

const loginForm = /^[a-z][a-z0-9._-]{1,31}$/;

const shared = (): Column<PrincipalInfo>[] => [
  { title: t("编号", "Number"), isAmount: true, cell: (row) => String(row.principal) },
  { title: t("名称", "Name"), cell: (row) => row.name },
  { title: t("状态", "State"), cell: (row) => stateWord(row.state) },
  { title: t("角色", "Roles"), cell: (row) => rolesText(row.roles) },
];
const operatorColumns = (): Column<PrincipalInfo>[] => [...shared(),
  { title: t("志愿者", "Member"),
    cell: (row) => (row.member === 0n ? "" : formatMember(row.member)) }];
const deviceColumns = (): Column<PrincipalInfo>[] => [...shared(),
  { title: t("组织", "Org"), cell: (row) => orgName(row.org) },
  { title: t("兑换点", "Counter"),
    cell: (row) => (row.counter === 0 ? "" : counterName(row.counter)) }];

async function readOperator(reader: Reader): Promise<Asked> {
  const login = reader.needed("login");
  if (login !== "" && !loginForm.test(login)) {
    reader.errors["login"] = t("小写字母开头，2 到 32 个小写字母、数字和 .-_",
      "2 to 32 of a-z, 0-9 and .-_, a letter first");
  }
  const { text, credential } = await makeCode();
  return {
    act: { case: "operatorOpen", value: { login, credential,
      member: reader.bigint("member", 1n, 99_999_999n, 0n) } },
    memo: reader.text("memo"),
    secret: { kind: "code", whose: login, text },
    done: ({ assigned }) => t(`已开设操作员 ${login}，${assigned} 号`,
      `opened operator ${login}, account ${assigned}`),
  };
}

function OperatorForm(props: { close: () => void }): JSX.Element {
  return (
    <ActForm title={t("开设操作员账户", "Open an operator's account")} submit={t("开设", "Open it")}
      start={{}} read={readOperator} onDone={props.close}
      fields={[
        { name: "login", label: t("登录名", "Log-in name"), codes: [Code.LOGIN_TAKEN],
          hint: t("小写字母开头", "a letter first") },
        { name: "memo", label: t("姓名、职务", "Name and post"),
          hint: t("可删除，不进账本", "erasable, not in the ledger") },
        { name: "member", label: t("本人的志愿者编号", "The person's own member number"),
          codes: [Code.MEMBER_UNKNOWN], hint: t("没有就不写", "if there is one") },
      ]} />
  );
}

async function readDevice(reader: Reader): Promise<Asked> {
  const name = reader.needed("name");
  const { text, hash } = await makeToken();
  return {
    act: { case: "deviceOpen", value: { name, org: BigInt(reader.text("org")),
      counter: Number(reader.text("counter")), tokenHash: hash } },
    secret: { kind: "token", whose: name, text },
    done: ({ assigned }) => t(`已登记设备 ${name}，${assigned} 号`,
      `opened device ${name}, account ${assigned}`),
  };
}

function DeviceForm(props: { close: () => void }): JSX.Element {
  const counters = (catalogue.value?.counters ?? []).map((row) => (
    { value: String(row.counter), text: row.name }));
  return (
    <ActForm title={t("登记设备", "Open a device")} submit={t("登记", "Open it")}
      start={{ org: String(orgs.value[0]?.org ?? 0n), counter: "0" }}
      read={readDevice} onDone={props.close}
      fields={[
        { name: "name", label: t("名称", "Name"),
          hint: t("如 春晖街道服务台", "like Chunhui desk") },
        { name: "org", label: t("放在哪个组织", "Where it stands"),
          codes: [Code.ORG_CLOSED, Code.OUT_OF_SCOPE],
          options: orgOptions(orgs.value.filter((org) => !org.closed)) },
        { name: "counter", label: t("给哪个兑换点用", "The counter it serves"),
          options: [{ value: "0", text: t("不是兑换点的设备", "none") }, ...counters] },
      ]} />
  );
}

export function Accounts(props: { isDevice: boolean }): JSX.Element {
  const { isDevice } = props;
  useEffect(() => void loadAccounts(), [changes.value]);
  return (
    <>
      {problem.value !== "" && <Notice tone="refused">{problem.value}</Notice>}
      <ListSection caption={isDevice ? t("设备", "Devices") : t("操作员", "Operators")}
        columns={isDevice ? deviceColumns() : operatorColumns()}
        rows={accounts.value.filter((row) => row.isDevice === isDevice)}
        keyOf={(row) => String(row.principal)}
        newLabel={isDevice ? t("登记设备", "Open a device")
          : t("开设操作员账户", "Open an operator")}
        form={(row, close) => (row !== undefined ? <Account account={row} />
          : isDevice ? <DeviceForm close={close} /> : <OperatorForm close={close} />)} />
    </>
  );
}
