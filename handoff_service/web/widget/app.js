// @ts-check
/** Wires the widget together: one state, one socket, one outbox, one render for each region. */

import { byId } from "../shared/dom.js";
import { createTranslate, loadMessages, pickLocale } from "../shared/i18n.js";
import { openOutbox } from "../shared/outbox.js";
import { customer, newMessageId, RETRYABLE_CODES } from "../shared/protocol.js";
import { Sender } from "../shared/sender.js";
import { LiveSocket, socketUrl } from "../shared/socket.js";
import { createComposer } from "./composer.js";
import { createGreeting } from "./greeting.js";
import { createHeader } from "./header.js";
import { listenToHost, tellHost } from "./host.js";
import { subjectOf } from "./identity.js";
import { createLeaveForm } from "./leave.js";
import { createRating } from "./rating.js";
import { dropSession, openSession } from "./session.js";
import {
  applyAck,
  applyEvent,
  applyPosition,
  applyWelcome,
  forgetConversation,
  initialState,
} from "./state.js";
import { createStatus } from "./status.js";
import { recall, remember } from "./storage.js";
import { Transcript } from "./transcript.js";

/** @typedef {import("../shared/i18n.js").Locale} Locale */
/** @typedef {import("../shared/protocol.js").Frame} Frame */

/** An agent who stopped without saying so is taken to have stopped writing after this time. */
const TYPING_ENDS_MS = 8_000;
/** A refusal stays on the page this long. */
const ALERT_MS = 8_000;
const ERROR_TEXTS = new Set([
  "empty_message",
  "too_long",
  "too_large",
  "rate_limited",
  "not_allowed",
  "gone",
  "unavailable",
]);

const chosen = recall("locale");
const state = initialState(pickLocale([chosen, ...navigator.languages]));
state.localeChosen = chosen !== null;
/** @type {import("../shared/protocol.js").Page|undefined} */
let page;
/** Who the customer is, as the site signed it. @type {string|undefined} */
let identity;
/** @type {import("../shared/i18n.js").Translate} */
let t = () => "";
let started = false;
/** The host's last word on it; it may change while a language is loaded. */
let wantedVisible = false;
let renderAsked = false;
let readSeq = 0;
/** @type {ReturnType<typeof setTimeout>|undefined} */
let typingTimer;
/** @type {ReturnType<typeof setTimeout>|undefined} */
let alertTimer;

const transcript = new Transcript(
  {
    log: byId("log", HTMLElement),
    pending: byId("pending", HTMLElement),
    scroller: byId("main", HTMLElement),
  },
  {
    choose: (button) => say(button.title, button.payload),
    retry: (messageId) => sender.retry(messageId),
    discard: (messageId) => sender.discard(messageId),
    vote: (seq, helpful) => post(customer.vote({ message_id: newMessageId(), seq, helpful })),
    requestPerson: () => say(t("talk_to_person"), { action: "request_person" }),
    rephrase: () => composer.focus(),
  },
);
const composer = createComposer(
  {
    form: byId("composer", HTMLFormElement),
    input: byId("input", HTMLTextAreaElement),
    send: byId("send", HTMLButtonElement),
    count: byId("count", HTMLElement),
  },
  {
    send: (text) => say(text),
    typing: (on) => state.state === "assigned" && socket.send(customer.typing({ on })),
  },
);
const header = createHeader(
  {
    title: byId("title", HTMLElement),
    who: byId("who", HTMLElement),
    person: byId("person", HTMLButtonElement),
    language: byId("language", HTMLSelectElement),
    close: byId("close", HTMLButtonElement),
  },
  {
    requestPerson: () => post(customer.request_person({ message_id: newMessageId() })),
    setLocale: (locale) => void setLocale(locale, { chosenByCustomer: true }),
    close: () => tellHost({ type: "close" }),
  },
);
const status = createStatus(
  {
    banner: byId("banner", HTMLElement),
    typing: byId("typing", HTMLElement),
    waiting: byId("waiting", HTMLElement),
    alert: byId("alert", HTMLElement),
  },
  {
    cancelHandoff: () => post(customer.cancel_handoff({ message_id: newMessageId() })),
    leaveMessage: () => change({ leaveOpen: true, leaveDismissed: false }),
  },
);
const leaveForm = createLeaveForm(byId("leave", HTMLElement), {
  leave: (contact, text) =>
    post(customer.leave_message({ message_id: newMessageId(), contact, text })),
  dismiss: () => change({ leaveOpen: false, leaveDismissed: true }),
});
const rating = createRating(byId("rating", HTMLElement), {
  rate: (stars, comment) => post(customer.rate({ message_id: newMessageId(), stars, comment })),
});
const greeting = createGreeting(byId("greeting", HTMLElement), { ask: (text) => say(text) });

