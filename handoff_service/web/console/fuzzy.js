// @ts-check
/** Which of some texts somebody means who writes a few letters of it. */

/** Points of a letter: at the beginning, at the beginning of a word, right after the one before. */
const FIRST = 8;
const WORD = 6;
const NEXT = 4;
const ANYWHERE = 1;

/**
 * How well letters fit a text: each must come, in this order; spaces in them do not count.
 * @param {string} wanted
 * @param {string} text
 * @returns {number} 0 when they do not fit; the higher, the better
 */
export function fit(wanted, text) {
  const letters = [...folded(wanted).replaceAll(/\s+/g, "")];
  const places = [...folded(text)];
  if (letters.length === 0) return 1;
  let best = 0;
  // The first letter may stand in several places; a later one can begin the better run.
  places.forEach((place, start) => {
    if (place === letters[0]) best = Math.max(best, scoreFrom(letters, places, start));
  });
  return best && best + 1 / (1 + places.length);
}

/** @param {string[]} letters @param {string[]} places @param {number} start */
function scoreFrom(letters, places, start) {
  let score = 0;
  let before = -2;
  let at = start;
  for (const letter of letters) {
    const found = places.indexOf(letter, at);
    if (found < 0) return 0;
    if (found === 0) score += FIRST;
    else if (/[\s\p{P}]/u.test(places[found - 1] ?? "")) score += WORD;
    else score += found === before + 1 ? NEXT : ANYWHERE;
    before = found;
    at = found + 1;
  }
  return score;
}

/** @param {string} text without case and accents */
function folded(text) {
  return text
    .normalize("NFKD")
    .replaceAll(/\p{Mn}/gu, "")
    .normalize("NFC")
    .toLowerCase();
}

/**
 * @template T
 * @param {string} wanted
 * @param {readonly T[]} items
 * @param {(item: T) => string[]} textsOf the first counts most
 * @returns {T[]} those that fit, the best first; all of them, as they stand, when nothing is wanted
 */
export function best(wanted, items, textsOf) {
  if (!wanted.trim()) return [...items];
  const scored = items.map((item) => ({
    item,
    score: Math.max(...textsOf(item).map((text, rank) => fit(wanted, text) / (1 + rank))),
  }));
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}
