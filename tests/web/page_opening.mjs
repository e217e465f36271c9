/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Opening balances from paper passbooks, on the members' page and the reviewers': entered once,
 * shown, undone; what is wrong is told before it is sent; what waits, and for whose word.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { members, orgs, password, start } from "./browser.mjs";

const stage = await start();
const { bank } = stage;
const desk = await bank.logIn("wangli");
const dayText = (day) => new Date(day * 86400000).toISOString().slice(0, 10);
const thisYear = Number(dayText(bank.today).slice(0, 4));
const last = `${thisYear + 1}-12-31`;

// Each page holds connections, of which one address may have so many.
afterEach(async () => {
  for (const context of stage.contexts.splice(0)) {
    await context.close();
  }
});

const setPolicy = (change) => bank.do(bank.adminToken, { policySet: { serviceMinutes: 480,
  pointsCenti: "50000", backDays: 60, importRows: 0, reversals: true, undoMinutes: 30,
  proposalDays: 14, ...change } });

/** A new member without points, made over HTTP. */
async function newMember(name, org = orgs.chunhui) {
  const [result] = await bank.do(desk, { day: bank.today - 100, hasDay: true,
    memberRegister: { org: String(org), person: { name } } });
  return Number(result.assigned);
}

const infoOf = async (member) => (await bank.call("Members/MemberGet",
  { member: { member: String(member) } }, desk)).info;

const countOf = async (member) => (await bank.call("Members/History",
  { member: { member: String(member) }, limit: 50 }, desk)).entries.length;

/** The form for the member, the cursor in its first field. */
async function open(member, operator = "wangli", options = {}) {
  const page = await stage.page(options);
  await stage.login(page, operator, `/members/${member}`);
  await page.locator(".member-head").waitFor();
  await stage.listens(page);
  await page.keyboard.press("F3");
  await page.waitForFunction(() => document.activeElement?.closest(".panel") !== null);
  return page;
}

const names = { points: "积分", last: "积分最后可用日", time: "时长", year: "哪一年的时长",
  day: "业务日期", memo: "事由" };
const field = (page, name) =>
  page.locator(".panel").getByLabel(names[name], { exact: true });

/** Fills what is given, and sends it. */
async function enter(page, draft) {
  for (const [name, text] of Object.entries(draft)) {
    await field(page, name).fill(text);
  }
  await field(page, Object.keys(draft).at(-1)).press("Enter");
}

const history = (page, text) => page.locator(".history li", { hasText: text });

async function review(operator = "liuqiang") {
  const page = await stage.page();
  await stage.login(page, operator, "/review");
  await page.locator("#proposal-title").waitFor();
  await stage.listens(page);
  return page;
}

test("a passbook is entered by keyboard, year by year; balances and history show it", async () => {
  const member = await newMember("严存折");
  const page = await open(member);
  await page.keyboard.type("300");
  await page.keyboard.press("Tab");
  await page.keyboard.type(last);
  await page.keyboard.press("Tab");
  await page.keyboard.type("86小时");
  await stage.sees(page, "= 86 小时");
  await page.keyboard.press("Tab");
  await page.keyboard.type("2015");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("老存折第 3 页");
  await stage.screenshot(page, "member-opening");
  await field(page, "memo").press("Enter"); // the languages' switch has taken the cursor
  await page.locator(".said li.done", { hasText:
    `转入 300 分（用至 ${last}）、86 小时（2015 年），现有 300 分，累计 86 小时。` }).waitFor();
  await page.locator(".huge", { hasText: "300" }).waitFor();
  await page.getByRole("row", { name: `${last} 300` }).waitFor();
  await history(page, `转入期初余额 300 分（用至 ${last}）、86 小时（2015 年），余额 300 分。`)
    .waitFor();
  // The next year: the cursor is where it begins, the reason stays.
  await page.waitForFunction(() => document.activeElement?.labels?.[0]?.textContent === "积分");
  assert.equal(await field(page, "points").inputValue(), "");
  assert.equal(await field(page, "memo").inputValue(), "老存折第 3 页");
  await enter(page, { time: "90", year: "2014" });
  await page.locator(".said li.done", { hasText: "1 小时 30 分钟（2014 年）" }).waitFor();
  await stage.screenshot(page, "member-opening-done");
  const { balances, years } = await infoOf(member);
  assert.deepEqual([balances.pointsCenti, Number(balances.minutes)], ["30000", 5250]);
  assert.ok((years ?? []).every((row) => Number(row.earnedCenti ?? 0) === 0), "earned nothing");
});

