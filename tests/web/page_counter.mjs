/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The counter by scanner and keyboard alone: redeeming, what is not enough, two counters at once, a
 * cut network, a server that is killed, an input method that composes, undo, receipts, the mirror.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { items, members, orgs, password, start } from "./browser.mjs";

const stage = await start();
const { bank } = stage;
const [zhang, li, wang, liu, chen, yang, zhao, huang] = members;
const { salt, rice, oil } = items;
const screens = process.env.LOVEBANK_SCREENS;

/** A counter's window, where counter 1 was chosen before. */
async function counter({ operator = "chenmei", ...options } = {}) {
  const page = await stage.page(options);
  await page.addInitScript(() => {
    if (localStorage.getItem("lovebank.counter.number") === null) {
      localStorage.setItem("lovebank.counter.number", "1");
    }
  });
  await stage.login(page, operator, "/counter");
  await says(page, "请扫积分卡");
  await stage.listens(page);
  return page;
}

const message = (page) => page.locator(".till-message").first();
const top = (page) => page.locator(".said li").first();

/** The message says so, and the box has the focus. */
async function says(page, text) {
  await message(page).filter({ hasText: text }).waitFor();
  await page.waitForFunction(() => document.activeElement?.closest(".box") !== null);
}

/** A card that is typed: where scanning is not what is tested, a busy machine does not matter. */
async function showCard(page, member) {
  await page.locator(".box input").fill(member.card);
  await page.keyboard.press("Enter");
  await page.locator(".till-name").filter({ hasText: member.card.slice(-4) }).waitFor();
}

/** What can be spent, in 1/100, and the pieces of an item, as the server has them. */
async function pointsOf(member) {
  const token = await bank.logIn("chenmei");
  const { info } = await bank.call("Members/MemberGet", { member: { card: member.card } }, token);
  return Number(info.balances.pointsCenti ?? 0);
}

async function stockOf(item) {
  const token = await bank.logIn("chenmei");
  const { rows = [] } = await bank.call("Registry/Stock", { counter: 1 }, token);
  return rows.filter((row) => row.item === item.item)
    .reduce((sum, row) => sum + Number(row.quantity), 0);
}

const isWrite = (request) => request.url().endsWith(".Ledger/Write") &&
  !request.postDataJSON().dryRun;

test("the counter is chosen once; a device's own needs no choice", async () => {
  const page = await stage.page();
  await stage.login(page, "chenmei", "/counter");
  await page.getByLabel("这台电脑是哪个兑换点？").waitFor();
  await page.keyboard.type("7");
  await page.keyboard.press("Enter");
  await stage.sees(page, "没有“7”号兑换点");
  await stage.screenshot(page, "counter-choose");
  await page.locator(".box input").focus(); // from the switch of languages
  await page.keyboard.type("1");
  await page.keyboard.press("Enter");
  await page.getByLabel("卡或商品").waitFor();
  await page.reload();
  await says(page, "请扫积分卡");
  assert.match(await page.locator("h1").textContent(), /春晖爱心超市/);
  const token = await bank.openDevice("兑换点电脑", orgs.chunhui, 1);
  const other = await stage.page();
  await stage.open(other, "/login");
  await other.getByText("这台电脑是服务台或兑换点的设备").click();
  await other.getByLabel("设备令牌").fill(token);
  await other.getByRole("button", { name: "设为设备" }).click();
  await stage.sees(other, "这台电脑是设备“兑换点电脑”");
  await stage.login(other, "chenmei", "/counter");
  await says(other, "请扫积分卡");
});

test("three scans and Enter redeem, and nothing else is pressed", async () => {
  const page = await counter();
  const before = await pointsOf(zhang);
  const there = await stockOf(salt);
  let scans = 0;
  let keys = 0;
  for (const code of [zhang.card, salt.barcode, salt.barcode]) {
    await stage.scan(page, code);
    scans++;
  }
  await page.keyboard.press("Enter");
  keys++;
  await says(page, "已兑换 食盐 2，用 10 分");
  assert.deepEqual([scans, keys], [3, 1]);
  assert.equal(await pointsOf(zhang), before - 1000);
  assert.equal(await stockOf(salt), there - 2);
  await top(page).filter({ hasText: `张*明 · 已兑换 食盐 2，用 10 分，余 ${(before - 1000) / 100} 分` })
    .waitFor();
  assert.equal(await page.locator(".till-points .huge").evaluate((element) =>
    parseFloat(getComputedStyle(element).fontSize) >= 64), true);
  await page.getByRole("cell", { name: String(there - 2), exact: true }).first().waitFor();
  await page.keyboard.press("Enter");
  await says(page, "这一单已经记账。请扫下一张卡。");
});

