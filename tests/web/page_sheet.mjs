/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A whole sign-in sheet: typed cell by cell, pasted from Excel, read from files of several kinds;
 * verdicts before anything is sent, one key to record, the same rows after a reload, undone as a
 * whole.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cardOf, members, orgs, start } from "./browser.mjs";

const stage = await start();
const { bank } = stage;
const token = await bank.logIn("wangli");

/** People of their own for sheets: two of them have the same name. */
const people = Array.from({ length: 58 }, (_, i) => ({
  member: 10020001 + i, name: i < 2 ? "陈静" : `志愿者${"甲乙丙丁戊己庚辛壬癸"[i % 10]}${"一二三四五六"[Math.floor(i / 10)]}`,
  card: cardOf(101 + i) }));
await bank.do(token, ...people.map(({ member, name, card }) => ({
  day: bank.today - 100, hasDay: true, memberRegister: { member: String(member), card,
    org: String(orgs.chunhui),
    person: { name, ...(member === 10020058 && { idNumber: "11010519491231002X" }) } } })));

/** Twelve of one name: more than there are digits. */
const twelve = Array.from({ length: 12 }, (_, i) => 10030001 + i);
await bank.do(token, ...twelve.map((member) => ({ day: bank.today - 100, hasDay: true,
  memberRegister: { member: String(member), org: String(orgs.jiangwan),
    person: { name: "周小燕" } } })));

/** An empty sheet with its header filled: 家政, today, two hours. */
async function sheetPage(operator = "wangli") {
  const page = await stage.page();
  await stage.login(page, operator, "/sheet");
  await page.getByRole("grid").waitFor();
  await page.getByLabel("日期", { exact: true }).fill("今天");
  await page.getByLabel("类别", { exact: true }).selectOption("1");
  await page.getByLabel("时长（行里没写的）").fill("2");
  return page;
}

async function firstCell(page) {
  await page.locator("td.cell.who").first().click();
}

