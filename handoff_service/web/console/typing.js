// @ts-check
/** Tells that somebody writes: at once, again while they go on, and when they have stopped. */

/** Say "writing" at most this often, and "stopped" after as long without a key. */
const EVERY_MS = 3_000;

/** @param {(on: boolean) => void} tell */
export function createWriting(tell) {
  let sinceMs = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;

  return {
    key() {
      clearTimeout(timer);
      timer = setTimeout(stop, EVERY_MS);
      if (Date.now() - sinceMs < EVERY_MS) return;
      sinceMs = Date.now();
      tell(true);
    },
    stop,
  };

  function stop() {
    clearTimeout(timer);
    if (sinceMs) tell(false);
    sinceMs = 0;
  }
}
