// @ts-check
/** One number told apart: by language, team, agent, topic, release …, as a table with bars. */

import { html } from "../../vendor/preact.js";
import { figureText } from "./figures.js";
import { DIMENSIONS, OVER_TIME, writeQuery } from "./query.js";
import { groupText, rangeText } from "./words.js";

/**
 * @param {import("./dashboard.js").Props & {definition: import("./figures.js").Definition,
 *   groups: import("./numbers.js").Group[], by: string, leftOff: number}} props
 */
export function Groups({ context, t, query, change, definition, groups, by, leftOff }) {
  const most = Math.max(...groups.map(({ values }) => values[definition.id]?.value ?? 0), 0);
  const narrows = DIMENSIONS.includes(by);
  return html`<section class="groups" aria-label=${t("by")}>
    <label>
      ${t("by")}
      <select
        data-testid="report-by"
        value=${query.by}
        onChange=${(/** @type {Event} */ event) =>
          change({ by: /** @type {HTMLSelectElement} */ (event.target).value })}
      >
        ${[...OVER_TIME, ...DIMENSIONS].map((name) => html`<option value=${name}>${t(`by_${name}`)}</option>`)}
      </select>
    </label>
    ${leftOff > 0 && html`<p>${t("left_off", { count: leftOff })}</p>`}
    ${groups.length === 0 && html`<p class="empty">${t("no_groups")}</p>`}
    ${
      groups.length > 0 &&
      html`<div class="table" tabindex="0" role="region" aria-label=${t(definition.title_key)}>
        <table data-testid="report-groups">
          <thead>
            <tr>
              <th scope="col">${t(`by_${by}`)}</th>
              <th scope="col">${t(definition.title_key)}</th>
              <th scope="col" class="number">${t("cases_head")}</th>
            </tr>
          </thead>
          <tbody>
            ${groups.map((group) => {
              const { key, values } = group;
              const text = groupText(group, by, context, t);
              const figure = values[definition.id];
              const filter = `${by}:${key}`;
              return html`<tr key=${key} data-key=${key}>
                <th scope="row">
                  ${
                    narrows && !query.filters.includes(filter)
                      ? html`<button
                          type="button"
                          class="link"
                          title=${t("narrow")}
                          onClick=${() => change({ filters: [...query.filters, filter] })}
                        >
                          ${text}
                        </button>`
                      : text
                  }
                </th>
                <td>
                  <span class="value"
                    >${figureText(figure?.value, definition.unit, context.locale)}</span
                  >
                  <meter
                    min="0"
                    max=${most || 1}
                    value=${figure?.value ?? 0}
                    aria-hidden="true"
                  ></meter>
                  <small>${figure ? rangeText(figure, definition, context.locale, t) : ""}</small>
                </td>
                <td class="number">
                  <a href=${writeQuery({ ...query, drill: definition.id, key })}>
                    ${new Intl.NumberFormat(context.locale).format(figure?.count ?? 0)}
                  </a>
                </td>
              </tr>`;
            })}
          </tbody>
        </table>
      </div>`
    }
  </section>`;
}
