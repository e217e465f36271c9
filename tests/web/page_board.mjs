/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The star board for somebody who has not logged in: by the keyboard alone, who is named and who is
 * not, a busy server, and the poster's sheets.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { members, orgs, start } from "./browser.mjs";

const stage = await start();
const { bank } = stage;
const rows = (page) => page.locator(".poster .rows tr");

async function board(address = "/board", options = {}) {
  const page = await stage.page(options);
  await stage.open(page, address);
  await page.locator(".poster").waitFor();
  return page;
}

/** The next choice, or by End the last one. */
async function pick(page, label, key = "ArrowDown") {
  await page.getByLabel(label, { exact: true }).focus();
  await page.keyboard.press(key);
}

test("anybody sees ranks, masked names, and persons apart from person-times", async () => {
  const page = await board();
  await stage.sees(page, /^上榜 11 人/);
  await stage.sees(page, /^全年服务 \d+ 人次/);
  const names = await rows(page).locator("td:nth-child(2)").allTextContents();
  assert.equal(names.length, 11);
  assert.ok(names.includes("张*明"), String(names));
  assert.equal(names.filter((name) => name === "（未同意公示）").length, 3);
  const all = await page.locator("main").textContent();
  for (const { name, member } of members) {
    assert.ok(!all.includes(name) && !all.includes(String(member)), name);
  }
  assert.equal(await page.locator("nav a", { hasText: "明星榜" }).count(), 1);
  await stage.screenshot(page, "board");
});

test("org, class and order are chosen by keys and stand in the address", async () => {
  const page = await board();
  await pick(page, "排名按");
  await page.waitForURL("**/board?by=hours");
  await stage.sees(page, "按全年服务时长排名");
  await pick(page, "组织", "End");
  await page.waitForURL((url) => url.searchParams.get("org") === String(orgs.jiangwan));
  await stage.sees(page, /江湾社区\d+ 年志愿服务明星榜/);
  assert.equal(await rows(page).count(), 3);
  await pick(page, "人员类别");
  await stage.sees(page, "党员，按全年服务时长排名");
  await page.reload();
  await stage.sees(page, "党员，按全年服务时长排名");
  assert.deepEqual(await page.getByLabel("人员类别").locator("option").allTextContents(),
    ["全部", "党员", "居民"]);
});

test("ranks up to a limit are listed, and all who are on the board still counted", async () => {
  const page = await board("/board?top=3");
  await stage.sees(page, /^上榜 11 人/);
  await stage.sees(page, /^这里列出 \d 人/);
  const ranks = await rows(page).locator("td:first-child").allTextContents();
  assert.ok(ranks.length >= 3 && ranks.every((rank) => Number(rank) <= 3), String(ranks));
});

test("a year without service says so, an org that is not there too", async () => {
  const page = await board("/board?year=1999");
  await stage.sees(page, "还没有人上榜");
  await stage.open(page, "/board?org=99");
  await page.locator(".notice.refused").waitFor();
  await page.getByLabel("组织").waitFor();
});

test("a busy server is asked again, and what was shown stays", async () => {
  const page = await board();
  let refused = 0;
  await page.route("**/lovebank.v1.Reports/PublicBoard", async (route) => {
    if (refused++ > 0) {
      return route.continue();
    }
    return route.fulfill({ status: 429, contentType: "application/json",
      body: JSON.stringify({ code: "resource_exhausted", message: "busy" }) });
  });
  await pick(page, "排名按");
  await stage.sees(page, "过一会儿自动再取");
  assert.equal(await rows(page).count(), 11);
  await stage.sees(page, "按全年服务时长排名");
  await page.locator(".notice").waitFor({ state: "detached" });
});

/** What Chromium would print; the number of its sheets. */
async function print(page, paper) {
  await page.evaluate((name) => (document.documentElement.dataset.print = name), paper);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  await page.evaluate(() => delete document.documentElement.dataset.print);
  if (process.env.LOVEBANK_SCREENS) {
    writeFileSync(join(process.env.LOVEBANK_SCREENS, `board-${paper}.pdf`), pdf);
  }
  const text = pdf.toString("latin1");
  const box = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(text);
  return { sheets: text.match(/\/Type \/Page\b/g).length,
    size: [Math.round(Number(box[1]) / 72 * 25.4), Math.round(Number(box[2]) / 72 * 25.4)] };
}

test("the poster fits A4 and A3, with heading and foot on each sheet", async () => {
  const page = await board();
  await page.evaluate(() => {
    window.print = () => window.dispatchEvent(new Event("afterprint"));
  });
  await page.keyboard.press("F6");
  assert.deepEqual(await print(page, "a4"), { sheets: 1, size: [210, 297] });
  assert.deepEqual(await print(page, "a3"), { sheets: 1, size: [297, 420] });
  await page.evaluate(() => { // as if a hundred had given hours
    const body = document.querySelector(".poster .rows");
    const first = [...body.children];
    for (let i = 0; i < 9; i++) {
      body.append(...first.map((row) => row.cloneNode(true)));
    }
  });
  const long = await print(page, "a4");
  assert.ok(long.sheets >= 3, String(long.sheets));
  await page.emulateMedia({ media: "print" });
  const style = await page.evaluate(() => ["thead", "tfoot", ".seal"].map((part) =>
    getComputedStyle(document.querySelector(`.poster ${part}`)).display));
  assert.deepEqual(style, ["table-header-group", "table-footer-group", "block"]);
  const { treeRoot } = await bank.call("Ledger/Status");
  await stage.sees(page, Buffer.from(treeRoot, "base64").toString("hex"));
});

test("large letters and English do as well", async () => {
  const page = await board("/board", { lang: "en", elder: true });
  await stage.sees(page, /Star board of volunteers/);
  await stage.axe(page);
  const low = await page.evaluate(() => [...document.querySelectorAll("main select, button")]
    .filter((element) => element.getBoundingClientRect().height < 60).length);
  assert.equal(low, 0);
});
