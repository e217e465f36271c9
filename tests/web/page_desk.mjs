/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The desk by the keyboard alone: recording by card, number, name and initials, warnings, refusals,
 * undo, two desks at once, an input method that composes.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { members, orgs, password, start } from "./browser.mjs";

const stage = await start();
const { bank } = stage;
const [zhang, li, wang] = members;

/** Twelve of one name: more than there are digits. */
const twelve = Array.from({ length: 12 }, (_, i) => 10030001 + i);
await bank.do(await bank.logIn("wangli"), ...twelve.map((member) => ({
  day: bank.today - 100, hasDay: true, memberRegister: { member: String(member),
    org: String(orgs.jiangwan), person: { name: "周小燕" } } })));

/** A desk of its own, with category 1 and two hours remembered. */
async function desk(operator = "wangli", options = {}) {
  const page = await stage.page(options);
  await page.addInitScript(() => {
    if (localStorage.getItem("lovebank.desk") === null) {
      localStorage.setItem("lovebank.desk", "[1,120]");
    }
  });
  await stage.login(page, operator, "/desk");
  await page.locator(".box input").waitFor();
  await page.getByLabel("类别", { exact: true }).locator("option[value='1']")
    .waitFor({ state: "attached" }); // the catalogue is there
  return page;
}

const top = (page) => page.locator(".said li").first();

/** The first line of the list says so, and the box has the focus. */
async function says(page, text) {
  await top(page).filter({ hasText: text }).waitFor();
  await page.waitForFunction(() => document.activeElement?.closest(".box") !== null);
}

/** What is typed, as slowly as people do, then Enter, when the box asks for that. */
async function enter(page, label, text) {
  await page.getByLabel(label).waitFor();
  await page.keyboard.type(text, { delay: 50 });
  await page.keyboard.press("Enter");
}

/** The member's balance and minutes, as the server has them. */
async function account(member) {
  const token = await bank.logIn("wangli");
  const { info } = await bank.call("Members/MemberGet", { member: { member: String(member) } }, token);
  return { points: Number(info.balances.pointsCenti ?? 0), minutes: Number(info.balances.minutes ?? 0) };
}

test("a scan and one Enter record what is remembered; the sentence says it all", async () => {
  const page = await desk();
  const before = await account(zhang.member);
  await stage.scan(page, zhang.card);
  await page.getByLabel("做了多久").waitFor();
  await stage.sees(page, "张*明");
  await page.keyboard.press("Enter");
  await says(page, "已为 张*明 记 2 小时，得 20 分，现有");
  const after = await account(zhang.member);
  assert.deepEqual([after.points - before.points, after.minutes - before.minutes], [2000, 120]);
  await page.keyboard.press("F8");
  await says(page, "张*明 的 2 小时 已撤销，现有");
  assert.deepEqual(await account(zhang.member), before);
});

test("number, time, day and category are typed in one line, in several, or as a range", async () => {
  const page = await desk();
  await enter(page, "志愿者", `${li.member} 90分`);
  await says(page, "已为 李*英 记 1 小时 30 分钟，得 15 分");
  await enter(page, "志愿者", String(li.member));
  await enter(page, "做了多久", "9:00-11:30 #3 昨天");
  await says(page, "已为 李*英 记 2 小时 30 分钟，得 37.5 分");
  await stage.sees(page, "09:00 起");
  assert.equal(await page.getByLabel("类别", { exact: true }).inputValue(), "3");
  await enter(page, "志愿者", String(wang.member));
  await enter(page, "做了多久", "1 zx 今天"); // initials of 咨询
  await says(page, "已为 王*国 记 1 小时，得 10 分");
  await page.reload();
  await stage.sees(page, "已为 王*国 记 1 小时，得 10 分");
  await top(page).getByText("咨询").waitFor();
});

test("a name or its initials find the person; of several one is chosen by a digit or an arrow", async () => {
  const page = await desk();
  await enter(page, "志愿者", "吴美玲");
  await page.getByLabel("做了多久").waitFor();
  await page.keyboard.press("Escape");
  await enter(page, "志愿者", "zxm"); // 张晓明
  await page.getByLabel("做了多久").waitFor();
  await stage.sees(page, "张*明");
  await page.keyboard.press("Escape");
  await enter(page, "志愿者", "国"); // 王建国, 赵国庆
  await page.getByLabel("“国”是哪一位？").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByLabel("做了多久").waitFor();
  const second = await page.locator(".chosen b").first().textContent();
  await page.keyboard.press("Escape");
  await enter(page, "志愿者", "国");
  await page.getByLabel("“国”是哪一位？").waitFor();
  await stage.screenshot(page, "desk-choose");
  await page.locator(".box input").focus();
  await page.keyboard.press("1");
  await page.getByLabel("做了多久").waitFor();
  assert.notEqual(await page.locator(".chosen b").first().textContent(), second);
});

