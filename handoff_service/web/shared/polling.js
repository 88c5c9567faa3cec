// @ts-check
/** Stands in for a WebSocket where none comes through: the same frames, carried by requests. */

/** @typedef {import("./protocol.js").Frame} Frame */

/** The service holds a poll for as long while there is no news; short, because a poll is also what
 * shows that the connection is alive. */
const HOLD_MS = 5_000;
/** An answer that is as late beyond that will not come. */
const LATE_MS = 4_500;
/** A page nobody sees asks this often instead: browsers open few connections to one host. */
const HIDDEN_EVERY_MS = 10_000;

/** @returns {import("./socket.js").Way} open as soon as it has its listeners */
export function createPolling() {
  const requests = new AbortController();
  /** @type {Frame} */
  let hello;
  let seen = "";
  /** @type {import("./socket.js").Way} */
  const way = { readyState: 1, send, close, onopen: null, onmessage: null, onclose: null };
  queueMicrotask(() => way.onopen?.());
  return way;

  /** @param {string} text */
  function send(text) {
    const frame = JSON.parse(text);
    // Whether the connection is alive is seen by the polls.
    if (frame.type === "ping") queueMicrotask(() => way.onmessage?.({ data: { type: "pong" } }));
    else if (frame.type === "hello") {
      hello = frame;
      void listen();
    } else void ask([frame], 0);
  }

  function close() {
    way.readyState = 3;
    requests.abort();
  }

  async function listen() {
    while (way.readyState === 1) {
      const { hidden } = document;
      await ask([], hidden ? 0 : HOLD_MS);
      if (hidden && way.readyState === 1) await untilSeen();
    }
  }

  /** @param {Frame[]} frames @param {number} hold_ms */
  async function ask(frames, hold_ms) {
    const { token, last_seq, locale } = hello;
    const late = setTimeout(end, hold_ms + LATE_MS, 0);
    try {
      const response = await fetch("/api/customer/poll", {
        method: "POST",
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
        body: JSON.stringify({ last_seq, locale, seen, frames, hold_ms }),
        credentials: "omit",
        signal: requests.signal,
      });
      const answer = await response.json();
      if (way.readyState !== 1) return;
      if (response.ok) take(answer);
      else refuse(answer.error.code, frames[0], response);
    } catch {
      end(0); // No answer, or none of ours: the connection is lost.
    } finally {
      clearTimeout(late);
    }
  }

  /** @param {{seen: string, frames: Frame[]}} answer */
  function take(answer) {
    seen = answer.seen;
    for (const frame of answer.frames) {
      if (frame.type === "event") hello.last_seq = Math.max(hello.last_seq, frame.event.seq);
      way.onmessage?.({ data: frame });
    }
  }

  /** @param {string} code @param {Frame|undefined} frame @param {Response} response */
  function refuse(code, frame, { headers }) {
    way.onmessage?.({ data: { type: "error", code, message_id: frame?.message_id } });
    if (!frame) end(Number(headers.get("Retry-After")) * 1000);
  }

  /** @param {number} retryAfterMs */
  function end(retryAfterMs) {
    if (way.readyState === 3) return;
    close();
    way.onclose?.({ retryAfterMs });
  }
}

/** @returns {Promise<unknown>} over when the page is seen again, and at the latest in time for the next poll */
function untilSeen() {
  return new Promise((resolve) => {
    setTimeout(resolve, HIDDEN_EVERY_MS);
    document.addEventListener("visibilitychange", resolve, { once: true });
  });
}