test("the newest line is on top; quantity, minus, number, name and initials", async () => {
  const page = await counter();
  await showCard(page, zhang);
  await page.keyboard.press("3");
  await page.keyboard.press("NumpadMultiply");
  await stage.scan(page, salt.barcode);
  await page.getByRole("cell", { name: "3 袋" }).waitFor();
  await page.locator(".till-basket tbody tr").first().filter({ hasText: "食盐" }).waitFor();
  await page.keyboard.type("dm\n");
  const first = page.locator(".till-basket tbody tr").first();
  await first.filter({ hasText: "大米 5 千克" }).waitFor();
  await stage.screenshot(page, "counter");
  await page.locator(".box input").focus(); // from the switch of languages
  await page.keyboard.type("-\n");
  await first.filter({ hasText: "食盐" }).waitFor();
  await page.keyboard.type("食\n");
  await says(page, "有 2 种，请按序号选");
  await page.keyboard.type("2\n");
  await first.filter({ hasText: "食用油" }).waitFor();
  await page.keyboard.type("没有的\n");
  await says(page, "没有商品“没有的”");
  await page.keyboard.press("Escape");
  await says(page, "再按一次 Esc 清空");
  await page.keyboard.press("Escape");
  await says(page, "请扫积分卡");
  assert.equal(await page.locator(".till-basket tbody tr").count(), 0);
});

test("too few points are told with numbers and what fits, before anything is booked", async () => {
  const page = await counter();
  await showCard(page, yang);
  const points = await pointsOf(yang);
  assert.ok(points < 50000);
  await page.keyboard.type("99*1\n");
  await says(page, `积分不够：需 495，现有 ${points / 100}（其中`);
  await says(page, `可换 食盐 ${Math.floor(points / 500)} 袋`);
  const sent = [];
  page.on("request", (request) => isWrite(request) && sent.push(request));
  await page.keyboard.press("Enter");
  await says(page, `积分不够：需 495，现有 ${points / 100}（其中`);
  assert.equal(sent.length, 0);
  await page.locator(".till-total.bad").filter({ hasText: "还差" }).waitFor();
});

test("cards that take nothing away are told of when they are shown", async () => {
  const desk = await bank.logIn("wangli");
  await bank.do(desk, { cardBlock: { card: huang.card } });
  const page = await counter();
  await stage.scan(page, huang.card);
  await says(page, `卡 ${huang.card} 已挂失或已换新卡。请用新卡。`);
  await stage.scan(page, "0000000018");
  await says(page, "的校验位不对");
  await stage.scan(page, "123456789");
  await says(page, "“123456789”既不是卡号也不是条码");
  await showCard(page, zhang);
  await stage.scan(page, salt.barcode);
  await page.locator(".till-basket tbody tr").first().waitFor();
  await stage.scan(page, li.card);
  await says(page, "张*明还没有记账");
  await stage.scan(page, salt.barcode);
  await says(page, "张*明还没有记账");
  assert.equal(await page.locator(".till-basket tbody tr").count(), 1);
});

test("F4 holds a basket and brings it back", async () => {
  const page = await counter();
  await showCard(page, zhang);
  await stage.scan(page, salt.barcode);
  await page.locator(".till-basket tbody tr").first().waitFor();
  await page.keyboard.press("F4");
  await says(page, "已挂单，共 1 张");
  assert.equal(await page.locator(".till-name").count(), 0);
  await showCard(page, li);
  await page.keyboard.press("F4");
  await says(page, "已挂单，共 2 张");
  await page.keyboard.press("F4");
  await says(page, "取哪一张？");
  await page.keyboard.type("1\n");
  await page.locator(".till-name").filter({ hasText: "张*明" }).waitFor();
  assert.equal(await page.locator(".till-basket tbody tr").count(), 1);
});