test("the same person, day and category twice needs a second Enter", async () => {
  const page = await desk();
  const [, , , liu] = members;
  await enter(page, "志愿者", `${liu.member} 1`);
  await says(page, "已为 刘*兰 记 1 小时");
  const before = await account(liu.member);
  await stage.scan(page, liu.card);
  await enter(page, "做了多久", "1");
  await stage.sees(page, "刘*兰 今天已经记过 家政 1 小时");
  assert.deepEqual(await account(liu.member), before);
  await page.keyboard.press("Enter");
  await says(page, "已为 刘*兰 记 1 小时");
  assert.equal((await account(liu.member)).minutes, before.minutes + 60);
  // Also when another desk has recorded it.
  const other = await desk("chunhui");
  await enter(other, "志愿者", `${liu.member} 1`);
  await stage.sees(other, "刘*兰 今天已经记过 家政 1 小时");
});

test("what is wrong is told beside the box, with what to do; nothing typed is lost", async () => {
  const page = await desk();
  await enter(page, "志愿者", "0000000019");
  await stage.sees(page, "校验位不对");
  assert.equal(await page.locator(".box input").inputValue(), "0000000019");
  await page.keyboard.press("Escape");
  await enter(page, "志愿者", "99999999");
  await stage.sees(page, "没有编号为 99999999 的志愿者");
  await page.keyboard.press("Escape");
  await enter(page, "志愿者", String(zhang.member));
  await enter(page, "做了多久", "2 园艺");
  await stage.sees(page, "不认识“园艺”");
  assert.equal(await page.locator(".box input").inputValue(), "2 园艺");
  await page.locator(".box input").fill("");
  await enter(page, "做了多久", "13"); // more than the day's limit of the tariff
  await page.locator(".said li.refused, .said li.waiting").first().waitFor();
  await stage.axe(page);
});

test("an undo that is not one's last act becomes a proposal, and says so", async () => {
  const page = await desk();
  await enter(page, "志愿者", `${members[4].member} 1`);
  await says(page, "已为 陈*强 记 1 小时");
  await enter(page, "志愿者", `${members[4].member} 2 #2`);
  await says(page, "已为 陈*强 记 2 小时");
  await page.locator(".said li", { hasText: "已为 陈*强 记 1 小时" }).first()
    .getByRole("button", { name: "申请撤销" }).click();
  await stage.sees(page, "撤销：这件事要第二个人确认");
  await page.waitForFunction(() => document.activeElement?.closest(".box") !== null);
});

test("two desks at once: all is recorded once, and the balance is the sum", async () => {
  const pages = [await desk(), await desk("chunhui")];
  const before = await account(members[6].member);
  const recorded = (page, count) => page.waitForFunction((wanted) =>
    [...document.querySelectorAll(".said li.done")].filter((line) =>
      line.textContent.includes("赵*庆 记 30 分钟")).length === wanted, count);
  for (let round = 0; round < 3; round++) {
    await Promise.all(pages.map(async (page, i) => {
      const hour = 8 + 4 * i + round;
      await enter(page, "志愿者", `${members[6].member} ${hour}:00-${hour}:30`);
      const warned = page.locator(".box .error", { hasText: "再按一次 Enter" }).waitFor()
        .then(() => true, () => false);
      const done = recorded(page, round + 1).then(() => false);
      if (await Promise.race([warned, done])) { // the other desk was there before
        await page.keyboard.press("Enter");
      }
      await done;
    }));
  }
  const after = await account(members[6].member);
  assert.deepEqual([after.minutes - before.minutes, after.points - before.points], [180, 3000]);
});

