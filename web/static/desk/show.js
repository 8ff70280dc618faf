// The ticket in hand, and every button as the state allows it.

import { allowed, settle, settled, undoable } from "./deeds.js";
import { byId, fill, make, page, put, say, t } from "./dom.js";
import { showKeys } from "./keys.js";
import { onSending, underWay } from "./send.js";
import { ring } from "./sound.js";
import { current, hallNow, heldBack, onState } from "./store.js";

const main = byId("main");
const buttons = [...document.querySelectorAll("[data-do]")].filter((button) => button !== main);
let refocus = main; // a button that is disabled loses the focus: who gets it back

/** A short sign whose name is there for everybody. */
export function signs(list) {
  return list.map((one) => make("abbr", { className: `badge ${one.kind}`, title: one.name }, one.sign));
}

function chip(one) {
  return make("span", { className: `chip ${one.kind}`, title: one.name }, `${one.sign} `, make("span", { className: "name" }, one.name));
}

function showNow(state, before) {
  const ticket = state.ticket;
  byId("now").dataset.phase = state.phase;
  put(byId("phase"), state.phase_text);
  put(byId("number"), ticket?.number);
  byId("number").hidden = !ticket;
  put(byId("service"), ticket ? ticket.service : state.summary);
  put(byId("waiting-total"), state.waiting_total ? t("people_waiting", { n: state.waiting_total }) : t("waiting_none"));
  fill(byId("signs"), ticket?.signs ?? [], chip);
  showFacts(ticket);
  showRemarks(state, ticket);
  const unseen = (of) => Boolean(of?.ticket?.signs.some((one) => one.kind === "unseen"));
  if (unseen(state) && !unseen(before)) ring("message");
  const changed = !before || before.phase !== state.phase || before.ticket?.ticket_id !== ticket?.ticket_id;
  if (changed) say(`${state.phase_text} ${ticket?.number ?? ""}`);
  const lead = ticket ? `${ticket.number} · ` : state.waiting_total ? `(${state.waiting_total}) ` : "";
  document.title = `${lead}${state.phase_text} · ${page.counter}`;
}

function showFacts(ticket) {
  byId("facts").hidden = !ticket;
  put(byId("waited"), ticket?.waited);
  put(byId("since-text"), ticket?.since_text);
  put(byId("recalls"), ticket?.recalls);
  byId("recalls-box").hidden = !ticket?.recalls;
}

function showRemarks(state, ticket) {
  const remarks = [ticket?.origin, ticket?.goes_back, ...(ticket?.performed ?? [])].filter(Boolean);
  if (ticket?.wrong) remarks.push(t("wrong"));
  fill(byId("remarks"), remarks, (words) => make("li", {}, words));
  fill(byId("notes"), state.notes, (note) => make("li", {}, make("b", {}, `${note.who}: `), note.text));
  byId("remarks-box").hidden = !remarks.length && !state.notes.length;
  const claim = ticket?.claim;
  byId("claim").hidden = !claim;
  byId("signs").classList.toggle("asked", Boolean(claim));
  put(byId("claim-ask"), claim && t("claim_ask", claim));
  put(byId("claim-proof"), claim?.proof ? t("claim_proof", claim) : t("claim_look"));
}

function showMain(state, before) {
  put(byId("main-text"), state.main ? t(state.main) : "–");
  main.dataset.do = state.main;
  byId("main-key").dataset.key = state.main === "continue_counter" ? "pause_counter" : state.main;
  showKeys();
  main.hidden = state.phase === "closed";
  byId("again").hidden = state.phase !== "closed";
  byId("wait-next").setAttribute("aria-pressed", String(state.asks));
  byId("pause").setAttribute("aria-pressed", String(state.phase === "paused"));
  for (const button of buttons) button.classList.toggle("offered", button.dataset.do === state.offer);
  if (before && before.main !== state.main) {
    if (document.activeElement === main) refocus = main;
    settle(enable);
  }
}

/** Let every button be pressed that can be, and tell of those that must wait. */
export function enable() {
  const free = current() && !underWay();
  setDisabled(main, !free || !settled() || !current().main || !allowed(current().main));
  for (const button of buttons) {
    setDisabled(button, !free || !allowed(button.dataset.do));
    const left = button.querySelector(".left");
    if (left) put(left, leftOf(button.dataset.do));
  }
  giveFocusBack();
}

function setDisabled(button, disabled) {
  if (button.disabled === disabled) return;
  if (disabled && document.activeElement === button) refocus = button;
  button.disabled = disabled;
}

function leftOf(deed) {
  if (deed === "undo_action") return undoable() ? `${Math.ceil((current().undo.until - hallNow()) / 1000)} s` : "";
  const held = heldBack(deed);
  return held ? held.why ?? `${held.seconds} s` : "";
}

function giveFocusBack() {
  if (document.activeElement && document.activeElement !== document.body) return;
  if (document.querySelector("dialog[open]")) return;
  const wanted = [refocus, main, byId("again")].find((one) => one && one.isConnected && !one.disabled && !one.hidden);
  wanted?.focus({ preventScroll: true });
}

/** Show what time alone changes: timers and countdowns. */
export function tick() {
  const now = hallNow();
  const clock = { hour: "2-digit", minute: "2-digit", timeZone: page.zone };
  put(byId("clock"), new Date(now).toLocaleTimeString("vi-VN", clock));
  const ticket = current()?.ticket;
  const seconds = ticket ? Math.max(0, Math.floor((now - ticket.since) / 1000)) : 0;
  put(byId("since"), ticket ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : "");
  put(byId("undo-text"), undoable() ? t("undo_text", { text: current().undo.text }) : "");
  enable();
}

onState((state, before) => { showNow(state, before); showMain(state, before); tick(); });
onSending(enable);
