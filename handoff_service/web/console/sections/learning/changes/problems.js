// @ts-check
/** What was accepted and cannot be written, and why. */

import { html } from "../../../vendor/preact.js";
import { sentence } from "../words.js";

/** @typedef {{code: string, text: string, detail: string}} Problem */

/** @param {{problems: Problem[], t: import("../../../../shared/i18n.js").Translate}} props */
export function Problems({ problems, t }) {
  if (!problems.length) return null;
  return html`<details class="learning-problems" data-testid="learning-problems">
    <summary>${t("not_written", { count: problems.length })}</summary>
    <ul>
      ${problems.map(
        ({ code, text, detail }, index) =>
          html`<li key=${index}>
            <q>${text}</q>: ${sentence(t, "left", code)} <small lang="en">${detail}</small>
          </li>`,
      )}
    </ul>
  </details>`;
}
