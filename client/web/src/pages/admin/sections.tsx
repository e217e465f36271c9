/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The sections of the administration: whose they are (server/bank/src/roles.c decides), and what
 * comes into the ledger by them.
 */
import type { JSX } from "preact";
import { Role, who } from "../../lib/session";
import { t } from "../../lib/words";
import { Accounts } from "./Accounts";
import { Activities } from "./Activities";
import { Classes } from "./Classes";
import { Counters } from "./Counters";
import { Goods } from "./Goods";
import { Orgs } from "./Orgs";
import { Policy } from "./Policy";
import { Stars } from "./Stars";
import { Stock } from "./Stock";
import { Tariffs } from "./Tariffs";

export interface Section {
  name: string;
  title: string;
  /** Who is shown it. */
  for: readonly Role[];
  /** It holds for the whole book: who must have one of these roles there to set it. */
  whole?: readonly Role[];
  /** Its acts as Command has them. */
  acts: readonly string[];
  /** Others that change what it shows. */
  follows?: readonly string[];
  show: (may: boolean) => JSX.Element;
}

/** Has whoever works here one of these roles over all orgs? */
export function hasWholeRole(...wanted: readonly Role[]): boolean {
  return who.value?.isTrusted === true || (who.value?.operator?.roles ?? []).some(
    ({ role, org }) => org === 0n && wanted.includes(role));
}

const admin = [Role.ADMINISTRATOR];
const pricing = [Role.ADMINISTRATOR, Role.REVIEWER];
const accountActs = ["principalSet", "roleSet"];

export const sections = (): Section[] => [
  { name: "orgs", title: t("组织", "Orgs"), for: admin, acts: ["orgOpen", "orgUpdate"],
    show: () => <Orgs /> },
  { name: "classes", title: t("志愿者类别", "Classes"), for: admin, whole: admin,
    acts: ["classSet"], show: (may) => <Classes may={may} /> },
  { name: "tariffs", title: t("积分标准", "Tariffs"), for: pricing, whole: pricing,
    acts: ["tariffSet"], show: (may) => <Tariffs may={may} /> },
  { name: "stars", title: t("星级", "Stars"), for: admin, whole: admin, acts: ["starTableSet"],
    show: (may) => <Stars may={may} /> },
  { name: "activities", title: t("活动", "Activities"), for: admin, acts: ["activityOpen"],
    show: () => <Activities /> },
  { name: "goods", title: t("商品价目", "Goods"), for: pricing, whole: pricing, acts: ["itemSet"],
    show: (may) => <Goods may={may} /> },
  { name: "counters", title: t("兑换点", "Counters"), for: admin, acts: ["counterOpen"],
    show: () => <Counters /> },
  { name: "stock", title: t("库存", "Stock"), for: [Role.COUNTER, Role.ADMINISTRATOR],
    acts: ["stockReceive"], follows: ["redeem", "reverse"], show: () => <Stock /> },
  { name: "operators", title: t("操作员", "Operators"), for: admin,
    acts: ["operatorOpen", ...accountActs, "credentialSet"],
    show: () => <Accounts isDevice={false} /> },
  { name: "devices", title: t("设备", "Devices"), for: admin,
    acts: ["deviceOpen", ...accountActs], show: () => <Accounts isDevice /> },
  { name: "policy", title: t("双人规则", "Two persons"), for: admin, whole: admin,
    acts: ["policySet"], show: (may) => <Policy may={may} /> },
];
