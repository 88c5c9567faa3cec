// @ts-check
/** What came later about a message, under it: a vote, a second wording, a colleague's mark, that it was read. */

import { el } from "../shared/dom.js";
import { richText } from "../shared/richtext.js";

/** @typedef {import("../shared/protocol.js").ConversationEvent} ConversationEvent */
/** @typedef {import("../shared/i18n.js").Translate} Translate */

/** @type {Record<string, (log: HTMLElement, event: ConversationEvent, t: Translate) => void>} */
const LATER = {
  "answer.voted": markVote,
  "message.edited": showEdit,
  "answer.marked": showMark,
};

/**
 * @param {HTMLElement} log where the message was drawn
 * @param {ConversationEvent} event
 * @param {Translate} t
 */
export function drawAfterwards(log, event, t) {
  LATER[event.type]?.(log, event, t);
}

/** The last message that the customer has seen says so. @param {HTMLElement} log @param {number} seenSeq @param {Translate} t */
export function showRead(log, seenSeq, t) {
  const before = log.querySelector(".receipt");
  const mine = /** @type {HTMLElement[]} */ ([...log.querySelectorAll(".message.agent")]);
  const last = mine.findLast(({ dataset }) => Number(dataset.seq) <= seenSeq);
  if (before?.parentElement === last) return;
  before?.remove();
  last?.append(
    el("p", { class: "foot receipt", text: t("read"), dataset: { testid: "message-read" } }),
  );
}

/** What the customer thought of an answer; the last vote counts.
 * @param {HTMLElement} log @param {ConversationEvent} event @param {Translate} t */
function markVote(log, { data }, t) {
  const answer = messageOf(log, data.seq);
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

/** The new words in the place of the old ones, which can be looked up.
 * @param {HTMLElement} log @param {ConversationEvent} event @param {Translate} t */
function showEdit(log, { data }, t) {
  const message = messageOf(log, data.of_seq);
  const bubble = message?.querySelector(".bubble");
  if (!message || !bubble) return;
  const before = [...bubble.childNodes];
  bubble.replaceChildren(...richText(data.text));
  const old = el("div", { class: "before", dir: "auto" });
  old.append(...before);
  const known = message.querySelector(".edited");
  if (known) known.append(old);
  else
    bubble.after(
      el(
        "details",
        { class: "edited", dataset: { testid: "edited" } },
        el("summary", { text: t("edited") }),
        old,
      ),
    );
}

/** What a colleague thinks of an answer; the last mark counts, and `right` takes it back.
 * @param {HTMLElement} log @param {ConversationEvent} event @param {Translate} t */
function showMark(log, { data }, t) {
  const message = messageOf(log, data.seq);
  message?.querySelector(".marked")?.remove();
  if (!message) return;
  message.dataset.verdict = data.verdict;
  if (data.verdict === "right") return;
  message.append(
    el(
      "p",
      { class: "foot marked", dataset: { testid: "message-mark", verdict: data.verdict } },
      el("span", { text: t(`marked_${data.verdict}`, { name: data.author_name }) }),
      data.note && el("span", { dir: "auto", text: data.note }),
    ),
  );
}

/** @param {HTMLElement} log @param {unknown} seq @returns {HTMLElement|null} */
function messageOf(log, seq) {
  return log.querySelector(`.message[data-seq="${Number(seq)}"]`);
}
