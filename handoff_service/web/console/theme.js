// @ts-check
/** Light, dark, or as the system has it. */

export const THEMES = /** @type {const} */ (["system", "light", "dark"]);
/** @typedef {typeof THEMES[number]} Theme */

const KEY = "baton.console.theme";

/** @returns {Theme} what is chosen in this browser */
export function chosenTheme() {
  const kept = localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === kept) ?? "system";
}

/** @param {Theme} [theme] */
export function applyTheme(theme = chosenTheme()) {
  localStorage.setItem(KEY, theme);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** @returns {Theme} the one after the chosen one, which is chosen now */
export function nextTheme() {
  const next = THEMES[(THEMES.indexOf(chosenTheme()) + 1) % THEMES.length] ?? "system";
  applyTheme(next);
  return next;
}
