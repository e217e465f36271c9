/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Administration by several people at once, keys pressed twice, secrets that nobody has put away,
 * and rights over a part of the book.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  dayText, fill, openRow, openSection, orgs, password, rows, start, type,
} from "./admin_stage.mjs";

const stage = await start();
const { bank } = stage;

test("Enter twice opens one operator, and the code shown is its own", async () => {
  const page = await openSection(stage, "operators");
  await page.keyboard.press("F2");
  await type(page, { 登录名: "twice" });
  await page.evaluate(() => {
    document.querySelector("form").requestSubmit();
    document.querySelector("form").requestSubmit();
  });
  const code = await page.locator(".secret-text").textContent();
  await stage.sees(page, "已开设操作员 twice");
  assert.equal(await page.locator(".said li").count(), 1);
  await bank.logIn("twice", code, password);
});

test("a refusal that is about a field stands beside it", async () => {
  const page = await openSection(stage, "operators");
  await page.keyboard.press("F2");
  await fill(page, { 登录名: "wangli" });
  await page.locator("[data-field=login] .error", { hasText: "这个登录名已属于" }).waitFor();
  assert.equal(await page.evaluate(
    () => document.activeElement.closest("[data-field]").dataset.field), "login");
});

test("what is shown once stays until it is put away, but not for the next person", async () => {
  const page = await openSection(stage, "devices");
  await page.keyboard.press("F2");
  await fill(page, { 名称: "北门服务台" });
  const secret = page.locator(".secret-text");
  const first = await secret.textContent();
  await page.keyboard.press("F2");
  await fill(page, { 名称: "南门服务台" });
  await secret.nth(1).waitFor();
  assert.equal(await secret.first().textContent(), first);
  await page.getByRole("link", { name: "组织", exact: true }).click();
  await stage.sees(page, "江湾社区");
  assert.equal(await secret.count(), 2);
  assert.deepEqual(await page.evaluate((token) => Object.values({ ...localStorage,
    ...sessionStorage }).filter((text) => text.includes(token)), first.replaceAll(" ", "")), []);
  await page.getByRole("button", { name: "退出" }).click();
  await page.locator("input[autocomplete=username]").waitFor();
  await page.evaluate(() => { // without loading the page anew
    history.pushState(null, "", "/login?back=%2Fadmin%2Fgoods");
    dispatchEvent(new PopStateEvent("popstate"));
  });
  await bank.prepare("liuqiang");
  await page.locator("input[autocomplete=username]").fill("liuqiang");
  await page.locator("input[autocomplete=current-password]").fill(password);
  await page.keyboard.press("Enter");
  await stage.sees(page, "食盐");
  assert.equal(await secret.count(), 0);
  assert.equal(await page.locator(".said li").count(), 0);
});

test("lists show what another person has changed, and what is typed meanwhile stays", async () => {
  const page = await openSection(stage, "policy");
  await stage.sees(page, "超过 480 分钟");
  await type(page, { 补记多少天以前的: "45" });
  await bank.do(bank.adminToken, { policySet: { serviceMinutes: 360, pointsCenti: "50000",
    backDays: 60, importRows: 0, reversals: true, undoMinutes: 30, proposalDays: 14 } });
  await stage.sees(page, "超过 360 分钟");
  await page.keyboard.press("Enter");
  await stage.sees(page, "已设定双人规则");
  const { policy } = await bank.call("Registry/Catalogue", {}, bank.adminToken);
  assert.equal(policy.serviceMinutes, 360, "not what it was before the other person");
  assert.equal(policy.backDays, 45);
});

test("what another person changes between the lists and the stream is not missed", async () => {
  const page = await stage.page();
  await stage.login(page, "admin");
  const lists = [];
  page.on("request", (request) => request.url().endsWith("Registry/Catalogue") &&
    lists.push(request.response()));
  let isSet = false;
  // Where the stream begins is told after the lists that were asked for before have come.
  await page.route("**/*.Ledger/Status", async (route) => {
    await Promise.all(lists);
    if (!isSet) {
      isSet = true;
      await bank.do(bank.adminToken, { policySet: { serviceMinutes: 420, pointsCenti: "50000",
        backDays: 60, importRows: 0, reversals: true, undoMinutes: 30, proposalDays: 14 } });
    }
    return route.continue();
  });
  await page.evaluate(() => {
    history.pushState(null, "", "/admin/policy");
    dispatchEvent(new PopStateEvent("popstate"));
  });
  await stage.sees(page, "超过 420 分钟");
});

