// @ts-check
/** Sends the outbox in order, one frame at a time, until each is acknowledged or refused for good. */

import { backoffMs } from "./backoff.js";
import { RETRYABLE_CODES } from "./protocol.js";

/** @typedef {import("./outbox.js").Entry} Entry */
/** @typedef {import("./outbox.js").Outbox} Outbox */
/** @typedef {import("./protocol.js").Frame} Frame */

/** No acknowledgement within this time: the connection is taken for dead and made anew. */
const ACK_WITHIN_MS = 8_000;

/**
 * @typedef {object} SenderOptions
 * @property {Outbox} outbox
 * @property {(frame: Frame) => boolean} send
 * @property {() => void} reconnect
 * @property {(entries: Entry[]) => void} onChange told of each change, with all entries in order
 * @property {() => number} [now]
 */

export class Sender {
  #options;
  /** @type {Entry[]} */
  #entries = [];
  /** @type {string|null} the message whose answer is awaited */
  #inFlight = null;
  #refusals = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  /** @param {SenderOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** Take up what an earlier page left unsent. */
  async load() {
    const stored = await this.#options.outbox.all();
    const known = new Set(this.#entries.map((entry) => entry.message_id));
    this.#entries = [...stored.filter((entry) => !known.has(entry.message_id)), ...this.#entries];
    this.#changed();
    this.flush();
  }

  /** @param {Frame} frame with its message_id */
  async post(frame) {
    const created_ms = (this.#options.now ?? Date.now)();
    const entry = { message_id: String(frame.message_id), frame, created_ms, failed: null };
    this.#entries = [...this.#entries, entry];
    this.#changed();
    await this.#options.outbox.put(entry);
    this.flush();
  }

  /** Send the oldest frame that is neither refused nor on its way; call when a connection is welcomed. */
  flush() {
    if (this.#inFlight) return;
    const next = this.#entries.find((entry) => !entry.failed);
    if (!next || !this.#options.send(next.frame)) return;
    this.#inFlight = next.message_id;
    this.#after(ACK_WITHIN_MS, () => this.#options.reconnect());
  }

  /** The connection is gone: what was on its way will be sent again under the same id. */
  disconnected() {
    clearTimeout(this.#timer);
    this.#inFlight = null;
  }

  /** @param {string} messageId */
  acknowledged(messageId) {
    this.#refusals = 0;
    this.#settle(messageId);
    this.#forget(messageId);
    this.flush();
  }

  /** @param {string} messageId @param {string} code */
  refused(messageId, code) {
    if (RETRYABLE_CODES.has(code)) {
      if (this.#inFlight !== messageId) return;
      this.#after(backoffMs(this.#refusals++), () => {
        this.#inFlight = null;
        this.flush();
      });
      return;
    }
    this.#settle(messageId);
    this.#update(messageId, code);
    this.flush();
  }

  /** @param {string} messageId */
  retry(messageId) {
    this.#update(messageId, null);
    this.flush();
  }

  /** @param {string} messageId */
  discard(messageId) {
    this.#settle(messageId);
    this.#forget(messageId);
  }

  /** @param {string} messageId @param {string|null} failed */
  #update(messageId, failed) {
    this.#entries = this.#entries.map((entry) =>
      entry.message_id === messageId ? { ...entry, failed } : entry,
    );
    const entry = this.#entries.find((candidate) => candidate.message_id === messageId);
    if (entry) void this.#options.outbox.put(entry);
    this.#changed();
  }

  /** @param {string} messageId */
  #forget(messageId) {
    this.#entries = this.#entries.filter((entry) => entry.message_id !== messageId);
    void this.#options.outbox.remove(messageId);
    this.#changed();
  }

  /** @param {string} messageId */
  #settle(messageId) {
    if (this.#inFlight !== messageId) return;
    clearTimeout(this.#timer);
    this.#inFlight = null;
  }

  /** @param {number} ms @param {() => void} action */
  #after(ms, action) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(action, ms);
  }

  #changed() {
    this.#options.onChange(this.#entries);
  }
}
