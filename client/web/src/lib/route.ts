/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Where in the pages we are: the address bar's path and query, as a signal.
 */
import { signal } from "@preact/signals";

export interface Route {
  path: string;
  query: URLSearchParams;
}

const read = (): Route => ({
  path: location.pathname.replace(/\/+$/, "") || "/",
  query: new URLSearchParams(location.search),
});

export const route = signal<Route>(read());

/** To another page, without asking the server for it. */
export function go(address: string, replace = false): void {
  history[replace ? "replaceState" : "pushState"](null, "", address);
  route.value = read();
}

/** Only a path of ours: no other host can be given as the place to go back to, also not by signs
 * that browsers leave out. The log-in is no such place. */
export function safePath(address: string | null): string {
  const isOurs = address !== null && /^\/(?![/\\])[^\u0000-\u0020\u007f]*$/.test(address) &&
    !/^\/login(?![^/?#])/.test(address);
  return isOurs ? address : "/";
}

/** Links within the pages do not load anything. Once, at the start. */
export function startRouting(): void {
  window.addEventListener("popstate", () => (route.value = read()));
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const isOurs = link !== null && link.origin === location.origin && link.target === "" &&
      !link.hasAttribute("download") && !link.pathname.startsWith("/assets/");
    if (isOurs && !event.defaultPrevented && event.button === 0 &&
        !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      go(link.pathname + link.search);
    }
  });
}
