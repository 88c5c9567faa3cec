// @ts-check
/** Wires the widget together: one state, one socket, one outbox, one render for each region. */

import { byId } from "../shared/dom.js";
import {
  createTranslate,
  LANGUAGE_NAMES,
  loadMessages,
  LOCALES,
  pickLocale,
} from "../shared/i18n.js";
import { upload } from "../shared/files.js";
import { openOutbox } from "../shared/outbox.js";
import { createPicker } from "../shared/picker.js";
import { createPolling } from "../shared/polling.js";
import { customer, newMessageId } from "../shared/protocol.js";
import { createSender } from "../shared/sender.js";
import { createLiveSocket, socketUrl } from "../shared/socket.js";
import { openTabs } from "../shared/tabs.js";
import { createComposer } from "./composer.js";
import { createEarlier } from "./earlier.js";
import { createEmoji } from "./emoji.js";
import { createFiles } from "./files.js";
import { createGreeting } from "./greeting.js";
import { createHeader } from "./header.js";
import { tellHost } from "./host.js";
import { hearHost } from "./hosting.js";
import { createLeaveForm } from "./leave.js";
import { createMenu } from "./menu.js";
import { createMyData } from "./mydata.js";
import { createNotices } from "./notices.js";
import { createReceiver } from "./receiving.js";
import { forgetVisitor, openSession } from "./session.js";
import { applyAck, forgetConversation, initialState, leaveFormShown } from "./state.js";
import { inOwnWords, paint, site } from "./site.js";
import { createStatus } from "./status.js";
import { createSurvey } from "./survey.js";
import { recall, remember } from "./storage.js";
import { createTranscript } from "./transcript.js";

/** @typedef {import("../shared/i18n.js").Locale} Locale */
/** @typedef {import("../shared/protocol.js").Frame} Frame */

const chosen = recall("locale");
const state = initialState(pickLocale([chosen, ...navigator.languages]));
state.localeChosen = chosen !== null;
state.sound = (recall("sound") ?? (site.sound === false ? "off" : "")) !== "off";
state.name = site.name ?? "";
/** @type {import("./hosting.js").Visitor} */
const visitor = {};
/** @type {import("../shared/i18n.js").Translate} */
let t = () => "";
let renderAsked = false;
/** Name of what all tabs that show the widget have in common. */
const PAGE = "baton-widget";

