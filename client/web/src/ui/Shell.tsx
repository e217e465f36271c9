/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What surrounds every page: who works where, language, elder mode, navigation by role, the
 * banner of what waits, and the line that screen readers read out.
 */
import type { ComponentChildren, JSX } from "preact";
import { announced } from "../lib/said";
import { elder, lang, setElder, setLang } from "../lib/prefs";
import { go, route } from "../lib/route";
import { orgName } from "../lib/registry";
import { hasRole, isIn, logOut, who } from "../lib/session";
import { t } from "../lib/words";
import { pageAt, pages, type Page } from "../pages";
import { Banner } from "./Banner";

/** May it be shown to whoever works here now? */
export function maySee(page: Page): boolean {
  if (page.for === "everybody") {
    return true;
  }
  return isIn.value && (page.for === "staff" || hasRole(...page.for));
}

export function titleOf(page: Page): string {
  return t(page.zh, page.en);
}

function Navigation(): JSX.Element {
  const here = pageAt(route.value.path)?.path;
  return (
    <nav aria-label={t("页面", "pages")}>
      {pages.filter((page) => page.isHidden !== true && maySee(page)).map((page) => (
        <a key={page.path} href={page.path} aria-current={page.path === here ? "page" : undefined}>
          {titleOf(page)}
        </a>
      ))}
    </nav>
  );
}

function Someone(): JSX.Element {
  const operator = who.value?.operator;
  const org = who.value?.device?.org ?? operator?.roles[0]?.org;
  return (
    <span class="someone">
      {org !== undefined && <span>{orgName(org)}</span>}
      {operator !== undefined && <b>{operator.name}</b>}
    </span>
  );
}

function InOrOut(): JSX.Element | null {
  if (who.value?.isTrusted === true) {
    return null;
  }
  if (who.value?.operator === undefined || who.value.operator.isDevice) {
    return <a class="button" href="/login">{t("登录", "Log in")}</a>;
  }
  const leave = async () => {
    await logOut();
    go("/login");
  };
  return <button type="button" onClick={() => void leave()}>{t("退出", "Log out")}</button>;
}

export function Shell(props: { children: ComponentChildren }): JSX.Element {
  const other = lang.value === "zh" ? "en" : "zh";
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => {
        event.preventDefault();
        document.getElementById("main")?.focus();
      }}>
        {t("跳到内容", "skip to the content")}
      </a>
      <header>
        <a class="brand" href="/">{t("爱心银行", "LoveBank")}</a>
        <Navigation />
        <div class="tools">
          <Someone />
          <button type="button" aria-pressed={elder.value} onClick={() => setElder(!elder.value)}>
            {t("大字", "Large")}
          </button>
          <button type="button" lang={other === "zh" ? "zh-CN" : "en"}
            onClick={() => setLang(other)}>
            {other === "zh" ? "中文" : "English"}
          </button>
          <InOrOut />
        </div>
      </header>
      <Banner />
      <main id="main" tabIndex={-1}>{props.children}</main>
      <p class="unseen" role="status" aria-live="polite">{announced.value}</p>
    </>
  );
}
