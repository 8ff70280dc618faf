// Short sounds; browsers allow them after the first touch or key. Alarms sound even where the rest is switched off.

import { always, define } from "./deeds.js";
import { byId, memory, put, t } from "./dom.js";

const TUNES = { arrival: [880, 1175], message: [660, 660], alarm: [1318, 988, 1318, 988] };
const STEP_SECONDS = 0.16;
const LOUDNESS = { arrival: 0.15, message: 0.15, alarm: 0.5 };
let context = null;
let on = memory.get("sound", true);

function wakeUp() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume();
}

/** Play a tune. */
export function ring(tune) {
  if ((!on && tune !== "alarm") || context?.state !== "running") return;
  TUNES[tune].forEach((pitch, step) => play(pitch, context.currentTime + step * STEP_SECONDS, LOUDNESS[tune]));
}

function play(pitch, at, loudness) {
  const tone = new OscillatorNode(context, { frequency: pitch });
  const volume = new GainNode(context, { gain: loudness });
  volume.gain.setTargetAtTime(0, at + STEP_SECONDS * 0.6, 0.03);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + STEP_SECONDS * 2);
}

function show() {
  document.body.dataset.sound = on ? "on" : "off";
  put(byId("sound-text"), t(on ? "sound_on" : "sound_off"));
  byId("sound").setAttribute("aria-pressed", String(on));
}

define("switch_sound", () => {
  on = !on;
  memory.set("sound", on);
  show();
  ring("arrival");
}, always);

for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, wakeUp);
show();
