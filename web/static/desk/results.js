// What a visit had: services with quantities and results; the last choice of the counter is offered again.

import { define, ticketFields } from "./deeds.js";
import { ask } from "./dialogs.js";
import { byId, memory, page, t } from "./dom.js";
import { send } from "./send.js";
import { current, offered } from "./store.js";

const lines = byId("result-lines");
const LAST = `results.${page.counter_id}`;

function addLine(one) {
  const line = byId("result-line").content.cloneNode(true).firstElementChild;
  const [service, quantity, result] = ["service_id", "quantity", "result_id"].map((name) => line.querySelector(`[name=${name}]`));
  service.value = one.service_id;
  quantity.value = one.quantity;
  if (result) result.value = one.result_id;
  line.querySelector(".remove").addEventListener("click", () => { line.remove(); showRemove(); lines.querySelector("select").focus(); });
  lines.append(line);
  showRemove();
  return line;
}

/** The last line can't be removed. */
function showRemove() {
  for (const line of lines.children) line.querySelector(".remove").hidden = lines.children.length < 2;
}

function prepare(form) {
  const ticket = current().ticket;
  const last = memory.get(LAST, {});
  const usual = { service_id: ticket.service_id, quantity: 1, result_id: last[ticket.service_id] ?? "" };
  lines.replaceChildren();
  for (const one of ticket.done.length ? ticket.done : [usual]) addLine(one);
  form.querySelector("[value=next]").hidden = !offered("call_next");
  for (const select of lines.querySelectorAll("[name=result_id]")) select.required = Boolean(page.result_required);
}

const performed = (fields) => fields.getAll("service_id").map((serviceId, at) => ({
  service_id: serviceId,
  quantity: Number(fields.getAll("quantity")[at] || 1),
  result_id: fields.getAll("result_id")[at] ?? "",
}));

/** Save what was done; perhaps finish with it, perhaps call the next then. */
async function record() {
  const ticket = ticketFields();
  const answer = await ask("results", { title: t("services_title", { number: current().ticket.number }), prepare });
  if (!answer) return;
  const done = performed(answer.fields);
  memory.set(LAST, { ...memory.get(LAST, {}), ...Object.fromEntries(done.map((one) => [one.service_id, one.result_id])) });
  const kind = answer.button === "save" ? "record_services" : "finish_ticket";
  const given = await send(kind, { ...ticket, performed: done });
  if (answer.button === "next" && given && !given.refusal) await send("call_next");
}

byId("add-line").addEventListener("click", () => {
  addLine({ service_id: page.service_ids[0] ?? "", quantity: 1, result_id: "" }).querySelector("select").focus();
});
define("record_services", record);
