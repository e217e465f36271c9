/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The desk without a network: recording goes on, nothing is lost and nothing doubled when it comes
 * back, conflicts come back to be settled, and nobody sends what another has recorded. The network
 * is cut in the browser, and the server is killed and started again.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { members, password, start } from "./browser.mjs";

const stage = await start();
const { bank } = stage;
let token = await bank.logIn("wangli");

/** A desk that is ready to go on without a network: it has the categories. */
async function desk(operator = "wangli", context = undefined) {
  const page = await openDesk(await stage.page({ context }), operator);
  await page.getByLabel("类别").locator("option[value='1']").waitFor({ state: "attached" });
  return page;
}

async function openDesk(page, operator) {
  await page.addInitScript(() => {
    if (localStorage.getItem("lovebank.desk") === null) {
      localStorage.setItem("lovebank.desk", "[1,120]");
    }
  });
  await stage.login(page, operator, "/desk");
  await page.locator(".box input").waitFor();
  return page;
}

async function enter(page, label, text) {
  await page.getByLabel(label).waitFor();
  await page.keyboard.type(text, { delay: 50 });
  await page.keyboard.press("Enter");
}

async function minutesOf({ member }) {
  const { info } = await bank.call("Members/MemberGet", { member: { member: String(member) } }, token);
  return Number(info.balances.minutes ?? 0);
}

/** How many services of the member the ledger holds. */
async function servicesOf({ member }) {
  const { entries } = await bank.call("Members/History",
    { member: { member: String(member) }, limit: 200 }, token);
  return entries.length;
}

/** All that the browser keeps on its disk, as text. */
function kept(page) {
  return page.evaluate(async () => {
    const all = [];
    for (const { name, version } of await indexedDB.databases()) {
      const database = await new Promise((done, fail) => {
        const request = indexedDB.open(name, version);
        request.onsuccess = () => done(request.result);
        request.onerror = () => fail(request.error);
      });
      for (const table of database.objectStoreNames) {
        all.push(...await new Promise((done, fail) => {
          const request = database.transaction(table).objectStore(table).getAll();
          request.onsuccess = () => done(request.result);
          request.onerror = () => fail(request.error);
        }));
      }
      database.close();
    }
    const plain = all.map((row) => ({ ...row,
      command: row.command && new TextDecoder().decode(row.command) }));
    return JSON.stringify([plain, { ...localStorage }]);
  });
}

