// @ts-check
/** A dialog of the console: title, content, buttons; Escape closes it and the focus goes back. */

import { el } from "../shared/dom.js";

/**
 * @param {string} title
 * @param {string} testid the dialog's is `TESTID-dialog`
 * @param {HTMLElement[]} content
 * @param {HTMLElement[]} buttons the first closes it
 */
export function openDialog(title, testid, content, buttons) {
  const heading = el("h2", { id: `${testid}-title`, text: title });
  const dialog = el(
    "dialog",
    { "aria-labelledby": heading.id, dataset: { testid: `${testid}-dialog` } },
    heading,
    ...content,
    el("div", { class: "buttons" }, ...buttons),
  );
  buttons[0]?.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {string} testid of the dialog; the button that says yes has `TESTID-confirm`
 * @property {HTMLElement[]} content
 * @property {string} yes
 * @property {string} no
 * @property {() => void|boolean} confirm false keeps the dialog open: something is missing
 */

/** @param {Question} question @returns {HTMLDialogElement} */
export function ask({ title, testid, content, yes, no, confirm }) {
  const confirmButton = el("button", {
    type: "button",
    class: "primary",
    text: yes,
    dataset: { testid: `${testid}-confirm` },
  });
  const dialog = openDialog(title, testid, content, [closeButton(no), confirmButton]);
  confirmButton.addEventListener("click", () => {
    if (confirm() !== false) dialog.close();
  });
  return dialog;
}

/** @param {string} text */
export function closeButton(text) {
  return el("button", {
    type: "button",
    class: "secondary",
    text,
    dataset: { testid: "dialog-close" },
  });
}
