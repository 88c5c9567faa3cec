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
 * @property {boolean} sound whether a message sounds while nobody looks
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
 * @property {number} seenSeq how far the customer has read, in whichever tab
 * @property {number} readSeq how far an agent has read
 * @property {Entry[]} outbox
 * @property {Entry[]} acked acknowledged, but their event has not come yet
 * @property {Map<number, boolean>} votes whether the answer of this seq helped, as the service knows
 * @property {boolean} agentTyping
 * @property {boolean} leaveOpen
 * @property {boolean} leaveAsked the customer opened it, so that it may have the focus
 * @property {boolean} leaveDismissed
 * @property {Record<string, string>} hours when people are there, by locale, where that is told
 * @property {boolean} mail whether the service sends e-mails
 * @property {string} email the customer's, as the site signed it
 * @property {import("../shared/picker.js").Limits|null} attachments what may be sent of files
 * @property {ConversationEvent|null} survey the question how it went that is open
 * @property {string|null} alert key of the string to show
 * @property {number} unread
 * @property {import("../shared/protocol.js").Notice[]} notices problems that are known
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
    sound: true,
    ...emptyConversation(),
    outbox: [],
    attachments: null,
    alert: null,
    unread: 0,
    notices: [],
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
    seenSeq: 0,
    readSeq: 0,
    acked: /** @type {Entry[]} */ ([]),
    votes: /** @type {Map<number, boolean>} */ (new Map()),
    agentTyping: false,
    leaveOpen: false,
    leaveAsked: false,
    hours: /** @type {Record<string, string>} */ ({}),
    mail: false,
    email: "",
    leaveDismissed: false,
    survey: /** @type {ConversationEvent|null} */ (null),
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
    // What comes after that is news, also when it came while the connection was away.
    state.caughtUpAt = Number(frame.last_seq) || 0;
  }
  state.attachments = frame.attachments ?? null;
  state.hours = frame.hours ?? {};
  state.mail = frame.mail === true;
  state.email = frame.email ?? "";
  applyPosition(state, frame);
}

/** @param {WidgetState} state @param {Frame} frame a `welcome` or a `state` */
export function applyPosition(state, frame) {
  if (frame.state !== state.state)
    state.leaveDismissed = state.leaveOpen = state.leaveAsked = false;
  state.state = frame.state;
  state.agentName = frame.agent_name ?? null;
  state.place = frame.place ?? null;
  state.waitMs = frame.wait_ms ?? null;
  state.mayLeave = frame.may_leave === true;
  // Once offered, the form stays: the wait may become shorter while somebody types.
  if (state.mayLeave && !state.leaveDismissed) state.leaveOpen = true;
  state.onDuty = frame.on_duty ?? state.onDuty;
  state.backAtMs = frame.back_at_ms ?? null;
  state.readSeq = Math.max(state.readSeq, frame.read_seq ?? 0);
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

/** A question is open until it is answered, or the customer writes on.
 * @param {WidgetState} state @param {ConversationEvent} event */
function applySurvey(state, event) {
  const { type, data } = event;
  const ends =
    type === "survey.answered" || type === "conversation.rated" || data.author === "customer";
  if (type === "survey.asked") state.survey = event;
  else if (ends) state.survey = null;
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

/**
 * What the button for a person does, in every state: `ask` for one, `write` to the one who was there
 * and comes back for a word; or which of them it says: they are `asked`, the customer is `in_line`, or
 * `with_person`.
 * @param {WidgetState} state
 * @returns {"ask"|"write"|"asked"|"in_line"|"with_person"}
 */
export function wayToPerson(state) {
  if (isUnderWay(state, "request_person")) return "asked";
  if (state.state === "assigned") return "with_person";
  if (state.state === "wrap_up" || state.state === "parked") return "write";
  if (state.state === "bot" || state.state === "closed") return "ask";
  return state.state === "message_left" && state.onDuty ? "ask" : "in_line";
}

/** Whether to show the form for leaving a message. @param {WidgetState} state */
export function leaveFormShown({ state, leaveOpen, leaveDismissed, onDuty }) {
  if (state === "bot" || state === "closed") return leaveOpen;
  if (state !== "waiting" && state !== "offered") return false;
  return leaveOpen || (!onDuty && !leaveDismissed);
}

/** Fewer words are no question that says what somebody needs. */
const LEAST_WORDS = 3;

/** What the customer asked last in their own words, so that they need not type it again.
 * @param {WidgetState} state */
export function lastQuestion({ events, locale }) {
  const words = new Intl.Segmenter(locale, { granularity: "word" });
  const asked = events.findLast(({ type, data }) => {
    if (type !== "message.posted" || data.author !== "customer" || data.payload) return false;
    const said = [...words.segment(data.text ?? "")].filter((part) => part.isWordLike);
    return said.length >= LEAST_WORDS;
  });
  return asked?.data.text ?? "";
}
