// @ts-check
/** Sends the outbox in order, one frame at a time, until each is acknowledged or refused for good. */

import { backoffMs } from "./backoff.js";
import { RETRYABLE_CODES } from "./protocol.js";

/** @typedef {import("./outbox.js").Entry} Entry */
/** @typedef {import("./outbox.js").Outbox} Outbox */
/** @typedef {import("./protocol.js").Frame} Frame */
/** @typedef {import("./files.js").Picked} Picked */
/** @typedef {import("./files.js").Watch} Watch */
/** What tabs tell each other: an entry is new or changed, was acknowledged, or was taken back.
 * @typedef {{put?: Entry, acked?: string, gone?: string}} Told */

/** No acknowledgement within this time: the connection is taken for dead and made anew. */
const ACK_WITHIN_MS = 8_000;
/** What another tab wrote is left to that tab for this long; then this one sends it. Should both do,
 * the service stores it once. */
const OTHERS_FIRST_MS = 3_000;
/** Storage that has not answered by then hangs: the page goes on without it. */
const STORED_WITHIN_MS = 500;

/** @typedef {ReturnType<typeof createSender>} Sender */

/**
 * @typedef {object} SenderOptions
 * @property {Outbox} outbox
 * @property {(frame: Frame) => boolean} send
 * @property {() => void} reconnect
 * @property {(entries: Entry[]) => void} onChange told of each change, with all entries in order
 * @property {(messageId: string) => void} onAcked told before such an entry goes
 * @property {(file: Picked, frame: Frame, watch: Watch) => Promise<import("./files.js").Uploaded>} [upload] a file of this message
 * @property {(messageId: string, code: string) => void} [onUploadRefused] has to lead to `refused`
 * @property {(told: Told) => void} [tell] tells the other tabs
 * @property {() => number} [now]
 */

