// @ts-check
/** What the widget knows, and how each event and frame changes it. */

/** @typedef {import("../shared/protocol.js").ConversationEvent} ConversationEvent */
/** @typedef {import("../shared/protocol.js").Frame} Frame */
/** @typedef {import("../shared/outbox.js").Entry} Entry */

/**
 * @typedef {object} WidgetState
 * @property {import("../shared/i18n.js").Locale} locale
 * @property {boolean} localeChosen whether the customer picked it from the list
 * @property {string} name the company's name, when the page gave one
 * @property {string[]} suggestions first questions to offer
 * @property {import("../shared/socket.js").Connection} connection
 * @property {boolean} visible
 * @property {string|null} conversationId
 * @property {import("../shared/protocol.js").ConversationState} state
 * @property {string|null} agentName
 * @property {number|null} place
 * @property {[number, number]|null} waitMs from, to: how long it will take, where that is known
 * @property {boolean} mayLeave nobody will come soon: leaving a message is the better choice
 * @property {boolean} onDuty
 * @property {number|null} backAtMs when people are back, where nobody is on duty and it is known
 * @property {ConversationEvent[]} events
 * @property {number} lastSeq
 * @property {number} caughtUpAt events up to this one were there before this page
 * @property {Entry[]} outbox
 * @property {Entry[]} acked acknowledged, but their event has not come yet
 * @property {Map<number, boolean>} votes whether the answer of this seq helped, as the service knows
 * @property {boolean} agentTyping
 * @property {boolean} leaveOpen
 * @property {boolean} leaveDismissed
 * @property {boolean} ratingDue
 * @property {boolean} rated
 * @property {string|null} alert key of the string to show
 * @property {number} unread
 */

/** @param {import("../shared/i18n.js").Locale} locale @returns {WidgetState} */
export function initialState(locale) {
  return {
    locale,
    localeChosen: false,
    name: "",
    suggestions: [],
    connection: "connecting",
    visible: false,
    ...emptyConversation(),
    outbox: [],
    alert: null,
    unread: 0,
  };
}

function emptyConversation() {
  return {
    conversationId: /** @type {string|null} */ (null),
    state: /** @type {import("../shared/protocol.js").ConversationState} */ ("bot"),
    agentName: /** @type {string|null} */ (null),
    place: /** @type {number|null} */ (null),
    waitMs: /** @type {[number, number]|null} */ (null),
    mayLeave: false,
    onDuty: true,
    backAtMs: /** @type {number|null} */ (null),
    events: /** @type {ConversationEvent[]} */ ([]),
    lastSeq: 0,
    caughtUpAt: 0,
    acked: /** @type {Entry[]} */ ([]),
    votes: /** @type {Map<number, boolean>} */ (new Map()),
    agentTyping: false,
    leaveOpen: false,
    leaveDismissed: false,
    ratingDue: false,
    rated: false,
  };
}

/** Forget what is shown: the customer is another one. @param {WidgetState} state */
export function forgetConversation(state) {
  Object.assign(state, emptyConversation(), { unread: 0 });
}

/** @param {WidgetState} state @param {Frame} frame a `welcome` */
export function applyWelcome(state, frame) {
  if (state.conversationId !== frame.conversation_id) {
    // Acknowledged messages of an older conversation are in its history, not in this one.
    Object.assign(state, emptyConversation(), { conversationId: frame.conversation_id });
  }
  state.caughtUpAt = Number(frame.last_seq) || 0;
  applyPosition(state, frame);
}

/** @param {WidgetState} state @param {Frame} frame a `welcome` or a `state` */
export function applyPosition(state, frame) {
  if (frame.state !== state.state) state.leaveDismissed = state.leaveOpen = false;
  state.state = frame.state;
  state.agentName = frame.agent_name ?? null;
  state.place = frame.place ?? null;
  state.waitMs = frame.wait_ms ?? null;
  state.mayLeave = frame.may_leave === true;
  // Once offered, the form stays: the wait may become shorter while somebody types.
  if (state.mayLeave && !state.leaveDismissed) state.leaveOpen = true;
  state.onDuty = frame.on_duty ?? state.onDuty;
  state.backAtMs = frame.back_at_ms ?? null;
  if (state.state !== "assigned") state.agentTyping = false;
}

/**
 * @param {WidgetState} state
 * @param {ConversationEvent} event
 * @returns {boolean} false when it was known already
 */
export function applyEvent(state, event) {
  if (event.conversation_id !== state.conversationId || event.seq <= state.lastSeq) return false;
  state.events.push(event);
  state.lastSeq = event.seq;
  applySurvey(state, event);
  if (event.type === "answer.voted") state.votes.set(event.data.seq, event.data.helpful);
  if (event.type !== "message.posted") return true;
  state.acked = state.acked.filter((entry) => entry.message_id !== event.data.message_id);
  if (event.data.author === "agent") state.agentTyping = false;
  return true;
}

