/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The service worker: keeps the pages' own files, so that a page can be opened again while the
 * server cannot be reached. It keeps no answer of the server's. The build fills in what is in {{
 * }}. A new one waits until the last tab of the old one is closed: no page sees half of each.
 */
const cacheName = "lovebank-{{version}}";
const files = {{files}};
const patienceMs = 5000;

async function keepFiles() {
  await (await caches.open(cacheName)).addAll(files);
}

async function forgetOthers() {
  for (const name of await caches.keys()) {
    if (name !== cacheName) {
      await caches.delete(name);
    }
  }
  await self.clients.claim();
}

/** A proxy's word that nobody is behind it, or the server's that it cannot now. */
const isAway = ({ status }) => status >= 502 && status <= 504;

/** From the server, or, if it does not answer, what was kept. */
async function openPage(request) {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), patienceMs);
  try {
    const answer = await fetch(request, { signal: late.signal });
    return isAway(answer) ? (await caches.match("/")) ?? answer : answer;
  } catch (error) {
    const kept = await caches.match("/");
    if (kept === undefined) {
      throw error;
    }
    return kept;
  } finally {
    clearTimeout(timer);
  }
}

/** Its name changes with its content, so what was kept is what the server would give. */
async function openFile(request) {
  const kept = await caches.match(request);
  if (kept !== undefined) {
    return kept;
  }
  const fetched = await fetch(request);
  if (fetched.ok) {
    await (await caches.open(cacheName)).put(request, fetched.clone());
  }
  return fetched;
}

self.addEventListener("install", (event) => event.waitUntil(keepFiles()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) {
    return;
  }
  if (request.mode === "navigate" && !pathname.includes(".")) {
    event.respondWith(openPage(request));
  } else if (pathname.startsWith("/assets/")) {
    event.respondWith(openFile(request));
  }
});