const file = createFiles(token);
const transcript = createTranscript(
  {
    log: byId("log", HTMLElement),
    pending: byId("pending", HTMLElement),
    scroller: byId("main", HTMLElement),
    spoken: byId("spoken", HTMLElement),
    newer: byId("newer", HTMLElement),
  },
  {
    choose: (button) => say(button.title, button.payload),
    retry: (messageId) => sender.retry(messageId),
    discard: (messageId) => sender.discard(messageId),
    file,
    edit({ message_id, frame }) {
      sender.discard(message_id);
      composer.write(frame.text);
    },
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
    send: (text) => say(text, undefined, picker.take()),
    typing: (on) => state.state === "assigned" && socket.send(customer.typing({ on })),
    hasFiles: () => picker.some(),
  },
);
const picker = createPicker(
  {
    button: byId("attach", HTMLButtonElement),
    list: byId("files", HTMLElement),
    input: byId("input", HTMLTextAreaElement),
    zone: document.body,
  },
  () => change({ alert: "error_file" }),
);
const emoji = createEmoji(
  byId("emoji-button", HTMLButtonElement),
  byId("emoji", HTMLElement),
  byId("input", HTMLTextAreaElement),
);
const header = createHeader(
  {
    title: byId("title", HTMLElement),
    who: byId("who", HTMLElement),
    person: byId("person", HTMLButtonElement),
    close: byId("close", HTMLButtonElement),
  },
  {
    requestPerson: () => post(customer.request_person({ message_id: newMessageId() })),
    say: (text) => say(text),
    close: () => tellHost({ type: "close" }),
  },
);
const myData = createMyData(byId("mydata", HTMLElement), state, {
  token,
  change,
  gone: forgetEverything,
  done: () => composer.focus(),
});
const menu = createMenu(byId("menu-button", HTMLButtonElement), byId("menu", HTMLElement), [
  {
    id: "sound",
    label: (t) => t("sound"),
    checked: ({ sound }) => sound,
    run: () => {
      remember("sound", state.sound ? "off" : "on");
      change({ sound: !state.sound });
    },
  },
  {
    id: "leave",
    label: (t) => t("leave_open"),
    shown: ({ state }) => ["bot", "closed", "waiting", "offered"].includes(state),
    run: leaveMessage,
  },
  ...myData.items,
  ...LOCALES.map((locale) => ({
    id: locale,
    lang: locale,
    label: () => LANGUAGE_NAMES[locale],
    checked: (/** @type {import("./state.js").WidgetState} */ state) => state.locale === locale,
    run: () => void setLocale(locale, { chosenByCustomer: true }),
  })),
]);
const status = createStatus(
  {
    banner: byId("banner", HTMLElement),
    typing: byId("typing", HTMLElement),
    waiting: byId("waiting", HTMLElement),
    alert: byId("alert", HTMLElement),
  },
  {
    cancelHandoff: () => post(customer.cancel_handoff({ message_id: newMessageId() })),
    leaveMessage,
  },
);
const leaveForm = createLeaveForm(byId("leave", HTMLElement), {
  leave: (left) => post(customer.leave_message({ message_id: newMessageId(), ...left })),
  dismiss: closeLeaveForm,
});
const survey = createSurvey(byId("survey", HTMLElement), {
  answer: (kind, score, comment) =>
    post(customer.survey({ message_id: newMessageId(), kind, score, comment })),
  done() {
    render();
    composer.focus();
  },
});
const earlier = createEarlier(
  byId("earlier", HTMLElement),
  () => Boolean(visitor.identity),
  token,
  file,
);
const greeting = createGreeting(byId("greeting", HTMLElement), { ask: (text) => say(text) });
const notices = createNotices(byId("notices", HTMLElement));
/** Every region of the page, in the order drawn: to add one, construct it above and name it here. */
const regions = [
  header,
  menu,
  emoji,
  notices,
  greeting,
  transcript,
  status,
  leaveForm,
  myData,
  survey,
  earlier,
];

const socket = createLiveSocket({
  url: socketUrl("/ws/customer"),
  poll: createPolling,
  polls: recall("polls") !== null,
  onWay: (polls) => remember("polls", polls ? "1" : null),
  hello: async () => {
    const session = await visit();
    const last_seq = session.conversation_id === state.conversationId ? state.lastSeq : 0;
    return customer.hello({ token: session.session_token, last_seq, locale: state.locale });
  },
  onFrame: (frame) => receive(frame),
  onConnection: (connection) => {
    if (connection !== "online") sender.disconnected();
    change({ connection, agentTyping: false });
  },
});
const sender = createSender({
  outbox: openOutbox(PAGE),
  send: (frame) => socket.send(frame),
  reconnect: () => socket.reconnect(),
  upload: async (file, _frame, watch) => {
    const who = /** @type {[string, string]} */ (["Authorization", `Bearer ${await token()}`]);
    return upload(file, "/api/customer/attachments", who, watch);
  },
  onUploadRefused: (message_id, code) => receive({ type: "error", message_id, code }),
  onAcked: (messageId) => applyAck(state, messageId),
  onChange: (entries) => change({ outbox: entries }),
  tell: (told) => tabs.tell(told),
});
const tabs = openTabs(PAGE, (told) => {
  sender.hear(told);
  if (told.read) readElsewhere(told.read);
});
const receive = createReceiver(state, {
  sender,
  reconnect: () => socket.reconnect(),
  change,
  speak: (locale) => void setLocale(locale, { chosenByCustomer: false }),
  onEvent: ({ type }) => {
    if (type === "message.left") leaveForm.clear();
    if (type === "conversation.erased") forgetEverything();
  },
});

