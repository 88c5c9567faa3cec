// @ts-check
/** What an agent does to offers and conversations: each act is one frame. */

import { newMessageId } from "../shared/protocol.js";
import { createAnnotating } from "./annotating.js";
import { frames } from "./frames.js";
import * as lazy from "./lazy.js";
import { toldOnHandBack } from "./mine.js";

/** @typedef {import("../shared/protocol.js").Frame} Frame */
/** @typedef {import("../shared/protocol.js").Offer} Offer */
/** @typedef {ReturnType<typeof createActs>} Acts */

/** @param {import("./desk.js").Desk} page */
export function createActs({ state, t, toast, sender, send, reveal, directory }) {
  return {
    ...createAnnotating({ state, sender, send }),
    /** @param {Offer} offer */
    accept({ conversation_id, epoch }) {
      sendNow(frames.accept({ conversation_id, epoch }));
      reveal(conversation_id);
    },
    /** @param {Offer} offer */
    decline: ({ conversation_id, epoch }) =>
      sendNow(frames.decline({ conversation_id, epoch, reason: "declined" })),
    say,
    retry,
    /** @param {string} messageId */
    discard: (messageId) => void sender().discard(messageId),
    /** @param {string} id */
    handBack: async (id) =>
      (await lazy.dialogs()).askHandBack(t, toldOnHandBack(state, id), (note) =>
        sendHeld(id, frames.hand_back, { note: note || undefined }),
      ),
    /** @param {string} id */
    end: async (id) =>
      (await lazy.dialogs()).askDisposition(t, directory, (disposition) =>
        sendHeld(id, frames.wrap_up, { disposition }),
      ),
    /** @param {string} id */
    transfer: async (id) =>
      (await lazy.transfer()).askTransfer({
        t,
        self: state.agent.agent_id,
        directory,
        confirm: ({ kind, to }, note) => passOn(id, kind, to, note),
      }),
    passOn,
    /** @param {string} id */
    park: async (id) =>
      (await lazy.park()).askPark({
        t,
        locale: state.locale,
        confirm(until_ms, note) {
          const summary = state.conversations.get(id)?.summary;
          if (summary) summary.parked_until_ms = until_ms;
          sendHeld(id, frames.park, { until_ms, note: note || undefined });
        },
      }),
    /** Take up what this agent has set aside. @param {string} id */
    resume: (id) => sendNow(frames.resume({ conversation_id: id })),
    /** @param {string} id of a conversation that is not this agent's */
    takeOver: async (id) =>
      (await lazy.supervise()).askTakeOver(t, () =>
        sendNow(frames.take_over({ conversation_id: id })),
      ),
    /** @param {string} id of a conversation that is not this agent's */
    whisper: async (id) =>
      (await lazy.supervise()).askWhisper(t, (text) =>
        sendNow(frames.whisper({ conversation_id: id, message_id: newMessageId(), text })),
      ),
    /** @param {string} id */
    finish: (id) => sendHeld(id, frames.close, {}),
    /** @param {string} id @param {string} text */
    draft(id, text) {
      const epoch = epochOf(id);
      if (epoch) send(frames.draft({ conversation_id: id, epoch, text }));
    },
    /** @param {string} id @param {boolean} on */
    typing: (id, on) => void send(frames.typing({ conversation_id: id, on })),
  };

  /** A decision of the moment: sent now or not at all. @param {Frame} frame */
  function sendNow(frame) {
    if (!send(frame)) toast(t("offline"), "bad");
  }

  /**
   * Decide about a conversation under the epoch of now.
   * @template {object} F
   * @param {string} id
   * @param {(fields: F & {conversation_id: string, epoch: number}) => Frame} make
   * @param {F} fields
   */
  function sendHeld(id, make, fields) {
    const epoch = epochOf(id);
    if (epoch) sendNow(make({ ...fields, conversation_id: id, epoch }));
  }

  /** @param {string} id @param {"agent"|"team"|"skill"} kind @param {string} to @param {string} [note] */
  function passOn(id, kind, to, note) {
    sendHeld(id, frames.transfer, { kind, to, note: note || undefined });
  }

  /** @param {string} id @returns {number|undefined} */
  function epochOf(id) {
    return state.conversations.get(id)?.summary.epoch;
  }

  /** @param {string} id @param {string} text @param {import("../shared/files.js").Picked[]} [files]
   * @param {string} [message_id] @param {import("./writing/index.js").Used} [used] */
  function say(id, text, files, message_id = newMessageId(), used = {}) {
    const epoch = epochOf(id);
    const fields = { conversation_id: id, message_id, text, ...used };
    if (epoch) sender().post(frames.message({ ...fields, epoch }), files);
  }

  /** Send a refused message again under the epoch of now. @param {string} messageId */
  function retry(messageId) {
    const entry = state.outbox.find((candidate) => candidate.message_id === messageId);
    if (!entry) return;
    sender().discard(messageId);
    const files = entry.files?.map(({ name, blob }) => ({ name, blob }));
    const { conversation_id, text, canned_id, macro_id, passage } = entry.frame;
    say(conversation_id, text, files, messageId, { canned_id, macro_id, passage });
  }
}