test("what is wrong stands at its field, and nothing is sent", async () => {
  const page = await open(members[11].member);
  const sent = [];
  page.on("request", (request) => request.url().endsWith("Ledger/Write") && sent.push(request));
  await page.keyboard.press("Enter");
  await stage.sees(page, "积分、时长至少写一样");
  for (const [draft, sentence] of [
    [{ points: "很多" }, "“很多”不是积分"],
    [{ points: "100", last: dayText(bank.today - 1) }, "就到期了，而业务日期是"],
    [{ points: "", last: last, time: "1.5小时", year: "2015" }, "没有积分，就不写最后可用日"],
    [{ last: "", time: "86.5", year: "2015" }, "“86.5”看不明白"],
    [{ time: "86", year: "" }, "请写是哪一年的时长"],
    [{ year: String(thisYear + 1) }, `${thisYear + 1} 年还没到`],
    [{ time: "", year: "2015" }, "没有时长，就不写年份"],
    [{ points: "100", year: "", day: dayText(bank.today + 1) }, "还没到，今天是"],
  ]) {
    await enter(page, draft);
    await stage.sees(page, sentence);
  }
  await stage.screenshot(page, "member-opening-wrong");
  assert.deepEqual(sent, []);
  // What only the server knows: the member joined 400 days ago.
  await enter(page, { day: dayText(bank.today - 500) });
  await page.locator(".said li.refused").waitFor();
  assert.equal(await field(page, "points").inputValue(), "100");
});

test("sent again after a lost answer, and pressed twice, it is entered once", async () => {
  const member = await newMember("苗一次");
  const before = await countOf(member);
  const page = await open(member);
  const ids = [];
  let isLost = false;
  await page.route("**/lovebank.v1.Ledger/Write", async (route) => {
    const command = JSON.parse(route.request().postData()).commands[0];
    ids.push(command.id);
    if (!isLost) {
      isLost = true;
      await route.fetch(); // the server has entered it, nobody heard of it
      await route.abort("connectionreset");
      return;
    }
    await route.continue();
  });
  await field(page, "points").fill("40");
  await page.getByRole("button", { name: "转入" }).evaluate((button) => {
    button.click();
    button.click();
  });
  await page.locator(".said li.done", { hasText: "转入 40 分（永久有效），现有 40 分" }).waitFor();
  assert.equal(ids.length, 2);
  assert.equal(ids[0], ids[1]);
  assert.equal(await countOf(member), before + 1);
  assert.equal((await infoOf(member)).balances.pointsCenti, "4000");
});

test("a network that goes has it wait; while there is none, nothing is sent", async () => {
  const member = await newMember("梁断网");
  const before = await countOf(member);
  const page = await open(member);
  await field(page, "points").fill("25");
  await stage.cut(page.context());
  await field(page, "points").press("Enter");
  await stage.sees(page, "有 1 笔等着发送");
  await field(page, "points").press("Enter");
  assert.equal(await page.locator(".said li").count(), 1);
  await stage.cut(page.context(), false);
  await page.locator(".said li.done", { hasText: "现有 25 分" }).waitFor();
  await field(page, "points").fill("15");
  await stage.cut(page.context());
  await page.locator(".box input").fill("李秀英");
  await page.locator(".box input").press("Enter");
  await stage.sees(page, "连不上服务器");
  await field(page, "points").press("Enter");
  await stage.sees(page, "没有发送，可以再按一次");
  assert.equal(await field(page, "points").inputValue(), "15");
  await stage.cut(page.context(), false);
  await field(page, "points").press("Enter");
  await page.locator(".said li.done", { hasText: "现有 40 分" }).waitFor();
  assert.equal(await countOf(member), before + 2);
});

