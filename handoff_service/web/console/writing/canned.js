// @ts-check
/** The list that a slash opens in the composer: canned replies and macros, by a few letters. */

import { el } from "../../shared/dom.js";
import { LANGUAGE_NAMES } from "../../shared/i18n.js";
import { best } from "../fuzzy.js";
import { callAt, gapsIn, nextGap, textOf } from "./text.js";

/**
 * @typedef {{reply_id: string, shortcut: string, title: string, locale: import("../../shared/i18n.js").Locale,
 *   foreign: boolean, parts: import("./text.js").Part[], own: boolean}} Reply
 * @typedef {{macro_id: string, title: string, acts: {do: string, value: string}[]}} Macro
 * @typedef {{replies: Reply[], macros: Macro[]}} Shelf
 */

/** More than this nobody reads, another letter is written sooner; and so many need no scrolling. */
const SHOWN = 6;

/**
 * @param {HTMLTextAreaElement} input
 * @param {object} how
 * @param {HTMLElement} how.zone hears keys and sending before the composer does
 * @param {() => Promise<Shelf>} how.read
 * @param {(macro: Macro) => void} how.run
 * @param {(text: string) => void} how.tell
 * @param {(reply: Reply) => void} how.used
 * @param {import("../../shared/i18n.js").Translate} how.t
 */
