// @ts-check
/** A few emoji to put into the message, for keyboards that have none. */

import { createMenu } from "./menu.js";

const FACE = "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0ZM8.5 14.5a4 4 0 0 0 7 0M9 9.5h.01M15 9.5h.01";
/** The first faces of Unicode stand in a row, from the grinning one on. */
const FACES = Array.from({ length: 32 }, (_, index) => String.fromCodePoint(0x1f600 + index));

/** @param {HTMLButtonElement} button @param {HTMLElement} region @param {HTMLTextAreaElement} input */
export function createEmoji(button, region, input) {
  const items = [...FACES, ..."👍👎👏🙏👋💪🎉🔥"].map((sign) => ({
    id: sign,
    label: () => sign,
    run() {
      input.setRangeText(sign, input.selectionStart, input.selectionEnd, "end");
      input.dispatchEvent(new Event("input"));
      input.focus();
    },
  }));
  return createMenu(button, region, items, { drawing: FACE, name: "emoji", columns: 8 });
}