test("an input method that composes does not eat a scan, nor does its Enter record", async () => {
  const page = await desk();
  const session = await page.context().newCDPSession(page);
  await session.send("Input.imeSetComposition", { text: "zhang", selectionStart: 5, selectionEnd: 5 });
  await stage.scan(page, members[7].card);
  await page.getByLabel("做了多久").waitFor();
  await stage.sees(page, "黄*华");
  assert.equal(await page.locator(".box input").inputValue(), "");
  await page.keyboard.press("Escape");
  await session.send("Input.insertText", { text: "李秀英" });
  await page.keyboard.press("Enter");
  await page.getByLabel("做了多久").waitFor();
  await stage.sees(page, "李*英");
});

test("the page looks as it should, in large letters too", async () => {
  const page = await desk();
  await enter(page, "志愿者", String(members[8].member));
  await page.getByLabel("做了多久").waitFor();
  await stage.screenshot(page, "desk");
  await page.getByRole("button", { name: "大字" }).click();
  const small = await page.evaluate(() => [...document.querySelectorAll(
    "main button, main input, main select")].filter((element) =>
    element.getBoundingClientRect().height < 60 || parseFloat(getComputedStyle(element).fontSize) < 18)
    .map((element) => element.outerHTML));
  assert.deepEqual(small, []);
  await stage.screenshot(page, "desk-elder");
});

test("a field takes what is typed key by key, and gives a scan back as it was", async () => {
  const page = await desk();
  const time = page.getByLabel("时长", { exact: true });
  const day = page.getByLabel("日期", { exact: true });
  const type = async (field, text) => {
    await field.focus();
    await field.selectText();
    await page.keyboard.type(text, { delay: 50 });
  };
  await type(time, "90分");
  assert.equal(await time.inputValue(), "90分");
  await page.keyboard.press("Tab");
  assert.equal(await time.inputValue(), "1 小时 30 分钟");
  await type(day, "12/31");
  assert.equal(await day.inputValue(), "12/31");
  await page.keyboard.press("Enter"); // back in the box
  assert.match(await day.inputValue(), /^\d{4}-12-31$/);
  await type(day, "今天");
  await type(time, ""); // all of it is selected when the scan comes
  await stage.scan(page, members[5].card);
  await page.getByLabel("做了多久").waitFor();
  await stage.sees(page, "直接按 Enter 记 1 小时 30 分钟");
  assert.equal(await time.inputValue(), "1 小时 30 分钟");
});

test("of more persons than digits the others are a page further", async () => {
  const page = await desk();
  await enter(page, "志愿者", "周小燕");
  await page.getByLabel("“周小燕”是哪一位？").waitFor();
  await stage.sees(page, "第 1–9 人，共 12 人");
  await page.keyboard.press("PageDown");
  await stage.sees(page, "第 10–12 人，共 12 人");
  await stage.screenshot(page, "desk-namesakes");
  await page.locator(".box input").focus();
  await page.keyboard.press("3");
  await page.getByLabel("做了多久").waitFor();
  await page.keyboard.press("Enter");
  await says(page, "已为 周*燕 记 2 小时");
  assert.equal((await account(twelve[11])).minutes, 120);
});

test("the activity is chosen by the arrows, and Enter leads back to the box", async () => {
  const admin = bank.adminToken;
  await bank.do(admin, ...["敬老", "植树", "义诊"].map((name) => (
    { activityOpen: { org: String(orgs.chunhui), name } })));
  const page = await desk();
  const select = page.getByLabel("活动", { exact: true });
  await select.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  assert.match(await select.locator("option:checked").textContent(), /敬老/);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.closest(".box") !== null);
});

test("somebody else begins anew: no person, no day, no line of the one before", async () => {
  await bank.prepare("chunhui");
  const page = await desk();
  await enter(page, "志愿者", String(twelve[0]));
  await enter(page, "做了多久", "1 昨天");
  await says(page, "已为 周*燕 记 1 小时");
  await enter(page, "志愿者", String(li.member));
  await page.getByLabel("做了多久").waitFor();
  await page.getByRole("button", { name: "退出" }).click();
  await page.waitForURL("**/login**");
  await page.locator("input[autocomplete=username]").fill("chunhui"); // the page stays as it is
  await page.locator("input[autocomplete=current-password]").fill(password);
  await page.keyboard.press("Enter");
  await page.getByLabel("志愿者", { exact: true }).waitFor();
  assert.equal(await page.getByLabel("日期", { exact: true }).inputValue(), "今天");
  await stage.listens(page);
  assert.equal(await page.locator(".said li", { hasText: "周*燕" }).count(), 0);
});
