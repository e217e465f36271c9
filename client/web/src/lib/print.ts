/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Printing: one part of a page on one kind of paper. Sizes are named pages of styles.css; nothing
 * is written into the document, so the strict content policy stands.
 */
export type Paper = "a4" | "a3" | "receipt58" | "receipt80" | "passbook";

/** Prints what has class `paper` in the page, and nothing else; waits for the dialog's end. */
export function printPaper(paper: Paper, title: string): Promise<void> {
  const root = document.documentElement;
  const before = document.title;
  document.title = title; // the browser's name for a PDF
  root.dataset["print"] = paper;
  return new Promise((resolve) => {
    const end = () => {
      delete root.dataset["print"];
      document.title = before;
      resolve();
    };
    window.addEventListener("afterprint", end, { once: true });
    window.print();
  });
}
