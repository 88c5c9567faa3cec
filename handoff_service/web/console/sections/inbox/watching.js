// @ts-check
/** Hears that conversations have changed, and says so not too often. */

/** Between two words of it, in ms: many pages may watch one desk. */
const CALM_MS = 1_000;

/**
 * @param {Pick<import("../../live.js").Live, "watch">} live
 * @param {(ids: string[]|undefined) => void} listener which have changed; undefined: too many to be named
 * @param {number} [calmMs]
 * @returns {() => void} stops it
 */
export function watchCalmly(live, listener, calmMs = CALM_MS) {
  /** @type {Set<string>|undefined} */
  let ids = new Set();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  const stop = live.watch("inbox", ({ conversation_ids }) => {
    if (!conversation_ids) ids = undefined;
    for (const id of conversation_ids ?? []) ids?.add(id);
    if (ids && ids.size > MOST) ids = undefined;
    timer ??= setTimeout(tell, calmMs);
  });
  return () => {
    stop();
    clearTimeout(timer);
  };

  function tell() {
    timer = undefined;
    const told = ids && [...ids];
    ids = new Set();
    listener(told);
  }
}

/** More than the API is asked about by name. */
const MOST = 100;
