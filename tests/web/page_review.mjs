/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Review by the keyboard alone: everything needed to decide is on one screen, F9 confirms, F8
 * refuses with a reason; nobody decides on what is his own; what was decided is listed.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { members, password, start } from "./browser.mjs";

const stage = await start();
const { bank } = stage;
const [zhang, li, wang] = members;
const waitingCode = 119;
const desk = await bank.logIn("wangli");

/** An act that comes to wait; the proposal's number. */
async function propose(act, token = desk) {
  const answer = await bank.call("Ledger/Write", { commands: [
    { id: randomBytes(16).toString("base64"), ...act }] }, token);
  assert.equal(answer.results[0].code, waitingCode, JSON.stringify(answer));
  return answer.results[0].entry;
}

const longService = (member, minutes, day = bank.today - 2) => ({ day, hasDay: true,
  memo: "抗洪值守", serviceRecord: { member: { member: String(member.member) }, category: 2, minutes } });

async function review(operator = "liuqiang", options = {}) {
  const page = await stage.page(options);
  await stage.follow(page, operator, "/review");
  await page.locator("h1 small").waitFor();
  return page;
}

const chosen = (page, number) => page.locator("#proposal-title", { hasText: String(number) }).waitFor();

test("one screen tells what, for whom, by whom, why, until when, and what it would change", async () => {
  await propose(longService(zhang, 600));
  const number = await propose(longService(li, 540, bank.today - 90));
  const page = await review();
  await stage.sees(page, "2 项等确认");
  await chosen(page, number);
  const main = page.locator("main");
  await stage.sees(page, "补记 90 天前的事，超过 60 天");
  for (const part of ["时长 9 小时，超过 8 小时", "李*英", "尾号", "咨询", "wangli", "抗洪值守", "还有 14 天",
    "同意以后", "最近的账"]) {
    await main.filter({ hasText: part }).waitFor();
  }
  assert.ok(!(await main.textContent()).includes("李秀英"));
  const row = page.locator("article tr", { hasText: /^积分/ }).first();
  const [before, after] = (await row.locator("td.right").allTextContents()).map(parseFloat);
  assert.equal(after - before, 90);
  await stage.screenshot(page, "review");
});

test("F9 confirms, and the next one is shown", async () => {
  const page = await review();
  await stage.sees(page, "同意以后");
  const title = await page.locator("#proposal-title").textContent();
  await page.keyboard.press("F9");
  await stage.sees(page, /已确认第 \d+ 号事项.*记为第 \d+ 号账/);
  await stage.sees(page, "1 项等确认");
  assert.notEqual(await page.locator("#proposal-title").textContent(), title);
  const info = await bank.call("Members/MemberGet", { member: { member: String(li.member) } }, desk);
  assert.equal(info.info.balances.pointsCenti, "26500");
});

test("F8 refuses, but not without a reason", async () => {
  const number = await propose(longService(wang, 500));
  const page = await review();
  await chosen(page, number);
  await stage.sees(page, "同意以后");
  await page.keyboard.press("F8");
  await stage.sees(page, "不同意要写明原因");
  await page.keyboard.insertText("签到表上没有他");
  await page.keyboard.press("F8");
  await stage.sees(page, `已拒绝第 ${number} 号事项`);
  await page.locator("summary", { hasText: "已处理" }).focus();
  await page.keyboard.press("Enter");
  const row = page.locator("details tr", { hasText: String(number) });
  await row.locator("a", { hasText: "拒绝" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/ledger/*");
  await stage.sees(page, "签到表上没有他");
});

test("F6 and F7 go through them, and new ones come by themselves", async () => {
  const page = await review();
  const first = await page.locator("#proposal-title").textContent();
  const number = await propose(longService(members[4], 490));
  await stage.sees(page, "2 项等确认");
  await page.locator(".waiting-list button", { hasText: "10010005" }).waitFor();
  await page.keyboard.press("F6");
  await page.keyboard.press("F6");
  await chosen(page, number);
  await page.keyboard.press("F7");
  await page.waitForFunction((title) => (
    document.getElementById("proposal-title").textContent === title), first);
});

test("what comes to wait between the lists and the stream is not missed", async () => {
  const page = await stage.page();
  const lists = [];
  page.on("request", (request) => request.url().endsWith("Access/ProposalList") &&
    lists.push(request.response()));
  let number;
  // Where the stream begins is told after the lists that were asked for before have come.
  await page.route("**/*.Ledger/Status", async (route) => {
    await Promise.all(lists);
    number ??= await propose(longService(members[9], 486));
    return route.continue();
  });
  await stage.follow(page, "liuqiang", "/review");
  await page.locator(".waiting-list button", { hasText: "10010010" }).click();
  await chosen(page, number);
  await stage.sees(page, "同意以后");
  await page.keyboard.press("F9");
  await stage.sees(page, `已确认第 ${number} 号事项`);
});

