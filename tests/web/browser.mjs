/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What tests of the pages share: a bank (bank.mjs) and Debian's Chromium. A test file begins with
 * `const stage = await start();` and uses node:test; stage ends with it. Nothing here sleeps: it waits
 * for what the page shows.
 * 
 * LOVEBANK_SCREENS: a directory for screenshots; without it none are kept.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after } from "node:test";
import { password, sourceDir, startBank } from "./bank.mjs";

export { cardOf, items, members, operators, orgs, password } from "./bank.mjs";

const require = createRequire(join(sourceDir, "client/web/package.json"));
const { chromium } = require("playwright-core");
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const desktop = { width: 1366, height: 768 };
const phone = { width: 390, height: 844 };
const patienceMs = 20_000;
/** What Chromium itself says of a request, or of its own look for a newer service worker, that
 * fails while the server is away; the page tells of it, too. */
const networkErrors = ["Failed to load resource",
  "An unknown error occurred when fetching the script."];

/** What a scanner sends for digits and small letters, then Enter: 2 ms apart by the keys' own
 * clock, however busy this machine is. */
function scannerKeys(text) {
  const startS = Date.now() / 1000;
  return [...text, "Enter"].map((key, i) => ({ key, timestamp: startS + 0.002 * i,
    code: key === "Enter" ? key : /\d/.test(key) ? `Digit${key}` : `Key${key.toUpperCase()}`,
    windowsVirtualKeyCode: key === "Enter" ? 13 : key.toUpperCase().charCodeAt(0) }));
}

export class Stage {
  constructor(bank, browser) {
    this.bank = bank;
    this.browser = browser;
    this.contexts = [];
    /** What pages complained of, which no test may leave behind. */
    this.complaints = [];
  }

  /** A browser of its own: cookies, storage. `lang`: "zh" or "en"; `elder`: large letters. */
  async context({ lang = "zh", elder = false } = {}) {
    const context = await this.browser.newContext({ viewport: desktop, locale: "zh-CN" });
    context.setDefaultTimeout(patienceMs);
    await context.addInitScript(([language, isElder]) => {
      // Not in what the browser shows when there is no page.
      if (location.protocol === "http:" && localStorage.getItem("lovebank.lang") === null) {
        localStorage.setItem("lovebank.lang", language);
        localStorage.setItem("lovebank.elder", isElder ? "yes" : "no");
      }
    }, [lang, elder]);
    this.contexts.push(context);
    return context;
  }

