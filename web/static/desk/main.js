// The desk: shows the state that the server pushes, and lets an operator work with one hand or the keyboard alone.

import { press, pressMain, ticketFields } from "./deeds.js";
import { byId } from "./dom.js";
import "./forms.js";
import "./keyboard.js";
import { showKeys } from "./keys.js";
import "./line.js";
import { countDown } from "./lists.js";
import { keepListening, listen } from "./listen.js";
import { keepRinging } from "./notices.js";
import "./results.js";
import { send, underWay } from "./send.js";
import { tick } from "./show.js";
import "./windows.js";

const TICK_MS = 500;
const main = byId("main");

main.addEventListener("click", (event) => { if (event.detail < 2) pressMain(); });
for (const button of document.querySelectorAll("button[type=button][data-do]")) {
  if (button !== main) button.addEventListener("click", (event) => { if (event.detail < 2) press(button.dataset.do); });
}
for (const [id, valid] of [["claim-valid", true], ["claim-false", false]]) {
  byId(id).addEventListener("click", () => { if (!underWay()) send("check_claim", { ...ticketFields(), valid }); });
}

function everyTick() {
  keepListening();
  tick();
  countDown();
  keepRinging();
}

showKeys();
listen();
setInterval(everyTick, TICK_MS);
everyTick();