test("what is read stays on the screen, and a remark stays with it, whatever comes or goes", async () => {
  const page = await review();
  const first = await propose(longService(members[7], 491));
  await page.locator(".waiting-list button", { hasText: "10010008" }).click();
  await chosen(page, first);
  const remark = page.getByLabel("说明（不同意时必写）");
  await remark.fill("只签了半天");
  const second = await propose(longService(members[8], 492));
  await page.locator(".waiting-list button", { hasText: "10010009" }).waitFor();
  await chosen(page, first); // the newest has not taken its place
  await page.keyboard.press("F6");
  await chosen(page, second);
  assert.equal(await remark.inputValue(), "");
  await page.keyboard.press("F7");
  await chosen(page, first);
  assert.equal(await remark.inputValue(), "只签了半天");
  // Somebody else decides on it: the keys are about nothing until the next is chosen.
  await bank.do(await bank.logIn("liuqiang"), { proposalDecide: {
    proposal: { entry: String(first) }, confirm: true } });
  await stage.sees(page, `第 ${first} 号事项已经处理或作废了`);
  assert.ok(await page.getByRole("button", { name: /F9/ }).isDisabled());
  await page.keyboard.press("F9");
  await page.keyboard.press("F7");
  await stage.sees(page, "同意以后");
  await page.locator(".waiting-list button", { hasText: "10010009" }).click();
  await chosen(page, second);
  await stage.sees(page, "同意以后");
  // A key that is held down decides once.
  const session = await page.context().newCDPSession(page);
  for (const autoRepeat of [false, true, true, true]) {
    await session.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key: "F9", code: "F9",
      windowsVirtualKeyCode: 120, autoRepeat });
  }
  await stage.sees(page, `已确认第 ${second} 号事项`);
  await stage.sees(page, "同意以后");
  assert.equal(await page.locator(".said li").count(), 1);
});

test("an undo that waits shows what it would undo", async () => {
  const { entries } = await bank.call("Members/History",
    { member: { member: String(members[3].member) }, limit: 30 }, desk);
  const target = Buffer.from(entries.at(-3).packed, "base64")[1]; // its number, below 128
  const number = await propose({ memo: "重复了", reverse: { target: { entry: String(target) } } });
  const page = await review();
  await chosen(page, number);
  await stage.sees(page, "撤销已记的账");
  await page.getByRole("link", { name: `第 ${target} 号账` }).waitFor();
  await stage.sees(page, "重复了");
});

test("a tariff of long ago waits, and is shown in words", async () => {
  const number = await propose({ day: bank.today - 200, hasDay: true, tariffSet: { category: 9,
    name: "绿化", pointsPerHourCenti: "1000", coefficientPermille: 1000, roundingMinutes: 30,
    expiryKind: "EXPIRY_KIND_YEAR_END", expiryYears: 1, dayMinutesMax: 720 } }, bank.adminToken);
  const page = await review();
  await chosen(page, number);
  const facts = page.locator("article dl");
  await facts.filter({ hasText: "有效期到年底" }).waitFor();
  assert.doesNotMatch(await facts.textContent(), /[A-Z]{3,}_|[a-z]_[a-z]/);
  await stage.setLanguage(page, "en");
  await facts.filter({ hasText: "expiryend of the year" }).waitFor();
  await page.getByLabel("Remark (needed to refuse)").fill("only a test");
  await page.keyboard.press("F8");
  await stage.sees(page, `Refused proposal ${number}`);
});

test("nobody decides on a proposal of his own, nor on his own record", async () => {
  const both = await bank.openOperator("zhouhui", "desk");
  await bank.do(bank.adminToken, { roleSet: { principal: both.principal, roles: [
    { role: "ROLE_DESK", org: "0" }, { role: "ROLE_REVIEWER", org: "0" }] } },
  { principalSet: { principal: both.principal, member: String(members[5].member) } });
  await bank.logIn("zhouhui", both.code, password);
  const token = await bank.logIn("zhouhui");
  const own = await propose(longService(members[6], 485), token);
  const page = await review("zhouhui");
  await chosen(page, own);
  await stage.sees(page, "您不能处理这一项");
  assert.ok(await page.getByRole("button", { name: /F9/ }).isDisabled());
  assert.ok(await page.getByRole("button", { name: /F8/ }).isDisabled());
  const about = await propose(longService(members[5], 485));
  await page.locator(".waiting-list button", { hasText: "10010006" }).waitFor();
  await page.keyboard.press("F6");
  await chosen(page, about);
  await stage.sees(page, "不能是提交的人或受益的人");
  await page.keyboard.press("F9");
  assert.ok(await page.getByRole("button", { name: /F9/ }).isDisabled());
});

test("a desk sees what became of its own, and cannot decide", async () => {
  const page = await review("wangli");
  await stage.sees(page, "只有审核员能处理");
  assert.ok(await page.getByRole("button", { name: /F9/ }).isDisabled());
});

test("large letters and English do as well", async () => {
  const page = await review("liuqiang", { lang: "en", elder: true });
  await stage.sees(page, "If it is confirmed");
  await stage.axe(page);
  const low = await page.evaluate(() => [...document.querySelectorAll("main button, main input")]
    .filter((element) => element.getBoundingClientRect().height < 60).length);
  assert.equal(low, 0);
});

test("more than a hundred wait, and more than thirty were decided: the older ones can be had", async () => {
  const desk2 = await bank.logIn("wangli");
  const reviewer = await bank.logIn("liuqiang");
  const many = [];
  for (let i = 0; i < 140; i++) {
    many.push(await propose(
      longService(members[i % 12], 485, bank.today - 20 - Math.floor(i / 12)), desk2));
  }
  for (const entry of many.slice(0, 35)) {
    await bank.do(reviewer, { memo: "重复", proposalDecide: {
      proposal: { entry: String(entry) }, confirm: true } });
  }
  const page = await review();
  await stage.sees(page, "100 项等确认，还有更早的");
  await page.getByRole("button", { name: "还有更早提交的" }).click();
  await stage.sees(page, /^1[01]\d 项等确认$/);
  await page.locator("summary", { hasText: "已处理" }).click();
  const rows = page.locator("details tbody tr");
  const before = await rows.count();
  assert.ok(before >= 30, String(before));
  await stage.screenshot(page, "review-many");
});
