// @ts-check
/** Style sheets that come with what needs them. */

import { el } from "../shared/dom.js";

/** @type {Map<string, Promise<void>>} */
const loaded = new Map();

/**
 * Load a style sheet, once; wait for it before the markup is seen.
 * @param {string} address @returns {Promise<void>} never refused: unstyled is better than not at all
 */
export function loadStyle(address) {
  const known = loaded.get(address);
  if (known) return known;
  const link = el("link", { rel: "stylesheet", href: address });
  const done = new Promise((resolve) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", resolve);
  }).then(() => {});
  loaded.set(address, done);
  document.head.append(link);
  return done;
}
