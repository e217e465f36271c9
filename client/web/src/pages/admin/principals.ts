/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Operators and devices: asked for, and what their forms send. Roles are known to the server as
 * whole lists only: adding one is setting the list of now with it. `lovebank operator`, `device`,
 * `role`.
 */
import { effect, signal } from "@preact/signals";
import { PrincipalState, Role, type RoleInOrg } from "../../gen/lovebank/v1/commands_pb";
import type { PrincipalInfo } from "../../gen/lovebank/v1/queries_pb";
import { orgName } from "../../lib/registry";
import { access, toFailure } from "../../lib/rpc";
import { principal } from "../../lib/session";
import { formatMember } from "../../lib/values";
import { t, valueWord } from "../../lib/words";
import type { Asked } from "./doing";
import type { Reader } from "./reading";

export const accounts = signal<readonly PrincipalInfo[]>([]);
export const problem = signal("");
export const rolesMax = 16; // LB_PRINCIPAL_ROLES_MAX
const pageRows = 500;
let asked = 0; // answers to earlier questions are not wanted any more

effect(() => {
  void principal.value;
  accounts.value = [];
});

export async function loadAccounts(): Promise<void> {
  const mine = ++asked;
  try {
    const found: PrincipalInfo[] = [];
    let after = 0;
    do {
      const page = await access.principalList({ after, limit: pageRows });
      found.push(...page.principals);
      after = page.next;
    } while (after !== 0);
    if (mine === asked) {
      accounts.value = found;
      problem.value = "";
    }
  } catch (thrown) {
    problem.value = toFailure(thrown).sentence;
  }
}

/** As it is now: another administrator may have changed it. Throws a Failure. */
async function rolesNow(account: PrincipalInfo): Promise<readonly RoleInOrg[]> {
  const { principals } = await access.principalList({ after: account.principal - 1, limit: 1 });
  const found = principals.find((row) => row.principal === account.principal);
  return found?.roles ?? account.roles;
}

export const allRoles = [Role.VIEWER, Role.DESK, Role.COUNTER, Role.REVIEWER, Role.AUDITOR,
  Role.ADMINISTRATOR, Role.DISTRICT];
export const roleWord = (role: Role) => valueWord(`ROLE_${Role[role]}`);
export const stateWord = (state: PrincipalState) =>
  valueWord(`PRINCIPAL_STATE_${PrincipalState[state]}`);

/** "记录员@春晖社区". */
export function roleText({ role, org }: Pick<RoleInOrg, "role" | "org">): string {
  return `${roleWord(role)}@${org === 0n ? t("全部", "all") : orgName(org)}`;
}

export function rolesText(roles: readonly RoleInOrg[]): string {
  return roles.length === 0 ? t("无", "none") : roles.map(roleText).join(t("、", ", "));
}

const isSame = (a: Pick<RoleInOrg, "role" | "org">, b: Pick<RoleInOrg, "role" | "org">) =>
  a.role === b.role && a.org === b.org;

export function setState(account: PrincipalInfo, state: PrincipalState, memo: string): Asked {
  return { act: { case: "principalSet", value: { principal: account.principal, state } }, memo,
    done: () => `${account.name}${t("：", ": ")}${stateWord(state)}` };
}

function setRoles(
  account: PrincipalInfo, roles: readonly Pick<RoleInOrg, "role" | "org">[],
): Asked {
  const list = roles.map(({ role, org }) => ({ role, org }));
  const text = list.length === 0 ? t("无", "none") : list.map(roleText).join(t("、", ", "));
  return { act: { case: "roleSet", value: { principal: account.principal, roles: list } },
    done: () => t(`${account.name} 的角色：${text}`, `roles of ${account.name}: ${text}`) };
}

/** Throws a Failure. */
export async function removeRole(account: PrincipalInfo, role: RoleInOrg): Promise<Asked> {
  const roles = await rolesNow(account);
  return setRoles(account, roles.filter((held) => !isSame(held, role)));
}

/** Throws a Failure. */
export async function readRole(account: PrincipalInfo, reader: Reader): Promise<Asked> {
  const role = { role: Number(reader.text("role")) as Role, org: BigInt(reader.text("org")) };
  const roles = await rolesNow(account);
  if (roles.some((held) => isSame(held, role))) {
    reader.errors["role"] = t("已经有这个角色", "it has that role already");
  } else if (roles.length >= rolesMax) {
    reader.errors["role"] = t(`一个账户最多 ${rolesMax} 个角色。请用上级组织的角色代替`,
      `an account has at most ${rolesMax} roles; use one of an org further up`);
  }
  return setRoles(account, [...roles, role]);
}

export function readMember(account: PrincipalInfo, reader: Reader): Asked {
  const member = reader.bigint("member", 1n, 99_999_999n);
  return { act: { case: "principalSet", value: { principal: account.principal, member } },
    done: () => t(`${account.name} 本人是志愿者 ${formatMember(member)}`,
      `${account.name} is member ${formatMember(member)}`) };
}
