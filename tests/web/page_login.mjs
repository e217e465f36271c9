/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Log-in and log-out, what goes wrong, a session that ends, language and large letters, status.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { orgs, password, start } from "./browser.mjs";

const stage = await start();
const { bank } = stage;

test("whoever is not logged in is sent to log in, and back to where they were", async () => {
  const page = await stage.page();
  await page.goto(`${bank.url}/status`);
  await stage.sees(page, "服务器正常");
  await page.goto(`${bank.url}/`);
  await page.waitForURL("**/login");
  await stage.login(page, "wangli", "/status");
  await stage.sees(page, "登录中");
  assert.equal(await page.locator("header .someone b").textContent(), "wangli");
});

test("it works by the keyboard alone, and no script can read the session's cookie", async () => {
  const page = await stage.page();
  await stage.open(page, "/login");
  await page.keyboard.type("wangli");
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname !== "/login");
  assert.equal(await page.evaluate(() => document.cookie), "");
  const cookie = (await page.context().cookies()).find(({ name }) => name.includes("session"));
  assert.deepEqual([cookie.name, cookie.httpOnly, cookie.secure, cookie.sameSite],
    ["__Host-lovebank-session", true, true, "Strict"]);
  assert.doesNotMatch(JSON.stringify(await page.evaluate(() => ({ ...localStorage }))),
    /[0-9a-f]{64}/);
});

test("a wrong password is told in a sentence, and nothing is lost", async () => {
  const page = await stage.page();
  await stage.open(page, "/login");
  await page.getByLabel("登录名").fill("wangli");
  await page.getByLabel("密码或一次性口令").fill("wrong password");
  await page.keyboard.press("Enter");
  await stage.sees(page, "登录名或密码不对");
  assert.equal(await page.getByLabel("登录名").inputValue(), "wangli");
  await stage.axe(page);
});

test("a one-time code asks for the new password, twice", async () => {
  const { code } = await bank.openOperator("newdesk", "desk", orgs.chunhui);
  const page = await stage.page();
  await stage.open(page, "/login");
  await page.getByLabel("登录名").fill("newdesk");
  await page.getByLabel("密码或一次性口令").fill(code.toLowerCase());
  await page.getByLabel("新密码", { exact: true }).fill("a new pass phrase");
  await page.getByLabel("再输一遍新密码").fill("another pass phrase");
  await page.keyboard.press("Enter");
  await stage.sees(page, "两次输入的新密码不一样");
  await page.getByLabel("再输一遍新密码").fill("a new pass phrase");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname !== "/login");
  await bank.logIn("newdesk", "a new pass phrase");
});

test("logging out ends the session on the server too", async () => {
  const page = await stage.page();
  await stage.login(page, "wangli");
  const [{ value }] = await page.context().cookies();
  await page.getByRole("button", { name: "退出" }).click();
  await page.waitForURL("**/login");
  assert.equal((await page.context().cookies()).length, 0);
  await assert.rejects(bank.call("Registry/OrgList", {}, value), /session_expired/);
});

test("who logs out and in again comes to the first page, not to the log-in again", async () => {
  const page = await stage.page();
  await stage.login(page, "wangli", "/desk");
  await page.getByRole("button", { name: "退出" }).click();
  await page.waitForURL("**/login**");
  await page.getByLabel("登录名").fill("wangli");
  await page.getByLabel("密码或一次性口令").fill(password);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/desk");
});

test("a password that looks like a one-time code is a password", async () => {
  const { code } = await bank.openOperator("longpass", "desk", orgs.chunhui);
  const passphrase = "correcthorsebatterystaples";
  assert.equal(passphrase.length, 26);
  await bank.logIn("longpass", code, passphrase);
  const page = await stage.page();
  await stage.open(page, "/login?back=/status");
  await page.getByLabel("登录名").fill("longpass");
  await page.getByLabel("密码或一次性口令").fill(passphrase);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/status");
});

test("a session that ends leads to the log-in, and back to the same place", async () => {
  const page = await stage.page();
  await stage.login(page, "wangli", "/desk?from=here");
  await page.waitForLoadState("networkidle");
  const [{ value }] = await page.context().cookies();
  await bank.call("Access/Logout", {}, value);
  await page.keyboard.type("zxm\n"); // to the box, unless the page has asked by itself and is there
  await page.waitForURL("**/login?back=*");
  await page.getByLabel("登录名").fill("wangli");
  await page.getByLabel("密码或一次性口令").fill(password);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/desk?from=here");
});

test("no other host can be given as the place to go back to", async () => {
  for (const back of ["https://example.org/", "//example.org/", "/\\example.org/"]) {
    const page = await stage.page();
    await stage.open(page, `/login?back=${encodeURIComponent(back)}`);
    await page.getByLabel("登录名").fill("wangli");
    await page.getByLabel("密码或一次性口令").fill(password);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname !== "/login");
    assert.equal(new URL(page.url()).origin, bank.url);
  }
});

test("a browser becomes a device by its token, and stops being one", async () => {
  const token = await bank.openDevice("春晖服务台", orgs.chunhui);
  const page = await stage.page();
  await stage.open(page, "/login");
  await page.getByText("这台电脑是服务台或兑换点的设备").click();
  await page.getByLabel("设备令牌").fill("12 34");
  await page.getByRole("button", { name: "设为设备" }).click();
  await stage.sees(page, "令牌是 64 个");
  await page.getByLabel("设备令牌").fill(token);
  await page.getByRole("button", { name: "设为设备" }).click();
  await stage.sees(page, "这台电脑是设备“春晖服务台”");
  await page.reload();
  await stage.sees(page, "这台电脑是设备“春晖服务台”");
  await page.getByRole("button", { name: "不再用作这台设备" }).click();
  await page.getByLabel("设备令牌").waitFor();
});

test("the language is switched and remembered; so are large letters and targets", async () => {
  const page = await stage.page();
  await stage.open(page, "/login");
  await page.getByRole("button", { name: "English", exact: true }).click();
  await stage.sees(page, "Log in");
  await page.getByRole("button", { name: "Large" }).click();
  await page.reload();
  await stage.sees(page, "Password or one-time code");
  const sizes = await page.evaluate(() => Array.from(
    document.querySelectorAll("button, nav a, input"), (element) => ({
      what: element.textContent, height: element.getBoundingClientRect().height,
      letters: parseFloat(getComputedStyle(element).fontSize) })));
  for (const { what, height, letters } of sizes.filter(({ height }) => height > 0)) {
    assert.ok(height >= 60 && letters >= 18, `${what}: ${height} px, letters ${letters} px`);
  }
});

test("the policy of the content forbids inline scripts and other hosts", async () => {
  const page = await stage.page();
  const response = await page.goto(`${bank.url}/login`);
  const policy = response.headers()["content-security-policy"];
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/);
});

test("the first paint comes within a second on a processor four times as slow", async () => {
  const paintMs = [];
  while (paintMs.length < 5 && !(Math.min(...paintMs) < 1000)) { // other work here only adds to it
    const page = await stage.page();
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    await stage.open(page, "/login");
    paintMs.push(await page.evaluate(() =>
      performance.getEntriesByName("first-contentful-paint")[0].startTime));
    await page.close();
  }
  assert.ok(Math.min(...paintMs) < 1000, `first paint after ${paintMs} ms`);
});

test("both pages look as they should in all sizes", async () => {
  const page = await stage.page();
  await stage.open(page, "/login");
  await stage.screenshot(page, "login");
  await stage.login(page, "admin", "/status");
  await stage.sees(page, "最近的检查点");
  await stage.screenshot(page, "status");
});
