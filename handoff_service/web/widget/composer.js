// @ts-check
/** The box the customer writes in: Enter sends, the draft survives a reload. */

import { icon, setText } from "../shared/dom.js";
import { MAX_MESSAGE_CHARS } from "../shared/protocol.js";
import { recall, remember } from "./storage.js";

/** Show the count of characters left from here on. */
const COUNT_FROM = MAX_MESSAGE_CHARS - 100;
/** Say "still writing" at most this often, and "stopped" after as long without a key. */
const TYPING_EVERY_MS = 3_000;
const SEND_ICON = "M4 12l16-8-6 16-3-6-7-2ZM11 14l9-10";

/**
 * @param {{form: HTMLFormElement, input: HTMLTextAreaElement, send: HTMLButtonElement, count: HTMLElement}} parts
 * @param {{send: (text: string) => void, typing: (on: boolean) => void, hasFiles: () => boolean}} actions
 */
export function createComposer({ form, input, send, count }, actions) {
  let typingSince = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let typingTimer;
  /** @type {import("../shared/i18n.js").Translate} */
  let t = (key) => key;

  send.append(icon(SEND_ICON));
  input.value = recall("draft") ?? "";
  input.disabled = false; // Nobody could have sent, or kept, what was written until now.
  input.addEventListener("input", () => {
    remember("draft", input.value);
    measure();
    saysTyping();
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
    if ((!text && !actions.hasFiles()) || excess() > 0) return;
    input.value = "";
    remember("draft", null);
    stopTyping();
    measure();
    actions.send(text);
    input.focus();
  });

  function excess() {
    // Characters as the server counts them: code points, not UTF-16 units.
    return [...input.value.trim()].length - MAX_MESSAGE_CHARS;
  }

  function measure() {
    const over = excess();
    const shown = over > COUNT_FROM - MAX_MESSAGE_CHARS;
    count.hidden = !shown;
    if (shown)
      setText(count, over > 0 ? t("too_long", { count: over }) : t("chars_left", { count: -over }));
    form.classList.toggle("over", over > 0);
    input.setAttribute("aria-invalid", String(over > 0));
    send.setAttribute(
      "aria-disabled",
      String((!input.value.trim() && !actions.hasFiles()) || over > 0),
    );
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight}px`;
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

  return {
    /** @param {import("../shared/i18n.js").Translate} translate */
    translate(translate) {
      t = translate;
      input.placeholder = t("input_placeholder");
      input.setAttribute("aria-label", t("input_label"));
      send.setAttribute("aria-label", t("send"));
      send.title = t("send");
      measure();
    },
    focus: () => input.focus(),
    /** Give words back to be mended, before what is there. @param {string} text */
    write(text) {
      input.value = [text, input.value].filter(Boolean).join("\n");
      input.dispatchEvent(new Event("input"));
      input.focus();
    },
  };
}
