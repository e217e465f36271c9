/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The start: asks who is there, shows the page of the address, and keeps the document's language
 * and size of letters. Pages are loaded when they are first shown.
 */
import { effect } from "@preact/signals";
import { render, type ComponentType, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { elder, lang } from "./lib/prefs";
import { forgetRegistry, loadRegistry } from "./lib/registry";
import { recallRegistry, recallSession, startRemembering } from "./lib/remembered";
import { go, route, safePath, startRouting } from "./lib/route";
import { online, toFailure } from "./lib/rpc";
import { startSending } from "./lib/send";
import { isIn, loadSession, principal, who } from "./lib/session";
import { t } from "./lib/words";
import { pageAt, pages, type Page } from "./pages";
import { Notice } from "./ui/parts";
import { maySee, Shell, titleOf } from "./ui/Shell";
import "./ui/styles.css";
import "./pages/counter/counter.css";
import "./pages/desk/desk.css";
import "./pages/ledger/ledger.css";
import "./pages/members/members.css";
import "./pages/sheet/sheet.css";

const loaded = new Map<string, ComponentType>();
const againMsFirst = 2000;
const againMsMost = 30_000;

/** A page whose file could not be fetched is fetched again: later each time and not by all at once,
 * when the server answers again, when somebody comes to it again, and by the button. */
function Loaded(props: { page: Page }): JSX.Element | null {
  const { page } = props;
  const [isThere, setThere] = useState(loaded.has(page.path));
  const [failures, setFailures] = useState(0);
  const load = () => void page.load().then((module) => {
    loaded.set(page.path, module.default);
    setThere(true);
  }, () => setFailures((count) => count + 1));
  useEffect(() => {
    if (!isThere) {
      load();
    }
  }, [isThere, route.value, online.value]);
  useEffect(() => {
    if (isThere || failures === 0) {
      return undefined;
    }
    const ms = Math.min(againMsFirst * 2 ** (failures - 1), againMsMost);
    const timer = setTimeout(load, ms * (0.5 + Math.random()));
    return () => clearTimeout(timer);
  }, [isThere, failures]);
  const Content = loaded.get(page.path);
  if (Content !== undefined) {
    return <Content />;
  }
  return failures === 0 ? null : (
    <Notice tone="pending">
      {t("这一页没有取到，过一会儿自动再取。一直取不到时，请检查网络，再重新打开网页。",
        "This page could not be fetched; it is fetched again shortly. If it does not come, check " +
        "the network and open the pages anew.")}
      {" "}<button type="button" onClick={load}>{t("再试", "Try again")}</button>
    </Notice>
  );
}

/** The first page that is this person's. */
function home(): string {
  const first = pages.find((page) => page.isHidden !== true && page.for !== "everybody" &&
    maySee(page));
  return first?.path ?? (isIn.value ? "/status" : "/login");
}

function Page(): JSX.Element | null {
  const { path } = route.value;
  const page = pageAt(path);
  const isKnown = who.value !== undefined;
  const mustLogIn = isKnown && page !== undefined && !isIn.value && !maySee(page);
  useEffect(() => {
    if (isKnown && path === "/") {
      go(home(), true);
    } else if (mustLogIn) {
      const back = location.pathname + location.search;
      go(`/login?back=${encodeURIComponent(safePath(back))}`, true);
    }
  }, [isKnown, path, mustLogIn]);
  if (page === undefined) {
    return path === "/" ? null : (
      <Notice tone="refused">
        {t(`没有 ${path} 这一页。请从上面的页面里选。`,
          `There is no page ${path}. Choose one of those above.`)}
      </Notice>
    );
  }
  if (mustLogIn || (!isKnown && page.for !== "everybody")) {
    return null;
  }
  if (!maySee(page)) {
    return (
      <Notice tone="refused">
        {t(`“${page.zh}”不在您的角色之内。请找管理员。`,
          `"${page.en}" is not for your roles. Ask an administrator.`)}
      </Notice>
    );
  }
  return <Loaded key={page.path} page={page} />;
}

function App(): JSX.Element {
  const page = pageAt(route.value.path);
  return page?.isBare === true ? <main id="main"><Page /></main> : <Shell><Page /></Shell>;
}

effect(() => {
  document.documentElement.lang = lang.value === "zh" ? "zh-CN" : "en";
  document.documentElement.classList.toggle("elder", elder.value);
  const page = pageAt(route.value.path);
  const name = t("爱心银行", "LoveBank");
  document.title = page === undefined ? name : `${titleOf(page)} · ${name}`;
});

effect(() => {
  forgetRegistry();
  if (principal.value !== undefined) {
    loadRegistry().catch(recallRegistry); // pages that need it ask again, and say so
  }
});

/** Until the server has said who is there; the banner says that it cannot be reached. */
function begin(waitMs: number): void {
  loadSession().catch((thrown: unknown) => {
    if (toFailure(thrown).isRetryable) {
      recallSession();
      setTimeout(() => begin(Math.min(waitMs * 2, 15_000)), waitMs);
    } else {
      who.value = { operator: undefined, device: undefined, isTrusted: false, expiresMs: 0n };
    }
  });
}

/** Keeps the pages' files for when the server cannot be reached; not before they are shown. */
function keepFiles(): void {
  window.addEventListener("load", () => {
    navigator.serviceWorker?.register("/sw.js").catch(() => undefined); // works without, too
  });
}

startRouting();
startRemembering();
startSending();
begin(1000);
keepFiles();
const place = document.getElementById("app")!;
place.replaceChildren(); // what was there for the first paint
render(<App />, place);
