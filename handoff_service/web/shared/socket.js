// @ts-check
/** A connection that comes back by itself: backoff, heartbeat, a fresh hello each time, and another way where sockets are blocked. */

import { backoffMs } from "./backoff.js";
import { parseServerFrame } from "./protocol.js";

/** @typedef {import("./protocol.js").Frame} Frame */
/** @typedef {"connecting"|"online"|"offline"} Connection */

/** After as much silence a page in sight asks whether the other side is there: with the wait for the
 * answer a dead connection is noticed within ten seconds, at some thirty bytes a second. */
const PING_AFTER_MS = 5_000;
/** A page nobody sees asks less often; under the 60 s after which middleboxes forget a connection. */
const HIDDEN_PING_AFTER_MS = 25_000;
/** No frame within this time after a ping: the connection is dead, whatever the browser believes. */
const PONG_WITHIN_MS = 4_500;
/** A connection that has not been welcomed by then is given up. */
const WELCOME_WITHIN_MS = 10_000;
/** While polling, a socket is tried again after this time, then at doubling intervals. */
const FIRST_PROBE_MS = 10_000;
const LONGEST_PROBE_MS = 5 * 60_000;
/** WebSocket close code: the service is overloaded or without its store. */
const TRY_AGAIN_LATER = 1013;
/** Attempts that such a close counts for: the next one is two to four seconds away. */
const ATTEMPTS_LATER = 3;

/**
 * What a WebSocket and its stand-in (polling.js) have in common.
 * @typedef {{readyState: number, send(text: string): void, close(): void, onopen: any, onmessage: any, onclose: any}} Way
 */

/** @typedef {{code?: number, retryAfterMs?: number}} Closed */
/** @typedef {ReturnType<typeof createLiveSocket>} LiveSocket */

/**
 * @typedef {object} LiveSocketOptions
 * @property {string} url
 * @property {() => Frame|Promise<Frame>} hello made anew for each connection, so that it carries the last seq
 * @property {(frame: Frame) => void} onFrame
 * @property {(connection: Connection) => void} onConnection
 * @property {(url: string) => Way} [connect] opens a WebSocket
 * @property {() => Way} [poll] the way where no WebSocket comes through
 * @property {boolean} [polls] begin with it, as this browser needed it before
 * @property {(polls: boolean) => void} [onWay] told which way came through
 * @property {() => number} [random]
 */

/**
 * @param {LiveSocketOptions} options
 */
