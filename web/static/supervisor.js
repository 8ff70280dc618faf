"use strict";
// The supervisor's page: shows the parts that the server pushes, opens its forms, sends each of them once.
(() => {
  const byId = (id) => document.getElementById(id);
  const words = document.body.dataset;
  const query = words.query;
  const LOST_MS = 3000;
  const SEND_MS = 6000;
  const GIVE_UP_MS = 30000;
  const TOAST_MS = 5000;
  const dialog = byId("dialog");
  let offset = Number(words.now) - Date.now(); // the hall's clock ahead of this machine's
  let seen = { epoch: "", seq: 0 };
  let heardAt = Date.now();
  let hallOnline = true;
  let lostAt = null;
  let opened = ""; // what the dialog shows
  let sending = false;
  let source = null;

  // ---- showing: only what differs is touched, so that focus, scrolling and a press in progress stay ----

  function morph(place, wanted) {
    const known = new Map([...place.children].filter((one) => one.id).map((one) => [one.id, one]));
    let next = place.firstChild;
    for (const want of [...wanted.childNodes]) {
      const have = want.id ? known.get(want.id) : alike(next, want) ? next : null;
      if (!have || have.nodeName !== want.nodeName) {
        place.insertBefore(want, next);
        continue;
      }
      if (have === next) next = next.nextSibling;
      else place.insertBefore(have, next);
      renew(have, want);
    }
    while (next) {
      const gone = next;
      next = next.nextSibling;
      gone.remove();
    }
  }

  const alike = (have, want) => have && have.nodeName === want.nodeName && !have.id;

  function renew(have, want) {
    if (have.nodeType !== Node.ELEMENT_NODE) {
      if (have.data !== want.data) have.data = want.data;
      return;
    }
    const own = have.nodeName === "DETAILS" ? "open" : have.nodeName === "INPUT" ? "checked" : "";
    for (const { name } of [...have.attributes]) if (name !== own && !want.hasAttribute(name)) have.removeAttribute(name);
    for (const { name, value } of want.attributes) {
      if (name !== own && have.getAttribute(name) !== value) have.setAttribute(name, value);
    }
    if (!isTimer(have)) morph(have, want);
  }

  const isTimer = (one) => "since" in one.dataset || "ago" in one.dataset || "waited" in one.dataset;

  function accept(next) {
    if (next.epoch === seen.epoch && next.seq < seen.seq) return;
    seen = next;
    offset = next.now - Date.now();
    for (const [name, html] of Object.entries(next.parts)) {
      const fresh = document.createElement("div");
      fresh.innerHTML = html;
      morph(byId(`part-${name}`), fresh);
    }
    narrow();
    tick();
  }

  function put(place, shown) {
    if (place.textContent !== shown) place.textContent = shown;
  }

  const two = (number) => String(number).padStart(2, "0");

  function timer(seconds) {
    const minutes = Math.floor(seconds / 60);
    return minutes < 60 ? `${minutes}:${two(seconds % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
  }

  function span(seconds) {
    if (seconds < 60) return words.seconds.replace("{n}", seconds);
    if (seconds < 7200) return words.minutes.replace("{n}", Math.floor(seconds / 60));
    return words.hours.replace("{n}", Math.floor(seconds / 3600));
  }

  const clockOf = (at, options) => new Date(at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: words.zone, ...options });

  function tick() {
    const now = (lostAt ?? Date.now()) + offset;
    const passed = (at) => Math.max(0, Math.floor((now - Number(at)) / 1000));
    put(byId("clock"), clockOf(Date.now() + offset, {}));
    for (const one of document.querySelectorAll("[data-since]")) put(one, timer(passed(one.dataset.since)));
    for (const one of document.querySelectorAll("[data-ago]")) put(one, words.agoText.replace("{span}", span(passed(one.dataset.ago))));
    for (const one of document.querySelectorAll("[data-waited]")) {
      const seconds = passed(one.dataset.waited);
      const late = seconds > Number(one.dataset.target);
      one.classList.toggle("bad", late);
      put(one, `${late ? "▲ " : ""}${words.minutes.replace("{n}", Math.floor(seconds / 60))}`);
    }
    showConnection();
  }

  function showConnection() {
    const web = Date.now() - heardAt < LOST_MS;
    const well = web && hallOnline;
    if (well) lostAt = null;
    else lostAt ??= Math.max(heardAt, 0) || Date.now();
    document.body.dataset.connected = byId("light").dataset.on = well ? "yes" : "no";
    put(byId("light-text"), !web ? words.offline : hallOnline ? words.online : words.hallOffline);
    byId("banner").hidden = well;
    if (!well) {
      const at = clockOf(lostAt + offset, { second: "2-digit" });
      put(byId("banner"), (web ? words.hallLost : words.lost).replace("{at}", at));
    }
  }

  const connected = () => document.body.dataset.connected === "yes";

  // ---- the list of tickets ----

  function narrow() {
    const chosen = document.querySelector("[name=group]:checked");
    const typed = byId("number").value.trim().toUpperCase();
    let shown = 0;
    for (const row of document.querySelectorAll("#ticket-table tbody tr")) {
      const fits = typed ? row.dataset.number.toUpperCase().includes(typed) : !chosen || row.dataset.group === chosen.value;
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    byId("ticket-none").hidden = shown > 0;
    byId("ticket-table").hidden = shown === 0;
  }

  // ---- the dialog ----

  function notice(shown) {
    put(byId("notice"), shown);
    byId("notice").hidden = !shown;
    if (shown) byId("notice").focus();
  }

  async function fetchHtml(what) {
    const [path, places] = what.split("?");
    const asked = new URLSearchParams(places);
    if (query) asked.set("lang", new URLSearchParams(query).get("lang"));
    const answer = await fetch(`/supervisor/ask/${path}?${asked}`, { cache: "no-store", signal: AbortSignal.timeout(SEND_MS) });
    if (answer.status === 401) location.assign(`/supervisor/sign-in${query}`);
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  }

  async function open(what) {
    try { // looking does no harm: also asked while the stream lags
      const html = await fetchHtml(what);
      byId("dialog-body").innerHTML = html;
    } catch {
      toast(words.cannotNow);
      return;
    }
    opened = what;
    notice("");
    tick();
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    const first = dialog.querySelector("[autofocus]");
    if (first) first.focus();
  }

  // What the form was made from may be old: show what is true now, and keep what was typed.
  async function renewDialog() {
    try {
      const fresh = document.createElement("div");
      fresh.innerHTML = await fetchHtml(opened);
      morph(byId("dialog-body"), fresh);
      tick();
    } catch { /* the refusal stands; the page shows the connection */ }
  }

  function toast(shown) {
    const place = byId("toast");
    place.hidePopover();
    place.showPopover(); // shown again, so that it is above a dialog that opened meanwhile
    put(place, shown);
    clearTimeout(toast.end);
    toast.end = setTimeout(() => { put(place, ""); place.hidePopover(); }, TOAST_MS);
  }

  // ---- sending ----

  function newRequestId() {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function send(body) {
    const answer = await fetch(`/supervisor/command${query}`, { method: "POST", body, signal: AbortSignal.timeout(SEND_MS) });
    if (answer.status === 401) location.assign(`/supervisor/sign-in${query}`);
    if (answer.status === 503 || answer.status === 429) throw new Error("later");
    return answer.json();
  }

  async function sendUntilAnswered(body) {
    const end = Date.now() + GIVE_UP_MS;
    for (let pause = 400; Date.now() < end; pause = Math.min(pause * 2, 4000)) {
      try {
        return await send(body);
      } catch {
        put(byId("sending"), words.retrying);
        await new Promise((done) => setTimeout(done, pause));
      }
    }
    return { refusal: words.lostCommand };
  }

  function sure(question) {
    const ask = byId("sure");
    put(byId("sure-text"), question);
    ask.returnValue = "no";
    ask.showModal();
    return new Promise((done) => ask.addEventListener("close", () => done(ask.returnValue === "yes"), { once: true }));
  }

  // `data-sure-if="kind=emergency"`: only with this value of this field
  function asksFirst(form) {
    const [name, value] = (form.dataset.sureIf || "").split("=");
    return !name || new FormData(form).get(name) === value;
  }

  async function submit(form) {
    if (sending) return;
    if (form.dataset.sure && asksFirst(form) && !(await sure(form.dataset.sure))) return;
    const body = new URLSearchParams(new FormData(form));
    body.set("do", form.dataset.do);
    body.set("request_id", newRequestId());
    const buttons = [...form.querySelectorAll("button")];
    sending = true;
    for (const button of buttons) button.disabled = true;
    put(byId("sending"), words.sending);
    const answer = await sendUntilAnswered(body);
    sending = false;
    for (const button of buttons) button.disabled = false;
    put(byId("sending"), "");
    await settle(form, answer);
    look();
  }

  async function settle(form, answer) {
    const inDialog = dialog.contains(form);
    if (answer.refusal) {
      if (inDialog) await renewDialog();
      if (inDialog) notice(answer.refusal);
      else toast(answer.refusal);
      return;
    }
    toast(answer.done);
    if (answer.ask) await open(answer.ask);
    else if (inDialog) dialog.close();
  }

  async function look() {
    try {
      const answer = await fetch(`/supervisor/state${query}`, { cache: "no-store" });
      if (answer.status === 401) location.assign(`/supervisor/sign-in${query}`);
      else if (answer.ok) accept(await answer.json());
    } catch { /* the light shows it */ }
  }

  // ---- listening ----

  function listen() {
    if (source) source.close();
    source = new EventSource(`/supervisor/events${query}`);
    source.addEventListener("state", (event) => { heardAt = Date.now(); accept(JSON.parse(event.data)); });
    source.addEventListener("beat", (event) => { heardAt = Date.now(); hallOnline = JSON.parse(event.data).hall; });
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) { look(); setTimeout(listen, 3000); }
    });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-ask]");
    if (button) open(button.dataset.ask);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.do) {
      event.preventDefault();
      if (connected()) submit(form);
      else toast(words.cannotNow);
    } else if (form.dataset.look) {
      event.preventDefault();
      open(`${form.dataset.look}?${new URLSearchParams(new FormData(form))}`);
    }
  });
  document.addEventListener("change", (event) => { if (event.target.name === "group") { byId("number").value = ""; narrow(); } });
  byId("number").addEventListener("input", narrow);
  byId("find").addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = byId("number").value.trim();
    if (typed) open(`ticket?${new URLSearchParams({ number: typed })}`);
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  narrow();
  listen();
  setInterval(tick, 1000);
  tick();
})();