/** @param {SenderOptions} options */
export function createSender({
  outbox,
  send,
  reconnect,
  onChange,
  onAcked,
  upload = () => Promise.resolve(null),
  onUploadRefused = () => {},
  tell = () => {},
  now = Date.now,
}) {
  /** @type {Entry[]} */
  let entries = [];
  /** When an entry of another tab was heard of. @type {Map<string, number>} */
  const others = new Map();
  let lastOrder = 0;
  /** @type {string|null} the message whose answer is awaited */
  let inFlight = null;
  let refusals = 0;
  /** The upload that is under way. @type {Watch|null} */
  let uploading = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;

  /** Take up what an earlier page left unsent. */
  async function load() {
    const stored = await Promise.race([outbox.all(), after(STORED_WITHIN_MS, [])]);
    change([...stored.filter(({ message_id }) => !find(message_id)), ...entries]);
    flush();
  }

  /** @param {Frame} frame with its message_id @param {Picked[]} [files] that go with it */
  function post(frame, files) {
    const created_ms = now();
    // By the time, so that what several tabs wrote has one order.
    lastOrder = Math.max(lastOrder + 1, created_ms * 1000);
    const message_id = String(frame.message_id);
    /** @type {Entry} */
    const put = { order: lastOrder, message_id, frame, created_ms, failed: null };
    if (files?.length) put.files = files;
    change([...entries, put]);
    tell({ put });
    void outbox.put(put);
    flush(); // At once: where storage is slow the page may be gone before it has answered.
  }

  /** Send the oldest frame that is neither refused nor on its way; call when a connection is welcomed. */
  function flush() {
    const next = entries.find((entry) => !entry.failed);
    if (inFlight || !next) return;
    const leftMs = others.get(next.message_id) ?? -OTHERS_FIRST_MS;
    const restMs = leftMs + OTHERS_FIRST_MS - now();
    if (restMs > 0) later(restMs, flush);
    else if (next.files?.some(({ id }) => !id)) void uploadNext(next);
    else if (send(withFiles(next))) {
      inFlight = next.message_id;
      later(ACK_WITHIN_MS, reconnect);
    }
  }

  /** Files go before their message, one at a time; the other tabs are told how far they are.
   * @param {Entry} entry */
  async function uploadNext({ message_id, frame, files = [] }) {
    const index = files.findIndex(({ id }) => !id);
    const file = /** @type {Picked} */ (files[index]);
    const note = (/** @type {Partial<Picked>} */ part) => {
      const entry = find(message_id);
      if (entry) save({ ...entry, files: files.with(index, { ...file, ...part }) }, !part.id);
    };
    inFlight = message_id;
    uploading = { progress: (done) => note({ done }) };
    const answer = await upload(file, frame, uploading).catch(() => null);
    uploading = null;
    if (answer?.id) note({ id: answer.id, done: 1 });
    else if (find(message_id)) {
      onUploadRefused(message_id, answer?.error?.code ?? "unavailable");
      return;
    }
    settle(message_id);
    flush();
  }

  /** The connection is gone: what was on its way will be sent again under the same id. */
  function disconnected() {
    if (uploading) return; // That is a connection of its own.
    clearTimeout(timer);
    inFlight = null;
  }

  /** @param {string} messageId */
  function acknowledged(messageId) {
    refusals = 0;
    tell({ acked: messageId });
    void outbox.remove(messageId);
    arrived(messageId);
  }

  /** @param {string} messageId @param {string} code */
  function refused(messageId, code) {
    if (!RETRYABLE_CODES.has(code)) {
      settle(messageId);
      mark(messageId, code);
      flush();
    } else if (inFlight === messageId)
      later(backoffMs(refusals++), () => {
        inFlight = null;
        flush();
      });
  }

  /** @param {string} messageId */
  function retry(messageId) {
    others.delete(messageId);
    mark(messageId, null);
    flush();
  }

  /** @param {string} messageId */
  function discard(messageId) {
    tell({ gone: messageId });
    void outbox.remove(messageId);
    drop(messageId);
  }

  /** Another tab did something. @param {Told} told */
  function hear({ put, acked, gone }) {
    if (put) {
      const known = find(put.message_id);
      if (!known || others.has(put.message_id)) others.set(put.message_id, now());
      if (known) replace(put);
      else change([...entries, put]);
      flush();
    }
    if (acked) arrived(acked);
    if (gone) drop(gone);
  }

  /** @param {string} messageId */
  function find(messageId) {
    return entries.find((entry) => entry.message_id === messageId);
  }

  /** @param {Entry} put */
  function replace(put) {
    change(entries.map((entry) => (entry.message_id === put.message_id ? put : entry)));
  }

  /** @param {string} messageId @param {string|null} failed */
  function mark(messageId, failed) {
    const entry = find(messageId);
    if (!entry) return;
    const put = { ...entry, failed };
    // Who tries again sends the files again, too: the service may have let go of them.
    if (!failed && put.files) put.files = put.files.map(({ name, blob }) => ({ name, blob }));
    save(put);
  }

  /** @param {Entry} put changed @param {boolean} [passing] so that it need not outlive the page */
  function save(put, passing) {
    tell({ put });
    if (!passing) void outbox.put(put);
    replace(put);
  }

  /** @param {string} messageId */
  function arrived(messageId) {
    onAcked(messageId);
    drop(messageId);
    flush();
  }

  /** @param {string} messageId */
  function drop(messageId) {
    settle(messageId);
    others.delete(messageId);
    change(entries.filter((entry) => entry.message_id !== messageId));
  }

  /** @param {string} messageId */
  function settle(messageId) {
    if (inFlight !== messageId) return;
    clearTimeout(timer);
    uploading?.cancel?.();
    inFlight = null;
  }

  /** @param {number} ms @param {() => void} action */
  function later(ms, action) {
    clearTimeout(timer);
    timer = setTimeout(action, ms);
  }

  /** @param {Entry[]} fresh */
  function change(fresh) {
    entries = fresh;
    onChange(entries);
  }

  return { load, post, flush, disconnected, acknowledged, refused, retry, discard, hear };
}

/** @param {Entry} entry @returns {Frame} */
function withFiles({ frame, files }) {
  return files ? { ...frame, attachments: files.map(({ id }) => id) } : frame;
}

/** @template T @param {number} ms @param {T} value @returns {Promise<T>} */
function after(ms, value) {
  return new Promise((resolve) => setTimeout(resolve, ms, value));
}
