/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Administration by the keyboard alone: orgs, tariffs, goods, counters, operators, devices, the
 * policy of two people; errors beside the field, acts that wait, secrets shown once.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import {
  chooseLast, dayText, fill, openHistory, openRow, openSection, orgs, password, rows, start,
} from "./admin_stage.mjs";

const stage = await start();
const { bank } = stage;
const admin = (section, operator, options) => openSection(stage, section, operator, options);

const catalogue = async (day) => bank.call("Registry/Catalogue",
  day === undefined ? {} : { day, hasDay: true }, bank.adminToken);

test("an org is opened, renamed, moved and closed, and its history tells so", async () => {
  const page = await admin("orgs");
  await stage.sees(page, "江湾社区");
  await page.keyboard.press("F2");
  await fill(page, { 组织编号: "310101001003", 名称: "海棠社区" });
  await stage.sees(page, /已设立组织 海棠社区（310101001003），第 \d+ 号账/);
  await openRow(page, "海棠社区");
  await fill(page, { 名称: "海棠花社区" });
  await stage.sees(page, "已变更 海棠社区");
  await rows(page).filter({ hasText: "海棠花社区" }).waitFor();
  await openRow(page, "海棠花社区");
  await chooseLast(page, "上级组织");
  await chooseLast(page, "撤销这个组织");
  await page.locator("form").getByLabel("起用日期").focus();
  await page.keyboard.press("Enter");
  await stage.sees(page, "已撤销 海棠花社区");
  await rows(page).filter({ hasText: "海棠花社区" }).filter({ hasText: "已撤销" }).waitFor();
  await rows(page).filter({ hasText: "海棠花社区" }).focus();
  await page.keyboard.press("Enter");
  await stage.sees(page, "海棠花社区 已撤销，不能再变更");
  await page.keyboard.press("Escape");
  await openHistory(page);
  await page.locator("details tr", { hasText: "海棠花社区" }).first().waitFor();
  await stage.screenshot(page, "admin-orgs");
});

test("what is wrong is said beside the field, and nothing is sent", async () => {
  const page = await admin("orgs");
  await page.keyboard.press("F2");
  await fill(page, { 组织编号: "12a" });
  await stage.sees(page, "“12a”不行，请写 1 到 999999999999 的数");
  await stage.sees(page, "要填");
  assert.equal(await page.evaluate(
    () => document.activeElement.closest("[data-field]").dataset.field), "org");
  await fill(page, { 组织编号: String(orgs.chunhui), 名称: "又一个" });
  await page.locator("[data-field=org] .error", { hasText: "已经用过" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".act-form").waitFor({ state: "detached" });
});

test("a tariff gets a new price from a day on; until then the old one stands", async () => {
  const page = await admin("tariffs");
  await openRow(page, "咨询");
  const day = bank.today + 40;
  const text = dayText(day);
  await fill(page, { 每小时积分: "12.5", 起用日期: text });
  await stage.sees(page, "已设定服务类别 2 咨询：每小时 12.5 分");
  const priceOn = async (on) => (await catalogue(on)).categories
    .find(({ category }) => category === 2).tariff.pointsPerHourCenti;
  assert.equal(await priceOn(undefined), "1000");
  assert.equal(await priceOn(day), "1250");
  await openHistory(page);
  await page.locator("details tr", { hasText: text }).filter({ hasText: "每小时积分 12.5" })
    .filter({ hasText: "有效期 到年底" }).waitFor();
  await stage.screenshot(page, "admin-tariffs");
});

test("goods: a scanned barcode does not send the form, a wrong one is told", async () => {
  const page = await admin("goods");
  await page.keyboard.press("F2");
  const form = page.locator("form");
  await form.getByLabel("编号", { exact: true }).focus();
  await page.keyboard.type("9");
  await form.getByLabel("条码").focus();
  await stage.scan(page, "6901234567893");
  await fill(page, { 名称: "面粉", "价格（分）": "60" });
  await stage.sees(page, "条码的校验位不对");
  await form.getByLabel("条码").fill("6901234567922");
  await fill(page, { "价格（分）": "60" });
  await stage.sees(page, "已设定 9 面粉：60 分");
  await stage.sees(page, "6901234567922");
  await stage.screenshot(page, "admin-goods");
});

test("a counter is opened", async () => {
  const page = await admin("counters");
  await page.keyboard.press("F2");
  await fill(page, { 兑换点编号: "2", 名称: "江湾爱心超市" });
  await stage.sees(page, "已设立兑换点 2 江湾爱心超市");
  assert.equal((await catalogue()).counters.length, 2);
});

test("an operator is opened; the code is shown once, and lets in with a new password", async () => {
  const page = await admin("operators");
  await page.keyboard.press("F2");
  await fill(page, { 登录名: "Zhou" });
  await stage.sees(page, "小写字母开头，2 到 32 个");
  await fill(page, { "姓名、职务": "周敏，记录员", 登录名: "zhoumin" });
  const code = await page.locator(".secret-text").textContent();
  assert.match(code, /^([0-9A-Z]{4}-){6}[0-9A-Z]{2}$/);
  await stage.axe(page);
  await page.getByRole("button", { name: "已经记下" }).focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(".secret").count(), 0);
  await bank.logIn("zhoumin", code, password);
  await openRow(page, "zhoumin");
  await stage.sees(page, "没有角色，什么都不能做");
  await page.locator("form").getByLabel("在哪个组织").focus();
  await page.keyboard.press("ArrowDown");
  await page.getByRole("button", { name: "Enter 增加" }).focus();
  await page.keyboard.press("Enter");
  await stage.sees(page, "zhoumin 的角色：记录员@滨江区");
  await page.getByRole("button", { name: "去掉 记录员@滨江区" }).waitFor();
  await stage.screenshot(page, "admin-account");
  await page.getByRole("button", { name: "锁定", exact: true }).focus();
  await page.keyboard.press("Enter");
  await stage.sees(page, "zhoumin：已锁定");
  await assert.rejects(bank.logIn("zhoumin"));
  await page.getByRole("button", { name: "解除锁定" }).focus();
  await page.keyboard.press("Enter");
  await stage.sees(page, "zhoumin：正常");
  await page.getByRole("button", { name: "另发一次性口令" }).focus();
  await page.keyboard.press("Enter");
  await page.locator(".secret-text").filter({ hasNotText: code }).waitFor();
  await assert.rejects(bank.logIn("zhoumin"), "the old password is void");
  await page.getByRole("button", { name: "停用" }).focus();
  await page.keyboard.press("Enter");
  await stage.sees(page, "停用后不能恢复，请先写事由");
  await page.getByLabel("事由").fill("调离");
  await page.getByRole("button", { name: "停用" }).focus();
  await page.keyboard.press("Enter");
  await stage.sees(page, "已停用，不能再恢复。");
});

