/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Charts: questions with their answers, bars from zero, the numbers of the report beside them and as
 * a table, chosen by keys; print.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { orgs, start } from "./browser.mjs";

const stage = await start();
const { bank } = stage;
const year = new Date(bank.today * 86400_000).getUTCFullYear();

async function charts(operator = "sunhua", address = "/charts", options = {}) {
  const page = await stage.page(options);
  await stage.login(page, operator, address);
  await page.locator(".chart").first().waitFor();
  return page;
}

const reportOf = async (body) => bank.call("Reports/Report", body, bank.adminToken);

test("five questions are answered with the numbers of the report", async () => {
  const page = await charts();
  const questions = await page.locator(".chart h2").allTextContents();
  assert.deepEqual(questions, [`${year} 年哪几个月服务最多？`, "积分是攒着还是用掉了？",
    "时间花在哪些服务上？", "哪些组织服务最多？", "货架上的货够换吗？"]);
  const report = await reportOf({ year });
  const hours = Number(report.minutes) / 60;
  assert.match(await page.locator(".chart p").first().textContent(),
    new RegExp(`占 ${String(hours).replace(".", "\\.")} 小时的 \\d+%`));
  await stage.sees(page, `得到 ${Number(report.earnedCenti) / 100} 分，用去 10 分`);
  await stage.sees(page, "春晖社区最多");
  await stage.screenshot(page, "charts");
});

test("bars begin at zero and are as long as their numbers say", async () => {
  const page = await charts();
  const bars = await page.locator(".chart").nth(3).locator("li").evaluateAll((rows) => rows.map(
    (row) => ({ hours: parseFloat(row.querySelector(".amount").textContent),
      x: row.querySelector("rect").x.baseVal.value,
      width: row.querySelector("rect").width.baseVal.valueInSpecifiedUnits })));
  assert.equal(bars.length, 2);
  assert.ok(bars.every(({ x }) => x === 0));
  assert.equal(bars[0].width, 100);
  const width = 100 * bars[1].hours / bars[0].hours;
  assert.ok(Math.abs(bars[1].width - width) < 1, JSON.stringify(bars));
});

test("the same data stands in a table, reached by the keyboard", async () => {
  const page = await charts();
  const summary = page.locator(".chart").nth(2).locator("summary");
  await summary.focus();
  await page.keyboard.press("Enter");
  const { rows } = await reportOf({ year, byCategory: true });
  const table = page.locator(".chart").nth(2).locator("tbody tr");
  await table.first().waitFor();
  assert.equal(await table.count(), rows.length);
  const times = await table.locator("td:nth-child(3)").allTextContents();
  assert.deepEqual(times, rows.map((row) => row.servicePersonTimes ?? "0"));
});

test("points owed are those that members hold, against stock at today's prices", async () => {
  const page = await charts();
  let held = 0;
  for (let member = 10010001; member <= 10010012; member++) {
    const { info } = await bank.call("Members/MemberGet", { member: { member: String(member) } },
      bank.adminToken);
    held += Number(info.balances.pointsCenti ?? 0) / 100;
  }
  const amounts = await page.locator(".chart").nth(4).locator("li .amount").allTextContents();
  assert.deepEqual(amounts.map(parseFloat), [held, 198 * 5 + 50 * 50 + 3 * 80]);
  const { durableEntry } = await bank.call("Ledger/Status");
  await stage.sees(page, `与选的年份无关，已计到第 ${durableEntry} 号账`);
});

test("year and org are chosen by keys; an org alone is not compared with the shelves", async () => {
  const page = await charts();
  await page.getByLabel("组织", { exact: true }).focus();
  await page.keyboard.press("End");
  await page.waitForURL((url) => url.searchParams.get("org") === String(orgs.jiangwan));
  await stage.sees(page, "江湾社区最多");
  assert.equal(await page.locator(".chart").count(), 4);
  await page.getByLabel("年份").focus();
  await page.keyboard.press("End");
  await stage.sees(page, "这一年没有记时");
});

test("a desk of one community begins with its own", async () => {
  const page = await charts("chunhui");
  assert.equal(await page.getByLabel("组织", { exact: true }).inputValue(), String(orgs.chunhui));
});

test("printed in grey the two kinds of bar differ, and tools are left out", async () => {
  const page = await charts();
  await page.emulateMedia({ media: "print" });
  const fills = await page.evaluate(() => [".bar", ".bar.second"].map((kind) =>
    getComputedStyle(document.querySelector(kind)).fill));
  assert.deepEqual(fills, ["rgb(68, 68, 68)", "rgb(255, 255, 255)"]);
  assert.equal(await page.locator(".chart summary").first().isVisible(), false);
});

