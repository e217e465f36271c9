/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Members by the keyboard alone: found in every way, registered, a lost card, the statement,
 * changes, personal data that is seen, masked, exported and erased; who may do what; a network
 * that is cut.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { cardOf, members, orgs, start } from "./browser.mjs";

const stage = await start();
const { bank } = stage;
const [zhang, li] = members;
const idNumber = "11010519491231002X";

// Each page holds connections, of which one address may have so many.
afterEach(async () => {
  for (const context of stage.contexts.splice(0)) {
    await context.close();
  }
});

async function open(operator = "wangli", address = "/members", options = {}) {
  const page = await stage.page(options);
  await stage.login(page, operator, address);
  await page.locator(address === "/members" ? ".box input" : ".member-head, .notice.refused")
    .first().waitFor();
  await stage.listens(page);
  return page;
}

/** What would be printed, and on which paper, instead of the browser's dialog. */
async function catchPrint(page) {
  await page.evaluate(() => {
    globalThis.print = () => {
      globalThis.printed = { paper: document.documentElement.dataset.print,
        text: document.querySelector(".paper").textContent };
      globalThis.dispatchEvent(new Event("afterprint"));
    };
  });
}

async function printed(page) {
  await page.waitForFunction(() => globalThis.printed !== undefined);
  return page.evaluate(() => globalThis.printed);
}

async function enter(page, text) {
  await page.waitForFunction(() => document.activeElement?.closest(".box") !== null);
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
}

async function shows(page, member) {
  await page.waitForURL(`**/members/${member.member}`);
  await stage.sees(page, `编号 ${member.member}`);
}

/** Tab, until what has the focus is named so. */
async function tabTo(page, name) {
  for (let i = 0; i < 60; i++) {
    const found = await page.evaluate(() => {
      const element = document.activeElement;
      return element === document.body ? ""
        : element.labels?.[0]?.textContent.trim() || element.textContent.trim();
    });
    if (found.includes(name)) {
      return;
    }
    await page.keyboard.press("Tab");
  }
  assert.fail(`nothing named ${name} is reached by Tab`);
}

const infoOf = async (member) => (await bank.call("Members/MemberGet",
  { member: { member: String(member) } }, await bank.logIn("admin"))).info;

/** A new member without points, made over HTTP. */
async function newMember(name, org = orgs.chunhui, person = {}) {
  const [result] = await bank.do(await bank.logIn("wangli"), { memberRegister: { org: String(org),
    person: { name, ...person } } });
  return { member: Number(result.assigned), name };
}

test("a person is found by card, number, name and initials, and the box is ready again", async () => {
  const page = await open();
  await stage.scan(page, zhang.card);
  await shows(page, zhang);
  for (const [typed, found] of [[String(li.member), li], [zhang.name, zhang], ["lxy", li],
    [zhang.card, zhang]]) {
    await enter(page, typed);
    await shows(page, found);
  }
  await enter(page, "0000000018");
  await stage.sees(page, "校验位不对");
  await page.locator(".box input").fill("");
  await enter(page, "不在册");
  await stage.sees(page, "没有找到“不在册”");
  await page.locator(".box input").fill("");
  await enter(page, "99999");
  await stage.sees(page, "没有编号为 00099999 的志愿者");
});

test("an ID number finds its owner and stays nowhere; a wrong one is not sent", async () => {
  const person = await newMember("何有证", orgs.chunhui, { idNumber });
  const page = await open();
  const sent = [];
  page.on("request", (request) => sent.push(request.url() + (request.postData() ?? "")));
  await enter(page, "110105194912310021");
  await stage.sees(page, "最后一位（校验位）不对");
  assert.ok(!sent.some((text) => text.includes("110105194912310021")));
  assert.equal(await page.locator(".box input").inputValue(), "");
  await enter(page, idNumber.slice(0, 16));
  await stage.sees(page, "有 16 位");
  assert.ok(!sent.some((text) => text.includes(idNumber.slice(0, 16))));
  await enter(page, idNumber.toLowerCase());
  await shows(page, person);
  await stage.sees(page, "110*************2X");
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage,
    url: location.href, state: history.state, text: document.body.textContent }));
  assert.doesNotMatch(kept, /19491231/);
  assert.ok(!sent.some((text) => text.split("{")[0].includes("19491231")), "in an address");
});

