// @ts-check
/** What the customer thought of an answer: a mark under it, the last vote counts. */

import { el } from "../shared/dom.js";

/**
 * @param {HTMLElement} log where the answer was drawn
 * @param {import("../shared/protocol.js").ConversationEvent} event an `answer.voted`
 * @param {import("../shared/i18n.js").Translate} t
 */
export function markVote(log, { data }, t) {
  const answer = log.querySelector(`.message[data-seq="${Number(data.seq)}"]`);
  answer?.querySelector(".voted")?.remove();
  answer?.append(
    el(
      "p",
      {
        class: "foot voted",
        dataset: { testid: "message-vote", helpful: String(data.helpful === true) },
      },
      el("span", { "aria-hidden": "true", text: data.helpful ? "👍" : "👎" }),
      el("span", { text: t(data.helpful ? "voted_helpful" : "voted_unhelpful") }),
    ),
  );
}
