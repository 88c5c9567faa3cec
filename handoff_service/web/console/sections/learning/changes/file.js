// @ts-check
/** What would change in one file. */

import { html, useEffect, useState } from "../../../vendor/preact.js";
import { readDiff } from "./diff.js";

/** @typedef {{path: string, kind: string, diff: string, added: number, removed: number}} Change */

/** Of a long diff so many lines are shown first. */
const FIRST = 40;
const SIGNS = { added: "+", removed: "−", hunk: "⋯", same: "" };

/**
 * @param {{file: Change, open: boolean, toggle: (open: boolean) => void,
 *   t: import("../../../../shared/i18n.js").Translate}} props
 */
export function FileChange({ file, open, toggle, t }) {
  const [whole, setWhole] = useState(false);
  const lines = open ? readDiff(file.diff) : [];
  const shown = whole ? lines : lines.slice(0, FIRST);

  useEffect(() => setWhole(false), [file.diff]);

  return html`<details
    class="learning-file"
    open=${open}
    data-testid="learning-file"
    data-path=${file.path}
    onToggle=${(/** @type {any} */ event) => toggle(event.currentTarget.open)}
  >
    <summary>
      <code>${file.path}</code>
      <span class="learning-mark">${t(`file_${file.kind}`)}</span>
      <span class="learning-plus">+${file.added}</span>
      <span class="learning-minus">−${file.removed}</span>
    </summary>
    <div class="learning-diff" tabindex="0" role="region" aria-label=${file.path}>
      <table>
        <tbody>
          ${shown.map(
            ({ kind, text, before, after }, index) =>
              html`<tr key=${index} class=${kind}>
                <td>${before}</td>
                <td>${after}</td>
                <td>${SIGNS[kind]}</td>
                <td><code>${text}</code></td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      lines.length > shown.length &&
      html`<button type="button" class="link" onClick=${() => setWhole(true)}>
        ${t("show_lines", { count: lines.length - shown.length })}
      </button>`
    }
  </details>`;
}
