// @ts-check
/** A menu behind a button, by mouse and keyboard: what a customer wants seldom. */

import { el, icon, setText } from "../shared/dom.js";

const LINES = "M5 7h14M5 12h14M5 17h14";

/**
 * @typedef {import("./state.js").WidgetState} WidgetState
 * @typedef {import("../shared/i18n.js").Translate} Translate
 * @typedef {object} MenuItem
 * @property {string} id its test id is `menu-ID`
 * @property {(t: Translate, state: WidgetState) => string} label
 * @property {() => void} run
 * @property {(state: WidgetState) => boolean} [shown] always, where it is left out
 * @property {(state: WidgetState) => boolean} [checked] whether it is switched on
 * @property {string} [lang] language of the label, where it is not the page's; these are a choice of one
 */

/**
 * @param {HTMLButtonElement} button
 * @param {HTMLElement} region hidden while the menu is closed
 * @param {MenuItem[]} items from top to bottom
 * @param {{drawing?: string, name?: string, columns?: number}} [look] icon and key of the name of the
 *   button, and how many items stand side by side
 */
export function createMenu(button, region, items, look = {}) {
  const { drawing = LINES, name = "menu", columns = 1 } = look;
  const rows = items.map(({ id, checked, lang, run }) =>
    el("button", {
      type: "button",
      role: `menuitem${lang ? "radio" : checked ? "checkbox" : ""}`,
      tabindex: -1,
      lang,
      dataset: { testid: `menu-${id}` },
      on: { click: () => (open(false), run()) },
    }),
  );
  region.setAttribute("role", "menu");
  region.append(...rows);
  button.append(icon(drawing));
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => open(Boolean(region.hidden)));
  for (const part of [button, region]) part.addEventListener("keydown", keydown);
  document.addEventListener("pointerdown", ({ target }) => {
    const inside = [button, region].some((part) => part.contains(/** @type {Node} */ (target)));
    if (!inside) open(false, false);
  });

  /** @param {KeyboardEvent} event */
  function keydown(event) {
    if (region.hidden) return;
    const shown = rows.filter((row) => !row.hidden);
    const at = shown.findIndex((row) => row === document.activeElement);
    const to = {
      ArrowDown: at + columns,
      ArrowUp: at - columns,
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: -1,
    }[event.key];
    if (to !== undefined) shown.at(to % shown.length)?.focus();
    else if (event.key === "Escape" || event.key === "Tab") open(false);
    else return;
    // What moved in the menu, or closed it, does nothing else; Tab goes on from the button.
    if (event.key !== "Tab") event.preventDefault();
  }

  /** @param {boolean} on @param {boolean} [moveFocus] */
  function open(on, moveFocus = true) {
    if (region.hidden !== on) return;
    region.hidden = !on;
    button.setAttribute("aria-expanded", String(on));
    if (moveFocus) (on ? rows.find((row) => !row.hidden) : button)?.focus();
  }

  return {
    /** @param {WidgetState} state @param {Translate} t */
    render(state, t) {
      for (const part of [button, region]) part.setAttribute("aria-label", t(name));
      items.forEach(({ label, shown, checked }, index) => {
        const row = /** @type {HTMLElement} */ (rows[index]);
        row.hidden = shown !== undefined && !shown(state);
        setText(row, label(t, state));
        if (checked) row.setAttribute("aria-checked", String(checked(state)));
      });
    },
  };
}
