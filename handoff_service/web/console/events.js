// @ts-check
/** One event of a conversation as the agent sees it: everything the customer saw, and why. */

import { el } from "../shared/dom.js";
import { formatTime } from "../shared/i18n.js";
import { safeHref } from "../shared/links.js";
import { richText } from "../shared/richtext.js";
import { languageText, reasonText } from "./wording.js";

/** @typedef {import("../shared/protocol.js").ConversationEvent} ConversationEvent */
/** @typedef {import("../shared/i18n.js").Translate} Translate */
/** @typedef {{t: Translate, locale: import("../shared/i18n.js").Locale}} Context */

/** @param {ConversationEvent} event @param {Context} context @returns {HTMLElement|null} */
export function drawEvent(event, context) {
  if (event.type === "message.posted") return message(event, context);
  const text = noticeText(event, context.t);
  if (!text) return null;
  return el(
    "p",
    { class: "notice", dataset: { testid: "notice", type: event.type } },
    el("span", { dir: "auto", text }),
    timeOf(event, context),
  );
}

/** @param {import("../shared/outbox.js").Entry} entry @param {"sending"|"sent"|"failed"} delivery @param {Context & {retry: () => void, discard: () => void}} context */
export function drawPending(entry, delivery, { t, retry, discard }) {
  const link = (/** @type {string} */ name, /** @type {() => void} */ click) =>
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
      class: "message agent",
      dataset: { testid: "message", author: "agent", delivery, messageId: entry.message_id },
    },
    el(
      "div",
      { class: "bubble", dir: "auto", dataset: { testid: "message-text" } },
      ...richText(entry.frame.text),
    ),
    el(
      "p",
      { class: "foot" },
      t(delivery),
      ...(delivery === "failed" ? [link("retry", retry), link("discard", discard)] : []),
    ),
  );
}

/** @param {ConversationEvent} event @param {Context} context */
function message(event, context) {
  const { author, text, sources = [], buttons = [], message_id, payload } = event.data;
  const delivery = author === "agent" ? { delivery: "sent" } : {};
  return el(
    "div",
    {
      class: `message ${author}`,
      dataset: { testid: "message", author, seq: event.seq, messageId: message_id, ...delivery },
    },
    el(
      "p",
      { class: "head" },
      el("strong", { text: nameOf(event, context.t) }),
      timeOf(event, context),
    ),
    el(
      "div",
      {
        class: payload ? "bubble clicked" : "bubble",
        dir: "auto",
        dataset: { testid: "message-text" },
      },
      ...richText(text || "—"),
    ),
    sources.length > 0 &&
      el(
        "ul",
        { class: "sources" },
        ...sources.map((/** @type {any} */ source) => sourceItem(source, text, context.t)),
      ),
    author === "bot" && botFoot(event, context.t),
    buttons.length > 0 &&
      el("p", {
        class: "offered",
        text: `${context.t("offered_choices")} ${buttons.map((/** @type {any} */ b) => b.title).join(" · ")}`,
      }),
  );
}

/** @param {import("../shared/protocol.js").Source} source @param {string} text of the answer
 * @param {Translate} t */
function sourceItem(source, text, t) {
  const href = safeHref(source.url, location.origin);
  return el(
    "li",
    { dataset: { testid: "message-source" } },
    href ? el("a", { href, target: "_blank", rel: "noopener", text: source.title }) : source.title,
    source.quote &&
      !text?.includes(source.quote.trim()) &&
      el("details", {}, el("summary", { text: t("passage") }), ...richText(source.quote)),
  );
}

/** How sure the bot was, and what it took the question for. @param {ConversationEvent} event @param {Translate} t */
function botFoot(event, t) {
  const { confidence, intent } = event.data;
  if (typeof confidence !== "number" && !intent) return null;
  return el(
    "p",
    { class: "foot" },
    typeof confidence === "number" &&
      el("span", {
        dataset: { testid: "message-confidence" },
        text: t("confidence", { percent: Math.round(confidence * 100) }),
      }),
    intent && el("span", { text: intent }),
  );
}

/** @param {ConversationEvent} event @param {Translate} t */
function nameOf(event, t) {
  if (event.data.author === "customer") return t("customer");
  if (event.data.author === "bot") return t("bot");
  return event.data.author_name || t("agent");
}

/** @param {ConversationEvent} event @param {Context} context */
function timeOf(event, { locale }) {
  return el("time", {
    datetime: new Date(event.at_ms).toISOString(),
    text: formatTime(event.at_ms, locale),
  });
}

/** @param {string} text @param {string|undefined} note */
function withNote(text, note) {
  return note ? `${text} · ${note}` : text;
}

/** What happened, in the agent's language. @param {ConversationEvent} event @param {Translate} t */
function noticeText({ type, data }, t) {
  const name = data.agent_name || data.agent_id || t("agent");
  switch (type) {
    case "language.changed":
      return t("event_language", { language: languageText(data.language, t) });
    case "customer.identified":
      return t("event_identified", { name: data.name || data.email || data.customer_id });
    case "bot.delayed":
      return t("event_delayed");
    case "handoff.requested":
      return t("event_requested", { reason: reasonText(data.reason, t) });
    case "handoff.cancelled":
      return t("event_cancelled");
    case "handoff.declined":
      return t("event_declined");
    case "offer.expired":
      return t("event_expired");
    case "handoff.assigned":
      return t("event_assigned", { name });
    case "agent.lost":
      return t("event_lost");
    case "handoff.transferred":
      return withNote(t("event_transferred", { name: data.to.name }), data.note);
    case "handoff.taken_over":
      return t("event_taken_over", { name });
    case "handoff.abandoned":
      return t("event_abandoned");
    case "handoff.consent_asked":
      return t("event_consent_asked");
    case "handoff.widened":
      return t("event_widened");
    case "whisper.posted":
      return t("event_whisper", { name: data.author_name, text: data.text });
    case "conversation.parked":
      return withNote(t("event_parked"), data.note);
    case "conversation.resumed":
      return t(`event_resumed_${data.reason}`);
    case "handoff.returned":
      return data.note ? t("event_returned_note", { note: data.note }) : t("event_returned");
    case "message.left":
      return t("event_left", { contact: data.contact, text: data.text });
    case "conversation.wrapped_up":
      return t("event_wrapped_up", { disposition: t(`disposition_${data.disposition}`) });
    case "conversation.closed":
      return t("event_closed");
    case "conversation.rated":
      return `${"★".repeat(data.stars)}${"☆".repeat(5 - data.stars)} ${data.comment ?? ""}`;
    default:
      return "";
  }
}
