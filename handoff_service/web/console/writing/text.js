// @ts-check
/** Where in a text something ready is asked for, and which gaps are left to fill. Pure. */

/** @typedef {{text?: string, gap?: string}} Part words, or the name of a placeholder without a value */
/** @typedef {{from: number, mark: "/"|"!", wanted: string}} Call from where on something is asked for */

/** What stands around the name of a gap; nobody writes these by hand. */
const OPEN = "⟦";
const CLOSE = "⟧";
const GAP = /⟦[^⟦⟧]*⟧/gu;

/**
 * A slash at the start of a word, and the letters after it. Chinese and Korean put no space before a
 * word; a slash within an address, a date or "and/or" asks for nothing.
 */
const SLASH =
  /(?:^|[^\p{Script=Latin}\p{Script=Cyrillic}\p{N}:/／.\-_~<@=?&#%+])([/／])([^\s/／]{0,40})$/u;
/** Only after a space: everywhere else it ends an exclamation. */
const BANG = /(?:^|\s)([!！])([^\s!！]{0,40})$/u;

/**
 * What is asked for right before the caret: by a slash a reply, by an exclamation mark a macro.
 * @param {string} text @param {number} caret @returns {Call|null}
 */
export function callAt(text, caret) {
  const before = text.slice(0, caret);
  const slash = SLASH.exec(before);
  const found = slash ?? BANG.exec(before);
  if (!found) return null;
  const wanted = found[2] ?? "";
  return { from: caret - wanted.length - 1, mark: slash ? "/" : "!", wanted };
}

/**
 * Parts of a reply as text; a gap stands in brackets, so that it can be seen, found and filled.
 * @param {readonly Part[]} parts @param {(gap: string) => string} nameOf @returns {string}
 */
export function textOf(parts, nameOf) {
  return parts.map(({ text, gap }) => text ?? `${OPEN}${nameOf(gap ?? "")}${CLOSE}`).join("");
}

/** @param {string} text @returns {{start: number, end: number}[]} the gaps that are left */
export function gapsIn(text) {
  return [...text.matchAll(GAP)].map((found) => ({
    start: found.index,
    end: found.index + found[0].length,
  }));
}

/**
 * The gap to go to next.
 * @param {string} text @param {{start: number, end: number}} selection @param {1|-1} step
 * @returns {{start: number, end: number}|undefined}
 */
export function nextGap(text, { start, end }, step) {
  const gaps = gapsIn(text);
  return step > 0 ? gaps.find((gap) => gap.start >= end) : gaps.findLast((gap) => gap.end <= start);
}

/**
 * A passage as it is written to a customer: its words as a quotation, then where they stand.
 * @param {{quote: string, url: string}} passage @param {number} most characters
 */
export function quotation({ quote, url }, most) {
  const room = Math.max(0, most - [...url].length - 1);
  const letters = [...quote.trim()];
  const words =
    letters.length > room
      ? `${letters
          .slice(0, room - 1)
          .join("")
          .trimEnd()}…`
      : quote.trim();
  return `${words}\n${url}`;
}
