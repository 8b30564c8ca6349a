/* Keep this card on the telephone, or take it off. Nothing is kept before somebody asks for it, and
   what is kept is asked for without the session: it carries nobody's name. */
(() => {
  const keep = document.querySelector("[data-keep]"), drop = document.querySelector("[data-drop]");
  if (!keep || !("serviceWorker" in navigator) || !window.caches) return;
  const parts = () => [location.href, ...[...document.querySelectorAll("link[href], script[src]")]
    .map((one) => one.href || one.src)];
  const show = async () => {
    const kept = Boolean(await caches.match(location.href, { ignoreVary: true }));
    keep.hidden = kept;
    drop.hidden = !kept;
  };
  keep.addEventListener("click", async () => {
    const cache = await caches.open("card");
    await Promise.all(parts().map(async (url) => {
      const answer = await fetch(url, { credentials: "omit" });
      if (answer.ok) await cache.put(url, answer);
    }));
    await navigator.serviceWorker.register(keep.dataset.keep);
    await show();
  });
  drop.addEventListener("click", async () => {
    await caches.delete("card");
    const one = await navigator.serviceWorker.getRegistration("/card/");
    if (one) await one.unregister();
    await show();
  });
  let worker; // known beforehand: a page that is left has no time to ask
  navigator.serviceWorker.ready.then((one) => { worker = one.active; });
  addEventListener("pagehide", () => {
    if (document.documentElement.hidden && worker) worker.postMessage("leave");
  });
  show();
})();
