/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The pages: path, title, whose they are, and what to load. A page is one file of src/pages with a
 * default export; a row here makes it one.
 */
import type { ComponentType } from "preact";
import { Role } from "./gen/lovebank/v1/commands_pb";

export interface Page {
  path: string;
  zh: string;
  en: string;
  /** Who sees it: holders of one of these roles; "everybody": without a log-in too; "staff":
   * whoever has logged in. The server decides what may be done. */
  for: readonly Role[] | "everybody" | "staff";
  /** Without header and navigation: a window of its own. */
  isBare?: boolean;
  /** Not in the navigation. */
  isHidden?: boolean;
  /** Its addresses go on behind the path: /members/10010001. */
  hasBelow?: boolean;
  load: () => Promise<{ default: ComponentType }>;
}

export const pages: readonly Page[] = [
  { path: "/desk", zh: "记录", en: "Desk", for: [Role.DESK], load: () => import("./pages/desk") },
  { path: "/sheet", zh: "签到表", en: "Sheet", for: [Role.DESK],
    load: () => import("./pages/sheet") },
  { path: "/counter", zh: "兑换", en: "Counter", for: [Role.COUNTER],
    load: () => import("./pages/counter") },
  { path: "/mirror", zh: "顾客屏", en: "Second window", for: "everybody", isBare: true,
    isHidden: true, load: () => import("./pages/mirror") },
  { path: "/review", zh: "审核", en: "Review",
    for: [Role.REVIEWER, Role.DESK, Role.COUNTER, Role.ADMINISTRATOR],
    load: () => import("./pages/review") },
  { path: "/members", zh: "志愿者", en: "Members", hasBelow: true,
    for: [Role.DESK, Role.COUNTER, Role.VIEWER, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR,
      Role.DISTRICT],
    load: () => import("./pages/members") },
  { path: "/ledger", zh: "账本", en: "Ledger", hasBelow: true,
    for: [Role.DESK, Role.COUNTER, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR, Role.DISTRICT],
    load: () => import("./pages/ledger") },
  { path: "/admin", zh: "管理", en: "Administration", hasBelow: true,
    for: [Role.ADMINISTRATOR, Role.REVIEWER, Role.COUNTER], load: () => import("./pages/admin") },
  { path: "/charts", zh: "图表", en: "Charts",
    for: [Role.VIEWER, Role.DESK, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR, Role.DISTRICT],
    load: () => import("./pages/charts") },
  { path: "/board", zh: "明星榜", en: "Star board", for: "everybody",
    load: () => import("./pages/board") },
  { path: "/status", zh: "状态", en: "Status", for: "everybody",
    load: () => import("./pages/status") },
  { path: "/login", zh: "登录", en: "Log in", for: "everybody", isHidden: true,
    load: () => import("./pages/login") },
];

/** The page of an address. */
export function pageAt(path: string): Page | undefined {
  return pages.find((page) => page.path === path ||
    (page.hasBelow === true && path.startsWith(`${page.path}/`)));
}