paint(byId("logo", HTMLImageElement));
await setLocale(state.locale, { chosenByCustomer: false });
await sender.load();
document.addEventListener("keydown", (event) => {
  const free = !event.isComposing && !event.defaultPrevented;
  if (event.key === "Escape" && free && !myData.close() && !closeLeaveForm())
    tellHost({ type: "close" });
});
document.addEventListener("visibilitychange", render);
hearHost(state, visitor, {
  sender,
  socket,
  change,
  setLocale,
  opened: (focus) => {
    transcript.scrollToEnd();
    if (!focus) return;
    // On glass the field would bring its keyboard up, over what there is to read first.
    if (matchMedia("(hover: none)").matches) byId("log", HTMLElement).focus();
    else composer.focus();
  },
});

function visit() {
  return openSession({ locale: state.locale, site: site.site, ...visitor }, (code) => {
    if (code === "error_gone") change({ alert: code });
    else if (code === "identity_required") {
      change({ alert: "sign_in" });
      tellHost({ type: "identity_required" });
    } else {
      console.warn(`Baton: the identity was refused (${code}); the customer is anonymous.`);
      tellHost({ type: "identity_refused", code });
    }
  });
}

/** What opens the customer's own things: files, transcript. */
async function token() {
  return (await visit()).session_token;
}

function leaveMessage() {
  change({ leaveOpen: true, leaveAsked: true, leaveDismissed: false });
}

/** @returns {boolean} whether it was open */
function closeLeaveForm() {
  const shown = leaveFormShown(state);
  change({ leaveOpen: false, leaveAsked: false, leaveDismissed: true });
  if (shown) composer.focus();
  return shown;
}

/** Nothing is left of a conversation: begin anew, as somebody who was never here. */
function forgetEverything(conversationId = state.conversationId) {
  if (conversationId !== state.conversationId) return; // It is forgotten already.
  for (const { message_id } of [...state.outbox]) sender.discard(message_id);
  forgetVisitor(visitor.identity);
  forgetConversation(state);
  socket.reconnect();
  change({});
}

/** @param {string} text @param {import("../shared/protocol.js").ButtonPayload} [payload]
 * @param {import("../shared/files.js").Picked[]} [files] */
function say(text, payload, files) {
  const message_id = newMessageId();
  post(customer.message({ message_id, text, payload, locale: state.locale }), files);
  transcript.scrollToEnd();
}

/** @param {Frame} frame @param {import("../shared/files.js").Picked[]} [files] */
function post(frame, files) {
  state.alert = null;
  sender.post(frame, files);
}

/** @param {Locale} locale @param {{chosenByCustomer: boolean}} how */
async function setLocale(locale, { chosenByCustomer }) {
  if (chosenByCustomer) {
    remember("locale", locale);
    state.localeChosen = true;
  }
  try {
    t = createTranslate(inOwnWords(await loadMessages("widget", locale), locale), locale);
  } catch {
    change({ alert: "error_unavailable" }); // The page goes on in the language it has.
    return;
  }
  document.documentElement.lang = locale;
  composer.translate(t);
  byId("log", HTMLElement).setAttribute("aria-label", t("log_label"));
  change({ locale });
  // Before the host's own wish has come, ours is only a guess.
  if (visitor.page) tellHost({ type: "locale", locale });
  if (state.notices.length) socket.reconnect(); // They come in the language of the hello.
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
    for (const region of regions) region.render(state, t);
    picker.render(state.attachments, t);
    sayRead();
  });
}

/** Tell the agent, and the other tabs, how far the customer has read. */
function sayRead() {
  const { visible, seenSeq, lastSeq: seq, conversationId } = state;
  if (!visible || document.visibilityState !== "visible" || seq <= seenSeq) return;
  if (!socket.send(customer.read({ seq }))) return;
  state.seenSeq = seq;
  tabs.tell({ read: { conversationId, seq } });
}

/** @param {{conversationId: string, seq: number}} read in another tab */
function readElsewhere({ conversationId, seq }) {
  if (conversationId !== state.conversationId) return;
  state.seenSeq = Math.max(state.seenSeq, seq);
  if (seq < state.lastSeq) return;
  change({ unread: 0 });
  tellHost({ type: "unread", count: 0 });
}
