// From keys to deeds: F-keys, the number pad as a call box, Esc; and the list of keys that the operator may change.

import { define, press, pressMain } from "./deeds.js";
import { ask } from "./dialogs.js";
import { byId, make, put, t } from "./dom.js";
import { callGiven } from "./forms.js";
import { DEFAULTS, assign, deedOf, keys, reset, showKeys, usable, written } from "./keys.js";
import { current, offered } from "./store.js";

const PAD = { NumpadAdd: "recall_ticket", NumpadSubtract: "mark_no_show", NumpadMultiply: "park_ticket" };
const FORGET_MS = 5000;
let typed = "";
let forget = 0;
let changing = ""; // the deed whose new key is awaited

function onKey(event) {
  if (event.repeat && (event.key === "Enter" || event.key === " ")) event.preventDefault();
  if (changing) return takeKey(event);
  if (document.querySelector("dialog[open]")) return swallow(event);
  if (onPad(event)) return undefined;
  if (event.key === "Escape") return escape();
  const deed = deedOf(written(event));
  if (!deed) return undefined;
  event.preventDefault();
  return event.repeat ? undefined : press(deed);
}

/** In a dialog the keys of deeds rest, and do not fall through to the browser either. */
function swallow(event) {
  if (/^F\d+$/.test(event.key) && deedOf(written(event))) event.preventDefault();
}

function escape() {
  forgetTyped();
  if (current()?.asks) press("wait_next");
}

// ---- the number pad ----

/** Whether the pad's key was one of the call box; fields stand in dialogs only, where it rests. */
function onPad(event) {
  if (!event.code.startsWith("Numpad") || event.ctrlKey || event.altKey || event.shiftKey) return false;
  const digit = /^Numpad(\d)$/.exec(event.code);
  if (digit && !/^\d$/.test(event.key)) return false; // without NumLock these are arrows
  if (!digit && !PAD[event.code] && event.code !== "NumpadEnter") return false;
  event.preventDefault();
  if (event.repeat) return true;
  if (digit) typeDigit(digit[1]);
  else if (event.code === "NumpadEnter") enter();
  else press(PAD[event.code]);
  return true;
}

function typeDigit(digit) {
  typed = (typed + digit).slice(-6);
  put(byId("typed"), t("pad_number", { number: typed }));
  clearTimeout(forget);
  forget = setTimeout(forgetTyped, FORGET_MS);
}

function forgetTyped() {
  typed = "";
  clearTimeout(forget);
  put(byId("typed"), "");
}

function enter() {
  const wanted = typed;
  forgetTyped();
  if (!wanted) pressMain();
  else if (offered("call_ticket")) callGiven(wanted, t("reason_pad"));
}

// ---- help, and changing keys ----

function keyLine(deed) {
  const button = make("button", { type: "button", className: "small", attributes: { "aria-label": `${t("change")}: ${t(deed)}` } }, t("change"));
  const line = make("li", {}, make("span", {}, t(deed)), make("kbd", {}, keys()[deed] || t("keys_none")), button);
  button.addEventListener("click", () => { changing = deed; put(byId("keys-said"), t("keys_press")); });
  return line;
}

function listKeys(focused = "") {
  const deeds = Object.keys(DEFAULTS);
  byId("key-list").replaceChildren(...deeds.map(keyLine));
  if (focused) byId("key-list").children[deeds.indexOf(focused)].querySelector("button").focus();
}

function takeKey(event) {
  const key = written(event);
  if (!key) return;
  event.preventDefault();
  event.stopPropagation();
  const deed = changing;
  changing = "";
  if (key === "Escape") return put(byId("keys-said"), "");
  put(byId("keys-said"), usable(key) ? changed(deed, key) : t("keys_refused", { key }));
  listKeys(deed);
  showKeys();
}

function changed(deed, key) {
  const taken = assign(deed, key);
  return taken ? t("keys_taken", { key, deed: t(taken) }) : t("keys_changed", { key, deed: t(deed) });
}

byId("reset-keys").addEventListener("click", () => { reset(); listKeys(); showKeys(); put(byId("keys-said"), ""); });
document.addEventListener("keydown", onKey, { capture: true });
define("help", () => { put(byId("keys-said"), ""); listKeys(); return ask("keys"); }, () => true);
