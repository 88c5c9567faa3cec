// @ts-check
/** What a dry run has found: problems, else what would change. */

import { html } from "../../vendor/preact.js";

/** @param {{checked: import("./areas.js").Checked|null, t: import("../../../shared/i18n.js").Translate}} props */
export function Findings({ checked, t }) {
  if (!checked) return null;
  if (checked.problems.length)
    return html`<div class="settings-problems" role="alert" data-testid="settings-problems">
      <h3>${t("problems", { count: checked.problems.length })}</h3>
      <ul>
        ${checked.problems.map(
          ({ field, line, message }) =>
            html`<li><code>${field || t("line", { line })}</code> ${message}</li>`,
        )}
      </ul>
    </div>`;
  const effects = checked.effects.filter(({ code, of }) => code !== "waiting_rerouted" || of > 0);
  if (!checked.changes.length && !effects.length) return null;
  return html`<details class="settings-findings" data-testid="settings-findings" open>
    <summary>${t("changes", { count: checked.changes.length })}</summary>
    <ul>
      ${effects.map(
        ({ code, name, count, of }) =>
          html`<li class="effect">${t(`effect_${code}`, { name, count, of })}</li>`,
      )}
    </ul>
    <${Changes} changes=${checked.changes} t=${t} />
  </details>`;
}

/** @param {{changes: import("./areas.js").Change[], t: import("../../../shared/i18n.js").Translate}} props */
export function Changes({ changes, t }) {
  return html`<div
    class="settings-scroll"
    tabindex="0"
    role="region"
    aria-label=${t("changes", { count: changes.length })}
  >
    <table class="settings-changes">
      <thead>
        <tr>
          <th scope="col">${t("where")}</th>
          <th scope="col">${t("before")}</th>
          <th scope="col">${t("after")}</th>
        </tr>
      </thead>
      <tbody>
        ${changes.map(
          ({ where, before, after }) =>
            html`<tr>
              <th scope="row"><code>${where}</code></th>
              <td>${written(before)}</td>
              <td>${written(after)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** @param {any} value */
function written(value) {
  if (value === null || value === undefined) return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}
