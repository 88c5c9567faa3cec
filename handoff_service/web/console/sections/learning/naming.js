// @ts-check
/** A dialog that asks for the name of a new intent, and says what is wrong with it while it is written. */

import { html, useLayoutEffect, useRef, useState } from "../../vendor/preact.js";
import { nameFrom, nameProblem } from "./words.js";

/**
 * @param {{known: readonly string[], begun?: string, choose: (name: string) => void, close: () => void,
 *   t: import("../../../shared/i18n.js").Translate}} props `begun`: words that it may be made from
 */
export function Naming({ known, begun = "", choose, close, t }) {
  const dialog = useRef(/** @type {HTMLDialogElement|null} */ (null));
  const [name, setName] = useState(nameFrom(begun) || "ask_");
  const [tried, setTried] = useState(false);
  const problem = nameProblem(name, known);
  const shown = problem === "name_taken" || tried ? problem : "";

  useLayoutEffect(() => dialog.current?.showModal(), []);

  return html`<dialog
    ref=${dialog}
    class="learning-naming"
    aria-labelledby="learning-naming-title"
    data-testid="learning-naming"
    onClose=${close}
  >
    <form onSubmit=${submit}>
      <h2 id="learning-naming-title">${t("new_intent_title")}</h2>
      <label>
        ${t("new_intent_name")}
        <input
          value=${name}
          spellcheck="false"
          autocomplete="off"
          autocapitalize="none"
          maxlength="60"
          aria-invalid=${String(Boolean(shown))}
          aria-describedby="learning-naming-hint"
          data-testid="learning-name"
          onInput=${(/** @type {any} */ event) => setName(event.currentTarget.value.trim())}
        />
      </label>
      <p id="learning-naming-hint" class=${shown ? "error" : "learning-note"} role="status">
        ${t(shown || "name_hint")}
      </p>
      <div class="buttons">
        <button type="button" class="secondary" onClick=${() => dialog.current?.close()}>
          ${t("cancel")}
        </button>
        <button class="primary">${t("new_intent")}</button>
      </div>
    </form>
  </dialog>`;

  /** @param {SubmitEvent} event */
  function submit(event) {
    event.preventDefault();
    setTried(true);
    if (problem) return;
    dialog.current?.close();
    choose(name);
  }
}