/** The lines of the columns and how far below the lower one the drawing ends, in px. */
const drawingOf = (page) => page.locator(".chart").nth(1).locator(".months svg").evaluate((svg) => {
  const [line, foot] = [...svg.querySelectorAll(".axis")].map((axis) => axis.y1.baseVal.value);
  const longest = (kind) => Math.max(...[...svg.querySelectorAll(kind)]
    .map((bar) => bar.height.baseVal.value));
  const texts = [...svg.querySelectorAll("text")].map((text) => text.getBoundingClientRect());
  const touch = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom &&
    b.top < a.bottom;
  return { up: line, upLongest: longest(".bar:not(.second)"), down: svg.height.baseVal.value - foot,
    downLongest: longest(".bar.second"),
    overlaps: texts.filter((a, i) => texts.slice(i + 1).some((b) => touch(a, b))).length };
});

test("each side is as high as its largest number, and nothing is written over another", async () => {
  const page = await charts();
  const few = await drawingOf(page);
  assert.ok(few.up - few.upLongest < 60 && few.down - few.downLongest < 60, JSON.stringify(few));
  await page.route("**/*.Reports/Report", async (route) => {
    const answer = await (await route.fetch()).json();
    if (route.request().postDataJSON().byMonth) { // all in January, and only spent
      answer.rows = [{ month: 1, earnedCenti: "0", redeemedCenti: "123400" }];
    }
    await route.fulfill({ json: answer });
  });
  await page.reload();
  await stage.sees(page, "得到 0 分，用去 1234 分。");
  const spent = await drawingOf(page);
  assert.equal(spent.upLongest, 0);
  assert.ok(spent.up < 60 && spent.down - spent.downLongest < 60, JSON.stringify(spent));
  assert.equal(few.overlaps + spent.overlaps, 0);
});

/** What Chromium would print by F6, and whether something is wider than the sheet. */
async function print(page) {
  await page.evaluate(() => { window.print = () => undefined; });
  await page.keyboard.press("F6");
  await page.waitForFunction(() => document.documentElement.dataset.print === "a4");
  const pdf = await page.pdf({ preferCSSPageSize: true });
  if (process.env.LOVEBANK_SCREENS) {
    writeFileSync(join(process.env.LOVEBANK_SCREENS, "charts-a4.pdf"), pdf);
  }
  await page.setViewportSize({ width: 680, height: 1000 }); // 180 mm
  await page.emulateMedia({ media: "print" });
  const seen = await page.evaluate(() => ({
    cut: [...document.querySelectorAll(".charts-sheet *")].filter((element) =>
      element.getBoundingClientRect().right > document.querySelector(".charts-sheet")
        .getBoundingClientRect().right + 2).map((element) => element.outerHTML.slice(0, 80)),
    pale: [...document.querySelectorAll(".charts-sheet :is(p, h1, h2, span, small)")].filter(
      (element) => getComputedStyle(element).color !== "rgb(0, 0, 0)").length +
      [...document.querySelectorAll(".charts-sheet text")].filter((element) =>
        getComputedStyle(element).fill !== "rgb(0, 0, 0)").length,
    heads: [...document.querySelectorAll("h1")].filter((head) => head.checkVisibility())
      .map((head) => head.textContent),
  }));
  const box = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf.toString("latin1"));
  return { ...seen, sheets: pdf.toString("latin1").match(/\/Type \/Page\b/g).length,
    size: [Math.round(Number(box[1]) / 72 * 25.4), Math.round(Number(box[2]) / 72 * 25.4)] };
}

test("on A4 nothing is cut or pale, and the sheet says what it is, up to which entry", async () => {
  for (const options of [{}, { elder: true }]) {
    const page = await charts("sunhua", "/charts", options);
    const { durableEntry } = await bank.call("Ledger/Status");
    const { sheets, ...seen } = await print(page);
    assert.deepEqual(seen, { cut: [], pale: 0, heads: [`${year} 年统计图 · 全部`], size: [210, 297] });
    assert.ok(sheets >= 2 && sheets <= 3, String(sheets));
    await page.getByText(`已计到第 ${durableEntry} 号账。打印于`).waitFor();
  }
});

test("large letters and English do as well", async () => {
  const page = await charts("sunhua", "/charts", { lang: "en", elder: true });
  await stage.sees(page, "Which orgs give most service?");
  await stage.axe(page);
  const low = await page.evaluate(() => [
    ...document.querySelectorAll("main button, main select, summary")]
    .filter((element) => element.getBoundingClientRect().height < 60).length);
  assert.equal(low, 0);
});