/** Ask for a rating once after each handled conversation, until the customer writes on.
 * @param {WidgetState} state @param {ConversationEvent} event */
function applySurvey(state, event) {
  if (event.type === "conversation.wrapped_up") {
    state.ratingDue = true;
    state.rated = false;
  } else if (event.type === "conversation.closed") state.ratingDue = !state.rated;
  else if (event.type === "conversation.rated") {
    state.ratingDue = false;
    state.rated = true;
  } else if (event.type === "message.posted" && event.data.author === "customer") {
    state.ratingDue = state.rated = false;
  }
}

/** @param {WidgetState} state @param {string} messageId */
export function applyAck(state, messageId) {
  const entry = state.outbox.find((candidate) => candidate.message_id === messageId);
  if (entry?.frame.type === "vote") state.votes.set(entry.frame.seq, entry.frame.helpful);
  if (entry?.frame.type !== "message" || hasMessage(state, messageId)) return;
  state.acked = [...state.acked, entry];
}

/** @param {WidgetState} state @param {string} messageId */
function hasMessage(state, messageId) {
  return state.events.some((event) => event.data.message_id === messageId);
}

/**
 * The customer's messages that no event shows yet, oldest first.
 * @param {WidgetState} state
 * @returns {{entry: Entry, delivery: "sending"|"sent"|"failed"}[]}
 */
export function pendingMessages(state) {
  const waiting = state.outbox.filter(
    ({ frame, message_id }) =>
      frame.type === "message" &&
      !hasMessage(state, message_id) &&
      !state.acked.some((entry) => entry.message_id === message_id),
  );
  return [
    ...state.acked.map((entry) => ({ entry, delivery: /** @type {const} */ ("sent") })),
    ...waiting.map((entry) => ({
      entry,
      delivery: entry.failed ? /** @type {const} */ ("failed") : /** @type {const} */ ("sending"),
    })),
  ];
}

/** Whether the bot owes an answer. @param {WidgetState} state */
export function botIsThinking(state) {
  if (state.state !== "bot" || state.connection !== "online") return false;
  const last = state.events.findLast(
    ({ type }) => type !== "language.changed" && type !== "answer.voted",
  );
  return last?.type === "message.posted" && last.data.author === "customer";
}

const FROM_BOT_TO_PERSON = ["handoff.requested", "handoff.assigned", "handoff.taken_over"];

/** Whether who waits has talked with a person already: the bot is silent then.
 * @param {WidgetState} state */
export function hasMetPerson(state) {
  const last = state.events.findLast(({ type }) => FROM_BOT_TO_PERSON.includes(type));
  return last !== undefined && last.type !== "handoff.requested";
}

/** What may still be answered by a click: the bot's last word while it owns the talk, or a question to
 * those who wait. @param {WidgetState} state @returns {number|null} its seq */
export function lastWordSeq(state) {
  if (pendingMessages(state).some(({ delivery }) => delivery !== "failed")) return null;
  if (state.state === "waiting" || state.state === "offered") return openQuestionSeq(state);
  if (state.state !== "bot") return null;
  const last = state.events.findLast(
    ({ type, data }) => type === "message.posted" || data.buttons?.length > 0,
  );
  return last && last.data.author !== "customer" ? last.seq : null;
}

/** @param {WidgetState} state @returns {number|null} seq of what was asked and is not answered */
function openQuestionSeq(state) {
  const last = state.events.findLast(
    ({ type, data }) => type === "handoff.consent_asked" || data.payload?.action === "any_language",
  );
  return last?.type === "handoff.consent_asked" ? last.seq : null;
}

/** What the customer thinks of an answer, on its way included; null before they said so.
 * @param {WidgetState} state @param {number} seq of the answer @returns {boolean|null} */
export function voteOn(state, seq) {
  const onItsWay = state.outbox.findLast(
    ({ frame, failed }) => frame.type === "vote" && frame.seq === seq && !failed,
  );
  return onItsWay?.frame.helpful ?? state.votes.get(seq) ?? null;
}

/** @param {WidgetState} state @param {string} type @returns {boolean} whether such a frame is on its way */
export function isUnderWay(state, type) {
  return state.outbox.some((entry) => entry.frame.type === type && !entry.failed);
}

/** Whether to show the form for leaving a message. @param {WidgetState} state */
export function leaveFormShown(state) {
  if (state.state !== "waiting" && state.state !== "offered") return false;
  return state.leaveOpen || (!state.onDuty && !state.leaveDismissed);
}
