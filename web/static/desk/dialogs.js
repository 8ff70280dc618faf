// Questions: native dialogs, which keep the focus inside, close with Esc and give the focus back.

import { byId, make, put, t } from "./dom.js";
import { grown } from "./windows.js";

/** Ask with a dialog of the page; gives its fields and which button sent it, or null. */
export function ask(id, { title = "", prepare = () => undefined } = {}) {
  const dialog = byId(`dialog-${id}`);
  const form = dialog.querySelector("form");
  form.reset();
  if (title) put(dialog.querySelector("h2"), title);
  prepare(form);
  dialog.returnValue = "";
  return grown(() => {
    dialog.showModal();
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.select();
    return new Promise((done) => {
      const closed = () => done(dialog.returnValue ? { button: dialog.returnValue, fields: new FormData(form) } : null);
      dialog.addEventListener("close", closed, { once: true });
    });
  });
}

/** Ask yes or no. */
export async function sure(question, yes = t("yes")) {
  const answer = await ask("sure", {
    prepare: (form) => {
      put(form.querySelector("h2"), question);
      put(form.querySelector("[value=yes]"), yes);
    },
  });
  return answer !== null;
}

/** Choose one of some things by a button each: `[id, name, remark, enabled]`. */
export async function choose(title, choices) {
  const answer = await ask("choose", {
    title,
    prepare: (form) => form.querySelector(".choices").replaceChildren(...choices.map(choice)),
  });
  return answer?.button ?? null;
}

function choice([value, name, remark = "", enabled = true]) {
  return make("button", { type: "submit", value, disabled: !enabled }, make("span", {}, name), make("small", {}, remark));
}

for (const button of document.querySelectorAll("dialog [data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}
