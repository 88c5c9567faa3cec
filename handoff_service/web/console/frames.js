// @ts-check
/** The frames that an agent's page sends. */

import { frame, PROTOCOL_VERSION } from "../shared/protocol.js";

/** What an agent's page may send. */
export const frames = {
  /** @param {{conversations: Record<string, number>}} fields */
  hello: (fields) => frame("hello", { v: PROTOCOL_VERSION, ...fields }),
  /** @param {{status: import("../shared/protocol.js").Presence}} fields */
  presence: (fields) => frame("presence", fields),
  /** @param {{conversation_id: string, epoch: number}} fields */
  accept: (fields) => frame("accept", fields),
  /** @param {{conversation_id: string, epoch: number, reason: string}} fields */
  decline: (fields) => frame("decline", fields),
  /** @param {{conversation_id: string, epoch: number, message_id: string, text: string, attachments?: string[], canned_id?: string, macro_id?: string, passage?: string}} fields */
  message: (fields) => frame("message", fields),
  /** @param {{conversation_id: string, epoch: number, note?: string}} fields */
  hand_back: (fields) => frame("hand_back", fields),
  /** @param {{conversation_id: string, epoch: number, disposition: string}} fields */
  wrap_up: (fields) => frame("wrap_up", fields),
  /** @param {{conversation_id: string, epoch: number}} fields */
  close: (fields) => frame("close", fields),
  /** @param {{conversation_id: string, epoch: number, kind: "agent"|"team"|"skill", to: string, note?: string}} fields */
  transfer: (fields) => frame("transfer", fields),
  /** @param {{conversation_id: string}} fields */
  take_over: (fields) => frame("take_over", fields),
  /** @param {{conversation_id: string, message_id: string, text: string}} fields */
  whisper: (fields) => frame("whisper", fields),
  /** @param {{conversation_id: string, epoch: number, until_ms: number, note?: string}} fields */
  park: (fields) => frame("park", fields),
  /** @param {{conversation_id: string}} fields */
  resume: (fields) => frame("resume", fields),
  /** @param {{conversation_id: string, epoch: number, text: string}} fields */
  draft: (fields) => frame("draft", fields),
  /** @param {{conversation_id: string, message_id: string, text: string, mentions?: string[]}} fields */
  note: (fields) => frame("note", fields),
  /** @param {{conversation_id: string, epoch: number, message_id: string, of: string, text: string}} fields */
  edit: (fields) => frame("edit", fields),
  /** @param {{conversation_id: string, message_id: string, add?: string[], remove?: string[]}} fields */
  tag: (fields) => frame("tag", fields),
  /** @param {{conversation_id: string, message_id: string, priority: number}} fields */
  prioritize: (fields) => frame("prioritize", fields),
  /** @param {{conversation_id: string, message_id: string, seq: number, verdict: "wrong"|"missing"|"right", note?: string}} fields */
  mark: (fields) => frame("mark", fields),
  /** @param {{conversation_id: string|null, writing?: boolean, last_seq?: number}} fields */
  viewing: (fields) => frame("viewing", fields),
  /** @param {{topics: ("inbox"|"floor"|"learning")[]}} fields */
  watch: (fields) => frame("watch", fields),
  /** @param {{conversation_id: string, on: boolean}} fields */
  typing: (fields) => frame("typing", fields),
  /** @param {{conversation_id: string, seq: number}} fields */
  read: (fields) => frame("read", fields),
  ping: () => frame("ping", {}),
};