test("two counters at once: one has the last of the oil, the other is told", async () => {
  const token = await bank.logIn("chenmei");
  const desk = await bank.logIn("wangli");
  await bank.do(desk, ...[zhang, li].flatMap(({ card }) => [2, 3, 4].map((days) => (
    { day: bank.today - days, hasDay: true, serviceRecord: {
      member: { card }, category: 3, minutes: 480 } }))));
  await bank.do(token, { redeem: { member: { card: zhang.card }, counter: 1,
    lines: [{ item: oil.item, quantity: String(await stockOf(oil) - 1) }] } });
  const pages = [await counter(), await counter()];
  for (const [i, member] of [zhang, li].entries()) {
    await showCard(pages[i], member);
    await stage.scan(pages[i], oil.barcode);
    await pages[i].locator(".till-basket tbody tr").first().waitFor();
  }
  await Promise.all(pages.map((page) => page.keyboard.press("Enter")));
  const texts = await Promise.all(pages.map(async (page) => {
    await message(page).filter({ hasText: /已兑换|库存不够/ }).waitFor();
    return message(page).textContent();
  }));
  assert.equal(texts.filter((text) => text.includes("已兑换 食用油 1")).length, 1, texts.join());
  assert.equal(texts.filter((text) => text.includes("食用油 库存不够：要 1，现有 0")).length, 1,
    texts.join());
  assert.equal(await stockOf(oil), 0);
});

test("the answer is lost: it is asked again under the same id, and taken once", async () => {
  const page = await counter();
  const before = await pointsOf(zhang);
  const ids = [];
  await page.route("**/*.Ledger/Write", async (route) => {
    if (!isWrite(route.request())) {
      return route.continue();
    }
    ids.push(route.request().postDataJSON().commands[0].id);
    if (ids.length > 1) {
      return route.continue();
    }
    await route.fetch(); // it arrives, and its answer does not
    return route.abort("connectionreset");
  });
  await showCard(page, zhang);
  await stage.scan(page, salt.barcode);
  await page.locator(".till-basket tbody tr").first().waitFor();
  await page.keyboard.press("Enter");
  await says(page, "已兑换 食盐 1，用 5 分");
  assert.ok(ids.length >= 2);
  assert.equal(new Set(ids).size, 1);
  assert.equal(await pointsOf(zhang), before - 500);
});

test("without a network nothing is redeemed, politely, and the basket stays", async () => {
  const page = await counter();
  const before = await pointsOf(zhang);
  await showCard(page, zhang);
  await stage.scan(page, salt.barcode);
  await page.locator(".till-basket tbody tr").first().waitFor();
  await stage.cut(page.context());
  await page.keyboard.press("Enter");
  await says(page, "现在连不上服务器，不能兑换，东西先不要给");
  await stage.cut(page.context(), false);
  await page.keyboard.press("Enter");
  await says(page, "已兑换 食盐 1，用 5 分");
  assert.equal(await pointsOf(zhang), before - 500);
});

test("the server is killed before it answers and started again: taken once", async () => {
  const page = await counter();
  const before = await pointsOf(zhang);
  await showCard(page, zhang);
  await stage.scan(page, salt.barcode);
  await page.locator(".till-basket tbody tr").first().waitFor();
  let isKilled = false;
  await page.route("**/*.Ledger/Write", async (route) => {
    if (isWrite(route.request()) && !isKilled) {
      isKilled = true;
      await bank.stop("SIGKILL");
    }
    return route.continue();
  });
  await page.keyboard.press("Enter");
  await top(page).filter({ hasText: "没有收到答复，不知道记上没有" }).waitFor();
  await bank.start();
  await page.waitForURL("**/login?back=*"); // sessions end with the server
  await page.locator("input[autocomplete=username]").fill("chenmei");
  await page.locator("input[autocomplete=current-password]").fill(password);
  const answered = page.waitForResponse((response) => isWrite(response.request()));
  await page.keyboard.press("Enter");
  await answered; // an earlier one is told of in the same words
  await top(page).filter({ hasText: "张*明 · 已兑换 食盐 1，用 5 分" }).waitFor();
  assert.equal(await pointsOf(zhang), before - 500);
});

test("a page that was closed before the answer asks for it when it is opened again", async () => {
  const page = await counter();
  const before = await pointsOf(zhang);
  await showCard(page, zhang);
  await stage.scan(page, salt.barcode);
  await page.locator(".till-basket tbody tr").first().waitFor();
  await page.route("**/*.Ledger/Write", (route) =>
    isWrite(route.request()) ? route.abort("connectionreset") : route.continue());
  await page.keyboard.press("Enter");
  await top(page).filter({ hasText: "没有收到答复，不知道记上没有" }).waitFor();
  await page.unroute("**/*.Ledger/Write");
  const answered = page.waitForResponse((response) => isWrite(response.request()));
  await page.reload();
  await answered;
  await top(page).filter({ hasText: "张*明 · 已兑换 食盐 1，用 5 分" }).waitFor();
  assert.equal(await pointsOf(zhang), before - 500);
});

