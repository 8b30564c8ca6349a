/* Leave at once; keep and resend what could not be sent; print. Nothing is stored.
   Forms go by fetch: were the browser to send them after a look at the connection, one that breaks
   before the answer would leave its error page, and old phones lose what was typed. The server tells
   in Go-To where an act leads; any other answer stands in for the page. Sent twice: the server acts once. */
(() => {
  const PAUSES = [2, 4, 8, 16, 32, 60, 60, 60]; // s between tries
  const root = document.documentElement, held = new Map();
  const find = (what) => document.querySelector(what);
  let shifts = [], pressed, left = false;

  const leave = () => {
    left = root.hidden = true;
    stop(); // a part still on its way would find the session ended and ask for the sign-in page
    location.replace(find("a.exit").href);
  };
  ["htmx:before:request", "htmx:after:request"].forEach((name) =>
    addEventListener(name, (event) => left && event.preventDefault()));
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    root.hidden = true;
    location.reload();
  });
  addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.repeat) return;
    shifts = event.key === "Shift" ? [...shifts, event.timeStamp].slice(-3) : [];
    if (shifts.length > 2 && shifts[2] - shifts[0] < 2000 && find("a.exit")) leave();
  });
  addEventListener("click", (event) => {
    pressed = event.target.closest("button"); // Safari 14 has no event.submitter
    if (event.target.closest("[data-print]")) print();
    if (event.target.closest("a.exit")) {
      event.preventDefault();
      leave();
    }
  });

  addEventListener("submit", (event) => {
    const form = event.target, by = event.submitter || (pressed && pressed.form === form && pressed);
    const url = new URL(form.getAttribute("action") || "", location);
    if (event.defaultPrevented || form.getAttribute("method") !== "post" || url.origin !== location.origin
      || form.matches("[data-plain], [enctype^=multipart]")) return;
    event.preventDefault();
    if (!form.hasAttribute("aria-busy")) send(form, { url, by, tries: 0 });
  });

  const send = async (form, what) => {
    if (left) return;
    const stop = new AbortController(), alarm = setTimeout(() => stop.abort(), 45000);
    const body = new URLSearchParams(new FormData(form));
    if (what.by && what.by.name) body.append(what.by.name, what.by.value);
    forget(form);
    form.setAttribute("aria-busy", true);
    try {
      if (!navigator.onLine) throw 0;
      const answer = await fetch(what.url, { method: "POST", body, signal: stop.signal, headers: { "Sent-By": "page" } });
      if ([502, 503, 504].includes(answer.status) || answer.headers.has("Retry-After")) throw 0;
      const to = answer.headers.get("Go-To");
      if (left) return;
      if (to) go(new URL(to, location));
      else show(await answer.text(), what.url);
    } catch (_) {
      hold(form, what);
    }
    clearTimeout(alarm);
  };

  const go = (to) => {
    const here = to.hash && to.href.split("#")[0] === location.href.split("#")[0];
    location.assign(to);
    if (here) location.reload(); // a place on the same page loads nothing
  };

  const show = (text, url) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    page.querySelectorAll("form:not([action])").forEach((form) => form.setAttribute("action", url));
    held.forEach((_, form) => forget(form));
    document.title = page.title;
    document.body.replaceWith(page.body);
    ready();
    scrollTo(0, 0);
    (find("[autofocus]") || find("main")).focus();
  };

  const hold = (form, what) => {
    const note = document.createElement("div"), line = document.createElement("p"), again = document.createElement("button");
    form.removeAttribute("aria-busy"); // or nobody would be read the alert
    note.className = "note note-now after";
    note.setAttribute("role", "alert");
    again.type = "button";
    again.className = "btn btn-2 after";
    again.textContent = document.body.dataset.again;
    again.onclick = () => send(form, { ...what, tries: 0 });
    form.append(note);
    note.append(line, again);
    line.textContent = document.body.dataset.unsent;
    const next = navigator.onLine && PAUSES[what.tries];
    held.set(form, { ...what, note, line, timer: next && setTimeout(retry, 1000 * next, form) });
  };
  const forget = (form) => {
    if (!held.has(form)) return;
    clearTimeout(held.get(form).timer);
    held.get(form).note.remove();
    held.delete(form);
  };
  const retry = (form) => {
    const what = held.get(form);
    if (what && !what.changed) send(form, { ...what, tries: what.tries + 1 });
  };
  addEventListener("online", () => [...held.keys()].forEach(retry));
  addEventListener("input", (event) => { // who writes on sends by the button
    const what = held.get(event.target.form);
    if (!what) return;
    what.changed = true;
    what.line.textContent = document.body.dataset.changed;
  });

  const ready = () => document.querySelectorAll("[data-print]").forEach((one) => (one.hidden = false));
  ready();
})();
