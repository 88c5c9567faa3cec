// @ts-check
/** What people put beside a conversation, whoever has it: notes, tags, priority, marks; and a second wording. */

import { newMessageId } from "../shared/protocol.js";
import { frames } from "./frames.js";

/** @param {Pick<import("./desk.js").Desk, "state"|"sender"|"send">} page */
export function createAnnotating({ state, sender, send }) {
  return {
    /** @param {string} conversation_id @param {string} text @param {string[]} mentions ids of colleagues */
    note: (conversation_id, text, mentions) =>
      post(frames.note({ ...about(conversation_id), text, mentions })),
    /** @param {string} conversation_id @param {string} of message_id of one's own message @param {string} text */
    edit(conversation_id, of, text) {
      const epoch = state.conversations.get(conversation_id)?.summary.epoch;
      if (epoch) post(frames.edit({ ...about(conversation_id), epoch, of, text }));
    },
    /** @param {string} conversation_id @param {string[]} add @param {string[]} remove */
    tag: (conversation_id, add, remove) =>
      post(frames.tag({ ...about(conversation_id), add, remove })),
    /** @param {string} conversation_id @param {number} priority 0 to 9 */
    prioritize: (conversation_id, priority) =>
      post(frames.prioritize({ ...about(conversation_id), priority })),
    /** @param {string} conversation_id @param {number} seq of the turn @param {import("./turns.js").Verdict} verdict */
    mark: (conversation_id, seq, verdict) =>
      post(frames.mark({ ...about(conversation_id), seq, verdict })),
    /** What this tab shows; null: no conversation. @param {string|null} conversation_id
     * @param {{writing?: boolean, last_seq?: number}} [more] */
    view: (conversation_id, more = {}) => send(frames.viewing({ conversation_id, ...more })),
    /** A message that could not be sent is kept for colleagues. @param {string} messageId */
    keepAsNote(messageId) {
      const entry = state.outbox.find((candidate) => candidate.message_id === messageId);
      if (!entry) return;
      void sender().discard(messageId);
      const { conversation_id, text } = entry.frame;
      post(frames.note({ ...about(conversation_id), text }));
    },
  };

  /** @param {string} conversation_id */
  function about(conversation_id) {
    return { conversation_id, message_id: newMessageId() };
  }

  /** Kept until it is acknowledged, over reconnects and reloads. @param {import("../shared/protocol.js").Frame} frame */
  function post(frame) {
    sender().post(frame);
  }
}
