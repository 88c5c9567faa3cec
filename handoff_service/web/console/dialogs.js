// @ts-check
/** The questions asked before a conversation leaves the agent, and the list of keys. */

import { el } from "../shared/dom.js";

/** @typedef {import("../shared/i18n.js").Translate} Translate */

const DISPOSITIONS = ["solved", "follow_up", "not_solved", "customer_left"];

/** Keys and the string that says what each does. */
export const SHORTCUTS = [
  ["A", "key_accept"],
  ["D", "key_decline"],
  ["J", "key_next"],
  ["K", "key_previous"],
  ["R", "key_reply"],
  ["H", "key_hand_back"],
  ["E", "key_end"],
  ["?", "key_help"],
];

/** @param {Translate} t @param {(note: string) => void} confirm */
export function askHandBack(t, confirm) {
  const note = el("textarea", {
    id: "note",
    rows: 3,
    maxlength: 1000,
    dataset: { testid: "hand-back-note" },
  });
  ask({
    title: t("hand_back_title"),
    testid: "hand-back",
    content: [
      el("p", { text: t("hand_back_text") }),
      el("label", { for: "note", text: t("hand_back_note") }),
      note,
    ],
    yes: t("hand_back"),
    no: t("cancel"),
    confirm: () => confirm(note.value.trim()),
  });
}

/** @param {Translate} t @param {(disposition: string) => void} confirm */
export function askDisposition(t, confirm) {
  const inputs = DISPOSITIONS.map((value, index) =>
    el("input", {
      type: "radio",
      name: "disposition",
      value,
      id: `disposition-${value}`,
      checked: index === 0,
      dataset: { testid: `disposition-${value}` },
    }),
  );
  const rows = inputs.map((input) =>
    el("label", { class: "choice", for: input.id }, input, t(`disposition_${input.value}`)),
  );
  ask({
    title: t("end_title"),
    testid: "wrap-up",
    content: [
      el("p", { text: t("end_text") }),
      el("fieldset", {}, el("legend", { class: "sr", text: t("disposition") }), ...rows),
    ],
    yes: t("end"),
    no: t("cancel"),
    confirm: () => confirm(inputs.find((input) => input.checked)?.value ?? "solved"),
  });
}

/** @param {Translate} t */
export function showShortcuts(t) {
  const rows = SHORTCUTS.flatMap(([key, words]) => [
    el("dt", {}, el("kbd", { text: key })),
    el("dd", { text: t(words ?? "") }),
  ]);
  open(
    t("shortcuts"),
    "shortcuts",
    [el("dl", { class: "keys" }, ...rows)],
    [closeButton(t("close"))],
  );
}

/** @param {{title: string, testid: string, content: HTMLElement[], yes: string, no: string, confirm: () => void}} question */
function ask({ title, testid, content, yes, no, confirm }) {
  const confirmButton = el("button", {
    type: "button",
    class: "primary",
    text: yes,
    dataset: { testid: `${testid}-confirm` },
  });
  const dialog = open(title, testid, content, [closeButton(no), confirmButton]);
  confirmButton.addEventListener("click", () => {
    dialog.close();
    confirm();
  });
}

/** @param {string} text */
function closeButton(text) {
  return el("button", {
    type: "button",
    class: "secondary",
    text,
    dataset: { testid: "dialog-close" },
  });
}

/** @param {string} title @param {string} testid @param {HTMLElement[]} content @param {HTMLElement[]} buttons */
function open(title, testid, content, buttons) {
  const heading = el("h2", { id: "dialog-title", text: title });
  const dialog = el(
    "dialog",
    { "aria-labelledby": "dialog-title", dataset: { testid: `${testid}-dialog` } },
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