test("scans count while a Chinese input method composes", async () => {
  const page = await counter();
  await stage.scanWhileComposing(page, zhang.card);
  await page.locator(".till-name").filter({ hasText: "张*明" }).waitFor();
  await stage.scanWhileComposing(page, salt.barcode);
  await page.locator(".till-basket tbody tr").first().filter({ hasText: "食盐" }).waitFor();
  assert.equal(await page.getByLabel("卡或商品").inputValue(), "");
  await page.keyboard.press("Enter");
  await says(page, "已兑换 食盐 1");
});

test("F8 undoes the last one, with a reason; later it waits for a second person", async () => {
  const page = await counter();
  const before = await pointsOf(liu);
  await showCard(page, liu);
  await stage.scan(page, salt.barcode);
  await page.keyboard.press("Enter");
  await says(page, "已兑换 食盐 1");
  await page.keyboard.press("F8");
  await page.getByLabel("撤销的原因").waitFor();
  await page.keyboard.type("u\n");
  await says(page, "请用文字写明撤销的原因");
  await page.keyboard.type("拿错了\n");
  await says(page, `刘*兰 现有 ${before / 100} 分`);
  await top(page).filter({ hasText: "刘*兰 · 食盐 1：已撤销" }).waitFor();
  assert.equal(await pointsOf(liu), before);
  const token = await bank.logIn("chenmei");
  for (let i = 0; i < 2; i++) {
    await bank.do(token, { redeem: { member: { card: chen.card }, counter: 1,
      lines: [{ item: salt.item, quantity: "1" }] } });
  }
  await page.reload();
  await says(page, "请扫积分卡");
  const older = page.locator(".said li").filter({ hasText: "陈*强" }).nth(1);
  await older.getByRole("button", { name: "撤销" }).click();
  await page.getByLabel("撤销的原因").waitFor();
  await page.keyboard.type("志愿者退回\n");
  await says(page, "撤销：这件事要第二个人确认");
});

/** Redeems a bag of salt and asks for its undo; the page sees no answer. `send`: what is done with
 * the request. */
async function undoWithoutAnswer(page, member, send) {
  await showCard(page, member);
  await page.keyboard.type("1*1\n");
  await page.locator(".till-basket tbody tr").first().waitFor();
  await page.keyboard.press("Enter");
  await says(page, "已兑换 食盐 1");
  const ids = [];
  await page.route("**/*.Ledger/Write", async (route) => {
    ids.push(route.request().postDataJSON().commands[0].id);
    await send(route);
    return route.abort("connectionreset");
  });
  await page.keyboard.press("F8");
  await page.getByLabel("撤销的原因").waitFor();
  await page.keyboard.type("拿错了陈奶奶的\n");
  await top(page).filter({ hasText: "正在撤销" }).waitFor();
  await stage.sees(page, "有 1 笔等着发送");
  assert.doesNotMatch(await page.evaluate(() => JSON.stringify(localStorage)), /陈奶奶/);
  await page.unroute("**/*.Ledger/Write");
  await page.reload();
  return ids[0];
}

test("an undo whose answer was lost with the page is asked for by the next page", async () => {
  const page = await counter();
  const before = await pointsOf(zhao);
  let isSent = false;
  await undoWithoutAnswer(page, zhao, async (route) => {
    isSent = isSent || (await route.fetch()).ok();
  });
  await top(page).filter({ hasText: "赵*庆 · 食盐 1：已撤销" }).waitFor();
  await says(page, "请扫积分卡");
  assert.equal(await pointsOf(zhao), before);
  await page.waitForFunction(() => !JSON.stringify(localStorage).includes("undoing"));
});

test("an undo that did not arrive wants its reason again, and has the same id", async () => {
  const page = await counter();
  const before = await pointsOf(zhao);
  const id = await undoWithoutAnswer(page, zhao, () => undefined);
  await says(page, "上次的撤销没有送到，这笔仍然有效。按 F8，再写一次原因");
  assert.equal(await pointsOf(zhao), before - 500);
  const sent = page.waitForRequest(isWrite);
  await page.keyboard.press("F8");
  await page.getByLabel("撤销的原因").waitFor();
  await page.keyboard.type("拿错了\n");
  assert.equal((await sent).postDataJSON().commands[0].id, id);
  await top(page).filter({ hasText: "赵*庆 · 食盐 1：已撤销" }).waitFor();
  assert.equal(await pointsOf(zhao), before);
});