test("a device is opened; its token is shown once, and makes a browser that device", async () => {
  const page = await admin("devices");
  await page.keyboard.press("F2");
  await fill(page, { 名称: "江湾服务台" });
  const token = (await page.locator(".secret-text").textContent()).replaceAll(" ", "");
  assert.match(token, /^[0-9a-f]{64}$/);
  const answer = await bank.call("Ledger/Hello", { protocolVersion: 1, client: "test",
    token: Buffer.from(token, "hex").toString("base64") });
  assert.equal(answer.tokenCode ?? 0, 0);
  await page.reload();
  await stage.sees(page, "江湾服务台");
  assert.equal(await page.locator(".secret").count(), 0);
});

test("the policy is told in sentences, and a new one is dated", async () => {
  const page = await admin("policy");
  await stage.sees(page, "超过 480 分钟");
  await stage.sees(page, "要确认，自己刚记的一笔 30 分钟内除外");
  await stage.screenshot(page, "admin-policy");
  await fill(page, { 等多少天没人确认就作废: "400" });
  await stage.sees(page, "“400”不行，请写 1 到 365 的数");
  await fill(page, { 等多少天没人确认就作废: "7", 记时超过多少分钟: "0" });
  await stage.sees(page, "已设定双人规则");
  await stage.sees(page, "7 天没人确认就作废");
});

test("whether opening balances wait is set, told and kept in the history", async () => {
  const page = await admin("policy");
  const told = page.locator("dl dt", { hasText: "期初余额" }).locator("xpath=following-sibling::dd[1]");
  assert.equal(await told.textContent(), "超过 500 分");
  await page.getByLabel("期初余额要不要确认").selectOption("yes");
  await fill(page, { 等多少天没人确认就作废: "14" });
  await stage.sees(page, "已设定双人规则");
  await told.filter({ hasText: "都要确认" }).waitFor();
  assert.equal((await catalogue()).policy.openingBalances, true);
  await openHistory(page);
  await page.locator("details tr", { hasText: "期初余额要确认 是" }).waitFor();
  await page.getByLabel("期初余额要不要确认").selectOption("no");
  await fill(page, { 等多少天没人确认就作废: "14" });
  await told.filter({ hasText: "超过 500 分" }).waitFor();
});

test("what needs a second person says so", async () => {
  const commands = [{ id: randomBytes(16).toString("base64"), policySet: { backDays: 10,
    proposalDays: 14 } }];
  await bank.call("Ledger/Write", { commands }, bank.adminToken);
  const page = await admin("goods");
  await openRow(page, "食盐");
  const text = dayText(bank.today - 30);
  await fill(page, { 起用日期: text });
  await page.locator(".said li.waiting", { hasText: "要第二个人确认" }).waitFor();
});

test("a reviewer sets prices only; a desk has no administration", async () => {
  const page = await admin("goods", "liuqiang");
  assert.deepEqual(await page.locator(".sections a").allTextContents(), ["积分标准", "商品价目"]);
  await page.goto(`${bank.url}/admin/orgs`);
  await stage.sees(page, "不在您的角色之内");
  const desk = await stage.page();
  await stage.login(desk, "wangli", "/status");
  assert.equal(await desk.locator("nav a", { hasText: "管理" }).count(), 0);
});

test("large letters and English do as well", async () => {
  const page = await admin("operators", "admin", { lang: "en", elder: true });
  await stage.sees(page, "Open an operator");
  await openRow(page, "chenmei");
  await stage.axe(page);
  const low = await page.evaluate(() => [...document.querySelectorAll(
    "main button, main a, main select, main input")]
    .filter((element) => (
      element.offsetParent !== null && element.getBoundingClientRect().height < 60))
    .map((element) => element.outerHTML));
  assert.deepEqual(low, []);
});
