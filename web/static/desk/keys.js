// Which key does what: defaults that every operator may change; no single letters.

import { memory, page, put } from "./dom.js";

const OWN = `keys.${page.operator_id}`;

/** The deeds that have a key, in the order in which the help lists them. */
export const DEFAULTS = {
  help: "F1",
  call_next: "F2",
  recall_ticket: "F3",
  start_serving: "F4",
  park_ticket: "F6",
  transfer_ticket: "F7",
  finish_ticket: "F8",
  mark_no_show: "F9",
  more: "F10",
  pause_counter: "F12",
  undo_action: "Ctrl+Backspace",
  record_services: "Shift+F8",
  add_note: "Shift+F7",
  grant_come_back: "Shift+F4",
  show_parked: "Shift+F6",
  show_missed: "Shift+F9",
  show_done: "Shift+F1",
  call_service: "Shift+F2",
  call_ticket: "Shift+F3",
  wait_next: "Shift+F12",
  serve_directly: "Ctrl+F2",
  check_in: "Ctrl+F3",
  cancel_ticket: "Ctrl+F9",
  flag_times: "Ctrl+F8",
  close_counter: "Ctrl+F12",
  raise_alarm: "Ctrl+F1",
};
const RESERVED = new Set(["F5", "F11", "Alt+F4", "Ctrl+F4", "Ctrl+F5", "Shift+F5", "Shift+F10"]);
const MODIFIERS = new Set(["Control", "Shift", "Alt", "Meta", "AltGraph"]);

/** The keys as this operator has them. */
export const keys = () => ({ ...DEFAULTS, ...memory.get(OWN, {}) });

/** A pressed key as the page writes it, `Shift+F6`; empty for a modifier alone. */
export function written(event) {
  if (MODIFIERS.has(event.key) || !event.key) return "";
  const name = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  return [event.ctrlKey && "Ctrl", event.altKey && "Alt", event.shiftKey && "Shift", name].filter(Boolean).join("+");
}

/** Whether a key may have a deed: F-keys, or letters and digits with Ctrl or Alt, but not what browsers keep. */
export function usable(key) {
  const function_ = /^(Ctrl\+|Alt\+)?(Shift\+)?F([1-9]|1[0-2])$/.test(key);
  const combined = /^(Ctrl\+Alt\+|Alt\+)(Shift\+)?[A-Z0-9]$/.test(key) || /^Ctrl\+(Shift\+)?Backspace$/.test(key);
  return (function_ || combined) && !RESERVED.has(key);
}

/** The deed of a key, if it has one. */
export const deedOf = (key) => Object.keys(DEFAULTS).find((deed) => keys()[deed] === key);

/** Give a deed another key; says which deed has it already, or nothing if it was done. */
export function assign(deed, key) {
  const taken = deedOf(key);
  if (taken && taken !== deed) return taken;
  memory.set(OWN, { ...keys(), [deed]: key });
  return "";
}

/** Back to the defaults. */
export const reset = () => memory.set(OWN, {});

/** A key as it stands on a button. */
const short = (key) => key.replace("Shift+", "⇧").replace("Backspace", "⌫");

/** Write the keys on the buttons. */
export function showKeys() {
  const now = keys();
  for (const place of document.querySelectorAll("[data-key]")) {
    const key = now[place.dataset.key] ?? "";
    put(place, short(key));
    place.hidden = !key;
    place.closest("button").setAttribute("aria-keyshortcuts", key.replace("Ctrl", "Control"));
  }
}