const socket = new LiveSocket({
  url: socketUrl("/ws/customer"),
  hello: async () => {
    const session = await openSession({ locale: state.locale, page, identity }, (code) => {
      console.warn(`Baton: the identity was refused (${code}); the customer is anonymous.`);
      tellHost({ type: "identity_refused", code });
    });
    const last_seq = session.conversation_id === state.conversationId ? state.lastSeq : 0;
    return customer.hello({ token: session.session_token, last_seq, locale: state.locale });
  },
  onFrame: receive,
  onConnection: (connection) => {
    if (connection !== "online") sender.disconnected();
    change({ connection, agentTyping: false });
  },
});
const sender = new Sender({
  outbox: await openOutbox("baton-widget"),
  send: (frame) => socket.send(frame),
  reconnect: () => socket.reconnect(),
  onChange: (entries) => change({ outbox: entries }),
});

await setLocale(state.locale, { chosenByCustomer: false });
await sender.load();
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing) tellHost({ type: "close" });
});
document.addEventListener("visibilitychange", render);
listenToHost((message) => void hearHost(message));

/** @param {import("./host.js").HostMessage} message */
async function hearHost(message) {
  if (message.type === "init") {
    page = message.page;
    identify(message.identity);
    wantedVisible = message.visible;
    change({ name: message.name ?? "", suggestions: message.suggestions ?? [] });
    // The language first: the conversation is begun in it.
    if (message.locale && !state.localeChosen)
      await setLocale(pickLocale([message.locale]), { chosenByCustomer: false });
    setVisible(wantedVisible, true);
  } else if (message.type === "visible") {
    wantedVisible = message.on;
    setVisible(message.on, message.focus ?? true);
  } else if (message.type === "locale")
    await setLocale(pickLocale([message.locale]), { chosenByCustomer: true });
  else if (message.type === "identity") {
    identify(message.identity);
    dropSession();
    socket.reconnect();
  }
}

/** The page says who the customer is: what another one was shown, or could not send, is not theirs.
 * @param {string|null|undefined} signed */
function identify(signed) {
  identity = signed || undefined;
  const subject = subjectOf(identity) ?? "";
  const before = recall("subject") ?? "";
  if (before && before !== subject) {
    for (const entry of [...state.outbox]) sender.discard(entry.message_id);
    forgetConversation(state);
    render();
  }
  remember("subject", subject);
}

/** The conversation begins when the widget is first opened, not when it is first loaded.
 * @param {boolean} visible @param {boolean} focus */
function setVisible(visible, focus) {
  change({ visible, unread: visible ? 0 : state.unread });
  tellHost({ type: "unread", count: state.unread });
  if (!visible) return;
  if (!started) socket.start();
  started = true;
  transcript.scrollToEnd();
  if (focus) composer.focus();
}

/** @param {Frame} frame */
function receive(frame) {
  if (frame.type === "welcome") {
    applyWelcome(state, frame);
    sender.flush();
  } else if (frame.type === "state") applyPosition(state, frame);
  else if (frame.type === "event") receiveEvent(frame.event);
  else if (frame.type === "ack") acknowledge(frame.message_id);
  else if (frame.type === "typing" && frame.author !== "customer") agentTypes(frame.on);
  else if (frame.type === "error") refuse(frame);
  tellHost({ type: "state", state: state.state });
  render();
}