test("what is above the limit is not entered, and waits for a second person", async () => {
  await bank.do(await bank.logIn("chenmei"), { stockReceive: { counter: 1, donor: "春晖超市",
    lines: [{ item: rice.item, quantity: "20" }] } });
  await bank.do(await bank.logIn("admin"), { policySet: { serviceMinutes: 480, pointsCenti: "5000",
    backDays: 60, importRows: 0, reversals: true, undoMinutes: 30, proposalDays: 14 } });
  const page = await counter();
  const before = await pointsOf(zhang);
  await showCard(page, zhang);
  await page.keyboard.type("20*1\n");
  await page.locator(".till-basket tbody tr").first().waitFor();
  await page.keyboard.press("Enter");
  await says(page, "没有记账，东西先不要给：这件事要第二个人确认");
  assert.equal(await pointsOf(zhang), before);
  assert.equal(await page.locator(".till-basket tbody tr").count(), 0);
});

test("a service is asked for, by itself, and released", async () => {
  const page = await counter();
  const before = await pointsOf(wang);
  await showCard(page, wang);
  await page.keyboard.type("smlf\n");
  await page.locator(".till-basket tbody tr").first().filter({ hasText: "上门理发" }).waitFor();
  await stage.scan(page, salt.barcode);
  await says(page, "“食盐”要单独一单");
  await page.keyboard.press("Enter");
  await says(page, "已预约 上门理发 1，预占 20 分");
  assert.equal(await pointsOf(wang), before - 2000);
  await showCard(page, wang);
  await page.getByRole("button", { name: "取消预约" }).click();
  await says(page, "已取消预约");
  assert.equal(await pointsOf(wang), before);
});

/** Printing stops here until the test is done with the paper. */
async function stopPrinting(page) {
  await page.addInitScript(() => {
    window.print = () => document.documentElement.setAttribute("data-printed", "yes");
  });
  await page.reload();
  await says(page, "请扫积分卡");
}

async function printed(page, name) {
  await page.waitForSelector("html[data-printed]");
  const text = await page.locator(".paper").innerText();
  if (screens) {
    mkdirSync(screens, { recursive: true });
    await page.emulateMedia({ media: "print" });
    await page.pdf({ preferCSSPageSize: true, path: join(screens, `${name}.pdf`) });
    await page.emulateMedia({ media: null });
  }
  await page.evaluate(() => {
    document.documentElement.removeAttribute("data-printed");
    window.dispatchEvent(new Event("afterprint"));
  });
  return text.replace(/\s/g, "");
}

test("receipts on three papers, a reprint that says so, and the passbook's line", async () => {
  const page = await counter();
  await stopPrinting(page);
  const before = await pointsOf(chen) / 100;
  await showCard(page, chen);
  await page.keyboard.type("2*1\n");
  await page.locator(".till-basket tbody tr").first().waitFor();
  await page.keyboard.press("Enter");
  await says(page, "已兑换 食盐 2");
  await page.keyboard.press("F9");
  const first = await printed(page, "receipt58");
  for (const part of ["春晖爱心超市", "兑换商品", "陈*强", "食盐", "2 袋 x 5 10",
    `原有 ${before} 分`, "合计 -10 分", `余额 ${before - 10} 分`, "校验码"]) {
    assert.ok(first.includes(part.replace(/\s/g, "")), `${part} is not in ${first}`);
  }
  assert.doesNotMatch(first, /补打/);
  for (const [value, name] of [["receipt80", "receipt80"], ["a4", "receipt-a4"]]) {
    await page.locator("summary").filter({ hasText: "收据纸" }).click();
    await page.getByLabel("收据纸").selectOption(value);
    await page.locator("summary").filter({ hasText: "收据纸" }).click();
    await page.keyboard.press("F9");
    assert.match(await printed(page, name), /兑换商品（补打）/);
  }
  await page.keyboard.press("F10");
  assert.match(await printed(page, "passbook"), /^\d{4}-\d\d-\d\d兑换商品\(补打\)食盐x2--10/);
  await page.reload();
  await page.locator("summary").filter({ hasText: "收据纸" }).click();
  assert.equal(await page.getByLabel("收据纸").inputValue(), "a4");
});

