// @ts-check
/** What colleagues wrote among themselves, between the words of the conversation. */

import { el } from "../shared/dom.js";
import { formatTime } from "../shared/i18n.js";
import { richText } from "../shared/richtext.js";

/** @typedef {import("../shared/protocol.js").ConversationEvent} ConversationEvent */

/** @param {ConversationEvent} event a `note.posted` or `whisper.posted` @param {import("./events.js").Context} context */
export function drawNote({ seq, type, at_ms, data }, { t, locale }) {
  return el(
    "div",
    { class: "message note", dataset: { testid: "note", seq, type, messageId: data.message_id } },
    el(
      "p",
      { class: "head" },
      el("strong", { text: data.author_name }),
      el("time", {
        datetime: new Date(at_ms).toISOString(),
        text: formatTime(at_ms, locale),
      }),
    ),
    el(
      "div",
      { class: "bubble", dir: "auto", dataset: { testid: "note-text" } },
      ...richText(data.text),
    ),
    el("p", { class: "foot", text: t("note_only") }),
  );
}
