// What others say: the supervisor's messages, and counters that call for help.

import { byId, fill, make, memory, t } from "./dom.js";
import { send, underWay } from "./send.js";
import { ring } from "./sound.js";
import { current, onState } from "./store.js";

const ALARM_MS = 3000;
const KEPT = 50;
let rungAt = 0;

const seen = () => memory.get("messages", []);

function dismiss(id) {
  memory.set("messages", [...seen(), id].slice(-KEPT));
  show(current(), current());
}

function messageLine(one) {
  const button = make("button", { type: "button", className: "small", data: { at: `seen-${one.id}` }, onclick: () => dismiss(one.id) }, t("message_seen"));
  return make("li", { className: "message" },
    make("p", {}, make("b", {}, `${t("message")} (${one.at}): `), one.text), button);
}

function alarmLine(one) {
  const come = () => { if (!underWay()) send("answer_alarm", { alarm_counter_id: one.counter_id }); };
  const button = make("button", { type: "button", className: "small", data: { at: `alarm-${one.counter_id}` }, onclick: come }, t("alarm_answer"));
  return make("li", { className: "alarm" }, make("p", {}, make("b", {}, one.text)), button);
}

function show(state, before) {
  const unseen = state.messages.filter((one) => !seen().includes(one.id));
  fill(byId("alarms"), state.alarms, alarmLine);
  fill(byId("messages"), unseen, messageLine);
  byId("own-alarm").hidden = !state.own_alarm;
  byId("banners").hidden = !state.alarms.length && !unseen.length && !state.own_alarm;
  const known = new Set((before ?? state).messages.map((one) => one.id));
  if (unseen.some((one) => !known.has(one.id))) ring("message");
}

/** Ring while a colleague calls for help. */
export function keepRinging() {
  if (!current()?.alarms.length || Date.now() - rungAt < ALARM_MS) return;
  rungAt = Date.now();
  ring("alarm");
}

onState(show);