  /** A page of a context, or of a new one; what it complains of is remembered. */
  async page({ context, ...options } = {}) {
    const page = await (context ?? await this.context(options)).newPage();
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && !networkErrors.some((text) => message.text().startsWith(text))) {
        this.complaints.push(message.text());
      }
    });
    return page;
  }

  /** Opens an address of the pages and waits until it is shown. */
  async open(page, path) {
    await page.goto(this.bank.url + path);
    await page.locator("main h1, main [role=alert], main .box").first().waitFor();
  }

  /** Logs in as an operator of bank.mjs, and opens a page. */
  async login(page, operator, path = "/status") {
    await this.bank.prepare(operator);
    await this.open(page, `/login?back=${encodeURIComponent(path)}`);
    await page.locator("input[autocomplete=username]").fill(operator);
    await page.locator("input[autocomplete=current-password]").fill(password);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname === path.split("?")[0]);
    await page.locator("main h1, main .box").first().waitFor();
    await this.listens(page);
  }

  /** The same for a page that follows the ledger: from then on it misses nothing. */
  async follow(page, operator, path) {
    await Promise.all([page.waitForRequest("**/events?from=*"), this.login(page, operator, path)]);
  }

  /** The keys of what is shown work: they do from the frame on after the one that shows it. */
  async listens(page) {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  }

  /** Keys as a scanner sends them. */
  async scan(page, text) {
    const session = await page.context().newCDPSession(page);
    for (const key of scannerKeys(text)) {
      await session.send("Input.dispatchKeyEvent",
        { type: "keyDown", text: key.key === "Enter" ? "\r" : key.key, ...key });
      await session.send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
    }
    await session.detach();
  }

  /** The same while a Chinese input method is on: keys come as "Process", and what it makes of them
   * stands in the box until the Enter. */
  async scanWhileComposing(page, text) {
    const session = await page.context().newCDPSession(page);
    for (const [i, { code, timestamp }] of scannerKeys(text).entries()) {
      const key = { key: "Process", code, timestamp, windowsVirtualKeyCode: 229 };
      await session.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...key });
      if (code !== "Enter") {
        await session.send("Input.imeSetComposition", { text: text.slice(0, i + 1),
          selectionStart: i + 1, selectionEnd: i + 1 });
      }
      await session.send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
    }
    await session.detach();
  }

  /** The network is cut or back, for all pages of a context. */
  async cut(context, isCut = true) {
    await context.setOffline(isCut);
  }

  /** Nothing of the page is a serious obstacle. */
  async axe(page) {
    await page.evaluate(axeSource);
    const found = await page.evaluate(async () => {
      const report = await globalThis.axe.run(document, { resultTypes: ["violations"] });
      return report.violations.map(({ id, impact, nodes }) => (
        { id, impact, where: nodes.map((node) => node.target.join(" ")).slice(0, 5) }));
    });
    const serious = found.filter(({ impact }) => impact === "serious" || impact === "critical");
    assert.deepEqual(serious, [], "axe-core");
  }

  /** The page as it is, on a desktop and on a phone, in both languages: nothing may stick out, nor
   * be an obstacle; kept as <name>-desktop-zh.png and so on where screenshots are wanted. */
  async screenshot(page, name) {
    const before = page.viewportSize();
    for (const [size, viewport] of Object.entries({ desktop, phone })) {
      await page.setViewportSize(viewport);
      for (const lang of ["zh", "en"]) {
        await this.setLanguage(page, lang);
        await page.evaluate(() => document.fonts.ready);
        const wider = await page.evaluate(() =>
          document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wider <= 0, `${name}-${size}-${lang} is ${wider} px too wide`);
        await this.axe(page);
        if (process.env.LOVEBANK_SCREENS) {
          mkdirSync(process.env.LOVEBANK_SCREENS, { recursive: true });
          await page.screenshot({ animations: "disabled",
            path: join(process.env.LOVEBANK_SCREENS, `${name}-${size}-${lang}.png`) });
        }
      }
    }
    await this.setLanguage(page, "zh");
    await page.setViewportSize(before);
  }

  /** By the switch in the header, if it is not that already. */
  async setLanguage(page, lang) {
    const code = lang === "zh" ? "zh-CN" : "en";
    if (await page.getAttribute("html", "lang") !== code) {
      await page.getByRole("button", { name: lang === "zh" ? "中文" : "English", exact: true }).click();
      await page.waitForFunction((wanted) => document.documentElement.lang === wanted, code);
    }
  }

  /** The sentence is somewhere on the page. */
  async sees(page, text) {
    await page.getByText(text).first().waitFor();
  }

  async stop() {
    for (const context of this.contexts) {
      await context.close();
    }
    await this.browser.close();
    await this.bank.stop();
    this.bank.remove();
  }
}

/** `flags`: further settings of lovebankd. It ends by itself after the file's tests, which must not
 * have made a page complain. */
export async function start({ flags = [] } = {}) {
  const bank = await startBank(flags);
  let browser;
  try {
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: process.getuid() === 0 ? ["--no-sandbox"] : [],
    });
  } catch (error) {
    await bank.stop("SIGKILL");
    bank.remove();
    throw error;
  }
  const stage = new Stage(bank, browser);
  after(async () => {
    await stage.stop();
    assert.equal(bank.ended, undefined);
    assert.deepEqual(stage.complaints, [], "complaints of the pages");
  });
  return stage;
}
