/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Administration of classes, the star table, activities and stock, by the keyboard alone; histories
 * that go back by pages.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  chooseLast, dayText, fill, openHistory, openRow, openSection, rows, start, type,
} from "./admin_stage.mjs";
import { items, members } from "./browser.mjs";

const stage = await start();
const { bank } = stage;

const catalogue = async (day) => bank.call("Registry/Catalogue",
  day === undefined ? {} : { day, hasDay: true }, bank.adminToken);

test("a class is opened, renamed, made public; a number that is taken is told", async () => {
  const page = await openSection(stage, "classes");
  await stage.sees(page, "党员");
  await page.keyboard.press("F2");
  await fill(page, { 类别编号: "1", 名称: "学生" });
  await stage.sees(page, "1 是 党员。要改它，请在下面选它");
  await fill(page, { 类别编号: "4" });
  await stage.sees(page, "已设定类别 4 学生：不公开");
  await openRow(page, "学生");
  await chooseLast(page, "可用于公开名单");
  await fill(page, { 名称: "在校学生" });
  await stage.sees(page, "已设定类别 4 在校学生：公开");
  await rows(page).filter({ hasText: "在校学生" }).filter({ hasText: "公开" }).waitFor();
  assert.deepEqual((await catalogue()).classes.find(({ classId }) => classId === 4),
    { classId: 4, name: "在校学生", isPublic: true });
  await openHistory(page);
  await page.locator("details tr", { hasText: "在校学生" }).filter({ hasText: "公开 是" })
    .waitFor();
  await stage.screenshot(page, "admin-classes");
});

test("a star table holds from a day on; one that does not rise is told", async () => {
  const page = await openSection(stage, "stars");
  await rows(page).filter({ hasText: "3 星" }).filter({ hasText: "60" }).waitFor();
  await page.keyboard.press("F2");
  await fill(page, { "4 星": "60" });
  await stage.sees(page, "“60”不行，请写 61 到 1000000 的数");
  assert.equal(await page.evaluate(
    () => document.activeElement.closest("[data-field]").dataset.field), "hours_4");
  await fill(page, { "4 星": "100", "5 星": "200", 起用日期: dayText(bank.today + 10) });
  await stage.sees(page, "已设定星级表：10、30、60、100、200 小时");
  assert.deepEqual((await catalogue()).starHours, [10, 30, 60]);
  assert.deepEqual((await catalogue(bank.today + 10)).starHours, [10, 30, 60, 100, 200]);
  await openHistory(page);
  await page.locator("details tr", { hasText: dayText(bank.today + 10) }).waitFor();
  await page.keyboard.press("F2");
  await stage.screenshot(page, "admin-stars");
});

test("an activity is opened and stands in the list, its leader beside the ledger", async () => {
  const page = await openSection(stage, "activities");
  await page.keyboard.press("F2");
  await fill(page, { 服务内容: "清扫楼道" });
  await stage.sees(page, "要填");
  await fill(page, { 地点: "春晖广场", 负责人: "何老师", 活动名称: "爱国卫生日",
    活动日期: dayText(bank.today + 3) });
  await page.locator("[data-field=day]", { hasText: "还没到" }).waitFor();
  await fill(page, { 活动日期: dayText(bank.today - 3) });
  await stage.sees(page, "已登记活动 爱国卫生日，编号 1");
  const row = rows(page).filter({ hasText: "爱国卫生日" });
  await row.filter({ hasText: dayText(bank.today - 3) }).filter({ hasText: "何老师" }).waitFor();
  await stage.screenshot(page, "admin-activities");
});

test("a storekeeper scans one delivery after the other, and takes back a wrong one", async () => {
  const page = await openSection(stage, "stock", "chenmei");
  assert.deepEqual(await page.locator(".sections a").allTextContents(), ["库存"]);
  await rows(page).filter({ hasText: "食用油" }).filter({ hasText: "3" }).waitFor();
  await page.keyboard.press("F2");
  await stage.scan(page, items.oil.barcode);
  await page.keyboard.type("12");
  await type(page, { 捐赠单位: "江湾粮油" });
  await fill(page, { 保质期: dayText(bank.today + 200) });
  await stage.sees(page, "春晖爱心超市 收到 食用油 12 桶");
  await rows(page).filter({ hasText: dayText(bank.today + 200) }).filter({ hasText: "12" })
    .waitFor();
  await page.keyboard.type("大米");
  await page.keyboard.press("Enter");
  await page.keyboard.type("0");
  await page.keyboard.press("Enter");
  await stage.sees(page, "“0”不行，请写 1 到 1000000 的数");
  await fill(page, { 数量: "7", 保质期: dayText(bank.today + 300) });
  await stage.sees(page, "收到 大米 5 千克 7 袋");
  assert.equal(await page.locator("form").getByLabel("捐赠单位").inputValue(), "江湾粮油");
  await stage.screenshot(page, "admin-stock");
  await page.keyboard.press("Escape");
  await openRow(page, dayText(bank.today + 300));
  await page.keyboard.press("Enter");
  await stage.sees(page, "要填");
  await fill(page, { 事由: "数量记错" });
  await stage.sees(page, /已撤销第 \d+ 号进货/);
  await rows(page).filter({ hasText: dayText(bank.today + 300) }).waitFor({ state: "detached" });
  await openRow(page, dayText(bank.today + 200)); // not the last act: by the policy a second person
  await fill(page, { 事由: "数量记错" });
  await page.locator(".said li.waiting", { hasText: "要第二个人确认" }).waitFor();
});

test("stock changes when goods are redeemed elsewhere; administrators receive none", async () => {
  const page = await openSection(stage, "stock");
  await stage.sees(page, "进货由兑换员登记");
  assert.equal(await page.getByRole("button", { name: "入库" }).count(), 0);
  await rows(page).filter({ hasText: "食盐" }).filter({ hasText: "198" }).waitFor();
  await bank.do(await bank.logIn("chenmei"), { redeem: {
    member: { member: String(members[0].member) }, counter: 1,
    lines: [{ item: 1, quantity: "1" }] } });
  await rows(page).filter({ hasText: "食盐" }).filter({ hasText: "197" }).waitFor();
});

test("the history of the stock says in words what came in", async () => {
  const page = await openSection(stage, "stock");
  await openHistory(page);
  const delivery = page.locator("details tbody tr", { hasText: "保质期" }).first();
  await delivery.waitFor();
  assert.doesNotMatch(await delivery.textContent(), /has_/);
});

test("a history goes back by pages", async () => {
  await bank.do(bank.adminToken, ...Array.from({ length: 70 }, (_, i) => ({ itemSet: {
    item: 100 + i, kind: "ITEM_KIND_GOODS", name: `毛巾${i}`, unit: "条", priceCenti: "100" } })));
  const page = await openSection(stage, "goods");
  await openHistory(page);
  const shown = page.locator("details tbody tr");
  await shown.filter({ hasText: "毛巾69" }).waitFor();
  assert.equal(await shown.count(), 30);
  const earlier = page.getByRole("button", { name: "更早的" });
  await earlier.focus();
  await page.keyboard.press("Enter");
  await shown.filter({ hasText: "毛巾20" }).waitFor();
  assert.equal(await shown.count(), 60);
  await page.keyboard.press("Enter");
  await shown.filter({ hasText: "大米 5 千克" }).waitFor();
  assert.equal(await earlier.count(), 0);
});
