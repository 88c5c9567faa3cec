// @ts-check
/** The whole floor on one screen. */

import { durationText } from "../../wording.js";
import { html } from "../../vendor/preact.js";
import { Agents } from "./agents.js";
import { Hints } from "./hints.js";
import { Waiting } from "./waiting.js";

/** @typedef {import("../../../shared/i18n.js").Translate} Translate */

/**
 * @typedef {object} View what every part of the page is given
 * @property {number} now the service's time, ms
 * @property {string|null} selected the conversation that keys act on
 * @property {(id: string|null) => void} select
 * @property {import("./acts.js").Acts} acts
 * @property {import("../../../shared/i18n.js").Locale} locale
 * @property {Translate} words the console's words
 * @property {Translate} t the floor's own words
 */

/** @param {View & {picture: import("./feed.js").Picture|null, away: boolean}} props */
export function Floor({ picture, away, ...view }) {
  const { t } = view;
  return html`<div class="floor" data-testid="floor">
    <header>
      <h1 tabindex="-1">${t("title")}</h1>
      <p class="stale" role="status">${away ? t("stale") : ""}</p>
      <button
        type="button"
        class="secondary"
        data-testid="floor-notice"
        onClick=${() => view.acts.notice()}
      >
        ${t("publish_notice")}
      </button>
    </header>
    ${
      picture &&
      html`<${Figures} totals=${picture.totals} ...${view} />
        <${Hints} hints=${picture.hints} ...${view} />
        <div class="tables">
          <${Waiting} rows=${picture.waiting} total=${picture.totals.waiting} ...${view} />
          <${Agents} rows=${picture.agents} more=${picture.more_agents} ...${view} />
        </div>
        <div class="groups">
          <${Groups} title=${t("teams")} rows=${picture.teams} name=${same} ...${view} />
          <${Groups}
            title=${t("languages")}
            rows=${picture.languages}
            name=${languageName(view.locale)}
            ...${view}
          />
        </div>`
    }
  </div>`;
}

/** @param {View & {totals: import("./feed.js").Totals}} props */
function Figures({ totals, now, t }) {
  const { longest_since_ms: longest } = totals;
  const bad = totals.breached > 0 ? "breached" : totals.at_risk > 0 ? "at_risk" : "";
  return html`<dl class="figures-row">
    <${Figure}
      name="waiting"
      label=${t("waiting")}
      value=${totals.waiting}
      more=${longest === null ? "" : t("longest", { time: durationText(now - longest) })}
    />
    <${Figure}
      name="risk"
      label=${t("sla")}
      tone=${bad}
      value=${totals.breached}
      more=${t("risk_more", { count: totals.at_risk })}
    />
    <${Figure}
      name="agents"
      label=${t("online")}
      value=${totals.online}
      more=${t("away_more", { count: totals.away })}
    />
    <${Figure}
      name="load"
      label=${t("load")}
      value=${`${totals.load}/${totals.capacity}`}
      more=${t("parked_more", { count: totals.parked })}
    />
    <${Figure} name="left" label=${t("left")} value=${totals.left} />
    <${Figure}
      name="hour"
      label=${t("last_hour")}
      value=${totals.answered_1h ?? "–"}
      more=${totals.abandoned_1h === null ? "" : t("gave_up", { count: totals.abandoned_1h })}
    />
  </dl>`;
}

/** @param {{name: string, label: string, value: string|number, more?: string, tone?: string}} props */
function Figure({ name, label, value, more, tone }) {
  return html`<div class=${`card ${tone ?? ""}`} data-testid=${`figure-${name}`}>
    <dt>${label}</dt>
    <dd>
      <strong>${value}</strong>
      ${more && html`<span>${more}</span>`}
    </dd>
  </div>`;
}

/** @param {View & {title: string, rows: import("./feed.js").Group[], name: (name: string) => string}} props */
function Groups({ title, rows, name, now, t }) {
  if (rows.length === 0) return null;
  return html`<section>
    <h2>${title}</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">${t("group")}</th>
          <th scope="col" class="number">${t("waiting")}</th>
          <th scope="col" class="number">${t("longest_column")}</th>
          <th scope="col" class="number">${t("online")}</th>
          <th scope="col" class="number">${t("load")}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr key=${row.name} class=${row.waiting > 0 && row.online === 0 ? "nobody" : ""}>
              <th scope="row" dir="auto">${name(row.name)}</th>
              <td class="number">${row.waiting}</td>
              <td class="number">
                ${row.longest_since_ms === null ? "–" : durationText(now - row.longest_since_ms)}
              </td>
              <td class="number">${row.online}</td>
              <td class="number">${row.load}/${row.capacity}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

/** @param {string} name */
function same(name) {
  return name;
}

/** @param {string} locale @returns {(code: string) => string} the language's name in the reader's words */
export function languageName(locale) {
  const names = new Intl.DisplayNames([locale], { type: "language", fallback: "code" });
  return (code) => names.of(code) ?? code;
}
