// Hears the hall's changes; notices silence, sleep and return.

import { byId, page, put, t } from "./dom.js";
import { look } from "./send.js";
import { accept } from "./store.js";

const LOST_MS = 3000;
const RETRY_MS = 8000;
const ASLEEP_MS = 5000;
let source = null;
let heardAt = 0;
let begunAt = 0;
let tickedAt = Date.now();
let hallOnline = false;

/** Begin to listen, anew if need be. */
export function listen() {
  if (source) source.close();
  begunAt = Date.now();
  source = new EventSource(`/desk/events${page.query}`);
  source.addEventListener("state", (event) => { heardAt = Date.now(); accept(JSON.parse(event.data)); });
  source.addEventListener("beat", (event) => { heardAt = Date.now(); hallOnline = JSON.parse(event.data).hall; });
  source.addEventListener("error", () => { if (source.readyState === EventSource.CLOSED) look(); });
}

/** Show whether the hall is heard; begin anew after sleep and after a long silence. */
export function keepListening() {
  const now = Date.now();
  if (now - tickedAt > ASLEEP_MS) wake();
  tickedAt = now;
  if (now - Math.max(heardAt, begunAt) > RETRY_MS) listen();
  const web = now - heardAt < LOST_MS;
  byId("light").dataset.on = document.body.dataset.connected = web && hallOnline ? "yes" : "no";
  put(byId("light-text"), !web ? t("offline") : hallOnline ? t("online") : t("hall_offline"));
}

/** After sleep nothing on the screen is certain: look at once, and listen on a new line. */
function wake() {
  look();
  listen();
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
addEventListener("online", wake);
