"use strict";
// A counter's tablet: shows what the hall tells, takes one vote, and keeps it until it is answered.
(() => {
  const byId = (id) => document.getElementById(id);
  const { base, query, seconds, left, sends, sending, again } = document.body.dataset;
  const LOST_MS = 9000;
  const WRITING_MS = 60000;
  const GIVE_UP_MS = 120000;
  const THANKS_MS = 6000;
  const SEND_MS = 6000;
  const AGAIN_MS = 15000;
  const MOST_REASONS = 3;
  const HELD = ["reasons", "sending", "thanks", "refused", "unsent"]; // never changed under a citizen's fingers
  let now = { kind: "idle", number: "", stars: null };
  let endsAt = 0; // when the stars go
  let done = 0; // the ticket whose vote was given here, or whose stars have gone
  let view = "";
  let vote = null;
  let touchedAt = 0;
  let heardAt = Date.now();
  let hallOnline = true;
  let source = null;

  function put(place, shown) {
    if (place.textContent !== shown) place.textContent = shown;
  }

  function turn(wanted) {
    if (wanted === view) return;
    view = wanted;
    document.body.dataset.now = wanted;
    for (const one of document.querySelectorAll("[data-view]")) one.hidden = one.dataset.view !== wanted;
    byId("work").scrollTop = 0;
    put(byId("said"), document.querySelector(`[data-view="${wanted}"] h1`).textContent);
  }

  const starsOpen = () => now.stars && now.stars.ticket !== done && Date.now() < endsAt;

  function show() {
    for (const one of document.querySelectorAll("[data-number]")) put(one, now.number);
    if (HELD.includes(view)) return;
    if (starsOpen()) {
      put(document.querySelector("[data-rated]"), now.stars.number);
      turn("stars");
    } else {
      turn(lost() ? "idle" : now.kind);
    }
  }

  function accept(next) {
    now = next;
    document.body.dataset.heard = "yes";
    if (next.stars) endsAt = Date.now() + next.stars.milliseconds;
    show();
  }

  const lost = () => Date.now() - heardAt > LOST_MS || !hallOnline;

  function tick() {
    byId("lost").hidden = !lost();
    if (view === "stars") {
      const remaining = Math.max(0, endsAt - Date.now());
      byId("left").max = Number(seconds) * 1000;
      byId("left").value = remaining;
      put(byId("left-text"), left.replace("{n}", Math.ceil(remaining / 1000)));
      if (!remaining) show();
    } else if (view === "reasons") {
      const remaining = Math.max(0, touchedAt + WRITING_MS - Date.now());
      put(byId("sends"), sends.replace("{n}", Math.ceil(remaining / 1000)));
      if (!remaining) send();
    } else if (!HELD.includes(view)) {
      show();
    }
  }

  // ---- the vote ----

  function choose(score) {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    const id = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    vote = { stars: now.stars, score, id };
    touchedAt = Date.now();
    if (score > 3) {
      send();
    } else {
      turn("reasons");
      tick();
    }
  }

  function chooseAgain() {
    now = { ...now, stars: vote.stars };
    endsAt = Math.max(endsAt, Date.now() + AGAIN_MS);
    turn("stars");
  }

  function press(button) {
    const on = button.getAttribute("aria-pressed") === "true";
    button.setAttribute("aria-pressed", String(!on));
    const full = document.querySelectorAll("[data-reason][aria-pressed=true]").length >= MOST_REASONS;
    for (const one of document.querySelectorAll("[data-reason]")) {
      one.disabled = full && one.getAttribute("aria-pressed") !== "true";
    }
  }

  function forget() {
    vote = null;
    byId("comment").value = "";
    for (const one of document.querySelectorAll("[data-reason]")) {
      one.setAttribute("aria-pressed", "false");
      one.disabled = false;
    }
  }

  function ballot() {
    const body = new URLSearchParams({ ballot: vote.stars.ballot, score: vote.score, request_id: vote.id, comment: byId("comment").value });
    for (const one of document.querySelectorAll("[data-reason][aria-pressed=true]")) body.append("reason", one.dataset.reason);
    return body;
  }

  async function post(body) {
    const patience = new AbortController();
    setTimeout(() => patience.abort(), SEND_MS);
    const answer = await fetch(`${base}/vote${query}`, { method: "POST", body, signal: patience.signal });
    if (answer.status >= 500 || answer.status === 429) throw new Error("later");
    return answer.json();
  }

  async function send() {
    const body = ballot();
    done = vote.stars.ticket;
    put(byId("sending"), sending);
    turn("sending");
    for (const end = Date.now() + GIVE_UP_MS; Date.now() < end;) {
      try {
        const answer = await post(body);
        put(byId("refused"), answer.refusal);
        return rest(answer.refusal ? "refused" : "thanks");
      } catch {
        put(byId("sending"), again);
        await new Promise((past) => setTimeout(past, 1500));
      }
    }
    return rest("unsent");
  }

  function rest(shown) {
    forget();
    turn(shown);
    setTimeout(() => { turn(now.kind); show(); }, THANKS_MS);
  }

  // ---- listening ----

  async function look() {
    try {
      const answer = await fetch(`${base}/state${query}`, { cache: "no-store" });
      if (answer.status === 403) location.reload();
      else if (answer.ok) { heardAt = Date.now(); hallOnline = true; accept(await answer.json()); }
    } catch { /* the strip shows it */ }
  }

  function listen() {
    if (source) source.close();
    source = new EventSource(`${base}/events${query}`);
    source.addEventListener("state", (event) => { heardAt = Date.now(); accept(JSON.parse(event.data)); });
    source.addEventListener("beat", (event) => { heardAt = Date.now(); hallOnline = JSON.parse(event.data).hall; tick(); });
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) { look(); setTimeout(listen, 3000); }
    });
  }

  document.addEventListener("click", (event) => {
    touchedAt = Date.now();
    const score = event.target.closest("[data-score]");
    const reason = event.target.closest("[data-reason]");
    if (score && starsOpen()) choose(Number(score.dataset.score));
    else if (reason) press(reason);
    else if (event.target.closest("#send")) send();
    else if (event.target.closest("#again")) chooseAgain();
  });
  document.addEventListener("input", () => { touchedAt = Date.now(); });
  for (const name of ["contextmenu", "dragstart", "drop"]) document.addEventListener(name, (event) => event.preventDefault());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  tick();
  listen();
  setInterval(tick, 250);
})();
