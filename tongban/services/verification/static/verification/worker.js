// Keeps the offline page, its styles and scripts, the key set and the lists. Network first, so that they are as new as can be.
// It never keeps the online page: that may show who is signed in.
const STORE = "verify-1";
const PAGE = "/verify/offline/";
const KEYS = "/verify/keys.json";
const KEPT = new Set([PAGE, KEYS, ...ASSETS]);

async function fill() {
  const store = await caches.open(STORE);
  await store.addAll([PAGE, KEYS, ...ASSETS]);
  const keys = await (await store.match(KEYS)).json();
  await store.addAll(keys.lists.map((number) => `/verify/status/${number}.json`));
}

async function newest(request) {
  const store = await caches.open(STORE);
  try {
    const answer = await fetch(request);
    if (answer.ok) await store.put(request.url, answer.clone());
    return answer;
  } catch {
    return (await store.match(request.url, { ignoreSearch: true })) ?? Response.error();
  }
}

async function pageOrOffline(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.open(STORE)).match(PAGE);
  }
}

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (KEPT.has(pathname) || pathname.startsWith("/verify/status/")) event.respondWith(newest(request));
  else if (request.mode === "navigate") event.respondWith(pageOrOffline(request));
});
