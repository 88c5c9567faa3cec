// @ts-check
/** What can be done with one row: a button that opens a short menu. */

import { html, useEffect, useRef, useState } from "../../vendor/preact.js";

/** @typedef {{label: string, key?: string, run: () => void}} Item */

/** @param {{id: string, label: string, items: Item[]}} props */
export function Menu({ id, label, items }) {
  const [open, setOpen] = useState(false);
  const button = useRef(/** @type {HTMLButtonElement|null} */ (null));
  const list = useRef(/** @type {HTMLElement|null} */ (null));

  useEffect(() => {
    if (!open || !list.current || !button.current) return undefined;
    const { style } = list.current;
    const { bottom, right } = button.current.getBoundingClientRect();
    // Beside its button, whatever scrolls around it; above where there is no room below.
    const below = bottom + list.current.offsetHeight < innerHeight;
    style.top = below ? `${bottom + 2}px` : "auto";
    style.bottom = below ? "auto" : `${innerHeight - bottom}px`;
    style.right = `${Math.max(8, innerWidth - right)}px`;
    choices()[0]?.focus();
    const away = (/** @type {Event} */ event) => {
      if (!list.current?.contains(/** @type {Node} */ (event.target))) setOpen(false);
    };
    addEventListener("pointerdown", away);
    addEventListener("resize", away);
    return () => {
      removeEventListener("pointerdown", away);
      removeEventListener("resize", away);
    };
  }, [open]);

  return html`<div class="menu">
    <button
      ref=${button}
      type="button"
      class="more"
      aria-haspopup="menu"
      aria-expanded=${open ? "true" : "false"}
      aria-label=${label}
      data-testid=${`menu-${id}`}
      onClick=${() => setOpen(!open)}
    >
      ⋯
    </button>
    ${
      open &&
      html`<div ref=${list} role="menu" aria-label=${label} onKeyDown=${onKey}>
        ${items.map(
          (item) =>
            html`<button
              key=${item.label}
              type="button"
              role="menuitem"
              tabindex="-1"
              onClick=${() => choose(item)}
            >
              ${item.label}${item.key && html`<kbd aria-hidden="true">${item.key.toUpperCase()}</kbd>`}
            </button>`,
        )}
      </div>`
    }
  </div>`;

  /** @returns {HTMLButtonElement[]} */
  function choices() {
    return [...(list.current?.querySelectorAll("button") ?? [])];
  }

  /** @param {Item} item */
  function choose(item) {
    setOpen(false);
    button.current?.focus();
    item.run();
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const all = choices();
    const at = all.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const steps = /** @type {Record<string, number>} */ ({
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: all.length - 1,
    });
    const next = steps[event.key];
    if (next !== undefined) all[(next + all.length) % all.length]?.focus();
    else if (event.key === "Escape" || event.key === "Tab") {
      setOpen(false);
      button.current?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
