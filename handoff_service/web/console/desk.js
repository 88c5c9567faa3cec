// @ts-check
/** The desk of a signed-in agent: one state, one socket, one outbox, one render for each region. */

import { byId } from "../shared/dom.js";
import { openOutbox } from "../shared/outbox.js";
import { agent as frames, newMessageId } from "../shared/protocol.js";
import { Sender } from "../shared/sender.js";
import { LiveSocket, socketUrl } from "../shared/socket.js";
import { playSound, setSound, setTitle, soundIsOn, toast } from "./alerts.js";
import { readEvents, whoAmI } from "./api.js";
import { forgetDraft } from "./composer.js";
import { askDisposition, askHandBack, showShortcuts } from "./dialogs.js";
import { createLists } from "./lists.js";
import { createPane } from "./pane.js";
import { listenToKeys } from "./shortcuts.js";
import * as desk from "./state.js";
import { createTop } from "./top.js";

/** @typedef {import("../shared/protocol.js").Frame} Frame */
/** @typedef {import("../shared/protocol.js").Offer} Offer */

/** A customer who stopped without saying so is taken to have stopped writing after this time. */
const TYPING_ENDS_MS = 8_000;
/** Why the server sets an agent away who let offers run out. */
const MISSED_OFFERS = "missed_offers";
/** What the agent reads when an offer goes, by the reason; of another reason, that it has expired. */
const OFFER_ENDS = /** @type {Record<string, string>} */ ({
  cancelled: "offer_cancelled",
  taken: "error_offer_taken",
});

/**
 * @param {{agent: import("../shared/protocol.js").Agent, locale: import("../shared/i18n.js").Locale,
 *   t: import("../shared/i18n.js").Translate, language: HTMLElement, signOut: () => void, signedOut: () => void}} context
 */
