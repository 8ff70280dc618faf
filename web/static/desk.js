"use strict";
// The desk: shows the state that the server pushes, sends each press once, repeats it with the same request_id.
(() => {
  const byId = (id) => document.getElementById(id);
  const words = document.body.dataset;
  const query = words.query;
  const KEYS = { F2: "call_next", F3: "recall_ticket", F4: "start_serving", F8: "finish_ticket", F9: "mark_no_show" };
  const LOST_MS = 3000;
  const SEND_MS = 6000;
  const GIVE_UP_MS = 30000;
  const EARLY_MS = 1500;
  const SETTLE_MS = 700; // the second half of a double click must not hit the button's next meaning
  const main = byId("main");
  const deeds = [...document.querySelectorAll("[data-do]")];
  let state = null;
  let sending = ""; // the deed on its way
  let early = null; // a press that came before the answer
  let refocus = main; // a button that is disabled loses the focus: who gets it back
  let settled = true;
  let heardAt = 0;
  let hallOnline = false;
  let offset = 0;
  let source = null;

  // ---- showing ----

  function accept(next) {
    if (!next || (state && next.epoch === state.epoch && next.seq < state.seq)) return;
    const before = state;
    state = next;
    offset = next.now - Date.now();
    showNow(before);
    showLine(before);
    showButtons(before);
    tick();
  }

  function put(id, words) {
    const place = byId(id);
    const shown = words ?? "";
    if (place.textContent !== shown) place.textContent = shown;
  }

  function showNow(before) {
    const ticket = state.ticket;
    byId("now").dataset.phase = state.phase;
    put("phase", state.phase_text);
    byId("number").hidden = !ticket;
    put("number", ticket && ticket.number);
    put("service", ticket ? ticket.service : state.phase === "idle" ? state.summary : "");
    byId("sign").hidden = !(ticket && ticket.class_name);
    put("sign", ticket && ticket.class_name ? `${ticket.sign} ${ticket.class_name}` : "");
    byId("facts").hidden = !ticket;
    put("waited", ticket && ticket.waited);
    put("since-text", ticket && ticket.since_text);
    byId("recalls-box").hidden = !(ticket && ticket.recalls);
    put("recalls", ticket && ticket.recalls);
    if (!before || before.phase !== state.phase) put("said", `${state.phase_text} ${ticket ? ticket.number : ""}`);
    document.title = `${ticket ? `${ticket.number} · ` : state.waiting_total ? `(${state.waiting_total}) ` : ""}${state.phase_text}`;
  }

  function cell(row, name, ...parts) {
    const place = row.insertCell();
    place.className = name;
    place.append(...parts);
  }

  function badge(sign, name) {
    const mark = document.createElement("abbr");
    mark.className = "badge";
    mark.title = name;
    mark.textContent = sign;
    return mark;
  }

  function showLine(before) {
    put("count", state.waiting_total ? String(state.waiting_total) : "");
    byId("none").hidden = state.waiting_total > 0;
    byId("table").hidden = state.waiting.length === 0;
    const rows = state.waiting.map((one) => {
      const row = document.createElement("tr");
      if (one.over) row.className = "over";
      cell(row, "number", one.number, ...(one.sign ? [" ", badge(one.sign, one.class_name)] : []));
      cell(row, "service", one.service);
      cell(row, "minutes", one.waited);
      return row;
    });
    byId("rows").replaceChildren(...rows);
    const left = state.waiting_total - state.waiting.length;
    put("more", left > 0 ? words.more.replace("{n}", left) : "");
    if (before && before.waiting_total === 0 && state.waiting_total > 0) put("said", words.saidWaiting);
  }

  function showButtons(before) {
    put("main-text", state.main_text || "–");
    put("main-key", state.main_key);
    byId("main-key").hidden = !state.main_key;
    main.dataset.do = state.main;
    main.hidden = state.phase === "closed";
    byId("again").hidden = state.phase !== "closed";
    if (before && before.main !== state.main) settle();
    enable();
  }

  function settle() {
    settled = false;
    if (document.activeElement === main) refocus = main;
    setTimeout(() => { settled = true; enable(); }, SETTLE_MS);
  }

  function enable() {
    const free = state && !sending;
    main.disabled = !free || !settled || !state.main;
    for (const button of deeds) button.disabled = !free || !state.also.includes(button.dataset.do);
    byId("close").disabled = !free || !state.also.includes("close");
    if (refocus && !refocus.disabled && document.activeElement === document.body) {
      refocus.focus({ preventScroll: true });
      refocus = null;
    }
  }

  function notice(words) {
    put("notice", words);
    byId("notice").hidden = !words;
  }

  // ---- sending ----

  function newRequestId() {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function send(order) {
    const answer = await fetch(`/desk/command${query}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(order),
      signal: AbortSignal.timeout(SEND_MS),
    });
    if (answer.status === 401) location.assign(`/desk/sign-in${query}`);
    if (answer.status === 503 || answer.status === 429) throw new Error("later");
    return answer.json();
  }

  async function sendUntilAnswered(order) {
    const end = Date.now() + GIVE_UP_MS;
    for (let pause = 400; Date.now() < end; pause = Math.min(pause * 2, 4000)) {
      try {
        return await send(order);
      } catch {
        put("sending", words.retrying);
        await new Promise((done) => setTimeout(done, pause));
      }
    }
    return { refusal: words.lost };
  }

  function allowed(deed) {
    return state && !sending && (deed === state.main || state.also.includes(deed));
  }

  async function press(deed) {
    if (sending && deed !== sending) early = { deed, at: Date.now() };
    if (!allowed(deed)) return;
    const order = { request_id: newRequestId(), do: deed };
    if (deed !== "call_next") order.ticket_id = state.ticket.ticket_id;
    if (deed === "cancel_ticket" && !(await sure(words.cancelAsk.replace("{number}", state.ticket.number)))) return;
    if (!allowed(deed)) return;
    if (document.activeElement instanceof HTMLButtonElement) refocus = document.activeElement;
    sending = deed;
    enable();
    notice("");
    put("sending", words.sending);
    const answer = await sendUntilAnswered(order);
    sending = "";
    put("sending", "");
    notice(answer.refusal || "");
    accept(answer.state);
    enable();
    if (!answer.state) look();
    pressEarly();
  }

  // A quick operator presses the next key before the last one is answered: it counts if it was just now.
  function pressEarly() {
    const wanted = early && Date.now() - early.at < EARLY_MS ? early.deed : "";
    early = null;
    if (wanted) press(wanted);
  }

  function sure(question) {
    const ask = byId("ask");
    put("ask-text", question);
    ask.returnValue = "no";
    ask.showModal();
    return new Promise((done) => ask.addEventListener("close", () => done(ask.returnValue === "yes"), { once: true }));
  }

  async function look() {
    try {
      const answer = await fetch(`/desk/state${query}`, { cache: "no-store" });
      if (answer.status === 401) location.assign(`/desk/sign-in${query}`);
      else if (answer.ok) accept(await answer.json());
    } catch {
      heardAt = 0;
    }
  }

  // ---- listening ----

  function listen() {
    if (source) source.close();
    source = new EventSource(`/desk/events${query}`);
    source.addEventListener("state", (event) => { heardAt = Date.now(); accept(JSON.parse(event.data)); });
    source.addEventListener("beat", (event) => { heardAt = Date.now(); hallOnline = JSON.parse(event.data).hall; });
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) { look(); setTimeout(listen, 3000); }
    });
  }

  const two = (number) => String(number).padStart(2, "0");

  function tick() {
    const now = Date.now() + offset;
    byId("clock").textContent = new Date(now).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: words.zone });
    if (state && state.ticket) {
      const seconds = Math.max(0, Math.floor((now - state.ticket.since) / 1000));
      byId("since").textContent = `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
    }
    const web = Date.now() - heardAt < LOST_MS;
    const light = byId("light");
    light.dataset.on = document.body.dataset.connected = web && hallOnline ? "yes" : "no";
    put("light-text", !web ? words.offline : hallOnline ? words.online : words.hallOffline);
  }

  main.addEventListener("click", (event) => { if (event.detail < 2) press(main.dataset.do); });
  for (const button of deeds) button.addEventListener("click", () => press(button.dataset.do));
  byId("close").addEventListener("click", async () => {
    if (await sure(words.closeAsk)) byId("sign-out").submit();
  });
  document.addEventListener("keydown", (event) => {
    if (event.repeat && (event.key === "Enter" || event.key === " ")) event.preventDefault();
    const deed = KEYS[event.key];
    if (!deed || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!event.repeat && !byId("ask").open) press(deed);
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  listen();
  setInterval(tick, 500);
  tick();
})();
