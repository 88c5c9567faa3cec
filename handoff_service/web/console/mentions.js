// @ts-check
/** Naming colleagues in a note: "@" and a few letters offer them, arrows and Enter choose. */

import { el } from "../shared/dom.js";
import { best } from "./fuzzy.js";

/** More nobody reads: another letter is written sooner. */
const SHOWN = 6;
/** What stands before the caret when a colleague is being named. */
const NAMING = /(?:^|\s)@([^\s@]{0,40})$/u;

/** @typedef {import("./context.js").Colleague} Colleague */

/**
 * @param {HTMLTextAreaElement} input
 * @param {() => Promise<import("./context.js").Directory>} directory
 * @param {string} label of the list
 */
export function createMentions(input, directory, label) {
  const list = el("ul", {
    id: "mention-list",
    class: "choices mentions",
    role: "listbox",
    "aria-label": label,
    dataset: { testid: "mention-list" },
  });
  /** Colleagues by the name that was written. @type {Map<string, string>} */
  const chosen = new Map();
  /** @type {readonly Colleague[]} */
  let found = [];
  let current = 0;
  let on = false;
  list.hidden = true;
  input.addEventListener("input", () => void search());
  input.addEventListener("blur", hide);
  input.addEventListener("keydown", onKey);

  return {
    element: list,
    /** @param {boolean} wanted colleagues are offered only in notes */
    allow(wanted) {
      on = wanted;
      if (!on) hide();
    },
    /** @param {string} text @returns {string[]} ids of the colleagues whom a text names */
    named: (text) =>
      [...chosen].filter(([name]) => text.includes(`@${name}`)).map(([, agentId]) => agentId),
  };

  /** @returns {string|undefined} the letters behind the "@" before the caret */
  function letters() {
    return NAMING.exec(input.value.slice(0, input.selectionEnd))?.[1];
  }

  async function search() {
    if (!on || letters() === undefined) return hide();
    const { agents } = await directory().catch(() => ({ agents: [] }));
    const wanted = letters(); // more may have been written meanwhile
    if (!on || wanted === undefined) return hide();
    found = best(wanted, agents, ({ name }) => [name]).slice(0, SHOWN);
    current = 0;
    draw();
  }

  function draw() {
    list.replaceChildren(
      ...found.map((colleague, index) =>
        el(
          "li",
          {
            id: `mention-${index}`,
            role: "option",
            "aria-selected": String(index === current),
            dataset: { testid: "mention-item" },
            on: {
              mousedown: (/** @type {Event} */ event) => {
                event.preventDefault(); // the focus stays where it is written
                choose(colleague);
              },
            },
          },
          colleague.name,
        ),
      ),
    );
    list.hidden = found.length === 0;
    if (list.hidden) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-controls", list.id);
      input.setAttribute("aria-activedescendant", `mention-${current}`);
    }
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (list.hidden || event.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const colleague = found[current];
    if (step) {
      current = (current + step + found.length) % found.length;
      draw();
    } else if ((event.key === "Enter" || event.key === "Tab") && colleague) choose(colleague);
    else if (event.key === "Escape") hide();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation(); // the key has done its work
  }

  /** @param {Colleague} colleague */
  function choose({ agent_id, name }) {
    const end = input.selectionEnd;
    const start = input.value.slice(0, end).lastIndexOf("@");
    chosen.set(name, agent_id);
    input.setRangeText(`@${name} `, start, end, "end");
    hide();
    input.dispatchEvent(new Event("input"));
  }

  function hide() {
    found = [];
    draw();
  }
}
