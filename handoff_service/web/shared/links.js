// @ts-check
/** Which addresses in a message may become links, and how their text is shown. */

/** Addresses people type, up to a space, a quote or Chinese punctuation. */
const ADDRESS =
  /\bhttps?:\/\/[^\s<>"'`\u3000-\u303f\uff01-\uff0f\uff1a-\uff20]+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/giu;
/** Punctuation that ends a sentence rather than an address. */
const TRAILING = /[.,;:!?)\]}'"»”’]+$/u;
/** Characters that reorder or hide text; a link's address must show as it is. */
const DECEPTIVE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/**
 * An address that is safe to follow, or null. Web and mail only: `javascript:`, `data:` and
 * addresses that carry a user name (which look like another site) are refused.
 * @param {string} address absolute, or relative to `base`
 * @param {string} [base]
 * @returns {string|null}
 */
export function safeHref(address, base) {
  if (!URL.canParse(address, base)) return null;
  const url = new URL(address, base);
  if (url.protocol === "mailto:") return url.href;
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  return url.username || url.password ? null : url.href;
}

/** @typedef {{text: string, href?: string}} Piece */

/**
 * Cut a line into plain text and links. A link's text is the parsed address, so that a look-alike
 * host shows in its plain (punycode) letters.
 * @param {string} line
 * @returns {Piece[]}
 */
export function linkPieces(line) {
  /** @type {Piece[]} */
  const pieces = [];
  let end = 0;
  for (const match of line.matchAll(ADDRESS)) {
    const address = match[0].replace(DECEPTIVE, "").replace(TRAILING, "");
    const href = safeHref(address.includes("://") ? address : `mailto:${address}`);
    if (!href) continue;
    pieces.push({ text: line.slice(end, match.index) });
    pieces.push({ text: shownAddress(address, href), href });
    end = match.index + match[0].replace(TRAILING, "").length;
  }
  pieces.push({ text: line.slice(end) });
  return pieces.filter((piece) => piece.text);
}

/** @param {string} address @param {string} href */
function shownAddress(address, href) {
  if (href.startsWith("mailto:")) return address;
  const { host } = new URL(href);
  return address.toLowerCase().includes(host) ? address : href;
}
