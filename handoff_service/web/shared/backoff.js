// @ts-check
/** How long to wait before the next try to reconnect. */

/** First wait; short, because most drops are a passing tunnel or a service restart. */
export const FIRST_MS = 500;
/** Longest wait; a person looking at the page should not wait longer for it to come back. */
export const LONGEST_MS = 15_000;

/**
 * Exponential backoff with jitter over the upper half, so that many pages do not return at once.
 * @param {number} attempt 0 for the first try after a drop
 * @param {() => number} [random] in [0, 1)
 * @returns {number} milliseconds, within [FIRST_MS / 2, LONGEST_MS]
 */
export function backoffMs(attempt, random = Math.random) {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 30));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}
