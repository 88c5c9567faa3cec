// @ts-check
/** Every key of the console: who registered it, what it does, and the one listener for all of them. */

/**
 * @typedef {{label: string, run: () => void, when?: () => boolean}} Key
 *   `when`: whether it does something now; without it, it always does
 * @typedef {{title: string, keys: Record<string, Key>}} Group
 */

/** Places where a letter is text. */
const FIELDS =
  "input:not([type=radio], [type=checkbox], [type=button]), textarea, select, [contenteditable]";
/** Elements that do their own thing on Enter and the space bar. */
const PRESSED = "a, button, summary, input, [role=option], [role=menuitem]";

export function createKeys() {
  /** @type {Group[]} the newest last: it is asked first */
  const groups = [];

  return {
    /**
     * Register keys: "a", "?", "escape", "arrowdown", "mod+k" (Ctrl or ⌘; works while writing, too).
     * @param {string} title of the group in the list of keys
     * @param {Record<string, Key>} keys
     * @returns {() => void} takes them back
     */
    add(title, keys) {
      const group = { title, keys };
      groups.push(group);
      return () => {
        const index = groups.indexOf(group);
        if (index >= 0) groups.splice(index, 1);
      };
    },
    /** @returns {readonly Group[]} */
    groups: () => groups,
    /** @param {KeyboardEvent} event @returns {boolean} whether a key has done something */
    press(event) {
      if (event.defaultPrevented || event.isComposing || event.altKey) return false;
      const name = nameOf(event);
      const found = groups
        .toReversed()
        .map(({ keys }) => keys[name])
        .find((key) => key && (key.when?.() ?? true));
      if (!found) return false;
      event.preventDefault();
      found.run();
      return true;
    },
  };
}

/** @typedef {ReturnType<typeof createKeys>} Keys */

/**
 * Listen for the keys. None works while a dialog is open, and while somebody writes only those with
 * Ctrl or ⌘; Escape leaves the field.
 * @param {Keys} keys
 * @param {AbortSignal} signal
 */
export function listenToKeys(keys, signal) {
  document.addEventListener(
    "keydown",
    (event) => {
      if (document.querySelector("dialog[open]")) return;
      const target = event.target instanceof HTMLElement ? event.target : null;
      const writes = target?.closest(FIELDS);
      if (writes && !event.ctrlKey && !event.metaKey) {
        if (event.key === "Escape" && !event.isComposing) target?.blur();
        return;
      }
      if ((event.key === "Enter" || event.key === " ") && target?.closest(PRESSED)) return;
      keys.press(event);
    },
    { signal },
  );
}

/**
 * The name a key is registered under. A letter is the one that stands on the key of a Latin
 * keyboard: who writes Russian or Korean need not switch to press it.
 * @param {{key: string, code: string, ctrlKey: boolean, metaKey: boolean, shiftKey?: boolean}} event
 */
export function nameOf({ key, code, ctrlKey, metaKey }) {
  const latin = /^[\x20-\x7e]$/.test(key);
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  const name = (!latin && key.length <= 2 && letter ? letter : key).toLowerCase();
  return ctrlKey || metaKey ? `mod+${name}` : name;
}

const NAMES = /** @type {Record<string, string>} */ ({
  arrowup: "↑",
  arrowdown: "↓",
  arrowleft: "←",
  arrowright: "→",
  escape: "Esc",
  enter: "↵",
  " ": "␣",
});

/** @param {string} name of a key @returns {string} as it stands on the keyboard */
export function keyText(name) {
  const mac = /Mac|iP(hone|ad)/.test(navigator.platform);
  const parts = name === "+" ? [name] : name.split("+");
  return parts
    .map((part) => (part === "mod" ? (mac ? "⌘" : "Ctrl") : (NAMES[part] ?? part.toUpperCase())))
    .join(" ");
}
