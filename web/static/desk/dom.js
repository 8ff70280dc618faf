// The page's elements, words and memory.

export const byId = (id) => document.getElementById(id);
export const page = JSON.parse(byId("page-data").textContent);

/** A text of the page's language with its {places} filled. */
export function t(key, places = {}) {
  return Object.entries(places).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), page.words[key] ?? key);
}

/** Write words into an element, only if they differ: screen readers say what changes. */
export function put(place, words) {
  const shown = words ?? "";
  if (place.textContent !== shown) place.textContent = shown;
}

/** Make an element with properties, data and children. */
export function make(tag, { data = {}, attributes = {}, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  Object.assign(element.dataset, data);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

const shownFacts = new WeakMap();

/** Fill a list anew if its facts changed; what had the focus keeps it, by its `data-at`. */
export function fill(place, facts, row) {
  const key = JSON.stringify(facts);
  if (shownFacts.get(place) === key) return;
  shownFacts.set(place, key);
  const at = place.contains(document.activeElement) ? document.activeElement.dataset.at : "";
  place.replaceChildren(...facts.map(row));
  if (at) place.querySelector(`[data-at="${CSS.escape(at)}"]`)?.focus({ preventScroll: true });
}

/** Say something to screen readers only. */
export function say(words) {
  put(byId("said"), "");
  put(byId("said"), words);
}

/** What this browser remembers; a browser that remembers nothing is no fault. */
export const memory = {
  get(name, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(`motcua.${name}`)) ?? otherwise;
    } catch {
      return otherwise;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(`motcua.${name}`, JSON.stringify(value));
    } catch {
      // private windows and full disks
    }
  },
};
