// @ts-check
/** What the desk knows, and how each frame changes it. */

/** @typedef {import("../shared/protocol.js").Agent} Agent */
/** @typedef {import("../shared/protocol.js").ConversationEvent} ConversationEvent */
/** @typedef {import("../shared/protocol.js").Frame} Frame */
/** @typedef {import("../shared/protocol.js").Offer} Offer */
/** @typedef {import("../shared/protocol.js").Summary} Summary */
/** @typedef {import("../shared/outbox.js").Entry} Entry */

/**
 * @typedef {object} Conversation
 * @property {Summary} summary
 * @property {ConversationEvent[]} events without gaps, oldest first
 * @property {number} lastSeq
 * @property {number} readSeq what the agent has seen
 * @property {boolean} customerTyping
 * @property {number} seenSeq what the customer has seen
 */

/**
 * @typedef {object} DeskState
 * @property {Agent} agent
 * @property {import("../shared/i18n.js").Locale} locale
 * @property {import("../shared/socket.js").Connection} connection
 * @property {import("../shared/protocol.js").Presence} presence
 * @property {import("../shared/protocol.js").QueueInfo} queue
 * @property {Map<string, Offer>} offers
 * @property {Map<string, Conversation>} conversations
 * @property {Map<string, Summary>} parked what this agent has set aside
 * @property {string|null} selected an offer's or a conversation's id
 * @property {Entry[]} outbox
 * @property {Entry[]} acked acknowledged, but their event has not come yet
 * @property {number} clockOffsetMs the server's clock minus ours
 * @property {import("../shared/picker.js").Limits|null} attachments what may be sent of files
 * @property {boolean} welcomed
 */

/** @param {Agent} agent @param {import("../shared/i18n.js").Locale} locale @returns {DeskState} */
export function initialState(agent, locale) {
  return {
    agent,
    locale,
    connection: "connecting",
    presence: "offline",
    queue: { waiting: 0, longest_since_ms: null },
    offers: new Map(),
    conversations: new Map(),
    parked: new Map(),
    selected: null,
    outbox: [],
    acked: [],
    clockOffsetMs: 0,
    attachments: null,
    welcomed: false,
  };
}

/** The welcome is the whole picture: what it does not name is no longer ours.
 * @param {DeskState} state @param {Frame} frame */
export function applyWelcome(state, frame) {
  state.agent = { ...state.agent, ...frame.agent };
  state.presence = frame.presence;
  state.queue = frame.queue;
  state.attachments = frame.attachments ?? null;
  state.clockOffsetMs = frame.server_ms - Date.now();
  state.offers = new Map(
    frame.offers.map((/** @type {Offer} */ offer) => [offer.conversation_id, offer]),
  );
  state.parked = new Map(
    (frame.parked ?? []).map((/** @type {Summary} */ summary) => [
      summary.conversation_id,
      summary,
    ]),
  );
  const before = state.conversations;
  state.conversations = new Map();
  for (const summary of /** @type {Summary[]} */ (frame.conversations)) {
    const known = before.get(summary.conversation_id);
    state.conversations.set(summary.conversation_id, known ?? emptyConversation(summary));
    applySummary(state, summary);
  }
  state.welcomed = true;
  keepSelection(state);
}

/** @param {Summary} summary @param {ConversationEvent[]} [events] @returns {Conversation} */
function emptyConversation(summary, events = []) {
  const lastSeq = events.at(-1)?.seq ?? 0;
  return { summary, events: [...events], lastSeq, readSeq: 0, customerTyping: false, seenSeq: 0 };
}

/** @param {DeskState} state @param {Summary} summary of a conversation we hold, new or changed */
export function applySummary(state, summary) {
  const id = summary.conversation_id;
  const conversation = state.conversations.get(id);
  state.parked.delete(id);
  if (conversation) {
    conversation.summary = summary;
    applySeen(state, id, summary.seen_seq ?? 0);
    return;
  }
  const transcript = state.offers.get(id)?.transcript;
  state.offers.delete(id);
  state.conversations.set(id, emptyConversation(summary, transcript));
  applySeen(state, id, summary.seen_seq ?? 0);
}

/** The customer has seen a conversation up to an event. @param {DeskState} state @param {string} id @param {number} seq */
export function applySeen(state, id, seq) {
  const conversation = state.conversations.get(id);
  if (conversation) conversation.seenSeq = Math.max(conversation.seenSeq, seq);
}

/** @param {DeskState} state @param {Offer} offer */
export function applyOffer(state, offer) {
  state.offers.set(offer.conversation_id, offer);
  state.parked.delete(offer.conversation_id);
  state.selected ??= offer.conversation_id;
}

/** @param {DeskState} state @param {string} id */
export function dropOffer(state, id) {
  state.offers.delete(id);
  keepSelection(state);
}

