// @ts-check
/** What a supervisor does to a conversation that is somebody else's. */

import { el } from "../shared/dom.js";
import { ask } from "./dialog.js";
import { NOTE_CHARS } from "./transfer.js";

/** @typedef {import("../shared/i18n.js").Translate} Translate */

/** @param {Translate} t @param {() => void} confirm */
export function askTakeOver(t, confirm) {
  ask({
    title: t("take_over_title"),
    testid: "take-over",
    content: [el("p", { text: t("take_over_text") })],
    yes: t("take_over"),
    no: t("cancel"),
    confirm,
  });
}

/** @param {Translate} t @param {(text: string) => void} confirm */
export function askWhisper(t, confirm) {
  const text = el("textarea", {
    id: "whisper-text",
    rows: 3,
    maxlength: NOTE_CHARS,
    required: true,
    dataset: { testid: "whisper-text" },
  });
  ask({
    title: t("whisper_title"),
    testid: "whisper",
    content: [el("label", { for: text.id, text: t("whisper_text") }), text],
    yes: t("whisper"),
    no: t("cancel"),
    confirm() {
      const said = text.value.trim();
      if (said) confirm(said);
      else text.focus();
      return Boolean(said);
    },
  });
  text.focus();
}
