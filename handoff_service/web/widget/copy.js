// @ts-check
/** One button that copies a message: it stands at the message under the pointer, or at the last one. */

import { el, icon } from "../shared/dom.js";

const SHEETS = "M9 9h11v11H9ZM15 9V4H4v11h5";
const TICK = "M5 13l4 4 10-10";
/** What of a message is worth copying. */
const WORDS = ".bubble, .card h2, .card blockquote";

/**
 * @param {HTMLElement} log holds the messages
 * @param {(key: string) => void} announce says a string of this key to a screen reader
 */
export function createCopy(log, announce) {
  const button = el(
    "button",
    { type: "button", class: "plain copy", dataset: { testid: "copy" }, on: { click, keydown } },
    icon(SHEETS),
  );
  for (const type of ["pointerover", "focusin"])
    log.addEventListener(type, ({ target }) =>
      moveTo(/** @type {Element} */ (target).closest(".message")),
    );

  /** @param {Element|null|undefined} message */
  function moveTo(message) {
    if (!message?.querySelector(WORDS) || message === button.parentElement) return;
    const focused = document.activeElement === button;
    button.replaceChildren(icon(SHEETS));
    message.append(button);
    if (focused) button.focus();
  }

  function click() {
    const words = button.parentElement?.querySelectorAll(WORDS) ?? [];
    void copyText(
      Array.from(words, (part) => part instanceof HTMLElement && part.innerText).join("\n\n"),
    );
    button.replaceChildren(icon(TICK));
    announce("copied");
  }

  /** One stop for Tab; the arrows go to the other messages. @param {KeyboardEvent} event */
  function keydown(event) {
    const messages = Array.from(log.querySelectorAll(".message"));
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !button.parentElement) return;
    event.preventDefault();
    moveTo(messages[messages.indexOf(button.parentElement) + step]);
  }

  return {
    /** @param {import("../shared/i18n.js").Translate} t */
    render(t) {
      button.setAttribute("aria-label", t("copy"));
      const inUse = button.parentElement?.matches(":hover") || document.activeElement === button;
      if (!inUse || !button.isConnected)
        moveTo(
          Array.from(log.querySelectorAll(".message")).findLast((each) =>
            each.querySelector(WORDS),
          ),
        );
    },
  };
}

/** @param {string} text */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without TLS, or in a frame that was not given the clipboard, the old way still works.
    document.addEventListener(
      "copy",
      (event) => {
        event.clipboardData?.setData("text/plain", text);
        event.preventDefault();
      },
      { once: true },
    );
    document.execCommand("copy");
  }
}
