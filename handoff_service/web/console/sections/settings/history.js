// @ts-check
/** The versions of an area: who changed what, and the way back. */

import { html, useEffect, useState } from "../../vendor/preact.js";
import { Changes } from "./findings.js";
import { nameOf } from "./when.js";

/**
 * @typedef {{version: number, at_ms: number, author: string, author_name: string, note: string, restored: number|null}} Version
 * @param {{path: string, answer: import("./area.js").Answer, restored: (answer: any) => void,
 *   t: import("../../../shared/i18n.js").Translate, context: import("../../context.js").SectionContext}} props
 */
export function History({ path, answer, restored, t, context }) {
  const [versions, setVersions] = useState(/** @type {Version[]} */ ([]));
  const [after, setAfter] = useState(/** @type {string|null} */ (null));
  const [shown, setShown] = useState(/** @type {any} */ (null));
  const moment = new Intl.DateTimeFormat(context.locale, {
    dateStyle: "medium",
    timeStyle: "short",
  });

  useEffect(() => void read(null), [path, answer.version]);

  if (!versions.length) return html`<p class="settings-note">${t("history_empty")}</p>`;
  return html`
    <div class="settings-scroll" tabindex="0" role="region" aria-label=${t("view_history")}>
      <table class="settings-history" data-testid="settings-history">
        <thead>
          <tr>
            <th scope="col">${t("version")}</th>
            <th scope="col">${t("when")}</th>
            <th scope="col">${t("who")}</th>
            <th scope="col">${t("note")}</th>
            <td></td>
          </tr>
        </thead>
        <tbody>
          ${versions.map(
            (each) =>
              html`<tr key=${each.version} data-version=${each.version}>
                <th scope="row">${each.version}</th>
                <td>${moment.format(each.at_ms)}</td>
                <td>${nameOf(each.author, each.author_name, t)}</td>
                <td>
                  ${each.restored !== null && html`<span class="settings-mark">${t("restored", { version: each.restored })}</span>`}
                  ${each.note}
                </td>
                <td>
                  <button
                    type="button"
                    class="link"
                    aria-label=${t("show_version", { version: each.version })}
                    onClick=${() => void show(each.version)}
                  >
                    ${t("show")}
                  </button>
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${after && html`<button type="button" class="secondary" onClick=${() => void read(after)}>${t("more")}</button>`}
    ${
      shown &&
      html`<section class="settings-version" data-testid="settings-shown">
        <h3>${t("version_changed", { version: shown.version })}</h3>
        <${Changes} changes=${shown.changes} t=${t} />
        <details>
          <summary>${t("version_text")}</summary>
          <pre tabindex="0">${shown.text}</pre>
        </details>
        ${
          answer.may_change &&
          shown.version !== answer.version &&
          html`<p>${t("restore_about", { count: shown.since.length })}</p>
            <button
              type="button"
              class="primary"
              data-testid="settings-restore"
              onClick=${() => void restore(shown.version)}
            >
              ${t("restore", { version: shown.version })}
            </button>`
        }
      </section>`
    }
  `;

  /** @param {string|null} from */
  async function read(from) {
    try {
      const page = await context.api.get(`${path}/history${from ? `?after=${from}` : ""}`);
      setVersions(from ? [...versions, ...page.versions] : page.versions);
      setAfter(page.after);
      if (!from) setShown(null);
    } catch (problem) {
      context.toast(context.explain(problem), "bad");
    }
  }

  /** @param {number} version */
  async function show(version) {
    try {
      setShown(await context.api.get(`${path}/versions/${version}`));
    } catch (problem) {
      context.toast(context.explain(problem), "bad");
    }
  }

  /** @param {number} version */
  async function restore(version) {
    try {
      restored(
        await context.api.post(`${path}/restore`, { version, base_version: answer.version }),
      );
    } catch (problem) {
      context.toast(context.explain(problem), "bad");
    }
  }
}
