/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The ledger by the keyboard alone: the list and its filters, entries that come by themselves, a
 * network that is cut, one entry with its proof, who may see what.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cardOf, members, orgs, password, start } from "./browser.mjs";

const stage = await start();
const { bank } = stage;
const [zhang, li] = members;

async function ledger(operator = "zhaomin", address = "/ledger", options = {}) {
  const page = await stage.page(options);
  const isList = !address.startsWith("/ledger/");
  await (isList ? stage.follow(page, operator, address) : stage.login(page, operator, address));
  await page.locator(".box input").waitFor();
  return page;
}

const body = (page) => page.locator("tbody tr");
const top = (page) => body(page).first();

/** A record of service by the desk, over HTTP; its entry's number. */
async function record(member, day = bank.today) {
  const token = await bank.logIn("wangli");
  const [result] = await bank.do(token, { day, hasDay: true, serviceRecord: {
    member: { member: String(member.member) }, category: 2, minutes: 60 } });
  return result.entry;
}

/** Tab, until what has the focus is named so. */
async function tabTo(page, name) {
  for (let i = 0; i < 40; i++) {
    const found = await page.evaluate(() => {
      const element = document.activeElement;
      return element === document.body ? ""
        : element.labels?.[0]?.textContent.trim() || element.textContent.trim();
    });
    if (found === name || found.includes(name)) {
      return;
    }
    await page.keyboard.press("Tab");
  }
  assert.fail(`nothing named ${name} is reached by Tab`);
}

test("the newest entries are on top, and older ones come by More", async () => {
  const page = await ledger();
  await body(page).nth(49).waitFor();
  const numbers = await page.locator("tbody td:first-child a").allTextContents();
  assert.equal(numbers.length, 50);
  assert.ok(numbers.every((number, i) => i === 0 || Number(number) < Number(numbers[i - 1])));
  await page.keyboard.press("F9");
  await body(page).nth(60).waitFor();
  const all = await page.locator("tbody td:first-child a").allTextContents();
  assert.equal(new Set(all).size, all.length);
  await stage.screenshot(page, "ledger");
});

