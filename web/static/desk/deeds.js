// What buttons and keys do: some deeds are sent at once, some ask first, some only show something.

import { t } from "./dom.js";
import { notice, onSending, send, underWay } from "./send.js";
import { current, hallNow, heldBack, offered } from "./store.js";

const EARLY_MS = 1500;
const SETTLE_MS = 700; // the second half of a double click must not hit the button's next meaning
const own = new Map(); // deeds that are more than an order of their name: what to do, and when it can be done
const WITH_TICKET = new Set(["recall_ticket", "start_serving", "finish_ticket", "mark_no_show", "cancel_ticket"]);
let early = null; // a press that came before the answer to the last one
let settledAt = 0;

/** Say what a deed does that is not simply sent; `when`: whether it can be done, if the hall's offer does not say. */
export function define(deed, run, when = () => offered(deed) && !heldBack(deed)) {
  own.set(deed, { run, when });
}

export const always = () => true;

/** Whether a deed can be done now. */
export function allowed(deed) {
  const mine = own.get(deed);
  return mine ? mine.when() : offered(deed) && !heldBack(deed);
}

/** The fields by which an order names the ticket that it believes in hand. */
export const ticketFields = () => (current()?.ticket ? { ticket_id: current().ticket.ticket_id } : {});

/** Do what a button or key says: at once, after the answer that is still missing, or not at all with the reason. */
export async function press(deed) {
  if (underWay()) {
    if (deed !== underWay()) early = { deed, at: Date.now() };
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  if (!allowed(deed)) {
    explain(deed);
    return;
  }
  const mine = own.get(deed);
  await (mine ? mine.run() : send(deed, WITH_TICKET.has(deed) ? ticketFields() : {}));
}

function pressEarly() {
  const next = early && Date.now() - early.at < EARLY_MS ? early.deed : "";
  early = null;
  if (next) press(next);
}

function explain(deed) {
  const held = heldBack(deed);
  if (held) notice(`${t(deed)}: ${held.why ?? t("wait_seconds", { n: held.seconds })}`);
}

/** The big button and the pad's Enter: their meaning changes, so they rest for a moment after it did. */
export const settled = () => Date.now() >= settledAt;
export const pressMain = () => (settled() && current()?.main ? press(current().main) : undefined);

/** Let the big button rest, then go on. */
export function settle(then) {
  settledAt = Date.now() + SETTLE_MS;
  setTimeout(then, SETTLE_MS + 10);
}

/** “Next” finishes the running ticket first, where the hall lets it. */
function callNext() {
  const { ticket, needs_result: needsResult } = current();
  if (!ticket) return send("call_next");
  return needsResult ? press("record_services") : send("call_next", { finish_ticket_id: ticket.ticket_id });
}

define("call_next", callNext);
define("finish_next", callNext, () => offered("call_next") && Boolean(current().ticket));
define("finish_ticket", () => (current().needs_result ? press("record_services") : send("finish_ticket", ticketFields())));
define("wait_next", () => send("call_next", { wait: !current().asks }));
define("undo_action", () => send("undo_action", { action_seq: current().undo.action_seq }), undoable);

/** Whether the last action can still be taken back. */
export function undoable() {
  return Boolean(current()?.undo) && hallNow() < current().undo.until;
}

// only after what belongs to the last press has begun
onSending((deed) => { if (!deed) setTimeout(pressEarly); });
