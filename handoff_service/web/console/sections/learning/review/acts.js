// @ts-check
/** What can be decided, with one key each. */

import { html } from "../../../vendor/preact.js";
import { keyText } from "../../../keys.js";

/** Verdicts in the order of their buttons, with their keys. */
export const ACTS = /** @type {const} */ ([
  ["right", "r"],
  ["intent", "i"],
  ["article", "a"],
  ["new_intent", "n"],
  ["ignore", "x"],
  ["spam", "s"],
]);
/** @typedef {typeof ACTS[number][0]} Act */

/**
 * @param {{act: (name: Act) => void, undo: (() => void)|null, skip: () => void,
 *   t: import("../../../../shared/i18n.js").Translate}} props
 */
export function Acts({ act, undo, skip, t }) {
  return html`<div class="learning-acts" role="group" aria-label=${t("decide")}>
    ${ACTS.map(
      ([name, key]) =>
        html`<button
          key=${name}
          type="button"
          class=${name === "right" ? "primary" : "secondary"}
          data-testid=${`learning-${name}`}
          onClick=${() => act(name)}
        >
          ${t(`act_${name}`)}<kbd aria-hidden="true">${keyText(key)}</kbd>
        </button>`,
    )}
    <button type="button" class="secondary" data-testid="learning-skip" onClick=${skip}>
      ${t("skip")}<kbd aria-hidden="true">${keyText("j")}</kbd>
    </button>
    <button
      type="button"
      class="secondary"
      disabled=${!undo}
      data-testid="learning-undo"
      onClick=${() => undo?.()}
    >
      ${t("undo")}<kbd aria-hidden="true">${keyText("u")}</kbd>
    </button>
  </div>`;
}
