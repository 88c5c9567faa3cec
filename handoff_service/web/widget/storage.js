// @ts-check
/** What the widget remembers in this browser: who the visitor is, their language, their draft. */

const PREFIX = "baton.";
/** @type {Map<string, string>} where the browser refuses storage, kept for this page's life */
const memory = new Map();

/** @param {string} name @returns {string|null} */
export function recall(name) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return memory.get(name) ?? null;
  }
}

/** @param {string} name @param {string|null} value null or "" forgets it */
export function remember(name, value) {
  try {
    if (value) localStorage.setItem(PREFIX + name, value);
    else localStorage.removeItem(PREFIX + name);
  } catch {
    if (value) memory.set(name, value);
    else memory.delete(name);
  }
}
