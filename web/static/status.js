"use strict";
// Keeps the hall's public page true by asking for what changes of it; the browser's own memory knows whether it did.
(() => {
  const place = document.getElementById("status");
  const stale = document.getElementById("stale");
  const ASK_MS = 8000;
  let shown = "";

  async function look() {
    if (document.hidden) return;
    try {
      const answer = await fetch(place.dataset.from, { cache: "no-cache" });
      stale.hidden = answer.ok;
      if (answer.ok) show(await answer.text());
    } catch {
      stale.hidden = false;
    }
  }

  function show(html) {
    if (html === shown) return;
    shown = html;
    const page = new DOMParser().parseFromString(html, "text/html");
    place.replaceChildren(...page.body.childNodes);
  }

  document.addEventListener("visibilitychange", look);
  window.addEventListener("pageshow", (event) => { if (event.persisted) look(); });
  setInterval(look, ASK_MS + Math.random() * 2000);
})();
