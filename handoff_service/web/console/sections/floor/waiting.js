// @ts-check
/** Those who wait: place, promise, what they need and why nobody takes them. */

import { formatWait } from "../../../shared/i18n.js";
import { durationText, languageText, reasonText, topicText } from "../../wording.js";
import { html } from "../../vendor/preact.js";
import { Menu } from "./menu.js";

/** @typedef {import("./page.js").View} View */
/** @typedef {import("./feed.js").Waiting} Row */

/** @param {View & {rows: Row[], total: number}} props */
export function Waiting({ rows, total, ...view }) {
  const { t } = view;
  return html`<section data-testid="waiting">
    <h2>${t("waiting_title", { count: total })}</h2>
    ${
      rows.length === 0
        ? html`<p class="none">${t("nobody_waits")}</p>`
        : html`<table>
            <thead>
              <tr>
                <th scope="col" class="number">${t("place")}</th>
                <th scope="col">${t("customer")}</th>
                <th scope="col" class="number">${t("waited")}</th>
                <th scope="col">${t("sla")}</th>
                <th scope="col" class="wide">${t("needs")}</th>
                <th scope="col" class="wide">${t("state")}</th>
                <th scope="col"><span class="sr">${t("acts")}</span></th>
              </tr>
            </thead>
            <tbody>
              ${rows.map((row) => html`<${Line} key=${row.conversation_id} row=${row} ...${view} />`)}
            </tbody>
          </table>`
    }
    ${rows.length < total && html`<p class="none">${t("more_waiting", { count: total - rows.length })}</p>`}
  </section>`;
}

/** @param {View & {row: Row}} props */
function Line({ row, now, selected, select, acts, locale, words, t }) {
  const { conversation_id: id } = row;
  const risk = riskNow(row, now);
  const name = row.customer || topicText(row.topic, words);
  const detail = row.excerpt || reasonText(row.reason, words);
  const needs = [row.skill && `${row.skill} ${row.level > 1 ? row.level : ""}`, row.team, row.tier];
  return html`<tr
    data-testid=${`waiting-${id}`}
    data-selected=${selected === id ? "" : undefined}
    class=${risk}
    tabindex=${selected === id ? 0 : -1}
    onFocus=${() => select(id)}
    onDblClick=${() => acts.open(row)}
  >
    <td class="number">
      ${row.returned ? html`<span title=${t("returned")}>↑</span>` : ""}${row.place ?? "→"}
    </td>
    <th scope="row">
      <a href=${`#/conversation/${encodeURIComponent(id)}`} dir="auto">${name}</a>
      <span class="excerpt" dir="auto">${detail}</span>
      <span class="narrow">${stateText(row, now, t)}</span>
    </th>
    <td class="number">
      ${durationText(now - row.since_ms)}
      ${
        row.wait_ms &&
        html`<span class="excerpt" title=${t("forecast")}>
          ${t("forecast_short", { time: formatWait(row.wait_ms[0], row.wait_ms[1], locale) })}
        </span>`
      }
    </td>
    <td><span class=${`risk ${risk}`}>${riskText(row, risk, now, t)}</span></td>
    <td class="wide">
      ${languageText(row.language, words)}
      <span class="excerpt">${needs.filter(Boolean).join(" · ")}</span>
    </td>
    <td class="wide">${stateText(row, now, t)}</td>
    <td>
      <${Menu}
        id=${id}
        label=${t("acts_for", { name })}
        items=${[
          { label: t("open"), key: "o", run: () => acts.open(row) },
          { label: t("take_over"), key: "t", run: () => acts.takeOver(row) },
          { label: t("move"), key: "m", run: () => acts.move(row) },
        ]}
      />
    </td>
  </tr>`;
}

/** How it stands at this second: what was in time when it was read may be overdue now.
 * @param {Row} row @param {number} now */
export function riskNow({ risk, due_ms }, now) {
  return due_ms !== null && now >= due_ms ? "breached" : risk;
}

/** @param {Row} row @param {string} risk @param {number} now @param {View["t"]} t */
function riskText({ due_ms }, risk, now, t) {
  if (due_ms === null) return t("risk_none");
  return t(`risk_${risk}`, { time: durationText(Math.abs(due_ms - now)) });
}

/** @param {Row} row @param {number} now @param {View["t"]} t */
function stateText({ fit, agent_name, deadline_ms }, now, t) {
  if (agent_name === null) return t(`fit_${fit}`);
  const left = durationText(Math.max(0, (deadline_ms ?? now) - now));
  return t("offered_to", { name: agent_name, time: left });
}
