// @ts-check
/** The box the agent writes in: a reply, a note for colleagues, or another text for the last message. */

import { el, setText } from "../shared/dom.js";
import { createPicker } from "../shared/picker.js";
import { MAX_MESSAGE_CHARS } from "../shared/protocol.js";
import { boxIsOpen, draftOf, keepDraft } from "./drafts.js";
import { createMentions } from "./mentions.js";
import { createWriting } from "./typing.js";

/** Tell the server what is written after so long without a key: another tab, or a colleague, may go on with it. */
const DRAFT_AFTER_MS = 500;

/** @typedef {"reply"|"note"|"edit"} Mode */

/**
 * @typedef {object} ComposerActions
 * @property {((text: string, files: import("../shared/files.js").Picked[]) => void)} [send] without it, only notes are written
 * @property {(text: string, mentions: string[]) => void} note
 * @property {(of: string, text: string) => void} [edit]
 * @property {() => {of: string, text: string}|null} [last] what the agent wrote last and may still change
 * @property {() => void} [refuseFile]
 * @property {HTMLElement} zone where files are dropped
 * @property {(on: boolean, mode: Mode) => void} typing
 * @property {(text: string) => void} [draft]
 */

/**
 * @param {string} conversationId
 * @param {string|null|undefined} draft what the agent before, or this one in another tab, had begun to write
 * @param {ComposerActions} actions
 * @param {{t: import("../shared/i18n.js").Translate, directory: () => Promise<import("./context.js").Directory>}} context
 */
export function createComposer(conversationId, draft, actions, { t, directory }) {
  /** Where the box returns to. @type {Mode} */
  const home = actions.send ? "reply" : "note";
  let mode = /** @type {Mode} */ (home);
  let editedId = "";
  let followed = draft ?? "";
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let draftTimer;
  const input = el("textarea", { rows: 2, dataset: { testid: "composer-input" } });
  const count = el("span", { class: "count", role: "status" });
  const hint = el("p", { class: "hint", role: "status", dataset: { testid: "composer-hint" } });
  const send = el("button", { class: "primary", dataset: { testid: "composer-send" } });
  const note = el("button", {
    type: "button",
    class: "secondary",
    text: t("note_mode"),
    dataset: { testid: "note-mode" },
    on: { click: () => enter(mode === "note" ? home : "note") },
  });
  const attach = el("button", {
    type: "button",
    class: "secondary",
    dataset: { testid: "attach" },
  });
  const list = el("div", { class: "picked" });
  list.hidden = true;
  // Before the box's own keys: while colleagues are offered, Enter chooses one.
  const mentions = createMentions(input, directory, t("note_mention"));
  const form = el(
    "form",
    { class: "composer" },
    list,
    hint,
    mentions.element,
    input,
    el("div", { class: "buttons" }, count, note, attach, send),
  );
  const writing = createWriting((on) => actions.typing(on, mode));
  const picker = createPicker(
    { button: attach, list, input, zone: actions.zone },
    actions.refuseFile ?? (() => {}),
  );

  input.addEventListener("input", () => {
    keep();
    measure();
    writing.key();
  });
  input.addEventListener("keydown", onKey);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  boxIsOpen(conversationId, (text) => {
    if (mode === "reply" && !input.value) fill(text);
  });
  keepDraft(conversationId, "reply", draftOf(conversationId, "reply") ?? draft ?? "");
  note.hidden = !actions.send;
  enter(home);

  /** @param {Mode} wanted @param {string} [text] */
  function enter(wanted, text) {
    writing.stop();
    mode = wanted;
    form.dataset.mode = mode;
    note.setAttribute("aria-pressed", String(mode === "note"));
    mentions.allow(mode === "note");
    input.placeholder = t(mode === "note" ? "note_placeholder" : "reply_placeholder");
    input.setAttribute("aria-label", t(mode === "note" ? "note" : "reply_label"));
    setText(hint, mode === "reply" ? "" : t(mode === "note" ? "note_only" : "editing"));
    setText(send, t({ reply: "send", note: "note_send", edit: "edit_save" }[mode]));
    fill(text ?? (mode === "edit" ? "" : (draftOf(conversationId, mode) ?? "")));
  }

  /** @param {string} text */
  function fill(text) {
    input.value = text;
    measure();
  }

  function keep() {
    if (mode === "edit") return;
    keepDraft(conversationId, mode, input.value);
    if (mode !== "reply") return;
    clearTimeout(draftTimer);
    draftTimer = setTimeout(() => actions.draft?.(input.value.trim()), DRAFT_AFTER_MS);
  }

  function submit() {
    const text = input.value.trim();
    if ((!text && !hasFiles()) || excess() > 0) return;
    const was = mode;
    input.value = ""; // before files are taken, which measures the box again
    clearTimeout(draftTimer);
    writing.stop();
    if (was !== "edit") keepDraft(conversationId, was, "");
    if (was === "note") actions.note(text, mentions.named(text));
    else if (was === "edit") actions.edit?.(editedId, text);
    else actions.send?.(text, picker.take());
    enter(home);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    // While an input method composes (Chinese, Korean), Enter chooses a word and sends nothing.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Escape" && mode !== home) {
      event.preventDefault();
      event.stopPropagation(); // the field keeps the focus
      enter(home);
    } else if (event.key === "ArrowUp" && mode === "reply" && !input.value && !hasFiles()) {
      const last = actions.last?.();
      if (!last) return;
      event.preventDefault();
      editedId = last.of;
      enter("edit", last.text);
    }
  }

  function hasFiles() {
    return mode === "reply" && picker.some();
  }

  function excess() {
    return [...input.value.trim()].length - MAX_MESSAGE_CHARS;
  }

  function measure() {
    const over = excess();
    setText(count, over > 0 ? t("too_long", { count: over }) : "");
    send.setAttribute("aria-disabled", String((!input.value.trim() && !hasFiles()) || over > 0));
  }

  return {
    element: form,
    input,
    focus: () => input.focus(),
    note() {
      if (mode !== "note") enter("note");
      input.focus();
    },
    /** What another tab of this agent has written, while nobody writes here. @param {string|null|undefined} text */
    follow(text) {
      const before = followed;
      followed = text ?? "";
      const touched = document.activeElement === input || input.value.trim() !== before;
      if (followed === before || mode !== "reply" || touched) return;
      keepDraft(conversationId, "reply", followed);
      fill(followed);
    },
    /** @param {import("../shared/picker.js").Limits|null} limits of files; null: none can be sent */
    allow: (limits) => picker.render(mode === "reply" ? limits : null, t),
  };
}
