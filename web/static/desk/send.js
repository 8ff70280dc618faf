// Sends each press once and repeats it, with the same request_id, until it is answered.

import { byId, page, put, t } from "./dom.js";
import { accept } from "./store.js";

const SEND_MS = 6000;
const GIVE_UP_MS = 30000;
let sending = "";
const watchers = [];

/** The deed on its way, or nothing. */
export const underWay = () => sending;

/** Be told when sending begins and ends. */
export const onSending = (watcher) => watchers.push(watcher);

/** Show what there is to say; a refusal is loud, a link may stand beside it. */
export function notice(words, { refused = true, link = null } = {}) {
  const place = byId("notice");
  place.replaceChildren(words, ...(link ? [" ", link] : []));
  place.dataset.kind = refused ? "refusal" : "news";
  place.hidden = !words;
}

function newRequestId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Send an order until it is answered or given up; what comes back is shown. Null: something else is on its way. */
export async function send(deed, fields = {}) {
  if (sending) return null;
  change(deed);
  notice("");
  put(byId("sending"), t("sending"));
  const answer = await untilAnswered({ request_id: newRequestId(), do: deed, ...fields });
  put(byId("sending"), "");
  notice(answer.refusal || answer.said || "", { refused: Boolean(answer.refusal) });
  if (answer.state) accept(answer.state);
  else await look();
  change("");
  return answer;
}

function change(deed) {
  sending = deed;
  for (const watcher of watchers) watcher(deed);
}

async function untilAnswered(order) {
  const end = Date.now() + GIVE_UP_MS;
  for (let pause = 400; Date.now() < end; pause = Math.min(pause * 2, 4000)) {
    try {
      return await once(order);
    } catch {
      put(byId("sending"), t("retrying"));
      await new Promise((done) => setTimeout(done, pause));
    }
  }
  return { refusal: t("lost_command") };
}

async function once(order) {
  const answer = await fetch(`/desk/command${page.query}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(order),
    signal: AbortSignal.timeout(SEND_MS),
  });
  if (answer.status === 401) signInAgain();
  if (answer.status === 503 || answer.status === 429) throw new Error("later");
  return answer.json();
}

/** Ask for the state at once. */
export async function look() {
  try {
    const answer = await fetch(`/desk/state${page.query}`, { cache: "no-store", signal: AbortSignal.timeout(SEND_MS) });
    if (answer.status === 401) signInAgain();
    else if (answer.ok) accept(await answer.json());
  } catch {
    // the light shows it
  }
}

function signInAgain() {
  location.assign(`/desk/sign-in${page.query}`);
}