test("filters by act, org, day and oneself stand in the address and can be left", async () => {
  const page = await ledger("wangli");
  await body(page).nth(20).waitFor();
  await tabTo(page, "事项");
  await page.keyboard.type("dhsp");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/ledger?act=32");
  await page.locator("tbody tr", { hasText: "食盐×2" }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
  await page.keyboard.press("F7");
  await page.waitForURL((url) => url.search === "");
  await body(page).nth(20).waitFor();
  await page.getByLabel("只看我记的").focus();
  await page.keyboard.press("Space");
  await page.waitForURL("**/ledger?mine=1");
  await page.waitForFunction(() => [...document.querySelectorAll("tbody tr td:last-child")]
    .every((cell) => cell.textContent === "wangli"));
  await page.getByLabel("哪天记的").focus();
  await page.keyboard.type("前天");
  await page.keyboard.press("Enter");
  await stage.sees(page, "没有这样的账");
  await page.reload();
  await stage.sees(page, "没有这样的账");
  await page.getByLabel("哪天记的").fill("嗯");
  await page.keyboard.press("Enter");
  await stage.sees(page, "“嗯”不是日期");
});

test("only entries of an org and those below it are listed", async () => {
  const page = await ledger("zhaomin", `/ledger?org=${orgs.jiangwan}&act=31`);
  await body(page).first().waitFor();
  await page.waitForFunction(() => document.querySelectorAll("tbody td:nth-child(3) a").length > 0);
  const shown = await page.locator("tbody td:nth-child(3) a").allTextContents();
  assert.ok(shown.every((member) => Number(member) > 10010008), String(shown));
});

test("new entries come by themselves; paused they wait", async () => {
  const page = await ledger();
  await body(page).nth(20).waitFor();
  const first = await record(li);
  await top(page).filter({ hasText: first }).waitFor();
  await page.keyboard.press("F4");
  await stage.sees(page, "已暂停");
  const second = await record(li, bank.today - 1);
  await stage.sees(page, "已暂停；有新的账");
  assert.match(await top(page).textContent(), new RegExp(`^${first}`));
  await page.keyboard.press("F4");
  await top(page).filter({ hasText: second }).waitFor();
});

test("what was missed while the network was cut comes when it is back", async () => {
  const page = await ledger();
  await body(page).nth(20).waitFor();
  await stage.cut(page.context());
  const missed = await record(zhang, bank.today - 2);
  await page.keyboard.type(missed);
  await page.keyboard.press("Enter");
  await stage.sees(page, "连不上服务器");
  await page.keyboard.press("Escape");
  await stage.cut(page.context(), false);
  await top(page).filter({ hasText: missed }).waitFor();
});

test("what was missed while nobody asked for anything comes when the network is back", async () => {
  const page = await ledger();
  await body(page).nth(20).waitFor();
  await stage.cut(page.context());
  const missed = await record(zhang, bank.today - 3);
  await stage.cut(page.context(), false);
  await top(page).filter({ hasText: missed }).waitFor();
});

test("an entry that comes between the list and the stream is not missed", async () => {
  const page = await stage.page();
  let go;
  const recorded = new Promise((done) => (go = done));
  // Whoever asks where the stream begins is answered after the entry has come.
  await page.route("**/*.Ledger/Status", async (route) => {
    await recorded;
    return route.continue();
  });
  await stage.login(page, "zhaomin", "/ledger");
  await body(page).nth(20).waitFor();
  const number = await record(li, bank.today - 9);
  go();
  await top(page).filter({ hasText: number }).waitFor();
  await numbersOf(page);
});

/** Numbers of the list; each stands there once. */
async function numbersOf(page) {
  const numbers = await page.locator("tbody td:first-child a").allTextContents();
  assert.equal(new Set(numbers).size, numbers.length, numbers.join());
  return numbers;
}

/** Answers to that kind of question are made at once, and come when `go` is called. */
async function holdAnswers(page, isHeld) {
  const held = {};
  const opened = new Promise((done) => (held.go = done));
  held.first = new Promise((done) => (held.made = done));
  await page.route("**/*.Ledger/EntryList", async (route) => {
    if (!isHeld(route.request().postDataJSON())) {
      return route.continue();
    }
    const response = await route.fetch();
    held.made?.();
    await opened;
    return route.fulfill({ response });
  });
  return held;
}

/** Counts what comes by the stream, for `gathers`. Before the page is opened. */
const countLive = (page) => page.addInitScript(() => {
  window.liveSeen = 0;
  window.EventSource = class extends EventSource {
    constructor(url) {
      super(url);
      this.addEventListener("entry", () => window.liveSeen++);
    }
  };
});

/** So many came by the stream, and the page has waited for more of them long enough. */
async function gathers(page, count) {
  await page.waitForFunction((wanted) => window.liveSeen >= wanted, count);
  await page.clock.fastForward(1000);
}

/** The list that is shown is one of that act. */
const choose = (page, address) => page.evaluate((to) => {
  history.pushState(null, "", to);
  dispatchEvent(new PopStateEvent("popstate"));
}, address);

test("entries that come while the list is not there yet do not bring all the others", async () => {
  const page = await stage.page();
  await countLive(page);
  await stage.follow(page, "zhaomin", "/ledger");
  await body(page).nth(20).waitFor();
  const asked = [];
  page.on("request", (request) => request.url().endsWith(".Ledger/EntryList") &&
    asked.push(request.postDataJSON()));
  const held = await holdAnswers(page, ({ newestFirst }) => newestFirst === true);
  await page.clock.install();
  await choose(page, "/ledger?act=31");
  await held.first;
  const number = await record(li, bank.today - 4);
  await gathers(page, 1);
  held.go();
  await top(page).filter({ hasText: number }).waitFor();
  await numbersOf(page);
  assert.ok(asked.every(({ newestFirst, afterEntry }) => newestFirst === true ||
    Number(afterEntry) > 0), JSON.stringify(asked));
});

test("what comes to a paused list while another is asked for is told", async () => {
  const page = await stage.page();
  await countLive(page);
  await stage.follow(page, "zhaomin", "/ledger");
  await body(page).nth(20).waitFor();
  await page.keyboard.press("F4");
  await stage.sees(page, "已暂停");
  const held = await holdAnswers(page, ({ newestFirst }) => newestFirst === true);
  await choose(page, "/ledger?act=31");
  await held.first;
  const number = await record(li, bank.today - 10);
  await page.waitForFunction(() => window.liveSeen >= 1);
  held.go();
  await page.waitForFunction(() => (
    [...document.querySelectorAll("tbody td:nth-child(4)")].every((cell) => (
      cell.textContent.includes("记时")))));
  await stage.sees(page, "已暂停；有新的账");
  await page.keyboard.press("F4");
  await top(page).filter({ hasText: number }).waitFor();
  await numbersOf(page);
});

test("entries that come while others are fetched are listed once", async () => {
  const page = await stage.page();
  await countLive(page);
  await stage.follow(page, "zhaomin", "/ledger");
  await body(page).nth(20).waitFor();
  await page.clock.install();
  const held = await holdAnswers(page, ({ afterEntry }) => Number(afterEntry) > 0);
  await record(li, bank.today - 6);
  await gathers(page, 1);
  const second = await record(li, bank.today - 7);
  await gathers(page, 2);
  held.go();
  await top(page).filter({ hasText: second }).waitFor();
  await numbersOf(page);
});

test("the server is killed and started again: who logs in again misses nothing", async () => {
  const page = await ledger();
  await body(page).nth(20).waitFor();
  await bank.stop("SIGKILL");
  await bank.start();
  await page.waitForURL("**/login?back=*"); // sessions end with the server; the stream says so
  await page.locator("input[autocomplete=username]").fill("zhaomin");
  await page.locator("input[autocomplete=current-password]").fill(password);
  await page.keyboard.press("Enter");
  await body(page).nth(20).waitFor();
  const number = await record(li, bank.today - 8);
  await top(page).filter({ hasText: number }).waitFor();
  await numbersOf(page);
});

test("an entry is looked up by its number, and its proof is verified here", async () => {
  const page = await ledger();
  const number = await record(zhang, bank.today - 3);
  await page.keyboard.type(number);
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/ledger/${number}`);
  await stage.sees(page, `第 ${number} 号账：记时 咨询`);
  await page.getByText(/这笔在账里：已用 \d+ 个哈希验证/).waitFor();
  await page.getByText(/合计 0 分(钟)?、0 分(钟)?：收支相抵/).waitFor();
  await stage.sees(page, "得 10 分");
  const { treeRoot } = await bank.call("Ledger/Status");
  const root = Buffer.from(treeRoot, "base64").toString("hex");
  await page.getByLabel("与公示上的树根比对").fill(root.toUpperCase());
  await stage.sees(page, "与公示一致");
  const other = root.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
  await page.getByLabel("与公示上的树根比对").fill(other);
  await stage.sees(page, "与公示不同");
  await page.getByLabel("与公示上的树根比对").fill("");
  await page.locator(".box input").focus();
  await page.evaluate(() => scrollTo(0, 0));
  await stage.screenshot(page, "ledger-entry");
  await page.keyboard.press("F6");
  await page.waitForURL(`**/ledger/${Number(number) - 1}`);
  await page.keyboard.press("Escape");
  await page.waitForURL("**/ledger");
});

test("an answer that was tampered with fails the proof", async () => {
  const page = await ledger();
  const number = await record(zhang, bank.today - 4);
  await page.route("**/lovebank.v1.Ledger/EntryGet", async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    const packed = Buffer.from(answer.entry.packed, "base64");
    packed[packed.length - 1] ^= 1;
    answer.entry.packed = packed.toString("base64");
    await route.fulfill({ response, json: answer });
  });
  await page.keyboard.type(number);
  await page.keyboard.press("Enter");
  await stage.sees(page, "验证没有通过");
});

test("an undone entry leads to what undid it, and back", async () => {
  const number = await record(zhang, bank.today - 5);
  const token = await bank.logIn("wangli");
  const [undone] = await bank.do(token, { memo: "记错了人", reverse: { target: { entry: number } } });
  const page = await ledger("zhaomin", `/ledger/${number}`);
  await stage.sees(page, "这笔已撤销");
  await page.getByRole("link", { name: `第 ${undone.entry} 号账` }).first().focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/ledger/${undone.entry}`);
  await stage.sees(page, "记错了人");
  await page.getByRole("link", { name: `第 ${number} 号账` }).first().waitFor();
});

