// @ts-check
/** A field to write a few letters in, and the list of what they fit; arrows and Enter choose. */

import { el } from "../shared/dom.js";
import { best } from "./fuzzy.js";

/** More than this nobody reads: another letter is written sooner. */
const SHOWN = 50;

/**
 * @template T
 * @param {object} how
 * @param {string} how.testid of the field is `TESTID-input`, of the list `TESTID-list`, of a row `TESTID-item`
 * @param {string} how.label
 * @param {string} how.placeholder
 * @param {string} how.none what is said when nothing fits
 * @param {(item: T) => string[]} how.textsOf what the letters may fit; the first counts most
 * @param {(item: T) => (Node|string|false|undefined)[]} how.draw the content of its row
 * @param {(item: T) => void} how.choose
 */
export function createCombobox({ testid, label, placeholder, none, textsOf, draw, choose }) {
  /** @type {readonly T[]} */
  let items = [];
  /** @type {T[]} */
  let found = [];
  let current = 0;
  const list = el("ul", {
    id: `${testid}-list`,
    class: "choices",
    role: "listbox",
    "aria-label": label,
    dataset: { testid: `${testid}-list` },
  });
  const nothing = el("p", { class: "none", role: "status", dataset: { testid: `${testid}-none` } });
  const input = el("input", {
    type: "text",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": label,
    "aria-expanded": "true",
    "aria-controls": list.id,
    "aria-autocomplete": "list",
    placeholder,
    dataset: { testid: `${testid}-input` },
  });
  input.addEventListener("input", () => {
    current = 0;
    search();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const item = found[current];
    if (step && found.length) {
      current = (current + step + found.length) % found.length;
      mark();
    } else if (event.key === "Enter" && item) choose(item);
    else return;
    event.preventDefault();
  });

  return {
    elements: [input, list, nothing],
    input,
    /** @param {readonly T[]} all there is to choose from */
    offer(all) {
      items = all;
      search();
    },
    /** What is chosen stands in the field; the list closes. @param {string} text */
    show(text) {
      input.value = text;
      found = [];
      drawList();
    },
  };

  function search() {
    found = best(input.value, items, textsOf).slice(0, SHOWN);
    drawList();
    nothing.textContent = found.length ? "" : none;
  }

  function drawList() {
    list.replaceChildren(...found.map(row));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    mark();
  }

  /** @param {T} item @param {number} index */
  function row(item, index) {
    return el(
      "li",
      {
        id: `${testid}-${index}`,
        role: "option",
        dataset: { testid: `${testid}-item` },
        on: { click: () => choose(item) },
      },
      ...draw(item),
    );
  }

  function mark() {
    Array.from(list.children, (item, index) =>
      item.setAttribute("aria-selected", String(index === current)),
    );
    list.children[current]?.scrollIntoView({ block: "nearest" });
    if (found.length) input.setAttribute("aria-activedescendant", `${testid}-${current}`);
    else input.removeAttribute("aria-activedescendant");
  }
}
