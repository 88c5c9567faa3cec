// @ts-check
/** Where somebody is signed in, and the way to end it. */

import { explain } from "../../entry/words.js";
import { html, useEffect, useState } from "../../vendor/preact.js";
import { browserName } from "./browser.js";

/**
 * @typedef {{id: string, browser: string, address: string, how: string, created_ms: number,
 *   last_seen_ms: number, expires_ms: number, here: boolean}} Session
 * @param {import("./page.js").Given & {path: string, own?: boolean}} props
 */
export function Sessions({ t, context, path, own = false }) {
  const [sessions, setSessions] = useState(/** @type {Session[]} */ ([]));
  const moment = new Intl.DateTimeFormat(context.locale, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  const others = sessions.filter(({ here }) => !here);

  useEffect(() => void read(), [path]);

  if (!sessions.length) return html`<p class="hint">${t("sessions_none")}</p>`;
  return html`<div class="people-scroll" tabindex="0" role="region" aria-label=${t("sessions")}>
      <table data-testid="sessions">
        <thead>
          <tr>
            <th scope="col">${t("browser")}</th>
            <th scope="col">${t("address")}</th>
            <th scope="col">${t("since")}</th>
            <th scope="col">${t("last_seen")}</th>
            <td></td>
          </tr>
        </thead>
        <tbody>
          ${sessions.map(
            (each) =>
              html`<tr key=${each.id} data-session=${each.id}>
                <th scope="row">
                  ${browserName(each.browser) || t("browser_unknown")}
                  ${each.here && html` <span class="people-mark">${t("here")}</span>`}
                </th>
                <td>${each.address}</td>
                <td>${moment.format(each.created_ms)} · ${t(`how_${each.how}`)}</td>
                <td>${moment.format(each.last_seen_ms)}</td>
                <td>
                  ${
                    !each.here &&
                    html`<button
                      type="button"
                      class="link"
                      onClick=${() => void end(`${path}/${encodeURIComponent(each.id)}`)}
                    >
                      ${t("end_session")}
                    </button>`
                  }
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      others.length > 0 &&
      html`<button
        type="button"
        class="secondary"
        data-testid="end-others"
        onClick=${() => void end(path)}
      >
        ${t(own ? "end_others" : "end_all")}
      </button>`
    }`;

  async function read() {
    try {
      setSessions((await context.api.get(path)).sessions);
    } catch (problem) {
      context.toast(explain(problem, t), "bad");
    }
  }

  /** @param {string} which */
  async function end(which) {
    try {
      await context.api.del(which);
      await read();
    } catch (problem) {
      context.toast(explain(problem, t), "bad");
    }
  }
}