test("points, lots, hours, stars and years are shown; entries are sentences", async () => {
  const page = await open("wangli", `/members/${zhang.member}`);
  const info = await infoOf(zhang.member);
  const points = Number(info.balances.pointsCenti) / 100;
  await page.locator(".huge", { hasText: String(points) }).waitFor();
  const size = await page.locator(".huge").evaluate(
    (element) => parseFloat(getComputedStyle(element).fontSize));
  assert.ok(size >= 64, `${size} px`);
  await stage.sees(page, "-12-31");
  await stage.sees(page, "1 星");
  await page.getByText(/兑换商品 食盐×2，用去 10 分，余额 [\d.]+ 分。/).waitFor();
  await page.getByText(/记时 \S+ 2 小时，得 \d+ 分，余额 [\d.]+ 分。/).first().waitFor();
  await stage.screenshot(page, "member");
});

test("an undone entry is struck through, with the way to what undid it", async () => {
  const token = await bank.logIn("wangli");
  const [wrong] = await bank.do(token, { day: bank.today, hasDay: true, serviceRecord: {
    member: { member: String(li.member) }, category: 3, minutes: 90 } });
  const [undone] = await bank.do(token, { memo: "记错了", reverse: { target: { entry: wrong.entry } } });
  const page = await open("wangli", `/members/${li.member}`);
  await page.locator(".history s", { hasText: "记时 科普" }).first().waitFor();
  await page.getByText(/撤销 第 \d+ 号 -1 小时 30 分钟，收回 22.5 分/).waitFor();
  await page.getByRole("link", { name: `已由第 ${undone.entry} 号撤销` }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/ledger/${undone.entry}`);
});

test("a new person needs a name and an org; a card is given out and shown large", async () => {
  const page = await open();
  await page.keyboard.press("F2");
  await page.getByLabel("姓名").waitFor();
  await page.keyboard.press("Enter");
  await stage.sees(page, "请写姓名");
  await stage.sees(page, "请选组织");
  await page.keyboard.type("郑新来");
  await page.keyboard.press("Tab");
  await page.keyboard.type("chsq");
  await page.keyboard.press("Enter");
  await stage.sees(page, "已登记志愿者");
  await page.locator(".card-number").waitFor();
  const member = Number(new URL(page.url()).pathname.split("/")[2]);
  const info = await infoOf(member);
  assert.equal((await page.locator(".card-number").textContent()).replace(/ /g, ""),
    String(info.card).padStart(10, "0"));
  assert.equal(Number(info.org), orgs.chunhui);
  await stage.screenshot(page, "member-registered");
  await catchPrint(page);
  await tabTo(page, "打印卡号");
  await page.keyboard.press("Enter");
  const { paper, text } = await printed(page);
  assert.equal(paper, "receipt80");
  assert.match(text.replace(/ /g, ""), new RegExp(String(info.card).padStart(10, "0")));
});

test("a wrong ID number or phone is told beside the field, before it is sent", async () => {
  const page = await open();
  await page.keyboard.press("F2");
  await page.getByLabel("姓名").waitFor();
  await page.keyboard.type("钱有误");
  await tabTo(page, "其他（都可以不填）");
  await page.keyboard.press("Enter");
  await tabTo(page, "联系方式");
  await page.keyboard.type("1380000");
  await page.keyboard.press("Tab");
  await stage.sees(page, "手机号有 7 位");
  await page.keyboard.type("110105194913310021");
  await page.keyboard.press("Tab");
  await stage.sees(page, "号码里的出生日期不对");
  await stage.screenshot(page, "member-register");
});

test("the same name in the org is shown first; the second Enter registers all the same", async () => {
  const page = await open();
  await page.keyboard.press("F2");
  await page.getByLabel("姓名").waitFor();
  await page.keyboard.type(zhang.name);
  await page.keyboard.press("Tab");
  await page.keyboard.type("春晖社区");
  await page.keyboard.press("Enter");
  await stage.sees(page, "已有同名的人");
  await stage.sees(page, "138****0000");
  assert.match(page.url(), /\/members$/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/members\/\d+$/);
  await stage.sees(page, "已登记志愿者");
});

test("a lost card is blocked, later a new one issued; a worn one is replaced at once", async () => {
  const page = await open("wangli", `/members/${members[2].member}`);
  const old = members[2].card;
  await stage.sees(page, old);
  await page.keyboard.press("F4");
  await tabTo(page, "挂失（先停用");
  await page.keyboard.press("Enter");
  await stage.sees(page, `卡 ${old} 已挂失`);
  await stage.sees(page, "没有在用的卡");
  await page.getByLabel("新卡号").focus();
  await page.keyboard.press("Enter");
  await stage.sees(page, "发卡");
  await page.locator(".card-number").waitFor();
  const first = await page.locator(".card-number").textContent();
  await page.getByLabel("新卡号").focus();
  await stage.scan(page, cardOf(700));
  await page.waitForFunction((card) =>
    [...document.querySelectorAll("input")].some((input) => input.value === card), cardOf(700));
  await page.getByLabel("新卡号").focus();
  await page.keyboard.press("Enter");
  await stage.sees(page, `已换为 ${cardOf(700)}`);
  await page.waitForFunction((shown) =>
    document.querySelector(".card-number")?.textContent !== shown, first);
  await page.keyboard.press("Escape");
  await enter(page, old);
  await stage.sees(page, "编号 10010003");
});

test("the statement is printed on A4 and adds up", async () => {
  const page = await open("wangli", `/members/${zhang.member}`);
  await catchPrint(page);
  await page.locator(".member-head").waitFor();
  await page.keyboard.press("F9");
  await page.getByLabel("从", { exact: true }).waitFor();
  await page.keyboard.press("Enter");
  const { paper, text } = await printed(page);
  assert.equal(paper, "a4");
  assert.match(text, /期初余额0/);
  assert.match(text, /本单共 \d+ 笔。期初加增减等于期末，已核对/);
  assert.doesNotMatch(text, new RegExp(zhang.name));
  const { treeSize, treeRoot } = await bank.call("Ledger/Status");
  const root = Buffer.from(treeRoot, "base64").toString("hex").slice(0, 16).match(/..../g).join(" ");
  assert.match(text, new RegExp(`${zhang.member} · 检查点 \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d：` +
    `前 ${treeSize} 笔账的树根 ${root} …`));
});

test("a long statement has its head, its foot and a number on each sheet", async () => {
  const page = await open("wangli", `/members/${zhang.member}`);
  await page.locator(".member-head").waitFor();
  await page.evaluate(() => { window.print = () => undefined; });
  await page.keyboard.press("F9");
  await page.getByLabel("从", { exact: true }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".statement").waitFor({ state: "attached" });
  await page.evaluate(() => { // as if there were a hundred entries
    const body = document.querySelector(".statement tbody");
    const row = body.children[1];
    for (let i = 0; i < 100; i++) {
      row.after(row.cloneNode(true));
    }
  });
  await page.emulateMedia({ media: "print" });
  const style = await page.evaluate(() => {
    const styleOf = (part) => getComputedStyle(document.querySelector(`.statement ${part}`));
    return [styleOf("thead").display, styleOf("tfoot").display, styleOf("small").color];
  });
  assert.deepEqual(style, ["table-header-group", "table-footer-group", "rgb(0, 0, 0)"]);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  if (process.env.LOVEBANK_SCREENS) {
    writeFileSync(join(process.env.LOVEBANK_SCREENS, "statement-a4.pdf"), pdf);
  }
  const text = pdf.toString("latin1");
  assert.ok(text.match(/\/Type \/Page\b/g).length >= 3);
  const box = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(text);
  assert.deepEqual(box.slice(1).map((points) => Math.round(points / 72 * 25.4)), [210, 297]);
});

test("Enter twice prints once; a card shown meanwhile gets no statement of somebody else", async () => {
  const page = await open("wangli", `/members/${zhang.member}`);
  await page.locator(".member-head").waitFor();
  await page.evaluate(() => {
    globalThis.prints = [];
    globalThis.print = () => {
      globalThis.prints.push(document.querySelector(".paper").textContent);
      setTimeout(() => globalThis.dispatchEvent(new Event("afterprint")));
    };
  });
  await page.keyboard.press("F9");
  await page.getByLabel("从", { exact: true }).waitFor();
  let go;
  const opened = new Promise((done) => (go = done));
  await page.route("**/*.Ledger/Status", async (route) => {
    await opened;
    await route.continue();
  });
  const asked = page.waitForRequest("**/*.Ledger/Status");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await asked;
  go();
  await page.waitForFunction(() => globalThis.prints.length > 0);
  await page.locator(".statement").waitFor({ state: "detached" });
  const late = new Promise((done) => (go = done));
  await page.unroute("**/*.Ledger/Status");
  await page.route("**/*.Ledger/Status", async (route) => {
    await late;
    await route.continue();
  });
  const again = page.waitForRequest("**/*.Ledger/Status");
  await page.keyboard.press("Enter");
  await again;
  await stage.scan(page, cardOf(2)); // somebody else's
  await shows(page, members[1]);
  const answered = page.waitForResponse("**/*.Ledger/Status");
  go();
  await answered;
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  assert.equal(await page.evaluate(() => globalThis.prints.length), 1);
});

test("org, classes and consents are changed", async () => {
  const person = await newMember("冯变更");
  const page = await open("wangli", `/members/${person.member}`);
  await page.locator(".member-head").waitFor();
  await page.keyboard.press("F6");
  await page.getByLabel("组织（从今天起）").fill("江湾社区");
  await page.getByLabel("党员").focus();
  await page.keyboard.press("Space");
  await tabTo(page, "保存组织、类别");
  await page.keyboard.press("Enter");
  await stage.sees(page, "现属 江湾社区");
  await page.getByLabel("在公开名单上署名（打码）").focus();
  await page.keyboard.press("Space");
  await tabTo(page, "登记同意事项");
  await page.keyboard.press("Enter");
  await stage.sees(page, "同意事项已登记");
  const info = await infoOf(person.member);
  assert.deepEqual([Number(info.org), info.classIds, info.publishName], [orgs.jiangwan, [1], true]);
});

test("personal data is shown for a reason, for fifteen minutes, and only here", async () => {
  const person = await newMember("施可见", orgs.chunhui, { phone: "13912345678", address: "幸福路 3 号" });
  const page = await stage.page();
  await page.clock.install();
  await stage.login(page, "wangli", `/members/${person.member}`);
  await page.locator(".member-head").waitFor();
  await stage.listens(page);
  await page.keyboard.press("F7");
  await page.getByLabel("事由（必填）").waitFor();
  await page.keyboard.press("Enter");
  await stage.sees(page, "请写事由");
  await page.keyboard.type("本人来电更正电话");
  await page.keyboard.press("Enter");
  await stage.sees(page, "13912345678");
  await stage.sees(page, "施可见");
  await page.clock.fastForward("15:01");
  await page.getByText("13912345678").waitFor({ state: "detached" });
  await page.getByLabel("事由（必填）").fill("再看一次");
  await page.getByLabel("事由（必填）").press("Enter");
  await stage.sees(page, "13912345678");
  await tabTo(page, "更正");
  await page.keyboard.press("Enter");
  await page.getByLabel("联系方式").fill("13987654321");
  await page.getByLabel("联系方式").press("Enter");
  await stage.sees(page, "个人信息已更正");
  assert.equal(await page.getByText("13987654321").count(), 0);
  await stage.sees(page, "139****4321");
});

test("all that is held is exported for the member, as a file", async () => {
  const page = await open("wangli", `/members/${zhang.member}`);
  await page.locator(".member-head").waitFor();
  await page.keyboard.press("F7");
  await page.getByLabel("事由（必填）").fill("本人申请");
  await tabTo(page, "导出全部信息");
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  const held = JSON.parse(readFileSync(await download.path(), "utf8"));
  assert.equal(held.member.person.name, zhang.name);
  assert.equal(held.entries.length > 7, true);
  assert.equal(held.entries[0].entry.command.memberRegister.member, String(zhang.member));
});

test("who is closed is erased in two steps, and it is said what is lost", async () => {
  const person = await newMember("卫忘却", orgs.chunhui, { phone: "13911112222" });
  const page = await open("admin", `/members/${person.member}`);
  await page.locator(".member-head").waitFor();
  await page.keyboard.press("F7");
  await stage.sees(page, "请先注销");
  await page.keyboard.press("F6");
  await tabTo(page, "停用、注销");
  await page.keyboard.press("Enter");
  await tabTo(page, "注销……");
  await page.keyboard.press("Enter");
  await stage.sees(page, "不能恢复");
  await tabTo(page, "确定注销");
  await page.keyboard.press("Enter");
  await stage.sees(page, "已注销。");
  await page.keyboard.press("F7");
  await page.keyboard.press("F7");
  await page.keyboard.press("F7");
  await tabTo(page, "删除个人信息……");
  await page.keyboard.press("Enter");
  await stage.sees(page, "将永远失去");
  await stage.axe(page);
  await page.keyboard.type("本人要求");
  await page.keyboard.press("Enter");
  await stage.sees(page, "个人信息已删除");
  assert.equal((await infoOf(person.member)).status, "MEMBER_STATUS_ERASED");
});

test("one's own record waits for a second person, and it is said where", async () => {
  const person = await newMember("蒋自己");
  const { principal, code } = await bank.openOperator("jiangself", "desk");
  await bank.logIn("jiangself", code, "rice 和 flour for all");
  await bank.do(bank.adminToken, { principalSet: { principal, member: String(person.member) } });
  const page = await open("jiangself", `/members/${person.member}`);
  await page.locator(".member-head").waitFor();
  await page.keyboard.press("F4");
  await page.getByLabel("新卡号").waitFor();
  await page.keyboard.press("Enter");
  await stage.sees(page, "这件事要第二个人确认");
  await stage.sees(page, "审核员在“审核”页处理");
});

test("a viewer sees a member and can do nothing; a desk of another community is refused", async () => {
  const viewer = await open("sunhua", `/members/${zhang.member}`);
  await viewer.locator(".member-head").waitFor();
  assert.deepEqual(await viewer.locator(".keys button").allTextContents(), ["Esc 返回"]);
  assert.equal(await viewer.locator(".history").count(), 0);
  const other = await open("chunhui", `/members/${members[8].member}`);
  await other.locator(".notice.refused").waitFor();
  assert.equal(await other.locator(".member-head").count(), 0);
});

test("with the network cut nothing is sent, and it is said so; then it goes on", async () => {
  const page = await open("wangli", `/members/${members[4].member}`);
  await page.locator(".member-head").waitFor();
  await page.keyboard.press("F4");
  await page.getByLabel("新卡号").waitFor();
  await stage.cut(page.context());
  await page.keyboard.press("Escape");
  await enter(page, String(li.member));
  await stage.sees(page, "连不上服务器");
  await page.locator(".box input").fill("");
  await page.keyboard.press("F4");
  await page.getByLabel("新卡号").waitFor();
  await page.keyboard.press("Enter");
  await stage.sees(page, "没有发送，可以再按一次");
  await stage.cut(page.context(), false);
  await page.getByLabel("新卡号").focus();
  await page.keyboard.press("Enter");
  await stage.sees(page, "已换为");
  const { entries } = await bank.call("Members/History", { member: { member: String(members[4].member) },
    limit: 1 }, await bank.logIn("wangli"));
  assert.equal(entries.length, 1);
});

test("several of a name are listed to choose from", async () => {
  await newMember("褚同名", orgs.chunhui);
  await newMember("褚同名", orgs.jiangwan);
  const page = await open();
  await enter(page, "褚同名");
  await stage.sees(page, "找到 2 个人");
  await stage.screenshot(page, "members");
  await page.locator(".people a").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/members\/\d+$/);
});

test("large letters and English do as well", async () => {
  const page = await open("wangli", `/members/${zhang.member}`, { lang: "en", elder: true });
  await stage.sees(page, "Entries, newest first");
  await page.keyboard.press("F6");
  await stage.axe(page);
  const small = await page.evaluate(() => Array.from(
    document.querySelectorAll("button, a:not(.skip), main input:not([type=checkbox]), summary"),
    (element) => ({ what: element.textContent, height: element.getBoundingClientRect().height })));
  for (const { what, height } of small.filter((row) => row.height > 0)) {
    assert.ok(height >= 60, `${what}: ${height} px`);
  }
});

test("an export that fails says why, and leaves nothing in full", async () => {
  const page = await open("wangli", `/members/${li.member}`);
  await page.locator(".member-head").waitFor();
  await page.keyboard.press("F7");
  await page.getByLabel("事由（必填）").fill("本人申请");
  await page.route("**/lovebank.v1.Members/History", (route) => route.abort());
  await tabTo(page, "导出全部信息");
  await page.keyboard.press("Enter");
  await page.locator(".members > .notice.refused", { hasText: "连不上" }).waitFor();
  assert.equal(await page.locator(".revealed").count(), 0);
});

test("what is found too late does not lead away from where one is by then", async () => {
  const page = await open();
  let goOn;
  const isHeld = new Promise((held) => page.route("**/lovebank.v1.Members/MemberGet",
    async (route) => {
      await new Promise((resolve) => {
        goOn = resolve;
        held();
      });
      await route.continue();
    }));
  await enter(page, String(zhang.member));
  await isHeld;
  await page.getByRole("link", { name: "状态", exact: true }).click();
  await page.waitForURL("**/status");
  await stage.sees(page, "服务器正常");
  const answered = page.waitForResponse("**/lovebank.v1.Members/MemberGet");
  goOn();
  await (await answered).finished();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done())));
  assert.equal(new URL(page.url()).pathname, "/status");
});

test("a button that is pressed twice sends once", async () => {
  const page = await open("wangli", `/members/${members[9].member}`);
  await page.locator(".member-head").waitFor();
  await page.keyboard.press("F6");
  await page.getByLabel("为活动联系本人").check();
  const sent = [];
  page.on("request", (request) => {
    if (request.url().endsWith("Ledger/Write") && request.postData().includes("consentSet")) {
      sent.push(request.postData());
    }
  });
  await page.getByRole("button", { name: "登记同意事项" }).evaluate((button) => {
    button.click();
    button.click();
  });
  await stage.sees(page, "同意事项已登记。");
  assert.equal(sent.map((text) => text.split("consentSet").length - 1).reduce((a, b) => a + b), 1);
  assert.equal(await page.locator(".said li").count(), 1);
});