/** @param {import("../shared/protocol.js").ConversationEvent} event */
function receiveEvent(event) {
  const live = event.seq > state.caughtUpAt;
  if (!applyEvent(state, event)) return;
  if (event.type === "message.left") leaveForm.clear();
  if (!live) return;
  if (event.type === "language.changed" && !state.localeChosen)
    void setLocale(pickLocale([event.data.language]), { chosenByCustomer: false });
  const asks = event.type === "handoff.consent_asked";
  if (!asks && (event.type !== "message.posted" || event.data.author === "customer")) return;
  tellHost({ type: "message", author: asks ? "bot" : event.data.author });
  if (state.visible) return;
  state.unread += 1;
  tellHost({ type: "unread", count: state.unread });
}

/** @param {string} messageId */
function acknowledge(messageId) {
  applyAck(state, messageId);
  sender.acknowledged(messageId);
}

/** @param {boolean} on */
function agentTypes(on) {
  clearTimeout(typingTimer);
  if (on) typingTimer = setTimeout(() => change({ agentTyping: false }), TYPING_ENDS_MS);
  state.agentTyping = on && state.state === "assigned";
}

/** @param {Frame} frame an `error` */
function refuse({ code, message_id }) {
  if (code === "token_expired" || code === "token_invalid") {
    dropSession();
    socket.reconnect();
    return;
  }
  const entry = state.outbox.find((candidate) => candidate.message_id === message_id);
  if (message_id) sender.refused(message_id, code);
  // A refused message stays in sight to be mended; a refused click is told and forgotten.
  if (entry && entry.frame.type !== "message" && !RETRYABLE_CODES.has(code)) {
    sender.discard(entry.message_id);
  }
  state.alert = `error_${ERROR_TEXTS.has(code) ? code : "other"}`;
  clearTimeout(alertTimer);
  alertTimer = setTimeout(() => change({ alert: null }), ALERT_MS);
}

/** @param {string} text @param {import("../shared/protocol.js").ButtonPayload} [payload] */
function say(text, payload) {
  post(customer.message({ message_id: newMessageId(), text, payload, locale: state.locale }));
  transcript.scrollToEnd();
}

/** @param {Frame} frame */
function post(frame) {
  state.alert = null;
  void sender.post(frame);
}

/** @param {Locale} locale @param {{chosenByCustomer: boolean}} how */
async function setLocale(locale, { chosenByCustomer }) {
  if (chosenByCustomer) {
    remember("locale", locale);
    state.localeChosen = true;
  }
  try {
    t = createTranslate(await loadMessages("widget", locale), locale);
  } catch {
    change({ alert: "error_unavailable" }); // The page goes on in the language it has.
    return;
  }
  document.documentElement.lang = locale;
  composer.translate(t);
  byId("log", HTMLElement).setAttribute("aria-label", t("log_label"));
  change({ locale });
  // Before the host's own wish has come, ours is only a guess.
  if (page) tellHost({ type: "locale", locale });
}

/** @param {Partial<import("./state.js").WidgetState>} part */
function change(part) {
  Object.assign(state, part);
  render();
}

function render() {
  if (renderAsked) return;
  renderAsked = true;
  queueMicrotask(() => {
    renderAsked = false;
    document.title = state.name || t("title");
    Object.assign(document.body.dataset, {
      state: state.state,
      connection: state.connection,
      locale: state.locale,
    });
    header.render(state, t);
    greeting.render(state, t);
    transcript.render(state, t);
    status.render(state, t);
    leaveForm.render(state, t);
    rating.render(state, t);
    sayRead();
  });
}

/** Tell the agent how far the customer has read. */
function sayRead() {
  if (!state.visible || document.visibilityState !== "visible" || state.lastSeq <= readSeq) return;
  if (socket.send(customer.read({ seq: state.lastSeq }))) readSeq = state.lastSeq;
}