export async function openDesk({ agent, locale, t, language, signOut, signedOut }) {
  const state = desk.initialState(agent, locale);
  const regions = {
    desk: byId("desk", HTMLElement),
    banner: byId("banner", HTMLElement),
    toasts: byId("toasts", HTMLElement),
  };
  const life = new AbortController();
  let renderAsked = false;
  /** @type {import("../shared/protocol.js").Presence|null} */
  let wishedPresence = null;
  /** @type {Set<string>} conversations whose missing events are being read */
  const catchingUp = new Set();
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  const typingTimers = new Map();

  const top = createTop(byId("top", HTMLElement), {
    setPresence,
    toggleSound: () => {
      setSound(!soundIsOn());
      render();
    },
    showShortcuts: () => showShortcuts(t),
    signOut,
    language,
  });
  const lists = createLists(byId("lists", HTMLElement), { select });
  const pane = createPane(
    { pane: byId("pane", HTMLElement), details: byId("details", HTMLElement) },
    {
      accept,
      decline,
      send: say,
      typing: sayTyping,
      draft: sayDraft,
      handBack,
      end,
      finish,
      retry,
      discard: (messageId) => sender.discard(messageId),
      back: showList,
      toggleDetails: () => regions.desk.toggleAttribute("data-details"),
    },
    { t, locale },
  );
  const socket = new LiveSocket({
    url: socketUrl("/ws/agent"),
    hello: () =>
      frames.hello({
        conversations: Object.fromEntries(
          [...state.conversations].map(([id, { lastSeq }]) => [id, lastSeq]),
        ),
      }),
    onFrame: receive,
    onConnection: (connection) => {
      state.connection = connection;
      if (connection !== "online") sender.disconnected();
      if (connection === "offline") void checkSession();
      render();
    },
  });
  const sender = new Sender({
    outbox: await openOutbox(`baton-console-${agent.agent_id}`),
    send: (frame) => socket.send(frame),
    reconnect: () => socket.reconnect(),
    onChange: (entries) => {
      state.outbox = entries;
      render();
    },
  });

  /** @type {Record<string, (frame: Frame) => void>} */
  const handlers = {
    welcome(frame) {
      desk.applyWelcome(state, frame);
      if (wishedPresence) setPresence(wishedPresence);
      else if (frame.presence === "away") sayWhyAway(frame.presence_reason);
      if (frame.lost?.length)
        toast(regions.toasts, t("lost_while_away", { count: frame.lost.length }), "bad");
      sender.flush();
    },
    offer({ offer }) {
      desk.applyOffer(state, offer);
      playSound("offer");
    },
    offer_gone({ conversation_id, reason }) {
      const held = state.conversations.has(conversation_id) || reason === "accepted";
      if (state.offers.has(conversation_id) && !held && reason !== "declined")
        toast(regions.toasts, t(OFFER_ENDS[reason] ?? "offer_expired"));
      // An accepted offer stays until its conversation comes, which takes over its transcript.
      if (reason !== "accepted") desk.dropOffer(state, conversation_id);
    },
    conversation({ summary }) {
      const isNew = !state.conversations.has(summary.conversation_id);
      desk.applySummary(state, summary);
      if (isNew) select(summary.conversation_id);
    },
    conversation_gone({ conversation_id, reason }) {
      if (reason === "lost" || reason === "taken_over")
        toast(regions.toasts, t(`gone_${reason}`), "bad");
      forgetDraft(conversation_id);
      desk.dropConversation(state, conversation_id);
      desk.dropOffer(state, conversation_id);
    },
    event: ({ event }) => receiveEvent(event),
    queue({ waiting, longest_since_ms }) {
      state.queue = { waiting, longest_since_ms: longest_since_ms ?? null };
    },
    presence({ status, reason }) {
      if (reason === MISSED_OFFERS) sayWhyAway(reason);
      else if (reason && reason !== "asked" && status !== state.presence)
        toast(regions.toasts, t(`presence_now_${status}`));
      state.presence = status;
    },
    typing({ conversation_id, author, on }) {
      if (author === "customer") customerTypes(conversation_id, on);
    },
    ack({ message_id }) {
      if (!message_id) return;
      desk.applyAck(state, message_id);
      sender.acknowledged(message_id);
    },
    error({ code, message, message_id }) {
      if (message_id) sender.refused(message_id, code);
      const key = `error_${code}`;
      toast(regions.toasts, t(key) === key ? message || t("error_other") : t(key), "bad");
    },
  };

  await sender.load();
  regions.desk.hidden = false;
  listenToKeys(keys(), life.signal);
  const clock = setInterval(render, 1_000);
  socket.start();
  render();

  return {
    close() {
      life.abort();
      clearInterval(clock);
      socket.stop();
      regions.desk.hidden = true;
      pane.clear();
      setTitle("Baton", 0);
    },
  };

  /** @param {Frame} frame */
  function receive(frame) {
    const handle = handlers[frame.type];
    handle?.(frame);
    render();
  }

  /** @param {import("../shared/protocol.js").ConversationEvent} event */
  function receiveEvent(event) {
    const outcome = desk.applyEvent(state, event);
    if (outcome === "gap") void catchUp(event.conversation_id);
    if (outcome !== "added") return;
    const unseen = document.hidden || state.selected !== event.conversation_id;
    if (unseen && event.type === "message.posted" && event.data.author === "customer")
      playSound("message");
  }

  /** Read the events that came before this page listened. @param {string} id */
  async function catchUp(id) {
    const conversation = state.conversations.get(id);
    if (!conversation || catchingUp.has(id)) return;
    catchingUp.add(id);
    try {
      for (const event of await readEvents(id, conversation.lastSeq)) desk.applyEvent(state, event);
    } catch {
      toast(regions.toasts, t("error_history"), "bad");
    } finally {
      catchingUp.delete(id);
      render();
    }
  }

  /** @param {string} id @param {boolean} on */
  function customerTypes(id, on) {
    const conversation = state.conversations.get(id);
    if (!conversation) return;
    conversation.customerTyping = on;
    clearTimeout(typingTimers.get(id));
    if (!on) return;
    typingTimers.set(
      id,
      setTimeout(() => customerTypes(id, false), TYPING_ENDS_MS),
    );
    render();
  }

  /** A refused socket does not say why; whether the session has ended, the API knows. */
  async function checkSession() {
    const unknown = /** @type {const} */ ({});
    if ((await whoAmI().catch(() => unknown)) === null && !life.signal.aborted) signedOut();
  }

  /** A wish made before the connection stands is told as soon as it does.
   * @param {import("../shared/protocol.js").Presence} status */
  function setPresence(status) {
    wishedPresence = socket.send(frames.presence({ status })) ? null : status;
  }

  /** A decision of the moment: sent now or not at all. @param {Frame} frame */
  function sendNow(frame) {
    if (!socket.send(frame)) toast(regions.toasts, t("offline"), "bad");
  }

  /** @param {string} id */
  function select(id) {
    state.selected = id;
    regions.desk.dataset.open = "pane";
    regions.desk.removeAttribute("data-details");
    render();
  }

  function showList() {
    regions.desk.dataset.open = "list";
  }

  /** @param {number} step */
  function move(step) {
    const order = desk.listOrder(state);
    const index = order.indexOf(state.selected ?? "");
    const next = order[(index + step + order.length) % order.length];
    if (next) select(next);
  }

  function currentOffer() {
    return state.offers.get(state.selected ?? "") ?? desk.sortedOffers(state)[0];
  }

  function currentConversation() {
    return state.conversations.get(state.selected ?? "");
  }

  /** @param {Offer} offer */
  function accept({ conversation_id, epoch }) {
    sendNow(frames.accept({ conversation_id, epoch }));
  }

  /** @param {Offer} offer */
  function decline({ conversation_id, epoch }) {
    sendNow(frames.decline({ conversation_id, epoch, reason: "declined" }));
  }

  /** @param {string} id @param {string} text @param {string} [message_id] */
  function say(id, text, message_id = newMessageId()) {
    const epoch = state.conversations.get(id)?.summary.epoch;
    if (epoch) void sender.post(frames.message({ conversation_id: id, epoch, message_id, text }));
  }

  /** Send a refused message again under the epoch of now. @param {string} messageId */
  function retry(messageId) {
    const entry = state.outbox.find((candidate) => candidate.message_id === messageId);
    if (!entry) return;
    sender.discard(messageId);
    say(entry.frame.conversation_id, entry.frame.text, messageId);
  }

  /** @param {string} id */
  function handBack(id) {
    askHandBack(t, (note) => {
      const epoch = state.conversations.get(id)?.summary.epoch;
      if (epoch) sendNow(frames.hand_back({ conversation_id: id, epoch, note: note || undefined }));
    });
  }

  /** @param {string} id */
  function end(id) {
    askDisposition(t, (disposition) => {
      const epoch = state.conversations.get(id)?.summary.epoch;
      if (epoch) sendNow(frames.wrap_up({ conversation_id: id, epoch, disposition }));
    });
  }

  /** @param {string} id */
  function finish(id) {
    const epoch = state.conversations.get(id)?.summary.epoch;
    if (epoch) sendNow(frames.close({ conversation_id: id, epoch }));
  }

  function keys() {
    const onOffer = (/** @type {(offer: Offer) => void} */ action) => () => {
      const offer = currentOffer();
      if (offer) action(offer);
    };
    const onHeld = (/** @type {(id: string) => void} */ action) => () => {
      const summary = currentConversation()?.summary;
      if (summary?.state === "assigned") action(summary.conversation_id);
    };
    return {
      a: onOffer(accept),
      d: onOffer(decline),
      j: () => move(1),
      k: () => move(-1),
      r: onHeld(() => pane.focusComposer()),
      h: onHeld(handBack),
      e: onHeld(end),
      "?": () => showShortcuts(t),
    };
  }

  function render() {
    if (renderAsked || life.signal.aborted) return;
    renderAsked = true;
    queueMicrotask(() => {
      renderAsked = false;
      if (life.signal.aborted) return;
      document.body.dataset.connection = state.connection;
      regions.banner.hidden = state.connection === "online" || !state.welcomed;
      regions.banner.textContent = regions.banner.hidden ? "" : t("offline");
      markRead();
      top.render(state, t, soundIsOn());
      lists.render(state, t);
      pane.render(state);
      const unread = [...state.conversations.values()].reduce(
        (sum, held) => sum + desk.unreadCount(held),
        0,
      );
      setTitle("Baton", state.offers.size + unread);
    });
  }

  /** What is on the screen counts as read. */
  function markRead() {
    const conversation = currentConversation();
    if (!conversation || document.hidden || conversation.readSeq >= conversation.lastSeq) return;
    conversation.readSeq = conversation.lastSeq;
    const id = conversation.summary.conversation_id;
    socket.send(frames.read({ conversation_id: id, seq: conversation.lastSeq }));
  }

  /** @param {string|undefined} reason why the agent is away, if not by hand */
  function sayWhyAway(reason) {
    if (reason === MISSED_OFFERS) toast(regions.toasts, t("presence_missed_offers"), "bad");
  }

  /** @param {string} id @param {string} text */
  function sayDraft(id, text) {
    const epoch = state.conversations.get(id)?.summary.epoch;
    if (epoch) socket.send(frames.draft({ conversation_id: id, epoch, text }));
  }

  /** @param {string} id @param {boolean} on */
  function sayTyping(id, on) {
    socket.send(frames.typing({ conversation_id: id, on }));
  }
}
