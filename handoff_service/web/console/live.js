// @ts-check
/** News over the agent's socket for whoever shows something: topics that change, frames by type. */

import { frames } from "./frames.js";

/** @typedef {import("../shared/protocol.js").Frame} Frame */
/** @typedef {"inbox"|"floor"|"learning"} Topic */
/** @typedef {(changed: {topic: string, conversation_ids?: string[]}) => void} Listener */

/** @param {(frame: Frame) => boolean} send false while there is no connection */
export function createLive(send) {
  /** @type {Map<Topic, Set<Listener>>} */
  const watched = new Map();
  /** @type {Map<string, Set<(frame: Frame) => void>>} */
  const heard = new Map();

  return {
    /**
     * Hear that what a topic lists has changed; also when the connection is back, as news were missed.
     * @param {Topic} topic @param {Listener} listener @returns {() => void} stops it
     */
    watch(topic, listener) {
      const stop = add(watched, topic, listener);
      tellTopics();
      return () => {
        stop();
        tellTopics();
      };
    },
    /** Hear frames of a type. @param {string} type @param {(frame: Frame) => void} listener @returns {() => void} stops it */
    on: (type, listener) => add(heard, type, listener),
    /** Send a frame now; false: there is no connection. @param {Frame} frame */
    send,
    /** @param {Frame} frame that has come */
    receive(frame) {
      if (frame.type === "welcome" && watched.size) {
        tellTopics();
        for (const [topic, listeners] of watched)
          for (const listener of [...listeners]) listener({ topic });
      }
      if (frame.type === "changed")
        for (const listener of [...(watched.get(/** @type {Topic} */ (frame.topic)) ?? [])])
          listener(/** @type {any} */ (frame));
      for (const listener of [...(heard.get(frame.type) ?? [])]) listener(frame);
    },
  };

  function tellTopics() {
    send(frames.watch({ topics: [...watched.keys()] }));
  }
}

/** @typedef {ReturnType<typeof createLive>} Live */

/**
 * @template {string} N
 * @template T
 * @param {Map<N, Set<T>>} all
 * @param {N} name
 * @param {T} listener
 * @returns {() => void}
 */
function add(all, name, listener) {
  const listeners = all.get(name) ?? new Set();
  all.set(name, listeners.add(listener));
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) all.delete(name);
  };
}
