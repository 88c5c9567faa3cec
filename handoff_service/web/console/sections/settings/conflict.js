// @ts-check
/** Somebody else has saved meanwhile: what they changed, and three ways on. Nothing is lost by any. */

import { html } from "../../vendor/preact.js";
import { merge } from "./documents.js";
import { Changes } from "./findings.js";

/**
 * @param {{stale: any, draft: import("./drafts.js").Draft|undefined, t: import("../../../shared/i18n.js").Translate,
 *   decide: (document: import("./areas.js").Document|null) => void}} props
 */
export function Conflict({ stale, draft, t, decide }) {
  if (!draft) return null;
  const { document, both } = merge(stale.seen, draft.document, stale.current.document);
  return html`<section class="settings-conflict" role="alert" data-testid="settings-conflict">
    <h3>${t("conflict")}</h3>
    <p>${t("conflict_about", { version: stale.current.version })}</p>
    <${Changes} changes=${stale.changes} t=${t} />
    ${both.length > 0 && html`<p>${t("conflict_both", { places: both.join(", ") })}</p>`}
    <div class="buttons">
      <button
        type="button"
        class="secondary"
        data-testid="conflict-theirs"
        onClick=${() => decide(null)}
      >
        ${t("conflict_theirs")}
      </button>
      ${
        draft.text === null &&
        html`<button
          type="button"
          class="primary"
          data-testid="conflict-merge"
          onClick=${() => decide(document)}
        >
          ${t("conflict_merge")}
        </button>`
      }
    </div>
    ${draft.text !== null && html`<p class="settings-note">${t("conflict_yaml")}</p>`}
  </section>`;
}
