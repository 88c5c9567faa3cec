// @ts-check
/** What the page around says: who the customer is, whether the widget is open, which language. */

import { pickLocale } from "../shared/i18n.js";
import { customer, newMessageId } from "../shared/protocol.js";
import { listenToHost, tellHost } from "./host.js";
import { subjectOf } from "./identity.js";
import { dropSession, signOut } from "./session.js";
import { forgetConversation } from "./state.js";
import { forgetCustomer, recall, remember } from "./storage.js";

/** @typedef {import("./state.js").WidgetState} WidgetState */

/**
 * @typedef {object} HostActions
 * @property {import("../shared/sender.js").Sender} sender
 * @property {import("../shared/socket.js").LiveSocket} socket
 * @property {(part: Partial<WidgetState>) => void} change
 * @property {(locale: import("../shared/i18n.js").Locale, how: {chosenByCustomer: boolean}) => Promise<void>} setLocale
 * @property {(focus: boolean) => void} opened the widget is in sight; `focus`: and to be written in
 */

/** What the page has said so far; a session is asked for with it.
 * @typedef {{page?: import("../shared/protocol.js").Page, identity?: string}} Visitor */

/**
 * Hear the page from now on.
 * @param {WidgetState} state
 * @param {Visitor} visitor changed as the page speaks
 * @param {HostActions} actions
 */
export function hearHost(state, visitor, { sender, socket, change, setLocale, opened }) {
  /** The host's last word on it; it may change while a language is loaded. */
  let wantedVisible = false;

  listenToHost((message) => void hear(message));
  for (const type of ["storage", "pageshow"]) addEventListener(type, checkSubject);

  /** @param {import("./host.js").HostMessage} message */
  async function hear(message) {
    if (message.type === "init") {
      visitor.page = message.page;
      identify(message.identity);
      wantedVisible = message.visible;
      change({ name: message.name || state.name, suggestions: message.suggestions ?? [] });
      // The language first: the conversation is begun in it.
      if (message.locale && !state.localeChosen)
        await setLocale(pickLocale([message.locale]), { chosenByCustomer: false });
      if (message.live) socket.start();
      setVisible(wantedVisible, message.focus ?? true);
    } else if (message.type === "visible") {
      wantedVisible = message.on;
      setVisible(message.on, message.focus ?? true);
    } else if (message.type === "locale")
      await setLocale(pickLocale([message.locale]), { chosenByCustomer: true });
    else if (message.type === "proactive")
      sender.post(customer.proactive({ message_id: newMessageId(), rule: message.rule }));
    else if (message.type === "identity") {
      identify(message.identity);
      comeBack();
    } else if (message.type === "page") {
      visitor.page = message.page;
      socket.send(customer.page(message.page));
    }
  }

  /** The page says who the customer is: what another one was shown, or could not send, is not theirs.
   * @param {string|null|undefined} signed */
  function identify(signed) {
    visitor.identity = signed || undefined;
    const subject = subjectOf(visitor.identity) ?? "";
    const before = recall("subject") ?? "";
    if (before && before !== subject) {
      signOut(before);
      forgetCustomer();
      forget();
    }
    remember("subject", subject);
  }

  function forget() {
    for (const entry of [...state.outbox]) sender.discard(entry.message_id);
    forgetConversation(state);
    for (const form of document.forms) form.reset();
    change({});
  }

  /** Ask for a session, and connect, as whoever it is now. */
  function comeBack() {
    change({ alert: null });
    dropSession();
    socket.reconnect();
  }

  /** Whom this page shows has signed out in another tab, or while the browser kept this one aside. */
  function checkSubject() {
    const subject = subjectOf(visitor.identity);
    if (!subject || subject === recall("subject")) return;
    visitor.identity = undefined;
    forget();
    comeBack();
  }

  /** The conversation begins when the widget is first opened, not when it is first loaded.
   * @param {boolean} visible @param {boolean} focus */
  function setVisible(visible, focus) {
    change({ visible, unread: visible ? 0 : state.unread });
    tellHost({ type: "unread", count: state.unread });
    if (!visible) return;
    socket.start();
    opened(focus);
  }
}
