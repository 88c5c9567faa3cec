// @ts-check
/** What the widget remembers in this browser: who the visitor is, their language, their draft. */

const PREFIX = "baton.";
const LASTING = new Set(["baton.locale", "baton.sound"]);
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

/** Forget all of a customer; their language and whether they want sounds say nothing of them. */
export function forgetCustomer() {
  memory.clear();
  try {
    for (const key of Object.keys(localStorage))
      if (key.startsWith(PREFIX) && !LASTING.has(key)) localStorage.removeItem(key);
  } catch {
    // Storage is refused: there is nothing in it.
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