export function createCanned(input, { zone, read, run, tell, used, t }) {
  const list = el("ul", {
    id: "canned-list",
    class: "canned",
    role: "listbox",
    "aria-label": t("canned"),
    dataset: { testid: "canned-list" },
  });
  const hint = el("p", {
    class: "canned-hint",
    role: "status",
    dataset: { testid: "canned-hint" },
  });
  list.hidden = hint.hidden = true;
  /** @type {{reply?: Reply, macro?: Macro}[]} */
  let found = [];
  let current = 0;
  /** @type {import("./text.js").Call|null} */
  let call = null;
  /** Where Escape has closed the list: it stays closed for this word. */
  let dismissed = -1;
  let asked = 0;

  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  for (const type of ["input", "click", "compositionend"])
    input.addEventListener(type, () => void look());
  input.addEventListener("keyup", (event) => {
    if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) void look();
  });
  input.addEventListener("blur", close);
  zone.addEventListener("keydown", onKey, true);
  zone.addEventListener("submit", onSubmit, true);
  // Whoever is quick has written a slash before this was loaded.
  if (document.activeElement === input) void look();

  return {
    elements: [hint, list],
    /** Put a reply in where the caret is. @param {Reply} reply */
    insert: (reply) => insert(reply, input.selectionStart, input.selectionEnd),
    put,
  };

  async function look() {
    const ask = ++asked;
    call = callAt(input.value, input.selectionStart);
    if (call === null) dismissed = -1;
    if (!call || call.from === dismissed || input.selectionStart !== input.selectionEnd)
      return close();
    const shelf = await read();
    if (ask !== asked || !call) return;
    const { mark, wanted } = call;
    found =
      mark === "/"
        ? best(wanted, shelf.replies, wordsOf).map((reply) => ({ reply }))
        : best(wanted, shelf.macros, ({ title, macro_id }) => [title, macro_id]).map((macro) => ({
            macro,
          }));
    found = found.slice(0, SHOWN);
    current = 0;
    draw();
  }

  function draw() {
    list.replaceChildren(...found.map(row));
    list.hidden = found.length === 0;
    hint.hidden = found.length > 0;
    hint.textContent = hint.hidden ? "" : t(call?.mark === "!" ? "no_macro" : "no_reply");
    mark();
  }

  /** @param {{reply?: Reply, macro?: Macro}} item @param {number} index */
  function row({ reply, macro }, index) {
    return el(
      "li",
      {
        id: `canned-${index}`,
        role: "option",
        dataset: { testid: "canned-item" },
        // A press would take the focus from the field, and the list would close before the click.
        on: {
          mousedown: (/** @type {Event} */ event) => event.preventDefault(),
          click: () => choose(index),
        },
      },
      ...(reply ? replyCells(reply) : macroCells(macro)),
    );
  }

  /** @param {Reply} reply */
  function replyCells(reply) {
    return [
      el("kbd", { text: `/${reply.shortcut}` }),
      el("strong", { text: reply.title }),
      reply.own && el("span", { class: "tag", text: t("own") }),
      reply.foreign &&
        el("span", {
          class: "tag",
          text: t("only_in", { language: LANGUAGE_NAMES[reply.locale] }),
        }),
      el("span", { class: "words", lang: reply.locale, text: textOf(reply.parts, gapName) }),
    ];
  }

  /** @param {Macro|undefined} macro */
  function macroCells(macro) {
    if (!macro) return [];
    return [
      el("kbd", { text: "!" }),
      el("strong", { text: macro.title }),
      el("span", {
        class: "words",
        text: macro.acts.map(({ do: act }) => t(`act_${act}`)).join(" → "),
      }),
    ];
  }

  function mark() {
    Array.from(list.children, (item, index) =>
      item.setAttribute("aria-selected", String(index === current)),
    );
    list.children[current]?.scrollIntoView({ block: "nearest" });
    if (list.hidden) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `canned-${current}`);
  }

  function close() {
    asked += 1;
    found = [];
    list.replaceChildren();
    list.hidden = hint.hidden = true;
    mark();
  }

  /** @param {number} index */
  function choose(index) {
    const item = found[index];
    if (!item || !call) return;
    const { from } = call;
    const until = input.selectionStart;
    close();
    if (item.reply) return insert(item.reply, from, until);
    put("", from, until);
    if (item.macro) run(item.macro);
  }

  /** @param {Reply} reply @param {number} from @param {number} until */
  function insert(reply, from, until) {
    put(textOf(reply.parts, gapName), from, until);
    used(reply);
    const first = gapsIn(input.value).find(({ start }) => start >= from);
    if (first) select(first);
  }

  /** @param {string} text @param {number} [from] @param {number} [until] */
  function put(text, from = input.selectionStart, until = input.selectionEnd) {
    input.focus();
    input.setRangeText(text, from, until, "end");
    input.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    // While an input method composes, its keys are its own.
    if (event.target !== input || event.isComposing || event.keyCode === 229) return;
    if (list.hidden ? !jumps(event) : !chooses(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether it was a key of the list */
  function chooses({ key, shiftKey }) {
    const step = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
    if (step) current = (current + step + found.length) % found.length;
    if (step) mark();
    else if ((key === "Enter" || key === "Tab") && !shiftKey) choose(current);
    else if (key === "Escape") {
      dismissed = call?.from ?? -1;
      close();
    } else return false;
    return true;
  }

  /** Tab goes from gap to gap. @param {KeyboardEvent} event @returns {boolean} whether it did */
  function jumps({ key, shiftKey, ctrlKey, metaKey, altKey }) {
    if (key !== "Tab" || ctrlKey || metaKey || altKey) return false;
    const { selectionStart: start, selectionEnd: end } = input;
    const gap = nextGap(input.value, { start, end }, shiftKey ? -1 : 1);
    if (gap) select(gap);
    return gap !== undefined;
  }

  /** Nothing with a gap goes out. @param {Event} event */
  function onSubmit(event) {
    if (!(event.target instanceof Node) || !event.target.contains(input)) return;
    const [gap] = gapsIn(input.value);
    if (!gap) return;
    event.preventDefault();
    event.stopPropagation();
    tell(t("fill_gaps"));
    select(gap);
  }

  /** @param {{start: number, end: number}} gap */
  function select({ start, end }) {
    input.focus();
    input.setSelectionRange(start, end);
  }

  /** @param {string} gap */
  function gapName(gap) {
    return t(`gap_${gap.replace(".", "_")}`);
  }
}

/** @param {Reply} reply @returns {string[]} */
function wordsOf({ shortcut, title, reply_id, parts }) {
  return [shortcut, title, reply_id, parts.map(({ text = "" }) => text).join("")];
}
