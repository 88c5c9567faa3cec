// @ts-check
/** What went live and was taken back, and who did it. */

import { html } from "../../../vendor/preact.js";
import { useNames } from "../names.js";
import { joined, moment } from "../words.js";

/**
 * @typedef {{release_id: string, at_ms: number, actor: string, action: string, state: string,
 *   model: string, index_version: string, before_model: string, before_index: string,
 *   takes_back: string, note: string}} Release
 */

/** @param {import("../index.js").Given & {releases: Release[]}} props */
export function History({ releases, t, context }) {
  const nameOf = useNames(context);
  if (!releases.length) return null;
  return html`<div class="learning-history">
    <h2>${t("history")}</h2>
    <div class="learning-scroll" tabindex="0" role="region" aria-label=${t("history")}>
      <table data-testid="learning-history">
        <thead>
          <tr>
            <th scope="col">${t("when")}</th>
            <th scope="col">${t("who")}</th>
            <th scope="col">${t("what")}</th>
            <th scope="col">${t("model")}</th>
            <th scope="col">${t("before")}</th>
            <th scope="col">${t("note_why")}</th>
          </tr>
        </thead>
        <tbody>
          ${releases.map(
            (each) =>
              html`<tr key=${each.release_id}>
                <td>${moment(each.at_ms, context.locale)}</td>
                <td>${nameOf(each.actor)}</td>
                <td>
                  ${joined(t(`release_${each.action}`), each.state !== "done" && t(`release_${each.state}`))}
                </td>
                <td><code>${each.model}</code><br /><code>${each.index_version}</code></td>
                <td><code>${each.before_model}</code><br /><code>${each.before_index}</code></td>
                <td>${each.note}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </div>`;
}