test("two prints at once come one after the other, and the second is a reprint", async () => {
  const page = await counter();
  await showCard(page, zhang);
  await page.keyboard.type("1*1\n");
  await page.locator(".till-basket tbody tr").first().waitFor();
  await page.keyboard.press("Enter");
  await says(page, "已兑换 食盐 1");
  await page.evaluate(() => {
    window.prints = [];
    window.print = () => {
      window.prints.push(document.querySelector(".receipt, .passbook").textContent);
      setTimeout(() => window.dispatchEvent(new Event("afterprint")));
    };
  });
  await page.keyboard.press("F9");
  await page.keyboard.press("F9");
  await page.keyboard.press("F10");
  await page.waitForFunction(() => window.prints.length === 3);
  const [first, second, third] = await page.evaluate(() => window.prints);
  assert.doesNotMatch(first, /补打/);
  assert.match(second, /兑换商品（补打）/);
  assert.match(third, /兑换商品\(补打\)/);
});

test("a receipt that may not be read says why; its first print is still the original", async () => {
  const page = await counter();
  await stopPrinting(page);
  await showCard(page, zhang);
  await page.keyboard.type("1*1\n");
  await page.locator(".till-basket tbody tr").first().waitFor();
  await page.keyboard.press("Enter");
  await says(page, "已兑换 食盐 1");
  await page.route("**/*.Ledger/EntryGet", (route) => route.fulfill({ json: { code: 20 } }));
  await page.keyboard.press("F9");
  await stage.sees(page, "收据没有打出");
  assert.doesNotMatch(await page.locator("main").textContent(), /连不上/);
  await page.unroute("**/*.Ledger/EntryGet");
  await page.keyboard.press("F9");
  assert.doesNotMatch(await printed(page, "receipt58"), /补打/);
});

test("the button Enter takes what stands in the box; a quantity that was cleared is forgotten",
  async () => {
    const page = await counter();
    await showCard(page, zhang);
    await page.keyboard.type("1*1");
    await page.getByRole("button", { name: "Enter" }).click();
    await page.locator(".till-basket tbody tr").first().filter({ hasText: "1 袋" }).waitFor();
    for (const clear of [["Escape"], ["Backspace", "Backspace"]]) {
      await page.keyboard.type("3*");
      for (const key of clear) {
        await page.keyboard.press(key);
      }
      await page.waitForFunction(() => document.querySelector(".box input").value === "");
      await page.locator("summary").filter({ hasText: "收据纸" }).focus();
      await stage.scan(page, salt.barcode);
      await page.locator(".till-basket tbody tr").first().filter({ hasText: "1 袋" }).waitFor();
      assert.doesNotMatch(await page.locator(".till-basket tbody").textContent(), /3 袋/);
    }
    assert.equal(await page.locator(".till-basket tbody tr").count(), 3);
  });

test("who was asked for by the one before is not shown to the next", async () => {
  bank.adminToken = await bank.logIn("admin"); // the one before may have ended with the server
  const { code } = await bank.openOperator("laozhao", "counter");
  bank.codes.set("laozhao", code);
  await bank.prepare("laozhao");
  const page = await counter();
  let go;
  const opened = new Promise((done) => (go = done));
  await page.route("**/*.Members/MemberGet", async (route) => {
    await opened;
    await route.continue();
  });
  const asked = page.waitForRequest("**/*.Members/MemberGet");
  await page.locator(".box input").fill(zhang.card);
  await page.keyboard.press("Enter");
  await asked;
  await page.getByRole("button", { name: "退出" }).click();
  await page.locator("input[autocomplete=username]").fill("laozhao");
  await page.locator("input[autocomplete=current-password]").fill(password);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/counter");
  await says(page, "请扫积分卡");
  const answered = page.waitForResponse("**/*.Members/MemberGet");
  go();
  await answered;
  await page.locator(".box input").fill("没有的");
  await page.keyboard.press("Enter");
  await says(page, "没有商品“没有的”"); // after all that was waiting
  assert.equal(await page.locator(".till-name").count(), 0);
});