export function createLiveSocket({
  url,
  hello,
  onFrame,
  onConnection,
  connect = (address) => new WebSocket(address),
  poll,
  polls = false,
  onWay,
  random,
}) {
  /** @type {Way|null} */
  let socket = null;
  let attempt = 0;
  let stopped = true;
  let online = false;
  /** Whether anything was heard on the present way, and when last. */
  let heard = false;
  let heardAtMs = 0;
  let probeMs = FIRST_PROBE_MS;
  /** @type {AbortController|null} */
  let listeners = null;
  /** @typedef {ReturnType<typeof setTimeout>|undefined} Timer */
  let retryTimer = /** @type {Timer} */ (undefined);
  let deadline = /** @type {Timer} */ (undefined);
  let pingTimer = /** @type {Timer} */ (undefined);
  let probeTimer = /** @type {Timer} */ (undefined);

  function start() {
    if (!stopped) return;
    stopped = false;
    listeners = new AbortController();
    const { signal } = listeners;
    const page = globalThis.document;
    globalThis.addEventListener?.("online", check, { signal });
    // The network is gone: say so now, not when a ping stays unanswered.
    globalThis.addEventListener?.("offline", reconnect, { signal });
    globalThis.addEventListener?.("pageshow", check, { signal });
    for (const wakes of ["visibilitychange", "resume"])
      page?.addEventListener(wakes, () => isHidden() || check(), { signal });
    open();
  }

  function stop() {
    stopped = true;
    listeners?.abort();
    clearTimeout(retryTimer);
    drop();
  }

  /**
   * @param {Frame} frame
   * @returns {boolean} whether it was handed to an open connection; not whether it arrived
   */
  function send(frame) {
    if (!online || socket?.readyState !== 1) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  /** Find out now whether the connection is alive: after sleep, or when the network came back. */
  function check() {
    if (stopped) return;
    if (online) ping();
    else if (retryTimer !== undefined) open();
  }

  /** Give the connection up and connect anew, as when an answer did not come in time. */
  function reconnect() {
    if (!stopped) lost();
  }

  function open() {
    clearTimeout(retryTimer);
    retryTimer = undefined;
    onConnection("connecting");
    const fresh = polls && poll ? poll() : connect(url);
    socket = fresh;
    heard = false;
    expect(WELCOME_WITHIN_MS);
    fresh.onopen = () => void greet(fresh);
    fresh.onmessage = (/** @type {{data: unknown}} */ { data }) => {
      if (fresh === socket) receive(data);
    };
    fresh.onclose = (/** @type {Closed} */ event) => fresh === socket && failed(event);
  }

  /** @param {Way} fresh */
  async function greet(fresh) {
    try {
      const greeting = JSON.stringify(await hello());
      if (fresh === socket && fresh.readyState === 1) fresh.send(greeting);
    } catch {
      if (fresh === socket) lost(); // no hello can be made now: later
    }
  }

  /** @param {unknown} data */
  function receive(data) {
    heard = true;
    heardAtMs = Date.now();
    if (online) clearTimeout(deadline);
    const frame = parseServerFrame(data);
    if (!frame || frame.type === "pong") return;
    if (frame.type === "welcome" && !online) welcomed();
    onFrame(frame);
  }

  function welcomed() {
    clearTimeout(deadline);
    attempt = 0;
    online = true;
    watch();
    if (polls) probeTimer = setTimeout(probe, probeMs);
    else probeMs = FIRST_PROBE_MS;
    onWay?.(polls);
    onConnection("online");
  }

  /** Ask once it has been silent for too long. By the clock, which goes on while a page sleeps. */
  function watch() {
    clearTimeout(pingTimer);
    const pauseMs = isHidden() ? HIDDEN_PING_AFTER_MS : PING_AFTER_MS;
    const restMs = heardAtMs + pauseMs - Date.now();
    if (restMs <= 0) ping();
    else pingTimer = setTimeout(watch, restMs);
  }

  function ping() {
    send({ type: "ping" });
    expect(PONG_WITHIN_MS);
    clearTimeout(pingTimer);
    pingTimer = setTimeout(watch, PING_AFTER_MS);
  }

  /** Polling: see whether sockets come through by now. */
  function probe() {
    if (!online || !polls) return;
    probeMs = Math.min(LONGEST_PROBE_MS, probeMs * 2);
    probeTimer = setTimeout(probe, probeMs);
    const tried = connect(url);
    tried.onopen = () => {
      tried.close();
      if (!online || !polls) return;
      polls = false;
      drop();
      open();
    };
  }

  /** @param {number} withinMs */
  function expect(withinMs) {
    clearTimeout(deadline);
    deadline = setTimeout(failed, withinMs);
  }

  /** @param {Closed} [event] why the other side closed, if it did */
  function failed({ code, retryAfterMs } = {}) {
    // Not a word came this way: try the other one next.
    if (!heard && poll) polls = !polls;
    if (code === TRY_AGAIN_LATER) attempt = Math.max(attempt, ATTEMPTS_LATER);
    lost(retryAfterMs);
  }

  /** @param {number} [notBeforeMs] the other side asks to stay away as long */
  function lost(notBeforeMs = 0) {
    drop();
    if (stopped) return;
    onConnection("offline");
    clearTimeout(retryTimer);
    retryTimer = setTimeout(open, Math.max(notBeforeMs, backoffMs(attempt, random)));
    attempt += 1;
  }

  function drop() {
    for (const timer of [deadline, pingTimer, probeTimer]) clearTimeout(timer);
    online = false;
    const old = socket;
    socket = null;
    old?.close();
  }

  return { start, stop, send, check, reconnect, isOnline: () => online };
}

function isHidden() {
  return globalThis.document?.visibilityState === "hidden";
}

/** @param {string} path @param {Location} [location] @returns {string} the socket's address on this origin */
export function socketUrl(path, location = globalThis.location) {
  return `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}${path}`;
}
