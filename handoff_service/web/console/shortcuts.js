// @ts-check
/** Keys of the desk; none of them works while the agent writes or a dialog is open. */

/**
 * @param {Record<string, () => void>} actions by key, in lower case
 * @param {AbortSignal} signal
 */
export function listenToKeys(actions, signal) {
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const target = event.target instanceof HTMLElement ? event.target : null;
      if (document.querySelector("dialog[open]")) return;
      if (target?.closest("input, textarea, select")) {
        if (event.key === "Escape") target.blur();
        return;
      }
      const action = actions[event.key.toLowerCase()];
      if (!action) return;
      event.preventDefault();
      action();
    },
    { signal },
  );
}
