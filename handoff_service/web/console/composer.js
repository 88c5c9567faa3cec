// @ts-check
/** The box the agent writes in; each conversation keeps its own draft. */

import { el, setText } from "../shared/dom.js";
import { MAX_MESSAGE_CHARS } from "../shared/protocol.js";

/** Say "writing" at most this often, and "stopped" after as long without a key. */
const TYPING_EVERY_MS = 3_000;
/** Tell the server what is written after so long without a key: a colleague may have to go on with it. */
const DRAFT_AFTER_MS = 1_000;
/** @type {Map<string, string>} what was written and not sent, by conversation */
const drafts = new Map();

/** The conversation is somebody else's now, and the draft went with it. @param {string} conversationId */
export function forgetDraft(conversationId) {
  drafts.delete(conversationId);
}

/**
 * @param {string} conversationId
 * @param {string|null|undefined} draft what the agent before, or this one in another tab, had begun to write
 * @param {{send: (text: string) => void, typing: (on: boolean) => void, draft: (text: string) => void}} actions
 * @param {import("../shared/i18n.js").Translate} t
 */
export function createComposer(conversationId, draft, actions, t) {
  const input = el("textarea", {
    rows: 2,
    placeholder: t("reply_placeholder"),
    "aria-label": t("reply_label"),
    dataset: { testid: "composer-input" },
  });
  const count = el("span", { class: "count", role: "status" });
  const send = el("button", {
    class: "primary",
    text: t("send"),
    dataset: { testid: "composer-send" },
  });
  const form = el(
    "form",
    { class: "composer" },
    input,
    el("div", { class: "buttons" }, count, send),
  );
  let typingSince = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let typingTimer;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let draftTimer;

  input.value = drafts.get(conversationId) ?? draft ?? "";
  input.addEventListener("input", () => {
    drafts.set(conversationId, input.value);
    measure();
    saysTyping();
    clearTimeout(draftTimer);
    draftTimer = setTimeout(() => actions.draft(input.value.trim()), DRAFT_AFTER_MS);
  });
  input.addEventListener("keydown", (event) => {
    // While an input method composes (Chinese, Korean), Enter chooses a word and sends nothing.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229)
      return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text || excess() > 0) return;
    input.value = "";
    drafts.delete(conversationId);
    clearTimeout(draftTimer);
    stopTyping();
    measure();
    actions.send(text);
  });
  measure();

  function excess() {
    return [...input.value.trim()].length - MAX_MESSAGE_CHARS;
  }

  function measure() {
    const over = excess();
    setText(count, over > 0 ? t("too_long", { count: over }) : "");
    send.setAttribute("aria-disabled", String(!input.value.trim() || over > 0));
  }

  function saysTyping() {
    clearTimeout(typingTimer);
    typingTimer = setTimeout(stopTyping, TYPING_EVERY_MS);
    if (Date.now() - typingSince < TYPING_EVERY_MS) return;
    typingSince = Date.now();
    actions.typing(true);
  }

  function stopTyping() {
    clearTimeout(typingTimer);
    if (typingSince) actions.typing(false);
    typingSince = 0;
  }

  return { element: form, focus: () => input.focus() };
}
