// @ts-check
/** Draws one message, or one notice between them, and what may be clicked in answer. */

import { el } from "../shared/dom.js";
import { formatTime } from "../shared/i18n.js";
import { richText } from "../shared/richtext.js";
import { articlesAgain } from "./again.js";
import { answerCard, inLanguage, wordsAround } from "./answer.js";
import { besidesVote } from "./vote.js";

/** @typedef {import("./state.js").WidgetState} WidgetState */
/** @typedef {import("../shared/protocol.js").ConversationEvent} ConversationEvent */
/** @typedef {import("../shared/protocol.js").Button} Button */
/** @typedef {import("../shared/outbox.js").Entry} Entry */
/** @typedef {import("../shared/i18n.js").Translate} Translate */

/**
 * @typedef {object} BubbleActions
 * @property {(button: Button) => void} choose
 * @property {(messageId: string) => void} retry
 * @property {(messageId: string) => void} discard
 * @property {(entry: Entry) => void} edit
 * @property {(file: import("../shared/files.js").Attachment, locale: string) => HTMLElement} file
 */

/**
 * @param {ConversationEvent} event a `message.posted`
 * @param {{heads: boolean, vote: Element[]|undefined, locale: import("../shared/i18n.js").Locale, name: string}} look
 *   `heads`: the author's name stands above it
 * @param {BubbleActions} actions
 * @param {Translate} t
 */
export function message({ seq, at_ms, data }, { heads, vote, locale, name }, actions, t) {
  const { author, message_id, kind, text, sources = [], buttons = [], attachments = [] } = data;
  const delivery = author === "customer" ? { delivery: "sent" } : {};
  const who = el("span", { text: name });
  const time = { datetime: new Date(at_ms).toISOString(), text: formatTime(at_ms, locale) };
  return el(
    "div",
    {
      class: `message ${author}`,
      dataset: {
        testid: "message",
        author,
        seq,
        messageId: message_id,
        ...delivery,
        ...(kind && { kind }),
      },
    },
    heads ? el("p", { class: "head" }, who, el("time", time)) : el("p", { class: "sr" }, who),
    bubble(wordsAround(text ?? "", sources)),
    ...attachments.map((/** @type {any} */ file) => actions.file(file, locale)),
    ...sources.map((/** @type {any} */ source) => answerCard(source, { locale, t })),
    ...(vote ?? []),
    buttonRow(vote ? besidesVote(buttons) : buttons, seq, actions, t),
  );
}

/** What an agent says instead. @param {Element|null} row a message @param {string} text @param {Translate} t */
export function redraw(row, text, t) {
  row?.querySelector(".edited")?.remove();
  row?.querySelector(".bubble")?.remove();
  row?.firstElementChild?.after(
    /** @type {Element} */ (bubble(text)),
    el("p", { class: "delivery edited", text: t("edited"), dataset: { testid: "edited" } }),
  );
}

/** What the customer wrote and the service has not told of yet.
 * @param {Entry} entry @param {string} delivery @param {BubbleActions} actions @param {Translate} t */
export function pendingMessage(entry, delivery, actions, t) {
  const { message_id, frame, files } = entry;
  const failed = delivery === "failed";
  const action = (/** @type {string} */ name, /** @type {() => void} */ click) =>
    el("button", {
      type: "button",
      class: "link",
      text: t(name),
      dataset: { testid: `${name}-message` },
      on: { click },
    });
  return el(
    "div",
    {
      class: "message customer",
      dataset: { testid: "message", author: "customer", messageId: message_id, delivery },
    },
    bubble(frame.text),
    ...(files ?? []).map(({ name, done = 0 }) =>
      el("p", { class: "file" }, el("bdi", { text: name }), ` ${Math.round(done * 100)} %`),
    ),
    el(
      "p",
      { class: "delivery" },
      t(delivery),
      failed && action("retry", () => actions.retry(message_id)),
      failed && !files && action("edit", () => actions.edit(entry)),
      (failed || (delivery === "sending" && files)) &&
        action("discard", () => actions.discard(message_id)),
    ),
  );
}

/** What an event says to the customer, and what they may click in answer.
 * @param {ConversationEvent} event @param {BubbleActions} actions @param {Translate} t */
export function notice({ type, seq, data }, actions, t) {
  const dataset = { testid: "notice", type };
  return [
    el("p", { class: "notice", dir: "auto", text: data.text, dataset }),
    articlesAgain(data.articles ?? [], t),
    buttonRow(data.buttons ?? [], seq, actions, t),
  ].filter((part) => part !== null);
}

/** @param {ConversationEvent} event */
export function isRated({ type, data }) {
  return type === "conversation.rated" || (type === "survey.answered" && !data.skipped);
}

/** @param {ConversationEvent} event by which the customer said how it went @param {Translate} t */
export function thanks({ type }, t) {
  const dataset = { testid: "survey-thanks", type };
  return el("p", { class: "notice", text: t("rating_thanks"), dataset });
}

/** @param {ConversationEvent} event @param {WidgetState} state @param {Translate} t */
export function authorName({ data }, state, t) {
  if (data.author === "customer") return t("you");
  if (data.author === "bot") return t("assistant");
  return data.author_name || state.agentName || t("agent");
}

/** @param {string|undefined} text */
function bubble(text) {
  const dataset = { testid: "message-text" };
  return text ? el("div", { class: "bubble", dir: "auto", dataset }, ...richText(text)) : null;
}

/** @param {Button[]} buttons @param {number} seq @param {BubbleActions} actions @param {Translate} t */
function buttonRow(buttons, seq, actions, t) {
  if (!buttons.length) return null;
  const row = buttons.map((button) =>
    el(
      "button",
      {
        type: "button",
        class: "reply",
        dataset: { testid: "quick-reply", action: button.payload?.action },
        on: { click: () => actions.choose(button) },
      },
      el("span", { dir: "auto", text: button.title }),
      button.foreign &&
        el("span", { class: "foreign", text: inLanguage(button.payload.locale, t) }),
    ),
  );
  return el("div", { class: "replies", dataset: { seq } }, ...row);
}
