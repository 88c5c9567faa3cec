// @ts-check
/** All candidates, the latest first. */

import { html } from "../../../vendor/preact.js";
import { moment } from "../words.js";

/**
 * @param {import("../index.js").Given & {all: import("./report.js").Candidate[],
 *   current: import("./report.js").Candidate, pick: (candidateId: string) => void}} props
 */
export function CandidateList({ all, current, pick, t, context }) {
  return html`<nav class="learning-next" aria-label=${t("room_candidates")}>
    <ol>
      ${all.map(
        (each) =>
          html`<li key=${each.candidate_id}>
            <button
              type="button"
              aria-current=${each === current ? "true" : undefined}
              data-state=${each.state}
              onClick=${() => pick(each.candidate_id)}
            >
              <span>${moment(each.created_ms, context.locale)}</span>
              <small>${t(`candidate_${each.state}`)}</small>
            </button>
          </li>`,
      )}
    </ol>
  </nav>`;
}
