/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the tests of administration do with its sections, by the keyboard alone.
 */
export { orgs, password, start } from "./browser.mjs";

/** A section, opened by an operator of bank.mjs who has just logged in; it follows the ledger. */
export async function openSection(stage, section, operator = "admin", options = {}) {
  const page = await stage.page(options);
  await stage.follow(page, operator, `/admin/${section}`);
  await page.locator(".admin button, .admin .notice").first().waitFor();
  // What the log-in asked for, and what the section asks for anew.
  await page.waitForFunction(() => performance.getEntriesByType("resource")
    .filter(({ name }) => name.endsWith(".Registry/Catalogue")).length > 1);
  await stage.listens(page);
  return page;
}

/** The rows of the section's list. */
export const rows = (page) => page.locator(".admin .table").first().locator("tbody tr");

/** Types into the fields so labelled. */
export async function type(page, values) {
  for (const [label, text] of Object.entries(values)) {
    await page.locator("form").getByLabel(label, { exact: true }).focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText(text);
  }
}

/** The same, and sends the form by Enter in the last one. */
export async function fill(page, values) {
  await type(page, values);
  await page.keyboard.press("Enter");
}

/** The row so named has the focus, and Enter opens it. */
export async function openRow(page, name) {
  await rows(page).filter({ hasText: name }).first().focus();
  await page.keyboard.press("Enter");
  await page.locator(".act-form").first().waitFor();
}

/** The last of the options so labelled. */
export async function chooseLast(page, label) {
  await page.locator("form").getByLabel(label, { exact: true }).focus();
  await page.keyboard.press("End");
}

export async function openHistory(page) {
  await page.locator("summary").focus();
  await page.keyboard.press("Enter");
}

/** "2016-05-01" of a day's number. */
export const dayText = (day) => new Date(day * 86400_000).toISOString().slice(0, 10);
