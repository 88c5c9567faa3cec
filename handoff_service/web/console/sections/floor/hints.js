// @ts-check
/** What is unusual: many customers who ask the same, and what can be done about it at once. */

import { html, useState } from "../../vendor/preact.js";

/** @param {import("./page.js").View & {hints: import("./feed.js").Hint[]}} props */
export function Hints({ hints, acts, t }) {
  /** What this reader has seen enough of; it comes back when it has grown by half. */
  const [hidden, setHidden] = useState(/** @type {Record<string, number>} */ ({}));
  const shown = hints.filter(({ id, count }) => count >= 1.5 * (hidden[id] ?? 0));
  return html`<div class="hints" role="status" aria-live="polite">
    ${shown.map(
      (hint) =>
        html`<article key=${hint.id} data-testid=${`hint-${hint.id}`}>
          <p>
            <strong>${t("spike", { count: hint.count, minutes: hint.minutes })}</strong>
            <q dir="auto">${hint.question}</q>
            <span>${t("spike_usual", { count: usually(hint.usual) })}</span>
          </p>
          ${hint.words.length > 0 && html`<p class="words" dir="auto">${hint.words.join(" · ")}</p>`}
          <details>
            <summary>${t("spike_conversations", { count: hint.conversation_ids.length })}</summary>
            <ul>
              ${hint.conversation_ids.map(
                (id, index) =>
                  html`<li key=${id}>
                    <a href=${`#/conversation/${encodeURIComponent(id)}`}
                      >${t("conversation")} ${index + 1}</a
                    >
                  </li>`,
              )}
            </ul>
          </details>
          <div class="buttons">
            <button
              type="button"
              class="secondary"
              onClick=${() => setHidden({ ...hidden, [hint.id]: hint.count })}
            >
              ${t("dismiss")}
            </button>
            <button
              type="button"
              class="primary"
              data-testid="hint-notice"
              onClick=${() => acts.notice([hint.question])}
            >
              ${t("publish_notice")}
            </button>
          </div>
        </article>`,
    )}
  </div>`;
}

/** @param {number} usual a mean @returns {number} as people count */
function usually(usual) {
  return usual < 10 ? Math.round(usual * 10) / 10 : Math.round(usual);
}
