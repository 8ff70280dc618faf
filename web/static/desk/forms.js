// The deeds that ask before they are sent.

import { define, press, ticketFields } from "./deeds.js";
import { ask, choose, sure } from "./dialogs.js";
import { byId, make, memory, page, t } from "./dom.js";
import { notice, send } from "./send.js";
import { current, heldBack, offered } from "./store.js";

const number = () => ({ number: current().ticket?.number ?? "" });
const words = (fields, name) => String(fields.get(name) ?? "").trim();

/** Keep what was chosen last for the next time, per counter. */
const kept = (name, otherwise) => memory.get(`${name}.${page.counter_id}`, otherwise);
const keep = (name, value) => memory.set(`${name}.${page.counter_id}`, value);

async function park() {
  const ticket = ticketFields();
  const prepare = (form) => { form.elements.minutes.value = kept("park", 15); };
  const answer = await ask("park", { title: t("park_title", number()), prepare });
  if (!answer) return;
  const minutes = Number(answer.fields.get("minutes"));
  keep("park", minutes);
  await send("park_ticket", { ...ticket, minutes, note: words(answer.fields, "note") });
}

async function transfer() {
  const ticket = ticketFields();
  const answer = await ask("transfer", { title: t("transfer_title", number()), prepare: showDestination });
  if (!answer) return;
  const { fields } = answer;
  await send("transfer_ticket", {
    ...ticket,
    ...destination(fields),
    note: words(fields, "note"),
    comes_back: fields.get("comes_back") === "on",
    not_before_minutes: Number(fields.get("not_before") || 0),
  });
}

/** Where to: a service, or a counter or person, perhaps for another service. */
function destination(fields) {
  const service = fields.get("service_id") ? { service_id: fields.get("service_id") } : {};
  if (fields.get("to") === "counter") return { ...service, to_counter_id: fields.get("to_counter_id") };
  if (fields.get("to") === "person") return { ...service, to_operator_id: fields.get("to_operator_id") };
  return service;
}

function showDestination(form) {
  for (const part of form.querySelectorAll("[data-for]")) {
    part.hidden = part.dataset.for !== form.elements.to.value;
  }
  const own = form.elements.to.value === "service" && current().ticket ? current().ticket.service_id : "";
  for (const option of form.elements.service_id.options) {
    option.hidden = option.disabled = option.value === "" ? Boolean(own) : option.value === own;
  }
  const select = form.elements.service_id;
  if (!select.selectedOptions.length || select.selectedOptions[0].disabled) {
    select.value = [...select.options].find((option) => !option.disabled)?.value ?? "";
  }
}

async function callNumber(given = "") {
  const prepare = (form) => { form.elements.number.value = given; };
  const answer = await ask("call", { title: t("call_title"), prepare });
  if (answer) await callGiven(words(answer.fields, "number"), words(answer.fields, "reason"));
}

/** Call a given number out of order. */
export const callGiven = (wanted, reason) => send("call_ticket", { number: wanted, reason });

async function callService() {
  const services = current().services;
  if (services.length < 2) return press("call_next");
  const remark = (one) => [t("people_waiting", { n: one.waiting }), one.longest].filter(Boolean).join(" · ");
  const chosen = await choose(t("call_service"), services.map((one) => [one.service_id, one.name, remark(one), one.waiting > 0]));
  if (chosen) await send("call_next", { service_id: chosen });
}

async function serveDirectly() {
  const prepare = (form) => { form.elements.service_id.value = kept("direct", form.elements.service_id.value); };
  const answer = await ask("direct", { prepare });
  if (!answer) return;
  const serviceId = answer.fields.get("service_id");
  keep("direct", serviceId);
  const item = answer.fields.get("kind") === "item";
  const kind = item ? { back_office: true } : { class_id: answer.fields.get("class_id") };
  await send("serve_directly", { service_id: serviceId, ...kind });
}

/** Leave a note on a ticket: the one in hand, or one of the lists. */
export async function askNote(one = current().ticket) {
  const answer = await ask("note", { title: t("note_number", { number: one.number }) });
  if (answer) await send("add_note", { ticket_id: one.ticket_id, text: words(answer.fields, "text") });
}

async function grantComeBack() {
  const ticket = ticketFields();
  const performed = current().ticket.done;
  const answer = await ask("back", { title: t("back_title", number()) });
  if (!answer) return;
  const papers = words(answer.fields, "papers").split("\n").map((line) => line.trim()).filter(Boolean);
  const hours = Number(answer.fields.get("hours"));
  const given = await send("grant_come_back", { ...ticket, papers, hours, performed });
  if (given?.slip) showSlip(given);
}

function showSlip(given) {
  const link = make("a", { href: `${given.slip}${page.query}`, target: "motcua-slip", className: "slip-link" }, given.slip_text);
  notice(given.said, { refused: false, link });
  window.open(link.href, "motcua-slip", "popup,width=420,height=720");
}

async function pause() {
  if (!offered("pause_counter")) return press("continue_counter");
  const chosen = await choose(t("pause_title"), page.pause_reasons.map((one) => [one.id, one.name]));
  if (chosen) await send("pause_counter", { reason_id: chosen });
}

async function checkIn() {
  const answer = await ask("check-in");
  // a slip's QR holds an address that ends with its token
  if (answer) await send("check_in", { token: words(answer.fields, "token").split("/").at(-1) });
}

async function cancel() {
  const ticket = ticketFields();
  if (await sure(t("cancel_ask", number()))) await send("cancel_ticket", ticket);
}

async function more() {
  const answer = await ask("more");
  if (answer) await press(answer.button);
}

byId("dialog-transfer").addEventListener("change", (event) => {
  if (event.target.name === "to") showDestination(event.target.form);
});
define("park_ticket", park);
define("transfer_ticket", transfer);
define("call_ticket", callNumber);
define("call_service", callService);
define("serve_directly", serveDirectly);
define("add_note", () => askNote());
define("grant_come_back", grantComeBack);
define("pause_counter", pause, () => offered("pause_counter") || offered("continue_counter"));
define("check_in", checkIn);
define("cancel_ticket", cancel, () => offered("cancel_ticket") && !heldBack("cancel_ticket"));
define("raise_alarm", async () => { if (await sure(t("alarm_ask"), t("alarm_yes"))) await send("raise_alarm"); });
define("close_counter", async () => { if (await sure(t("close_ask"))) byId("sign-out").requestSubmit(); });
define("flag_times", () => send("flag_times", { ...ticketFields(), wrong: !current().ticket.wrong }), () => Boolean(current()?.ticket));
define("more", more, () => true);
