/* The card without a network. Reaches what is under its own address only. From the network first, so
   that a kept card is never older than it must be; "leave" takes it off this telephone. */
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  event.respondWith(fetch(request).catch(async () =>
    (await caches.match(request, { ignoreVary: true })) || Response.error()));
});
addEventListener("message", (event) => {
  if (event.data !== "leave") return;
  event.waitUntil(Promise.all([caches.delete("card"), registration.unregister()]));
});
