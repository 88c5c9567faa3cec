// @ts-check
/** What happened in a conversation besides what was said, in the agent's language. */

import { dispositionText, languageText, reasonText } from "./wording.js";

/** @typedef {import("../shared/protocol.js").ConversationEvent} ConversationEvent */
/** @typedef {import("../shared/i18n.js").Translate} Translate */

/** @param {string} text @param {string|undefined} note */
function withNote(text, note) {
  return note ? `${text} · ${note}` : text;
}

/** @param {{add?: string[], remove?: string[]}} change */
function tagsText({ add = [], remove = [] }) {
  return [...add.map((tag) => `+ ${tag}`), ...remove.map((tag) => `− ${tag}`)].join(", ");
}

/** What happened, in the agent's language. @param {ConversationEvent} event @param {Translate} t */
export function noticeText({ type, data }, t) {
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
    case "handoff.rerouted":
      return t("event_rerouted");
    case "conversation.tagged":
      return t("event_tagged", { name: data.author_name, tags: tagsText(data) });
    case "conversation.prioritized":
      return t("event_prioritized", { name: data.author_name, priority: data.priority });
    case "conversation.parked":
      return withNote(t("event_parked"), data.note);
    case "conversation.resumed":
      return t(`event_resumed_${data.reason}`);
    case "handoff.returned":
      return data.note ? t("event_returned_note", { note: data.note }) : t("event_returned");
    case "message.left":
      return t("event_left", { contact: data.contact, text: data.text });
    case "conversation.wrapped_up":
      return t("event_wrapped_up", { disposition: dispositionText(data.disposition, t) });
    case "conversation.closed":
      return t("event_closed");
    case "survey.answered":
      return data.skipped ? "" : `${scoreText(data.kind, data.score)} ${data.comment ?? ""}`;
    case "conversation.rated":
      return `${"★".repeat(data.stars)}${"☆".repeat(5 - data.stars)} ${data.comment ?? ""}`;
    default:
      return "";
  }
}

/** @param {string} kind of survey @param {number} score */
function scoreText(kind, score) {
  if (kind !== "csat") return `${kind.toUpperCase()} ${score}`;
  return `${"★".repeat(score)}${"☆".repeat(Math.max(0, 5 - score))}`;
}
