// @ts-check
/** What each frame of the server does to the desk. */

import { RETRYABLE_CODES } from "../shared/protocol.js";
import { playSound } from "./alerts.js";
import { readEvents } from "./api.js";
import { forgetDraft, keepText } from "./drafts.js";
import { notify, withdrawNotification } from "./notify.js";
import { go, hashOf } from "./router.js";
import * as desk from "./state.js";
import { languageText, topicText } from "./wording.js";

/** @typedef {import("../shared/protocol.js").Frame} Frame */

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
 * @param {import("./desk.js").Desk} page
 * @returns {(frame: Frame) => void}
 */
export function createReceiver({
  state,
  t,
  toast,
  sender,
  select,
  reveal,
  isRead,
  presence,
  render,
}) {
  /** @type {Set<string>} conversations whose missing events are being read */
  const catchingUp = new Set();
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  const typingTimers = new Map();

  /** @type {Record<string, (frame: Frame) => void>} */
  const handlers = {
    welcome(frame) {
      desk.applyWelcome(state, frame);
      if (!presence.again() && frame.presence === "away") sayWhyAway(frame.presence_reason);
      if (frame.lost?.length) toast(t("lost_while_away", { count: frame.lost.length }), "bad");
      sender().flush();
    },
    offer({ offer }) {
      desk.applyOffer(state, offer);
      playSound("offer");
      notify(offer.conversation_id, {
        title: t("notify_offer"),
        body: [topicText(offer.topic, t), languageText(offer.language, t)].join(" · "),
        stays: true,
        open: () => reveal(offer.conversation_id),
      });
    },
    offer_gone({ conversation_id, reason }) {
      withdrawNotification(conversation_id);
      const held = state.conversations.has(conversation_id) || reason === "accepted";
      if (state.offers.has(conversation_id) && !held && reason !== "declined")
        toast(t(OFFER_ENDS[reason] ?? "offer_expired"));
      // An accepted offer stays until its conversation comes, which takes over its transcript.
      if (reason !== "accepted") desk.dropOffer(state, conversation_id);
    },
    conversation({ summary }) {
      const isNew = !state.conversations.has(summary.conversation_id);
      desk.applySummary(state, summary);
      if (isNew) select(summary.conversation_id);
    },
    conversation_gone({ conversation_id, reason }) {
      if (["lost", "taken_over", "erased"].includes(reason)) toast(t(`gone_${reason}`), "bad");
      if (reason === "parked") desk.parkConversation(state, conversation_id);
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
      else if (reason && !["asked", "forced"].includes(reason) && status !== state.presence)
        toast(t(`presence_now_${status}`));
      state.presence = status;
    },
    supervised({ by_name, status, capacity, note }) {
      const what = status ? `supervised_${status}` : "supervised_capacity";
      const said = t(what, { name: by_name, count: capacity });
      toast(note ? `${said} “${note}”` : said, "bad");
    },
    typing({ conversation_id, author, on }) {
      if (author === "customer") customerTypes(conversation_id, on);
    },
    read({ conversation_id, author, seq }) {
      if (author === "customer") desk.applySeen(state, conversation_id, seq);
    },
    mention({ conversation_id, from_name, text }) {
      const said = t("notify_mention", { name: from_name });
      playSound("message");
      toast(`${said} ${text}`);
      notify(conversation_id, {
        title: said,
        body: text,
        open: () => go(hashOf("conversation", conversation_id)),
      });
    },
    ack({ message_id }) {
      if (message_id) sender().acknowledged(message_id);
    },
    error({ code, message, message_id }) {
      const entry = state.outbox.find((candidate) => candidate.message_id === message_id);
      if (message_id) sender().refused(message_id, code);
      // A message or a note that was refused stays in sight; of anything else the refusal is told.
      if (entry && !["message", "note"].includes(entry.frame.type) && !RETRYABLE_CODES.has(code)) {
        if (entry.frame.type === "edit") keepText(entry.frame.conversation_id, entry.frame.text);
        sender().discard(entry.message_id);
      }
      const key = `error_${code}`;
      toast(t(key) === key ? message || t("error_other") : t(key), "bad");
    },
  };

  return (frame) => {
    handlers[frame.type]?.(frame);
    render();
  };

  /** @param {import("../shared/protocol.js").ConversationEvent} event */
  function receiveEvent(event) {
    const outcome = desk.applyEvent(state, event);
    if (outcome === "gap") void catchUp(event.conversation_id);
    if (outcome !== "added" || isRead(event.conversation_id)) return;
    if (event.type !== "message.posted" || event.data.author !== "customer") return;
    playSound("message");
    const summary = state.conversations.get(event.conversation_id)?.summary;
    notify(event.conversation_id, {
      title: t("notify_message"),
      body: summary?.customer.name || topicText(summary?.topic, t),
      open: () => reveal(event.conversation_id),
    });
  }

  /** Read the events that came before this page listened. @param {string} id */
  async function catchUp(id) {
    const conversation = state.conversations.get(id);
    if (!conversation || catchingUp.has(id)) return;
    catchingUp.add(id);
    try {
      for (const event of await readEvents(id, conversation.lastSeq)) desk.applyEvent(state, event);
    } catch {
      toast(t("error_history"), "bad");
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
      setTimeout(() => {
        customerTypes(id, false);
        render();
      }, TYPING_ENDS_MS),
    );
  }

  /** @param {string|undefined} reason why the agent is away, if not by hand */
  function sayWhyAway(reason) {
    if (reason === MISSED_OFFERS) toast(t("presence_missed_offers"), "bad");
  }
}