test("what is typed meanwhile stays, and so does the cursor", async () => {
  const member = await newMember("颜接着");
  const page = await open(member);
  let go;
  const isHeld = new Promise((held) => page.route("**/lovebank.v1.Ledger/Write", async (route) => {
    await new Promise((resolve) => {
      go = resolve;
      held();
    });
    await route.continue();
  }));
  await enter(page, { points: "33" });
  await isHeld;
  await field(page, "points").fill("");
  await field(page, "time").fill("4");
  go();
  await page.locator(".said li.done", { hasText: "现有 33 分" }).waitFor();
  await history(page, "转入期初余额 33 分").waitFor();
  assert.equal(await field(page, "time").inputValue(), "4");
  assert.ok(await field(page, "time").evaluate((input) => input === document.activeElement));
});

test("it is undone in the line that tells of it, once", async () => {
  const member = await newMember("邹撤销");
  const page = await open(member);
  await enter(page, { points: "77", time: "2", year: "2015" });
  const done = page.locator(".said li.done", { hasText: "转入 77 分" });
  await done.getByRole("button", { name: "撤销" }).focus();
  await page.keyboard.press("Enter");
  await page.locator(".said li.done", { hasText: /第 \d+ 号账已撤销。/ }).waitFor();
  await page.locator(".history s", { hasText: "转入期初余额 77 分（永久有效）、2 小时（2015 年）" }).waitFor();
  await history(page, /撤销 第 \d+ 号 -2 小时，收回 77 分，余额 0 分。/).waitFor();
  assert.equal(await done.getByRole("button", { name: "撤销" }).count(), 0);
  const { balances } = await infoOf(member);
  assert.deepEqual([Number(balances.pointsCenti ?? 0), Number(balances.minutes ?? 0)], [0, 0]);
});

test("the ledger and the statement on paper tell what it was", async () => {
  const member = await newMember("龙纸上");
  const page = await open(member);
  await enter(page, { points: "120", last, time: "3", year: "2015" });
  await history(page, "转入期初余额 120 分").locator("a").click();
  await page.locator(".entry-title", { hasText: `转入期初余额 用至 ${last}、2015 年` }).waitFor();
  await stage.sees(page, "期初");
  await stage.sees(page, "收支相抵");
  await stage.screenshot(page, "ledger-opening");
  await page.goBack();
  await page.locator(".member-head").waitFor();
  await page.evaluate(() => { window.print = () => undefined; });
  await page.keyboard.press("F9");
  await page.getByLabel("从", { exact: true }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".statement").waitFor({ state: "attached" });
  const line = await page.locator(".statement tbody tr", { hasText: "转入期初余额" }).textContent();
  assert.match(line, /转入期初余额 用至 \d{4}-12-31、2015 年 *\+3 小时\+120120/);
  assert.match(await page.locator(".statement").textContent(), /期初加增减等于期末，已核对/);
  await page.emulateMedia({ media: "print" });
  if (process.env.LOVEBANK_SCREENS) {
    writeFileSync(join(process.env.LOVEBANK_SCREENS, "statement-opening.pdf"),
      await page.pdf({ preferCSSPageSize: true }));
  }
});