/** The page's own files are there without the server. */
async function hasFiles(page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

test("the network is cut: records wait, also over a reload, and arrive once", async () => {
  const page = await desk();
  await hasFiles(page);
  const [zhang, li] = members;
  const before = [await minutesOf(zhang), await servicesOf(zhang), await minutesOf(li)];
  await page.context().setOffline(true);
  await enter(page, "志愿者", zhang.card);
  await enter(page, "做了多久", "1");
  await stage.sees(page, /记在这台电脑上，连上服务器就发送/);
  await enter(page, "志愿者", "李秀英");
  await stage.sees(page, "连不上服务器时不能按姓名找人");
  await page.keyboard.press("Escape");
  await stage.scan(page, li.card);
  await enter(page, "做了多久", "9:00-11:30 昨天");
  await stage.sees(page, "有 2 笔等着发送");
  const text = await kept(page);
  for (const { name } of members) {
    assert.ok(!text.includes(name) && !text.includes(`${name[0]}*`), `${name} is kept`);
  }
  await page.reload();
  await page.locator(".box input").waitFor();
  await stage.sees(page, "有 2 笔等着发送");
  await enter(page, "志愿者", zhang.card);
  await enter(page, "做了多久", "2 #2");
  await stage.sees(page, "有 3 笔等着发送");
  await stage.screenshot(page, "desk-offline");
  await page.context().setOffline(false);
  await page.getByText(/等着发送/).waitFor({ state: "hidden" });
  await page.locator(".said li.done").nth(2).waitFor();
  assert.deepEqual([await minutesOf(zhang), await servicesOf(zhang), await minutesOf(li)],
    [before[0] + 180, before[1] + 2, before[2] + 150]);
});

test("the server is killed in the middle and started again: nothing is lost, nothing doubled", async () => {
  const pages = [await desk(), await desk("chunhui")];
  const people = members.slice(2, 6);
  const before = await Promise.all(people.map(minutesOf));
  const services = await Promise.all(people.map(servicesOf));
  await enter(pages[0], "志愿者", `${people[0].member} 30分`);
  await bank.stop("SIGKILL");
  for (const [i, page] of pages.entries()) {
    for (const person of people) {
      await enter(page, "志愿者", `${person.member} ${8 + i * 6}:00-${9 + i * 6}:00 #3`);
      await stage.sees(page, /记在这台电脑上|再按一次 Enter/);
    }
  }
  await stage.sees(pages[1], "有 4 笔等着发送");
  await bank.start(); // it knows no session any more
  token = await bank.logIn("wangli");
  bank.adminToken = await bank.logIn("admin");
  assert.deepEqual(await Promise.all(people.slice(1).map(minutesOf)), before.slice(1));
  for (const [i, page] of pages.entries()) {
    await page.waitForURL("**/login?**");
    await page.locator("input[autocomplete=username]").fill(i === 0 ? "wangli" : "chunhui");
    await page.locator("input[autocomplete=current-password]").fill(password);
    await page.keyboard.press("Enter"); // in the same page: nothing is loaded anew
    await page.waitForURL("**/desk");
    await page.getByText(/等着发送/).waitFor({ state: "hidden" });
  }
  const after = await Promise.all(people.map(minutesOf));
  assert.deepEqual(after.map((minutes, i) => minutes - before[i]), [150, 120, 120, 120]);
  const now = await Promise.all(people.map(servicesOf));
  assert.deepEqual(now.map((count, i) => count - services[i]), [3, 2, 2, 2]);
  await pages[0].locator(".said li.pending").waitFor({ state: "hidden" });
});

test("the network is cut before the categories have come: the box says so and they come later", async () => {
  const page = await stage.page();
  let isCut = true;
  await page.route("**/*Registry/Catalogue", (route) =>
    (isCut ? route.abort("internetdisconnected") : route.continue()));
  await openDesk(page, "wangli");
  await enter(page, "志愿者", `${members[8].card} 1`);
  await stage.sees(page, "类别还没有取到。请等连上服务器，再按一次 Enter");
  isCut = false;
  await page.getByLabel("类别").locator("option[value='1']").waitFor({ state: "attached" });
  await page.keyboard.press("Enter");
  await stage.sees(page, "已为 周*康 记 1 小时");
});

test("what conflicts comes back under its name, is corrected and recorded anew", async () => {
  const page = await desk();
  const wu = members[9];
  await page.context().setOffline(true);
  await enter(page, "志愿者", `${wu.card} 9:00-11:00`);
  await stage.sees(page, "有 1 笔等着发送");
  await bank.do(token, { day: bank.today, hasDay: true, serviceRecord: {
    member: { member: String(wu.member) }, category: 1, minutes: 60, startMinute: 600, hasStart: true } });
  const before = await minutesOf(wu);
  await page.context().setOffline(false);
  const banner = page.locator(".banner.refused");
  await banner.filter({ hasText: "时间重叠" }).waitFor();
  await stage.axe(page);
  await page.reload();
  await banner.filter({ hasText: "时间重叠" }).waitFor(); // until somebody has settled it
  assert.equal(await minutesOf(wu), before);
  await banner.getByRole("link", { name: "改正后重记" }).press("Enter");
  await enter(page, "做了多久", "8:00-10:00");
  await stage.sees(page, "再按一次 Enter 仍然记上");
  await page.keyboard.press("Enter");
  await page.locator(".said li:first-child.done", { hasText: "已为 吴*玲 记 2 小时" }).waitFor();
  await banner.waitFor({ state: "hidden" });
  assert.equal(await minutesOf(wu), before + 120);
});

test("what somebody recorded waits for that log-in; another sees whose it is and cannot send it", async () => {
  const context = await stage.context();
  const page = await desk("wangli", context);
  const sun = members[10];
  const before = await minutesOf(sun);
  await context.setOffline(true);
  await enter(page, "志愿者", `${sun.card} 1`);
  await stage.sees(page, "有 1 笔等着发送");
  await page.close(); // the evening comes, the network does not
  await context.clearCookies();
  await context.setOffline(false);
  const other = await desk("chunhui", context);
  await stage.sees(other, "这台电脑上有 1 笔是 wangli 记的，要等 wangli 登录后发送");
  await enter(other, "志愿者", `${members[6].member} 1`);
  await stage.sees(other, "已为 赵*庆 记 1 小时");
  assert.equal(await minutesOf(sun), before);
  await other.getByRole("button", { name: "退出" }).click();
  await other.waitForURL(/\/login/);
  await stage.login(other, "wangli", "/desk");
  await stage.sees(other, "已为 徐*东 记 1 小时");
  assert.equal(await minutesOf(sun), before + 60);
  const { entries } = await bank.call("Ledger/EntryList", { newestFirst: true, limit: 1, act: 31 }, token);
  const { principals } = await bank.call("Access/PrincipalList", {}, bank.adminToken);
  const wangli = principals.find(({ name }) => name === "wangli").principal;
  assert.equal(entries[0].principalName, "wangli", `principal ${wangli}`);
});

test("what is recorded too late after the service is marked", async () => {
  const page = await desk();
  const day = new Date((bank.today - 30) * 86_400_000).toISOString().slice(0, 10);
  await enter(page, "志愿者", `${members[7].member} 1 ${day}`);
  await stage.sees(page, /补录：服务后 2\d 个工作日/);
  await page.reload();
  await stage.sees(page, /补录：服务后 2\d 个工作日/);
});