test("a role is added to those of now, whoever gave them", async () => {
  const { principal } = await bank.openOperator("roles", "viewer");
  const page = await openSection(stage, "operators");
  await openRow(page, "roles");
  await bank.do(bank.adminToken, { roleSet: { principal, roles: [
    { role: "ROLE_VIEWER", org: "0" }, { role: "ROLE_AUDITOR", org: "0" }] } });
  await page.getByRole("button", { name: "Enter 增加" }).focus();
  await page.keyboard.press("Enter");
  await stage.sees(page, "roles 的角色：查看@全部、审计员@全部、记录员@全部");
});

test("a reason for one account is not that of the next", async () => {
  const page = await openSection(stage, "operators");
  await openRow(page, "chenmei");
  await page.getByLabel("事由").fill("调离");
  await openRow(page, "sunhua");
  assert.equal(await page.getByLabel("事由").inputValue(), "");
});

test("the focus goes back to the row when its form is left", async () => {
  const page = await openSection(stage, "goods");
  await openRow(page, "食盐");
  assert.equal(await page.locator(".said li").count(), 0, "the Enter that opened it sent nothing");
  await page.keyboard.press("Escape");
  await page.locator(".act-form").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement.tagName === "TR" &&
    document.activeElement.textContent.includes("食盐"));
});

test("an org that has one above it cannot become a root, nor lose its name", async () => {
  const page = await openSection(stage, "orgs");
  await openRow(page, "春晖社区");
  assert.equal(await page.locator("form option", { hasText: "没有上级" }).count(), 0);
  await fill(page, { 名称: "" });
  await page.locator("[data-field=name] .error", { hasText: "要填" }).waitFor();
});

test("what is new never changes a price or a tariff that is there", async () => {
  const page = await openSection(stage, "goods");
  await page.keyboard.press("F2");
  await fill(page, { 名称: "面粉", "价格（分）": "60", 编号: "1" });
  await page.locator("[data-field=item] .error", { hasText: "1 是 食盐" }).waitFor();
  await page.getByRole("link", { name: "积分标准" }).click();
  await page.getByRole("button", { name: "新的服务类别" }).waitFor();
  await stage.listens(page);
  await page.keyboard.press("F2");
  await fill(page, { 名称: "陪护", 每小时积分: "20", 服务类别编号: "3" });
  await page.locator("[data-field=category] .error", { hasText: "3 是 科普" }).waitFor();
  assert.equal(await page.locator(".said li").count(), 0);
});

test("over a part of the book: what holds for all of it can be looked at only", async () => {
  bank.codes.set("lixia", (await bank.openOperator("lixia", "administrator", orgs.chunhui)).code);
  const page = await openSection(stage, "tariffs", "lixia");
  await stage.sees(page, "您的角色只管其中一部分，所以只能看");
  await stage.sees(page, "家政");
  assert.equal(await page.getByRole("button", { name: "新的服务类别" }).count(), 0);
  assert.equal(await page.locator("tr.opens").count(), 0);
  await page.getByRole("link", { name: "活动", exact: true }).click();
  await page.locator(".sections a[aria-current=page]", { hasText: "活动" }).waitFor();
  await stage.listens(page);
  await page.keyboard.press("F2");
  await fill(page, { 活动名称: "楼道清扫", 活动日期: dayText(bank.today) });
  await page.locator("[data-field=org]", { hasText: "不在您的权限范围内" }).waitFor();
  assert.equal(await rows(page).filter({ hasText: "楼道清扫" }).count(), 0);
});

test("what was said is said in the language chosen later, too", async () => {
  const page = await openSection(stage, "counters");
  await page.keyboard.press("F2");
  await fill(page, { 兑换点编号: "7", 名称: "Qibao" });
  await stage.sees(page, "已设立兑换点 7 Qibao，第");
  await stage.setLanguage(page, "en");
  await stage.sees(page, "opened counter 7 Qibao; entry");
});

test("an act that met the end of the log-in is done after the next, and its code is shown",
  async () => {
    bank.codes.set("gaoyan", (await bank.openOperator("gaoyan", "administrator")).code);
    const page = await openSection(stage, "operators", "gaoyan");
    await page.keyboard.press("F2");
    await type(page, { 登录名: "later" });
    await bank.call("Access/Logout", { everywhere: true }, await bank.logIn("gaoyan"));
    await page.keyboard.press("Enter");
    await page.locator("input[autocomplete=username]").fill("gaoyan");
    await page.locator("input[autocomplete=current-password]").fill(password);
    await page.keyboard.press("Enter");
    const code = await page.locator(".secret-text").textContent();
    await stage.sees(page, "已开设操作员 later");
    await bank.logIn("later", code, password);
  });