/** The agent's conversation is set aside until the time they chose. @param {DeskState} state @param {string} id */
export function parkConversation(state, id) {
  const summary = state.conversations.get(id)?.summary;
  if (summary) state.parked.set(id, { ...summary, state: "parked" });
}

/** What is set aside and not due yet, the next first. @param {DeskState} state @param {number} nowMs */
export function sortedParked(state, nowMs) {
  return [...state.parked.values()]
    .filter(({ parked_until_ms }) => (parked_until_ms ?? Infinity) > nowMs)
    .sort((a, b) => (a.parked_until_ms ?? 0) - (b.parked_until_ms ?? 0));
}

/** @param {DeskState} state @param {string} id */
export function dropConversation(state, id) {
  state.conversations.delete(id);
  keepSelection(state);
}

/**
 * @param {DeskState} state
 * @param {ConversationEvent} event
 * @returns {"added"|"known"|"gap"|"foreign"} a gap means that events before this one are missing
 */
export function applyEvent(state, event) {
  const offer = state.offers.get(event.conversation_id);
  if (offer && event.seq > (offer.transcript.at(-1)?.seq ?? 0)) offer.transcript.push(event);
  const conversation = state.conversations.get(event.conversation_id);
  if (!conversation) return "foreign";
  if (event.seq <= conversation.lastSeq) return "known";
  if (event.seq > conversation.lastSeq + 1) return "gap";
  conversation.events.push(event);
  conversation.lastSeq = event.seq;
  state.acked = state.acked.filter((entry) => entry.message_id !== event.data.message_id);
  if (event.data.author === "customer") conversation.customerTyping = false;
  return "added";
}

/** @param {DeskState} state @param {string} messageId */
export function applyAck(state, messageId) {
  const entry = state.outbox.find((candidate) => candidate.message_id === messageId);
  const conversation = state.conversations.get(entry?.frame.conversation_id);
  if (!entry || !conversation || hasMessage(conversation, messageId)) return;
  state.acked = [...state.acked, entry];
}

/** @param {Conversation} conversation @param {string} messageId */
function hasMessage(conversation, messageId) {
  return conversation.events.some((event) => event.data.message_id === messageId);
}

/** Frames that are drawn before their event has come. */
const READABLE = new Set(["message", "note"]);

/**
 * The agent's messages and notes here that no event shows yet, oldest first.
 * @param {DeskState} state @param {Conversation} conversation
 * @returns {{entry: Entry, delivery: "sending"|"sent"|"failed"}[]}
 */
export function pendingMessages(state, conversation) {
  const id = conversation.summary.conversation_id;
  const seen = (/** @type {Entry} */ entry) =>
    entry.frame.conversation_id !== id ||
    !READABLE.has(entry.frame.type) ||
    hasMessage(conversation, entry.message_id);
  const acked = state.acked.filter((entry) => !seen(entry));
  const waiting = state.outbox.filter(
    (entry) => !seen(entry) && !acked.some(({ message_id }) => message_id === entry.message_id),
  );
  return [
    ...acked.map((entry) => ({ entry, delivery: /** @type {const} */ ("sent") })),
    ...waiting.map((entry) => ({
      entry,
      delivery: entry.failed ? /** @type {const} */ ("failed") : /** @type {const} */ ("sending"),
    })),
  ];
}

/** How many of the customer's messages the agent has neither seen nor answered.
 * @param {Conversation} conversation */
export function unreadCount({ events, readSeq }) {
  const answered = events.findLast(
    ({ type, data }) =>
      type === "handoff.assigned" ||
      type === "handoff.taken_over" ||
      (type === "message.posted" && data.author === "agent"),
  );
  const from = Math.max(readSeq, answered?.seq ?? 0);
  return events.filter(
    ({ seq, type, data }) => seq > from && type === "message.posted" && data.author === "customer",
  ).length;
}

/** Offers by deadline, then conversations, the longest held first: the order of the lists.
 * @param {DeskState} state @returns {string[]} */
export function listOrder(state) {
  return [...sortedOffers(state), ...sortedConversations(state)].map(
    ({ conversation_id }) => conversation_id,
  );
}

/** @param {DeskState} state */
export function sortedOffers(state) {
  return [...state.offers.values()].sort((a, b) => a.deadline_ms - b.deadline_ms);
}

/** @param {DeskState} state */
export function sortedConversations(state) {
  return [...state.conversations.values()]
    .map(({ summary }) => summary)
    .sort((a, b) => (a.assigned_ms ?? 0) - (b.assigned_ms ?? 0));
}

/** Never leave the pane on something that is gone. @param {DeskState} state */
function keepSelection(state) {
  const order = listOrder(state);
  if (state.selected === null || !order.includes(state.selected)) state.selected = order[0] ?? null;
}
