// @ts-check
/** A WebSocket that comes back by itself: backoff, heartbeat, and a fresh hello on each connection. */

import { backoffMs } from "./backoff.js";
import { parseServerFrame } from "./protocol.js";

/** @typedef {import("./protocol.js").Frame} Frame */
/** @typedef {"connecting"|"online"|"offline"} Connection */

/** A ping this often; under the 60 s after which middleboxes forget a quiet connection. */
const PING_EVERY_MS = 20_000;
/** No frame within this time after a ping: the connection is dead, whatever the browser believes. */
const PONG_WITHIN_MS = 6_000;
/** A connection that has not been welcomed by then is given up. */
const WELCOME_WITHIN_MS = 10_000;

/**
 * @typedef {object} LiveSocketOptions
 * @property {string} url
 * @property {() => Frame|Promise<Frame>} hello made anew for each connection, so that it carries the last seq
 * @property {(frame: Frame) => void} onFrame
 * @property {(connection: Connection) => void} onConnection
 * @property {(error: unknown) => boolean} [onHelloError] whether to try again
 * @property {typeof WebSocket} [WebSocketClass]
 * @property {() => number} [random]
 */

export class LiveSocket {
  #options;
  /** @type {WebSocket|null} */
  #socket = null;
  #attempt = 0;
  #stopped = true;
  #online = false;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #retryTimer;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #deadline;
  /** @type {ReturnType<typeof setInterval>|undefined} */
  #pingTimer;
  /** @type {AbortController|null} */
  #listeners = null;

  /** @param {LiveSocketOptions} options */
  constructor(options) {
    this.#options = options;
  }

  get online() {
    return this.#online;
  }

  start() {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    globalThis.addEventListener?.("online", () => this.check(), { signal });
    // The network is gone: say so now, not when a ping stays unanswered.
    globalThis.addEventListener?.("offline", () => this.reconnect(), { signal });
    globalThis.addEventListener?.("pageshow", () => this.check(), { signal });
    globalThis.document?.addEventListener(
      "visibilitychange",
      () => document.visibilityState === "visible" && this.check(),
      { signal },
    );
    this.#connect();
  }

  stop() {
    this.#stopped = true;
    this.#listeners?.abort();
    clearTimeout(this.#retryTimer);
    this.#drop();
  }

  /**
   * @param {Frame} frame
   * @returns {boolean} whether it was handed to an open connection; not whether it arrived
   */
  send(frame) {
    if (!this.#online || this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Find out now whether the connection is alive: after sleep, or when the network came back. */
  check() {
    if (this.#stopped) return;
    if (this.#online) this.#ping();
    else if (this.#retryTimer !== undefined) this.#connect();
  }

  /** Give the connection up and connect anew, as when an answer did not come in time. */
  reconnect() {
    if (!this.#stopped) this.#lost();
  }

  #connect() {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    this.#options.onConnection("connecting");
    const Socket = this.#options.WebSocketClass ?? WebSocket;
    const socket = new Socket(this.#options.url);
    this.#socket = socket;
    this.#expect(WELCOME_WITHIN_MS);
    socket.onopen = () => void this.#greet(socket);
    socket.onmessage = (message) => {
      if (socket === this.#socket) this.#receive(message.data);
    };
    socket.onclose = () => socket === this.#socket && this.#lost();
  }

  /** @param {WebSocket} socket */
  async #greet(socket) {
    try {
      const hello = await this.#options.hello();
      if (socket === this.#socket && socket.readyState === 1) socket.send(JSON.stringify(hello));
    } catch (error) {
      const again = this.#options.onHelloError?.(error) ?? true;
      if (again) this.#lost();
      else this.stop();
    }
  }

  /** @param {unknown} data */
  #receive(data) {
    if (this.#online) clearTimeout(this.#deadline);
    const frame = parseServerFrame(data);
    if (!frame || frame.type === "pong") return;
    if (frame.type === "welcome" && !this.#online) this.#welcomed();
    this.#options.onFrame(frame);
  }

  #welcomed() {
    clearTimeout(this.#deadline);
    this.#attempt = 0;
    this.#online = true;
    this.#pingTimer = setInterval(() => this.#ping(), PING_EVERY_MS);
    this.#options.onConnection("online");
  }

  #ping() {
    this.send({ type: "ping" });
    this.#expect(PONG_WITHIN_MS);
  }

  /** @param {number} withinMs */
  #expect(withinMs) {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#lost(), withinMs);
  }

  #lost() {
    this.#drop();
    if (this.#stopped) return;
    this.#options.onConnection("offline");
    clearTimeout(this.#retryTimer);
    const waitMs = backoffMs(this.#attempt, this.#options.random);
    this.#attempt += 1;
    this.#retryTimer = setTimeout(() => this.#connect(), waitMs);
  }

  #drop() {
    clearTimeout(this.#deadline);
    clearInterval(this.#pingTimer);
    this.#online = false;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }
}

/** @param {string} path @param {Location} [location] @returns {string} the socket's address on this origin */
export function socketUrl(path, location = globalThis.location) {
  return `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}${path}`;
}