test("what there is not, and what is not for one, is told plainly", async () => {
  const page = await ledger();
  await page.keyboard.type("99999999");
  await page.keyboard.press("Enter");
  await stage.sees(page, "没有第 99999999 号账");
  await page.keyboard.type("张晓明");
  await page.keyboard.press("Enter");
  await stage.sees(page, "“张晓明”不是记账号");
  const token = await bank.logIn("wangli");
  const [{ entry }] = await bank.do(token, { day: bank.today, hasDay: true, serviceRecord: {
    member: { card: cardOf(9) }, category: 1, minutes: 30 } });
  const other = await ledger("chunhui", `/ledger/${entry}`);
  await other.locator(".notice.refused").waitFor();
  assert.doesNotMatch(await other.locator("main").textContent(), /30 分钟/);
});

test("a viewer has no ledger", async () => {
  const page = await stage.page();
  await stage.login(page, "sunhua", "/status");
  assert.equal(await page.locator("nav a", { hasText: "账本" }).count(), 0);
  await page.goto(`${bank.url}/ledger/1`);
  await stage.sees(page, "不在您的角色之内");
});

test("large letters and English do as well", async () => {
  const page = await ledger("zhaomin", "/ledger", { lang: "en", elder: true });
  await stage.sees(page, "Entries, newest first");
  await stage.axe(page);
  const small = await page.evaluate(() => Array.from(
    document.querySelectorAll("button, a:not(.skip), main input:not([type=checkbox]), select"),
    (element) => ({ what: element.textContent, height: element.getBoundingClientRect().height })));
  for (const { what, height } of small.filter((row) => row.height > 0)) {
    assert.ok(height >= 60, `${what}: ${height} px`);
  }
});
