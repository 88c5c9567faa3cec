// @ts-check
/** How pressing a wait is, by the share of the promised time that it has used. */

/** From this share of the promise on, it is time to answer. */
const SOON = 0.5;
/** Once somebody has the conversation, a customer is to be answered within this time. */
export const ANSWER_WITHIN_MS = 180_000;

/** @typedef {"calm"|"soon"|"late"} Urgency */

/**
 * @param {number} waitedMs
 * @param {number|null|undefined} promisedMs within which a person should answer; none: never pressing
 * @returns {Urgency}
 */
export function urgencyOf(waitedMs, promisedMs) {
  if (!promisedMs || waitedMs < promisedMs * SOON) return "calm";
  return waitedMs < promisedMs ? "soon" : "late";
}

/**
 * Since when the customer waits for the agent's next answer.
 * @param {import("../shared/protocol.js").ConversationEvent[]} events
 * @returns {number|null} null: they do not
 */
export function unansweredSince(events) {
  let since = null;
  for (const { type, at_ms, data } of events) {
    if (type === "handoff.assigned" || type === "handoff.taken_over") since = at_ms;
    if (type !== "message.posted") continue;
    if (data.author === "customer") since ??= at_ms;
    else since = null;
  }
  return since;
}
