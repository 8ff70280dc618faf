// The tabs beside the line: held, missed and done, each with what can be done about its tickets.

import { define } from "./deeds.js";
import { byId, fill, make, put, t } from "./dom.js";
import { askNote } from "./forms.js";
import { send, underWay } from "./send.js";
import { signs } from "./show.js";
import { current, hallNow, offered, onState } from "./store.js";

const tabs = [...document.querySelectorAll("[role=tab]")];

/** Show one tab, and let the keyboard go on in it. */
export function select(name, focus = "tab") {
  for (const tab of tabs) {
    const chosen = tab.dataset.tab === name;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    byId(`panel-${tab.dataset.tab}`).hidden = !chosen;
    if (!chosen) continue;
    const first = focus === "first" ? byId(`panel-${name}`).querySelector("button:not(:disabled)") : null;
    (first ?? tab).focus();
  }
}

function step(event) {
  const moves = { ArrowRight: 1, ArrowLeft: -1 };
  if (!moves[event.key]) return;
  event.preventDefault();
  const at = tabs.indexOf(event.currentTarget);
  select(tabs[(at + moves[event.key] + tabs.length) % tabs.length].dataset.tab);
}

function button(words, name, at, enabled, run) {
  return make("button", {
    type: "button", className: "small", title: name, disabled: !enabled, attributes: { "aria-label": name },
    data: { at }, onclick: () => { if (!underWay()) run(); },
  }, words);
}

function entry(one, facts, ...deeds) {
  return make("li", {},
    make("p", { className: "head" }, make("b", { className: "number" }, one.number), " ", ...signs(one.signs), " ",
      make("span", { className: "facts-line" }, facts.filter(Boolean).join(" · "))),
    make("p", { className: "service" }, one.performed?.length ? one.performed.join(" · ") : one.service),
    one.note ? make("p", { className: "note" }, `✎ ${one.note}`) : "",
    make("p", { className: "row-deeds" }, ...deeds));
}

function parkedEntry(one) {
  const name = t("resume_number", { number: one.number });
  const run = () => send("resume_ticket", { ticket_id: one.ticket_id });
  const item = entry(one, [], button(t("resume_ticket"), name, `resume-${one.ticket_id}`, one.can, run));
  item.querySelector(".facts-line").dataset.until = one.until ?? "";
  return item;
}

function missedEntry(one) {
  const name = t("restore_number", { number: one.number });
  const run = () => send("restore_ticket", { ticket_id: one.ticket_id });
  return entry(one, [one.at], button(t("restore_ticket"), name, `restore-${one.ticket_id}`, one.can, run));
}

function doneEntry(one) {
  const facts = [one.at, one.lasted, one.come_back, one.wrong ? `⚑ ${t("wrong")}` : ""];
  const flag = t(one.wrong ? "unflag_number" : "flag_number", { number: one.number });
  const turn = () => send("flag_times", { ticket_id: one.ticket_id, wrong: !one.wrong });
  return entry(one, facts,
    button(t("note"), t("note_number", { number: one.number }), `note-${one.ticket_id}`, one.can, () => askNote(one)),
    button(t(one.wrong ? "unflag" : "flag_times"), flag, `flag-${one.ticket_id}`, one.can, turn));
}

const LISTS = { parked: [parkedEntry, "resume_ticket"], missed: [missedEntry, "restore_ticket"], done: [doneEntry, "check_in"] };

function show(state) {
  for (const [name, [row, needs]] of Object.entries(LISTS)) {
    const can = offered(needs);
    fill(byId(`list-${name}`), state[name].map((one) => ({ ...one, can })), row);
    byId(`none-${name}`).hidden = state[name].length > 0;
    put(byId(`count-${name}`), state[name].length ? String(state[name].length) : "");
  }
  countDown();
}

/** How long held tickets stay away. */
export function countDown() {
  for (const place of document.querySelectorAll("[data-until]")) {
    if (!place.dataset.until) continue;
    const minutes = Math.ceil((Number(place.dataset.until) - hallNow()) / 60000);
    put(place, minutes > 0 ? t("returns_in", { n: minutes }) : t("returns_now"));
  }
}

for (const tab of tabs) {
  tab.addEventListener("click", () => select(tab.dataset.tab));
  tab.addEventListener("keydown", step);
}
for (const name of Object.keys(LISTS)) define(`show_${name}`, () => select(name, "first"), () => Boolean(current()));
onState(show);
