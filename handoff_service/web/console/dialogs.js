// @ts-check
/** The questions asked before a conversation goes back to the assistant, and before it ends. */

import { el } from "../shared/dom.js";
import { ask } from "./dialog.js";
import { dispositionText } from "./wording.js";

/** @typedef {import("../shared/i18n.js").Translate} Translate */

/** Outcomes where none were set up. */
const DISPOSITIONS = ["solved", "follow_up", "not_solved", "customer_left"];

/**
 * Say what the assistant will hear, and what the customer.
 * @param {Translate} t
 * @param {{note: string, links: string[]}} known what the tags say of the case; what the agent sent
 * @param {(note: string) => void} confirm
 */
export function askHandBack(t, known, confirm) {
  const note = el("textarea", {
    id: "note",
    rows: 3,
    maxlength: 1000,
    dataset: { testid: "hand-back-note" },
  });
  note.value = known.note;
  ask({
    title: t("hand_back_title"),
    testid: "hand-back",
    content: [
      el("p", { text: t("hand_back_text") }),
      el("p", { class: "hint", text: t("hand_back_told") }),
      known.links.length
        ? el("p", {
            class: "hint",
            text: t("hand_back_links", { links: known.links.join(", ") }),
            dataset: { testid: "hand-back-links" },
          })
        : el("span"),
      el("label", { for: "note", text: t("hand_back_note") }),
      note,
    ],
    yes: t("hand_back"),
    no: t("cancel"),
    confirm: () => confirm(note.value.trim()),
  });
}

/**
 * @param {Translate} t
 * @param {() => Promise<import("./context.js").Directory>} directory has the outcomes that were set up
 * @param {(disposition: string) => void} confirm
 */
export async function askDisposition(t, directory, confirm) {
  const own = await directory().then(
    ({ dispositions }) => dispositions,
    () => [],
  );
  const inputs = (own.length ? own : DISPOSITIONS).map((value, index) =>
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
    el("label", { class: "choice", for: input.id }, input, dispositionText(input.value, t)),
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