function paste(page, text) {
  return page.evaluate((pasted) => {
    const data = new DataTransfer();
    data.setData("text/plain", pasted);
    document.activeElement.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

/** The counts above the grid, once all is judged. */
async function counts(page, ready, bad, done = 0) {
  await page.getByText(`可以记 ${ready} 行 · 要改 ${bad} 行 · 已记 ${done} 行`, { exact: true }).waitFor();
}

async function minutesOf(member) {
  const { info } = await bank.call("Members/MemberGet", { member: { member: String(member) } }, token);
  return Number(info.balances.minutes ?? 0);
}

test("rows are typed as in Excel, by the keyboard alone, and recorded by one key", async () => {
  const page = await sheetPage();
  await firstCell(page);
  const before = await Promise.all([members[0], members[1]].map(({ member }) => minutesOf(member)));
  await page.keyboard.type(members[0].card);
  await page.keyboard.press("Tab");
  await page.keyboard.type("9:00");
  await page.keyboard.press("Tab");
  await page.keyboard.type("10:30");
  await page.keyboard.press("Enter"); // down, and back to where the Tabs began
  await page.keyboard.type("李秀");
  await page.keyboard.press("F2"); // goes on in the cell
  await page.keyboard.type("英");
  await page.keyboard.press("ArrowUp");
  await counts(page, 2, 0);
  await stage.sees(page, "张*明 1 小时 30 分钟，得 15 分");
  await stage.sees(page, "李*英 2 小时，得 20 分");
  await page.keyboard.press("F9");
  await stage.sees(page, "已记 2 行。");
  await counts(page, 0, 0, 2);
  const after = await Promise.all([members[0], members[1]].map(({ member }) => minutesOf(member)));
  assert.deepEqual([after[0] - before[0], after[1] - before[1]], [90, 120]);
});

test("a pasted sheet of 60 rows with 5 bad ones: verdicts first, then all good rows and no other", async () => {
  const page = await sheetPage();
  await page.getByLabel("组织", { exact: true }).selectOption(String(orgs.chunhui));
  await page.getByLabel("活动（可不填）").fill("重阳敬老");
  const good = people.slice(2, 57).map(({ card, name }, i) =>
    `${i % 2 === 0 ? card : name}\t${i % 3 === 0 ? "9:00\t10:00" : "\t"}\t\t"第 ${i} 行，\n两行字"`);
  const bad = ["3.20102E+17", "张*明", "0000000019", "没有这人", people[2].card];
  const rows = [...good.slice(0, 30), ...bad, ...good.slice(30)];
  assert.equal(rows.length, 60);
  await firstCell(page);
  await paste(page, rows.join("\r\n"));
  await counts(page, 55, 5);
  await stage.sees(page, "Excel 把长数字变成了 3.20102E+17");
  await stage.sees(page, "“张*明”是隐去了一部分的");
  await stage.sees(page, "校验位不对");
  await stage.sees(page, "没有叫“没有这人”的志愿者");
  await stage.sees(page, "和第 1 行重复");
  assert.deepEqual(await Promise.all(people.slice(2, 57).map(({ member }) => minutesOf(member))),
    Array(55).fill(0), "nothing is sent before the key");
  await stage.screenshot(page, "sheet");
  await page.keyboard.press("F9");
  await stage.sees(page, "已记 55 行。");
  await counts(page, 0, 5, 55);
  const minutes = await Promise.all(people.slice(2, 57).map(({ member }) => minutesOf(member)));
  assert.deepEqual(minutes, people.slice(2, 57).map((_, i) => (i % 3 === 0 ? 60 : 120)));
  const { imports } = await bank.call("Ledger/ImportList", {}, token);
  assert.deepEqual([imports[0].kind, imports[0].rows, Number(imports[0].entries)], ["sheet", 55, 56]);

  // Put right, the rest goes in too; what is recorded stays as it is.
  await page.locator("tr", { hasText: "没有这人" }).locator("td.who").click();
  await page.keyboard.type(people[57].name);
  await page.keyboard.press("Enter");
  await counts(page, 1, 4, 55);
  await page.keyboard.press("F9");
  await stage.sees(page, "已记 1 行。");
  assert.equal(await minutesOf(people[57].member), 120);
  await page.reload();
  await counts(page, 0, 4, 56);

  // The whole is undone: under the book's rules a second person confirms most of it.
  await page.keyboard.press("F8");
  await page.getByLabel("撤销整张表的原因").waitFor();
  await page.keyboard.press("Enter");
  await stage.sees(page, /撤销了 \d+ 笔/);
  const { proposals } = await bank.call("Access/ProposalList", { limit: 200 }, token);
  const undone = Number(/撤销了 (\d+) 笔/.exec(await page.locator(".notice").first().textContent())[1]);
  assert.equal((proposals ?? []).length + undone, 56);
  assert.equal(await page.locator("td.verdict", { hasText: "已撤销" }).count(), undone);
  await counts(page, 0, 4, 56 - undone);
});

test("namesakes must be chosen; a draft survives a reload; files of Excel are read", async () => {
  const page = await sheetPage("chunhui");
  await page.locator("input[type=file]").setInputFiles({ name: "签到.csv", mimeType: "text/csv",
    buffer: Buffer.concat([Buffer.from([0xd0, 0xd5, 0xc3, 0xfb]), Buffer.from(","),
      Buffer.from([0xb7, 0xd6, 0xd6, 0xd3]), Buffer.from("\r\n"),
      Buffer.from([0xb3, 0xc2, 0xbe, 0xb2]), Buffer.from(",45\r\n")]) }); // 姓名,分钟 / 陈静,45 in GBK
  await stage.sees(page, "读入 1 行。");
  await counts(page, 0, 1);
  await stage.sees(page, "有 2 个人叫这个名字，按 F4 选");
  await page.reload();
  await counts(page, 0, 1);
  await firstCell(page);
  await page.keyboard.press("F4");
  await page.keyboard.press("2");
  await counts(page, 1, 0);
  await stage.axe(page);
  await page.keyboard.press("F9");
  await stage.sees(page, "已记 1 行。");
  assert.deepEqual([await minutesOf(people[0].member), await minutesOf(people[1].member)], [0, 45]);
  await page.getByRole("button", { name: "收起，开新表" }).click();
  await counts(page, 0, 0);
});

test("an answer that was lost is asked for again after a reload: each row is in once", async () => {
  const page = await sheetPage("chunhui");
  await firstCell(page);
  await paste(page, people.slice(10, 20).map(({ card }) => `${card}\t20:00\t21:00`).join("\n"));
  await counts(page, 10, 0);
  const before = await Promise.all(people.slice(10, 20).map(({ member }) => minutesOf(member)));
  let cut = 0;
  await page.route("**/lovebank.v1.Ledger/Write", async (route) => {
    if (route.request().postData().includes("serviceRecord")) {
      await route.fetch(); // it arrives, and its answer does not
      cut++;
      await route.abort();
    } else {
      await route.continue();
    }
  });
  await page.keyboard.press("F9");
  await stage.sees(page, "等着发送");
  await page.unroute("**/lovebank.v1.Ledger/Write");
  await page.reload();
  await counts(page, 0, 0, 10);
  assert.ok(cut > 0);
  const after = await Promise.all(people.slice(10, 20).map(({ member }) => minutesOf(member)));
  assert.deepEqual(after.map((minutes, i) => minutes - before[i]), Array(10).fill(60));
});

test("a file dropped on the page is read; an ID number becomes the member's, and does not stay", async () => {
  const page = await sheetPage();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(["身份证号,日期,服务类别,时长\n11010519491231002x,昨天,科普,1小时\n"], "表.csv"));
    document.querySelector(".sheet").dispatchEvent(
      new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await stage.sees(page, "读入 1 行。");
  await counts(page, 1, 0);
  const row = page.locator("tbody tr").first();
  assert.equal(await row.locator("td.who input").inputValue(), "10020058");
  await row.getByText("科普").waitFor(); // a column of its own, as the rows have one
  await page.reload();
  await counts(page, 1, 0);
  assert.ok(!(await page.content()).includes("110105"));
  await page.getByRole("button", { name: "清空" }).click();
  await counts(page, 0, 0);
});

test("an input method writes into a cell at once; Escape gives up, then leaves the grid", async () => {
  const page = await sheetPage("chunhui");
  await firstCell(page);
  const session = await page.context().newCDPSession(page);
  await session.send("Input.imeSetComposition", { text: "li", selectionStart: 2, selectionEnd: 2 });
  await session.send("Input.insertText", { text: "李秀英" });
  await page.keyboard.press("ArrowDown");
  await counts(page, 1, 0);
  await page.keyboard.type("x");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("td.here input").inputValue(), "");
  await page.keyboard.press("Insert");
  await page.keyboard.press("Shift+Delete");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.activeElement?.textContent.includes("F9"));
});

test("what is typed and not yet left counts, whichever key comes next", async () => {
  const page = await sheetPage("chunhui");
  await page.getByRole("button", { name: /清空|收起/ }).click();
  await page.getByLabel("日期", { exact: true }).fill("今天");
  await page.getByLabel("类别", { exact: true }).selectOption("3");
  await page.getByLabel("时长（行里没写的）").fill("2");
  const { member, card } = people[30];
  const before = await minutesOf(member);
  await firstCell(page);
  await page.keyboard.type(card);
  await page.keyboard.press("Tab");
  await counts(page, 1, 0);
  await page.keyboard.type("6:00");
  await page.keyboard.press("Tab");
  await counts(page, 1, 0);
  await page.keyboard.type("6:30");
  await page.keyboard.press("F9"); // not as it was judged before
  await stage.sees(page, "还在核对");
  await stage.sees(page, "30 分钟，得 7.5 分");
  await page.keyboard.press("F9");
  await stage.sees(page, "已记 1 行。");
  assert.equal(await minutesOf(member) - before, 30);
});

test("a row that may be in the ledger already is named, and needs a second key", async () => {
  const page = await sheetPage("chunhui");
  await page.getByRole("button", { name: /清空|收起/ }).click();
  await page.getByLabel("日期", { exact: true }).fill("今天");
  await page.getByLabel("类别", { exact: true }).selectOption("2");
  const [there, fresh] = [people[40], people[41]];
  await bank.do(token, { serviceRecord: { member: { member: String(there.member) }, category: 2,
    minutes: 90 } });
  const before = await Promise.all([there, fresh].map(({ member }) => minutesOf(member)));
  await firstCell(page);
  await paste(page, `${there.card}\t\t\t1.5\n${fresh.card}\t\t\t1.5`);
  await counts(page, 2, 0);
  await stage.sees(page, "像是记过 1 行");
  await stage.sees(page, /当天已经记过 咨询 1 小时 30 分钟（第 \d+ 号账）/);
  assert.equal(await page.locator("td.verdict", { hasText: "像是记过" }).count(), 1);
  await stage.screenshot(page, "sheet-twice");
  await page.keyboard.press("F6");
  await page.locator("td.here input").waitFor();
  assert.equal(await page.locator("td.here input").inputValue(), there.card);
  await page.keyboard.press("F9");
  await stage.sees(page, "有 1 行像是已经记过");
  assert.deepEqual(await Promise.all([there, fresh].map(({ member }) => minutesOf(member))), before);
  await page.keyboard.press("F9");
  await stage.sees(page, "已记 2 行。");
  const after = await Promise.all([there, fresh].map(({ member }) => minutesOf(member)));
  assert.deepEqual(after.map((minutes, i) => minutes - before[i]), [90, 90]);
});

test("more namesakes than digits are turned by pages", async () => {
  const page = await sheetPage();
  await page.getByRole("button", { name: /清空|收起/ }).click();
  await page.getByLabel("日期", { exact: true }).fill("今天");
  await page.getByLabel("类别", { exact: true }).selectOption("1");
  await page.getByLabel("时长（行里没写的）").fill("1");
  await firstCell(page);
  await page.keyboard.type("周小燕");
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowUp");
  await stage.sees(page, "有 12 个人叫这个名字，按 F4 选");
  await stage.sees(page, "第 1–9 人，共 12 人");
  await page.keyboard.press("F4");
  await page.keyboard.press("PageDown");
  await stage.sees(page, "第 10–12 人，共 12 人");
  await page.keyboard.press("2");
  await counts(page, 1, 0);
  await page.keyboard.press("F9");
  await stage.sees(page, "已记 1 行。");
  assert.equal(await minutesOf(twelve[10]), 60);
});

test("what does not fit is said; what was cleared can be had back", async () => {
  const page = await sheetPage("chunhui");
  await page.getByRole("button", { name: /清空|收起/ }).click();
  await firstCell(page);
  await paste(page, Array.from({ length: 1003 }, (_, i) => `?${i}\t1:00`).join("\n"));
  await stage.sees(page, "一张表最多 1000 行，后面 3 行没有读入");
  assert.equal(await page.locator("tbody tr").count(), 1000);
  await page.getByRole("button", { name: "清空" }).click();
  await counts(page, 0, 0);
  assert.equal(await page.locator("tbody tr").count(), 8);
  await page.getByRole("button", { name: "取回刚才的表" }).click();
  await page.locator("td.who", { hasText: "?1" }).first().waitFor();
  assert.equal(await page.locator("tbody tr").count(), 1000);
  await page.getByRole("button", { name: "清空" }).click();
});

test("what is changed above the rows while F9 is under way stops it", async () => {
  const page = await sheetPage("chunhui");
  const { member, card } = people[45];
  await page.getByLabel("日期", { exact: true }).fill("今天");
  await firstCell(page);
  await paste(page, `${card}\t5:00\t5:30`);
  await counts(page, 1, 0);
  let goOn;
  const isHeld = new Promise((held) => page.route("**/lovebank.v1.Ledger/Write", async (route) => {
    if (route.request().postData().includes("importOpen")) {
      await new Promise((resolve) => {
        goOn = resolve;
        held();
      });
    }
    await route.continue();
  }));
  const before = await minutesOf(member);
  await page.keyboard.press("F9");
  await isHeld;
  await page.getByLabel("日期", { exact: true }).fill("昨天");
  goOn();
  await stage.sees(page, "表头刚刚改了，还没有记");
  await page.unroute("**/lovebank.v1.Ledger/Write");
  assert.equal(await minutesOf(member), before);
  await page.locator(".counts", { hasText: "正在核对" }).waitFor({ state: "detached" });
  await counts(page, 1, 0);
  await page.keyboard.press("F9");
  await stage.sees(page, "已记 1 行。");
  assert.equal(await minutesOf(member) - before, 30);
});

test("another log-in sees nothing of the sheet", async () => {
  const page = await sheetPage("chunhui");
  await firstCell(page);
  await page.keyboard.type("没有这人");
  await page.keyboard.press("Enter");
  await stage.sees(page, "没有叫“没有这人”的志愿者");
  await page.getByRole("button", { name: "退出" }).click();
  await stage.login(page, "wangli", "/sheet");
  await page.getByRole("grid").waitFor();
  assert.ok(!(await page.content()).includes("没有这人"));
});
