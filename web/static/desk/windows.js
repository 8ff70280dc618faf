// The desk in a window of its own beside the ministry's system: a bar or a column.

import { always, define } from "./deeds.js";
import { page } from "./dom.js";

const BAR = "motcua-bar";
const DIALOG_HEIGHT = 560;

function open(name, view, width, height) {
  const separator = page.query ? "&" : "?";
  const left = screen.availWidth - width;
  const place = `popup,width=${width},height=${height},left=${left},top=0`;
  window.open(`/desk${page.query}${view ? `${separator}view=${view}` : ""}`, name, place);
}

/** Make a bar high enough for a dialog while it is open. */
export async function grown(during) {
  const small = window.name === BAR && innerHeight < 200;
  const [width, height] = [outerWidth, outerHeight];
  if (small) resizeTo(width, DIALOG_HEIGHT);
  try {
    return await during();
  } finally {
    if (small) resizeTo(width, height);
  }
}

define("open_bar", () => open(BAR, "bar", Math.min(1200, screen.availWidth), 60), always);
define("open_column", () => open("motcua-column", "", 380, screen.availHeight), always);
