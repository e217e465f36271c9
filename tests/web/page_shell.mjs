/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What surrounds every page: pages by role, pages that are none, a server that is killed and comes
 * back, the keyboard.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { start } from "./browser.mjs";

const stage = await start();
const { bank } = stage;

const pagesOf = (page) => page.locator("header nav a").allTextContents();

test("the pages offered are those of one's roles", async () => {
  const desk = await stage.page();
  await stage.login(desk, "wangli");
  assert.ok((await pagesOf(desk)).includes("记录"));
  const viewer = await stage.page();
  await stage.login(viewer, "sunhua");
  assert.ok(!(await pagesOf(viewer)).includes("记录"));
  await stage.open(viewer, "/desk");
  await stage.sees(viewer, "不在您的角色之内");
});

test("an address without a page is told, and the others are offered", async () => {
  const page = await stage.page();
  await stage.open(page, "/nothing-here");
  await stage.sees(page, "没有 /nothing-here 这一页");
  assert.ok((await pagesOf(page)).includes("状态"));
});

test("a link goes on without loading, and the browser's way back works", async () => {
  const page = await stage.page();
  await stage.login(page, "wangli");
  await page.evaluate(() => (globalThis.isSame = true));
  await page.getByRole("link", { name: "记录", exact: true }).click();
  await page.waitForURL("**/desk");
  await page.goBack();
  await page.waitForURL("**/status");
  await stage.sees(page, "服务器正常");
  assert.equal(await page.evaluate(() => globalThis.isSame), true);
});

test("the first key reaches the way past the header", async () => {
  const page = await stage.page();
  await stage.open(page, "/status");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "跳到内容");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
});

test("a server that is killed is a calm banner, gone when it is back", async () => {
  const page = await stage.page();
  await stage.open(page, "/status");
  await stage.sees(page, "服务器正常");
  await bank.stop("SIGKILL");
  await stage.sees(page, "连不上服务器，正在重试");
  await stage.axe(page);
  await bank.start();
  await stage.sees(page, "服务器正常");
  await page.locator(".banner").waitFor({ state: "detached" });
});

test("pages can be opened again while the server is away, other than the one that was open", async () => {
  const page = await stage.page();
  await stage.login(page, "wangli");
  await page.evaluate(() => navigator.serviceWorker.ready);
  await bank.stop("SIGKILL");
  try {
    await page.goto(`${bank.url}/desk`);
    await page.locator(".box input").first().waitFor();
    await stage.sees(page, "连不上服务器，可以继续记时");
  } finally {
    await bank.start();
  }
});

/** At the charts, whose file cannot be fetched until it is put back. `isAgain` false: nothing is
 * tried again by itself. */
async function withoutCharts(isAgain = true) {
  const context = await stage.context();
  // Else the service worker fetches it, which no route of a page sees.
  await context.addInitScript(() => delete Navigator.prototype.serviceWorker);
  if (!isAgain) {
    await context.addInitScript(() => {
      const later = window.setTimeout;
      window.setTimeout = (call, ms = 0) => (ms < 900 ? later(call, ms) : 0);
    });
  }
  const page = await stage.page({ context });
  await page.route("**/assets/charts-*.js", (route) => route.abort());
  await stage.login(page, "sunhua");
  await page.getByRole("link", { name: "图表", exact: true }).click();
  await stage.sees(page, "这一页没有取到");
  return page;
}

const putBack = (page) => page.unroute("**/assets/charts-*.js");

async function hasCharts(page) {
  await page.locator(".charts h1").first().waitFor();
  assert.equal(await page.getByText("这一页没有取到").count(), 0);
}

test("a page whose file could not be fetched comes when one goes to it again", async () => {
  const page = await withoutCharts();
  await page.getByRole("link", { name: "状态", exact: true }).click();
  await stage.sees(page, "服务器正常");
  await putBack(page);
  await page.getByRole("link", { name: "图表", exact: true }).click();
  await hasCharts(page);
});

test("a page whose file could not be fetched comes by the button", async () => {
  const page = await withoutCharts(false);
  await stage.axe(page);
  await putBack(page);
  await page.getByRole("button", { name: "再试" }).click();
  await hasCharts(page);
});

test("a page whose file could not be fetched comes by itself when the network is back", async () => {
  const page = await withoutCharts();
  await putBack(page);
  await hasCharts(page);
});

test("logging in and out in one tab is seen by the others", async () => {
  const context = await stage.context();
  const one = await stage.page({ context });
  const other = await stage.page({ context });
  await stage.open(other, "/status");
  await stage.login(one, "wangli");
  await other.getByText("wangli").waitFor();
  await one.getByRole("button", { name: "退出" }).click();
  await other.getByRole("link", { name: "登录" }).waitFor();
});

test("the pages work in the dark, too", async () => {
  const page = await stage.page();
  await page.emulateMedia({ colorScheme: "dark" });
  await stage.login(page, "admin");
  await stage.sees(page, "最近的检查点");
  await stage.axe(page);
});
