"use strict";
// Keeps the page of a ticket true: event stream first, polling when the stream does not hold.
(() => {
  const main = document.getElementById("ticket");
  const said = document.getElementById("said");
  const stale = document.getElementById("stale");
  const alertButton = document.getElementById("alert");
  const { base, query } = main.dataset;
  const POLL_MS = 6000;
  const QUIET_MS = 40000;
  const OVER = ["thanks"]; // whatever else is over may be taken back
  const FILLED = ["rate", "place"]; // never under the fingers of who fills the form
  const AudioKind = window.AudioContext || window.webkitAudioContext;
  let kind = main.dataset.kind;
  let recalls = 0;
  let source = null;
  let heardAt = Date.now();
  let sound = null;

  function show(state) {
    heardAt = Date.now();
    stale.hidden = true;
    if (FILLED.includes(kind) && state.kind === kind) return;
    const called = state.kind === "called" && (kind !== "called" || state.recalls > recalls);
    kind = state.kind;
    recalls = state.recalls;
    main.dataset.kind = kind;
    const page = new DOMParser().parseFromString(state.html, "text/html");
    main.replaceChildren(...page.body.childNodes);
    document.title = `${state.number} · ${state.said}`;
    if (said.textContent !== state.said) said.textContent = state.said;
    placeAlertButton();
    if (called) ring();
  }

  async function look() {
    try {
      const answer = await fetch(`${base}/state${query}`, { cache: "no-store" });
      if (answer.status === 404) location.reload();
      else if (answer.ok) show(await answer.json());
      else stale.hidden = false;
    } catch {
      stale.hidden = false;
    }
  }

  function listen() {
    if (source) source.close();
    source = new EventSource(`${base}/events${query}`);
    source.addEventListener("message", (event) => show(JSON.parse(event.data)));
    source.addEventListener("beat", () => { heardAt = Date.now(); });
    source.addEventListener("stale", () => { stale.hidden = false; });
    source.addEventListener("error", () => { if (Date.now() - heardAt > 2000) look(); });
  }

  function watch() {
    const closed = !source || source.readyState === EventSource.CLOSED;
    if (OVER.includes(kind) || document.hidden) return;
    if (closed || Date.now() - heardAt > QUIET_MS) look();
    if (closed && Math.random() < 0.2) listen();
  }

  function ring() {
    if (navigator.vibrate) navigator.vibrate([400, 200, 400, 200, 800]);
    if (!sound) return;
    if (sound.state !== "running") sound.resume(); // a phone that slept has stopped it
    play([[0, 880], [0.25, 1109], [0.5, 1319]], 0.4);
  }

  function play(tones, volume) {
    for (const [at, pitch] of tones) {
      const tone = sound.createOscillator();
      const loudness = sound.createGain();
      tone.frequency.value = pitch;
      loudness.gain.setValueAtTime(volume, sound.currentTime + at);
      loudness.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + at + 0.6);
      tone.connect(loudness).connect(sound.destination);
      tone.start(sound.currentTime + at);
      tone.stop(sound.currentTime + at + 0.6);
    }
  }

  function placeAlertButton() {
    document.getElementById("alert-place").replaceWith(alertButton);
    alertButton.hidden = !["waiting", "soon", "parked", "given_alone"].includes(kind);
  }

  alertButton.addEventListener("click", () => {
    sound = AudioKind ? new AudioKind() : null;
    if (sound) play([[0, 880]], 0.1);
    if (navigator.vibrate) navigator.vibrate(100);
    alertButton.textContent = alertButton.dataset.on;
    alertButton.disabled = true;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || OVER.includes(kind)) return;
    look();
    if (source.readyState === EventSource.CLOSED) listen();
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) look(); });
  placeAlertButton();
  if (!OVER.includes(kind)) {
    listen();
    setInterval(watch, POLL_MS + Math.random() * 2000);
  }
})();