test("more points than the policy's wait; a reviewer reads why, and confirms", async () => {
  const member = await newMember("段多分");
  const page = await open(member);
  await enter(page, { points: "501", last, time: "10小时", year: "2015", memo: "存折已核对" });
  const waiting = page.locator(".said li.waiting");
  await waiting.filter({ hasText: "这件事要第二个人确认" }).waitFor();
  await stage.sees(page, "审核员在“审核”页处理");
  assert.equal(await waiting.getByRole("button", { name: "撤销" }).count(), 0);
  assert.equal(await field(page, "points").inputValue(), "");
  await history(page, "要第二个人确认").waitFor();
  const reviewer = await review();
  await stage.sees(reviewer, "积分 501，超过 500");
  await stage.sees(reviewer, "同意以后");
  const text = await reviewer.locator("article").textContent();
  for (const part of [`转入期初余额 501 分（用至 ${last}）、10 小时（2015 年）`, "最后可用日",
    "年份", "存折已核对", "wangli"]) {
    assert.ok(text.includes(part), part);
  }
  await stage.screenshot(reviewer, "review-opening");
  await reviewer.keyboard.press("F9");
  await stage.sees(reviewer, /已确认第 \d+ 号事项（转入期初余额 501 分/);
  const { balances } = await infoOf(member);
  assert.deepEqual([balances.pointsCenti, Number(balances.minutes)], ["50100", 600]);
  await page.reload();
  await history(page, "转入期初余额 501 分").filter({ hasText: "余额 501 分" }).first()
    .waitFor();
});

test("where the policy says so, each waits, and the form says it beforehand", async () => {
  await setPolicy({ openingBalances: true });
  const member = await newMember("雷都等");
  const page = await open(member);
  await stage.sees(page, "每笔都要第二个人确认");
  await enter(page, { time: "1:30", year: "2015" });
  await page.locator(".said li.waiting", { hasText: "1 小时 30 分钟（2015 年）" }).waitFor();
  const reviewer = await review();
  await stage.sees(reviewer, "期初余额都要第二个人确认");
  await setPolicy({});
});

test("one's own record waits, whatever the policy, and another confirms it", async () => {
  const member = await newMember("侯自己");
  const { principal, code } = await bank.openOperator("houself", "desk");
  await bank.logIn("houself", code, password);
  await bank.do(bank.adminToken, { principalSet: { principal, member: String(member) } });
  const page = await open(member, "houself");
  await enter(page, { points: "5" });
  await page.locator(".said li.waiting", { hasText: "转入 5 分（永久有效）" }).waitFor();
  const reviewer = await review();
  await stage.sees(reviewer, "可能关系到提交人自己的档案");
  await stage.sees(reviewer, "同意以后");
  await reviewer.keyboard.press("F9");
  await stage.sees(reviewer, "已确认");
  assert.equal((await infoOf(member)).balances.pointsCenti, "500");
});

test("an administrator has the form; counter and reviewer have not, nor who is closed", async () => {
  const member = await newMember("史权限");
  await open(member, "admin");
  for (const operator of ["chenmei", "liuqiang"]) {
    const page = await stage.page();
    await stage.login(page, operator, `/members/${member}`);
    await page.locator(".member-head").waitFor();
    assert.equal(await page.getByRole("button", { name: /F3/ }).count(), 0, operator);
  }
  await bank.do(desk, { memberClose: { member: String(member) } });
  const page = await stage.page();
  await stage.login(page, "wangli", `/members/${member}`);
  await page.locator(".member-head").waitFor();
  assert.equal(await page.getByRole("button", { name: /F3/ }).count(), 0);
});

test("large letters and English do as well", async () => {
  const page = await open(members[2].member, "wangli", { lang: "en", elder: true });
  await stage.sees(page, "Opening balance (from a paper passbook)");
  await page.keyboard.type("x");
  await page.keyboard.press("Enter");
  await stage.sees(page, "\"x\" is no amount of points");
  await stage.axe(page);
  const low = await page.evaluate(() => [
    ...document.querySelectorAll(".panel input, .panel button")]
    .filter((element) => element.getBoundingClientRect().height < 60).length);
  assert.equal(low, 0);
});
