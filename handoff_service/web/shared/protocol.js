// @ts-check
/** The frames of both sockets: their shapes, the makers of a customer's, the parser of what the server sends. */

export const PROTOCOL_VERSION = 1;

/** Longest message a customer or an agent may write, in characters (the server's default). */
export const MAX_MESSAGE_CHARS = 1000;

/** @typedef {"bot"|"waiting"|"offered"|"assigned"|"wrap_up"|"closed"|"message_left"|"parked"} ConversationState */
/** @typedef {"online"|"away"|"offline"} Presence */
/** @typedef {{action: string, article_id?: string, locale?: string, yes?: boolean}} ButtonPayload */
/** @typedef {{title: string, payload: ButtonPayload, foreign?: boolean}} Button */
/** @typedef {{article_id: string, title: string, heading?: string, url: string, quote?: string, blocks?: unknown, locale?: string, updated?: string, foreign?: boolean}} Source */
/** @typedef {{article_id: string, title: string, url: string, confidence?: number}} Tried */
/** @typedef {{field: string, question: string, answer: string|null}} TriageAnswer */
/** @typedef {{url?: string, title?: string}} Page */
/** @typedef {{id: string, version: number, title: string, text: string, locale: string, foreign?: boolean, since_ms: number, url?: string}} Notice */

/**
 * One numbered fact of a conversation. `data` depends on `type`; see docs/protocol.md.
 * @typedef {{conversation_id: string, seq: number, type: string, at_ms: number, epoch: number, data: Record<string, any>}} ConversationEvent
 */

/**
 * @typedef {{customer_id: string, name?: string, email?: string, phone?: string, tier?: string, flags?: string[], page?: Page,
 *   device?: {browser: string|null, os: string|null, mobile: boolean}, utc_offset_min?: number}} CustomerInfo
 * @typedef {{conversation_id: string, state: ConversationState, epoch: number, language: string,
 *   topic: string|null, reason: string|null, triage: TriageAnswer[], tried: Tried[], summary: string, contact?: string, callback?: boolean, when?: string,
 *   waiting_since_ms: number|null, assigned_ms?: number|null, last_seq: number, seen_seq?: number, tags?: string[], draft?: string|null,
 *   parked_until_ms?: number|null, needs?: {sla_ms?: number|null, priority?: number, team?: string|null, skill?: string|null}, customer: CustomerInfo}} Summary
 * @typedef {Summary & {deadline_ms: number, transcript: ConversationEvent[]}} Offer
 * @typedef {{agent_id: string, login?: string, name: string, languages: string[], capacity: number, role: string, teams?: string[]}} Agent
 * @typedef {{waiting: number, longest_since_ms: number|null}} QueueInfo
 */

/** @typedef {{type: string} & Record<string, any>} Frame */

/** What a customer's page may send; the first field of each list is required. */
export const customer = {
  /** @param {{token: string, last_seq: number, locale: string}} fields */
  hello: (fields) => frame("hello", { v: PROTOCOL_VERSION, ...fields }),
  /** @param {{message_id: string, text: string, payload?: ButtonPayload, locale?: string, attachments?: string[]}} fields */
  message: (fields) => frame("message", fields),
  /** @param {{message_id: string}} fields */
  request_person: (fields) => frame("request_person", fields),
  /** @param {{message_id: string}} fields */
  cancel_handoff: (fields) => frame("cancel_handoff", fields),
  /** @param {{message_id: string, contact: string, text: string, callback?: boolean, when?: string}} fields */
  leave_message: (fields) => frame("leave_message", fields),
  /** @param {{message_id: string, stars: number, comment: string}} fields */
  rate: (fields) => frame("rate", fields),
  /** @param {{message_id: string, kind: string, score?: number, comment?: string}} fields */
  survey: (fields) => frame("survey", fields),
  /** @param {{message_id: string, seq: number, helpful: boolean}} fields */
  vote: (fields) => frame("vote", fields),
  /** @param {{message_id: string, rule: string}} fields */
  proactive: (fields) => frame("proactive", fields),
  /** @param {{on: boolean}} fields */
  typing: (fields) => frame("typing", fields),
  /** @param {{seq: number}} fields */
  read: (fields) => frame("read", fields),
  /** @param {Page} fields */
  page: (fields) => frame("page", fields),
  ping: () => frame("ping", {}),
};

/** Error codes after which the same frame can be sent again later, unchanged. */
export const RETRYABLE_CODES = new Set(["rate_limited", "unavailable", "server_error"]);

/** What each server frame must carry, by name of its JavaScript type. */
const SERVER_FIELDS = /** @type {Record<string, Record<string, string>>} */ ({
  welcome: { v: "number" },
  event: { event: "object" },
  ack: {},
  state: { state: "string" },
  typing: { on: "boolean" },
  read: { seq: "number" },
  notices: { notices: "object" },
  pong: {},
  error: { code: "string" },
  offer: { offer: "object" },
  offer_gone: { conversation_id: "string" },
  conversation: { summary: "object" },
  conversation_gone: { conversation_id: "string" },
  queue: { waiting: "number" },
  changed: { topic: "string" },
  presence: { status: "string" },
  viewers: { people: "object" },
  mention: { conversation_id: "string" },
  supervised: { by_name: "string" },
});

/**
 * Read one server frame; null for what this version of the page does not know or cannot use.
 * @param {unknown} text of JSON, or what it says
 * @returns {Frame|null}
 */
export function parseServerFrame(text) {
  const parsed = typeof text === "string" ? parseJson(text) : text;
  if (typeof parsed !== "object" || parsed === null) return null;
  const candidate = /** @type {Frame} */ (parsed);
  const fields = Object.hasOwn(SERVER_FIELDS, candidate.type)
    ? SERVER_FIELDS[candidate.type]
    : undefined;
  if (!fields) return null;
  for (const [name, kind] of Object.entries(fields)) {
    if (typeof candidate[name] !== kind || candidate[name] === null) return null;
  }
  return candidate.type === "event" && !isEvent(candidate.event) ? null : candidate;
}

/** @param {any} value @returns {value is ConversationEvent} */
export function isEvent(value) {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof value.conversation_id === "string" &&
    Number.isSafeInteger(value.seq) &&
    typeof value.type === "string" &&
    typeof value.at_ms === "number" &&
    typeof value.data === "object" &&
    value.data !== null
  );
}

/** @returns {string} an id for a message or another idempotent frame */
export function newMessageId() {
  // randomUUID exists in secure contexts only; a shop on plain http must work as well.
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {string} type @param {object} fields @returns {Frame} */
export function frame(type, fields) {
  return { type, ...fields };
}

/** @param {string} text @returns {unknown} undefined when it is not JSON */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // A frame that is not JSON is ignored like an unknown one.
  }
}
