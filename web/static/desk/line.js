// Who waits: per service and one by one. Colours never speak alone: each has a sign and a name.

import { byId, fill, make, put, say, t } from "./dom.js";
import { send, underWay } from "./send.js";
import { signs } from "./show.js";
import { offered, onState } from "./store.js";
import { ring } from "./sound.js";

const FEW = 5; // from more services only those are shown for which somebody waits
const SIGNS = { none: "", ok: "●", soon: "◆", late: "▲" };

/** A level as a sign, with its name for those who can't see it. */
function level(one) {
  if (!SIGNS[one.level]) return "";
  return make("span", { className: `level ${one.level}`, title: one.level_text },
    make("span", { attributes: { "aria-hidden": "true" } }, SIGNS[one.level]),
    make("span", { className: "unseen" }, one.level_text));
}

function serviceRow(one) {
  const late = one.late ? t("late_of", { n: one.late }) : "";
  return make("tr", { data: { level: one.level } },
    make("th", { scope: "row" }, one.name),
    make("td", { className: "count" }, String(one.waiting)),
    make("td", { className: "minutes" }, level(one), " ", one.longest, late ? make("small", {}, late) : ""),
    make("td", { className: "deed" }, callButton(one)));
}

function callButton(one) {
  const name = t("call_from", { service: one.name });
  return make("button", {
    type: "button", className: "small", title: name, disabled: !one.waiting || !offered("call_service"),
    attributes: { "aria-label": name }, data: { at: `service-${one.service_id}` },
    onclick: () => callFrom(one.service_id),
  }, t("call_short"));
}

/** Call whoever is next of one service. */
export function callFrom(serviceId) {
  return offered("call_service") && !underWay() ? send("call_next", { service_id: serviceId }) : undefined;
}

function waitingRow(one) {
  const marks = [...signs(one.signs), one.notes ? make("abbr", { className: "badge", title: t("notes") }, "✎") : ""];
  return make("tr", { data: { level: one.level } },
    make("td", { className: "number" }, one.number, " ", ...marks),
    make("td", { className: "service" }, one.service, one.meant ? make("small", { className: "meant" }, one.meant) : ""),
    make("td", { className: "minutes" }, level(one), " ", one.waited));
}

function show(state, before) {
  const can = offered("call_service");
  const some = state.services.length > FEW ? state.services.filter((one) => one.waiting) : state.services;
  fill(byId("services"), some.map((one) => ({ ...one, can })), serviceRow);
  fill(byId("rows"), state.waiting, waitingRow);
  byId("table").hidden = !state.waiting.length;
  byId("none").hidden = state.waiting_total > 0;
  const left = state.waiting_total - state.waiting.length;
  put(byId("more-waiting"), left > 0 ? t("waiting_more", { n: left }) : "");
  put(byId("count-waiting"), state.waiting_total ? String(state.waiting_total) : "");
  if (before && before.phase !== "closed" && before.waiting_total === 0 && state.waiting_total > 0) {
    say(t("said_waiting"));
    ring("arrival");
  }
}

onState(show);
