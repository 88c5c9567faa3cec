// @ts-check
/** What the bot made of a turn, what came of it, and why somebody should look at it. */

import { html } from "../../../vendor/preact.js";
import { topicText } from "../../../wording.js";
import { percent, sentence } from "../words.js";

/** @typedef {import("../index.js").Given} Given */

/** @param {Given & {group: import("./queue.js").Group}} props */
export function Reasons({ group, t }) {
  if (!group.reasons.length) return null;
  return html`<ul
    class="learning-reasons"
    aria-label=${t("why_here")}
    data-testid="learning-reasons"
  >
    ${group.reasons.map(
      (code) => html`<li key=${code} data-reason=${code}>${sentence(t, "why", code)}</li>`,
    )}
  </ul>`;
}

/** @param {Given & {example: import("./queue.js").Example}} props */
export function Understood({ example, t, context }) {
  const { locale } = context;
  const { intent, runner_up, did, article_title, article_id } = example;
  return html`<dl class="learning-facts" data-testid="learning-understood">
    <div>
      <dt>${t("understood")}</dt>
      <dd>
        <strong>${topicText(intent, t)}</strong>
        <${Sure} share=${example.intent_confidence} label=${t("understood")} locale=${locale} />
        ${runner_up && html`<small>${t("runner_up", { name: topicText(runner_up, t) })}</small>`}
      </dd>
    </div>
    ${
      example.scope_confidence !== null &&
      html`<div>
        <dt>${t("in_scope")}</dt>
        <dd>
          <${Sure} share=${example.scope_confidence} label=${t("in_scope")} locale=${locale} />
        </dd>
      </div>`
    }
    <div>
      <dt>${t("did")}</dt>
      <dd>
        <strong>${sentence(t, "did", did)}</strong>
        ${(article_title || article_id) && html`<span>${article_title || article_id}</span>`}
        <${Sure} share=${example.answer_confidence} label=${t("did")} locale=${locale} />
      </dd>
    </div>
    ${
      (example.vote || example.mark || example.handoff_reason) &&
      html`<div>
        <dt>${t("came_of_it")}</dt>
        <dd>
          ${example.vote && html`<span>${t(example.vote > 0 ? "vote_good" : "vote_bad")}</span>`}
          ${example.mark && html`<span>${sentence(t, "mark", example.mark)}</span>`}
          ${
            example.handoff_reason &&
            html`<span>
              ${t("handed_over", { reason: sentence(t, "reason", example.handoff_reason) })}
            </span>`
          }
        </dd>
      </div>`
    }
  </dl>`;
}

/** @param {{share: number|null, label: string, locale: import("../../../../shared/i18n.js").Locale}} props */
function Sure({ share, label, locale }) {
  if (share === null || share === undefined) return null;
  return html`<span class="learning-sure">
    <meter
      min="0"
      max="1"
      low="0.5"
      high="0.8"
      optimum="1"
      value=${share}
      aria-label=${label}
    ></meter>
    ${percent(share, locale)}
  </span>`;
}