test("the mirror shows the volunteer's own, forgets the one before, and finds its counter again",
  async () => {
    const page = await counter();
    const opened = page.waitForEvent("popup");
    await page.keyboard.press("F7");
    const mirror = await opened;
    await mirror.locator(".mirror-blank").waitFor();
    await showCard(page, zhang);
    await page.keyboard.type("2*1\n");
    await stage.sees(mirror, "张*明");
    await stage.sees(mirror, "食盐 × 2");
    await mirror.reload();
    await stage.sees(mirror, "食盐 × 2");
    await stage.axe(mirror);
    assert.equal(await mirror.locator("button, a, input").count(), 0);
    if (screens) {
      await mirror.screenshot({ path: join(screens, "mirror-desktop-zh.png") });
    }
    await page.keyboard.press("Enter");
    await stage.sees(mirror, "谢谢您的爱心");
    await stage.scan(page, salt.barcode);
    await mirror.getByText("食盐 × 1").waitFor();
    assert.equal(await mirror.getByText("张*明").count(), 0);
    await page.reload();
    await mirror.locator(".mirror-blank").waitFor();
    await says(page, "请扫积分卡");
    await showCard(page, li);
    await stage.sees(mirror, "李*英");
    await page.getByRole("button", { name: "退出" }).click();
    await mirror.locator(".mirror-blank").waitFor();
  });

test("the mirror is blank when nobody has touched the counter for a minute", async () => {
  const context = await stage.context();
  const page = await counter({ context });
  const opened = page.waitForEvent("popup");
  await page.keyboard.press("F7");
  const mirror = await opened;
  await mirror.clock.install();
  await mirror.reload();
  await showCard(page, zhang);
  await stage.sees(mirror, "张*明");
  await mirror.clock.fastForward(61_000);
  await mirror.locator(".mirror-blank").waitFor();
});

test("large letters: letters and targets are large enough, in both languages", async () => {
  const page = await counter({ elder: true });
  await showCard(page, zhang);
  await stage.scan(page, salt.barcode);
  await page.locator(".till-basket tbody tr").first().waitFor();
  await stage.screenshot(page, "counter-elder");
  const sizes = await page.evaluate(() => Array.from(
    document.querySelectorAll("main button, main input, main summary"), (element) => ({
      what: element.textContent, height: element.getBoundingClientRect().height,
      letters: parseFloat(getComputedStyle(element).fontSize) })));
  for (const { what, height, letters } of sizes.filter(({ height }) => height > 0)) {
    assert.ok(height >= 60 && letters >= 18, `${what}: ${height} px, letters ${letters} px`);
  }
  assert.ok((await page.locator("[aria-live=polite]").textContent()).length > 0);
});

test("the day's totals are of all, and a list that is cut says so", async () => {
  const token = await bank.logIn("chenmei");
  const page = await counter();
  const totals = async () => {
    const text = await page.locator(".till-day").filter({ hasText: "今天这里共" }).textContent();
    return /共 (\d+) 笔兑换，用 ([\d.]+) 分。/.exec(text).slice(1).map(Number);
  };
  const [count, points] = await totals();
  const desk = await bank.logIn("wangli");
  const zhou = members[8];
  await bank.do(await bank.logIn("admin"), { policySet: { serviceMinutes: 480, pointsCenti: "50000",
    backDays: 60, importRows: 0, reversals: true, undoMinutes: 30, proposalDays: 14 } });
  await bank.do(desk, ...[2, 3, 4, 5, 6].map((days) => ({ day: bank.today - days, hasDay: true,
    serviceRecord: { member: { card: zhou.card }, category: 3, minutes: 480 } })));
  await bank.do(token, { stockReceive: { counter: 1, donor: "春晖超市",
    lines: [{ item: 1, quantity: "200" }] } });
  const redeem = { redeem: { member: { card: zhou.card }, counter: 1,
    lines: [{ item: 1, quantity: "1" }] } };
  const done = await bank.do(token, ...Array.from({ length: 101 }, () => redeem));
  await bank.do(token, { memo: "拿错了", reverse: { target: { entry: done.at(-1).entry } } });
  await page.reload();
  await stage.sees(page, "这里只列最新的 100 笔。");
  assert.equal(await page.locator(".said li").count(), 100);
  assert.deepEqual(await totals(), [count + 100, points + 500]);
  await showCard(page, zhou);
  await page.keyboard.type("2*1\n");
  await page.locator(".till-basket tbody tr").first().waitFor();
  await page.keyboard.press("Enter");
  await says(page, "已兑换 食盐 2");
  assert.deepEqual(await totals(), [count + 101, points + 510]);
});
