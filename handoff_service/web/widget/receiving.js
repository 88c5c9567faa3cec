// @ts-check
/** Frames in: what the service says changes the state, and what of it the page around hears. */

import { pickLocale } from "../shared/i18n.js";
import { RETRYABLE_CODES } from "../shared/protocol.js";
import { tellHost } from "./host.js";
import { dropSession } from "./session.js";
import { chime } from "./sound.js";
import { applyEvent, applyPosition, applyWelcome } from "./state.js";

/** @typedef {import("../shared/protocol.js").Frame} Frame */
/** @typedef {import("../shared/protocol.js").ConversationEvent} ConversationEvent */
/** @typedef {import("./state.js").WidgetState} WidgetState */

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
  "bad_contact",
  "unavailable",
]);

/**
 * @typedef {object} Reactions
 * @property {import("../shared/sender.js").Sender} sender
 * @property {() => void} reconnect
 * @property {(part: Partial<WidgetState>) => void} change
 * @property {(locale: import("../shared/i18n.js").Locale) => void} speak the conversation goes on in another language
 * @property {(event: ConversationEvent) => void} onEvent told of each event once, old ones included
 */

/**
 * @param {WidgetState} state
 * @param {Reactions} reactions
 * @returns {(frame: Frame) => void}
 */
export function createReceiver(state, { sender, reconnect, change, speak, onEvent }) {
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let typingTimer;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let alertTimer;

  /** @type {Record<string, (frame: Frame) => void>} what each type of frame does */
  const handlers = {
    welcome(frame) {
      applyWelcome(state, frame);
      state.notices = frame.notices ?? [];
      sender.flush();
    },
    notices({ notices }) {
      state.notices = notices;
    },
    state: (frame) => applyPosition(state, frame),
    event: (frame) => receiveEvent(frame.event),
    ack: ({ message_id }) => sender.acknowledged(message_id),
    read({ author, seq }) {
      if (author === "agent") state.readSeq = Math.max(state.readSeq, seq);
    },
    typing({ author, on }) {
      if (author !== "customer") agentTypes(on);
    },
    error: refuse,
  };

  /** @param {ConversationEvent} event */
  function receiveEvent(event) {
    const live = event.seq > state.caughtUpAt;
    if (!applyEvent(state, event)) return;
    onEvent(event);
    if (!live) return;
    if (event.type === "language.changed" && !state.localeChosen)
      speak(pickLocale([event.data.language]));
    const asks = event.type === "handoff.consent_asked";
    if (!asks && (event.type !== "message.posted" || event.data.author === "customer")) return;
    tellHost({ type: "message", author: asks ? "bot" : event.data.author });
    if (state.sound && (!state.visible || document.hidden)) chime();
    if (state.visible || event.seq <= state.seenSeq) return;
    state.unread += 1;
    tellHost({ type: "unread", count: state.unread });
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
      reconnect();
      return;
    }
    const entry = state.outbox.find((candidate) => candidate.message_id === message_id);
    if (message_id) sender.refused(message_id, code);
    // A refused message stays in sight to be mended; a refused click is told and forgotten.
    if (entry && entry.frame.type !== "message" && !RETRYABLE_CODES.has(code)) {
      sender.discard(entry.message_id);
    }
    const about = code.startsWith("attachment") ? "file" : "other";
    state.alert = `error_${ERROR_TEXTS.has(code) ? code : about}`;
    clearTimeout(alertTimer);
    alertTimer = setTimeout(() => change({ alert: null }), ALERT_MS);
  }

  return (frame) => {
    handlers[frame.type]?.(frame);
    tellHost({ type: "state", state: state.state });
    change({});
  };
}
