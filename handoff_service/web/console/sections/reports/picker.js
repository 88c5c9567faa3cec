// @ts-check
/** What is asked: the days, the time zone, the comparison, what it is narrowed down to. */

import { html } from "../../vendor/preact.js";
import { daysOf, isZone, presetOf, PRESETS } from "./periods.js";

/** @param {import("./dashboard.js").Props} props */
export function Picker({ context, t, query, change }) {
  const preset = presetOf(query, Date.now(), query.tz);
  return html`<form
    class="picker"
    onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}
  >
    <label>
      ${t("time")}
      <select
        data-testid="report-preset"
        value=${preset ?? ""}
        onChange=${(/** @type {Event} */ event) => {
          const chosen = /** @type {import("./periods.js").Preset|""} */ (valueOf(event));
          if (chosen) change(daysOf(chosen, Date.now(), query.tz));
        }}
      >
        ${PRESETS.map((each) => html`<option value=${each}>${t(`time_${each}`)}</option>`)}
        <option value="" disabled=${preset !== null}>${t("time_own")}</option>
      </select>
    </label>
    <label>
      ${t("from")}
      <input
        type="date"
        data-testid="report-from"
        value=${query.from}
        max=${query.to}
        onChange=${(/** @type {Event} */ event) => valueOf(event) && change({ from: valueOf(event) })}
      />
    </label>
    <label>
      ${t("to")}
      <input
        type="date"
        data-testid="report-to"
        value=${query.to}
        min=${query.from}
        onChange=${(/** @type {Event} */ event) => valueOf(event) && change({ to: valueOf(event) })}
      />
    </label>
    <label>
      ${t("zone")}
      <input
        list="report-zones"
        autocomplete="off"
        spellcheck="false"
        data-testid="report-zone"
        value=${query.tz}
        onChange=${(/** @type {Event} */ event) => {
          if (isZone(valueOf(event))) change({ tz: valueOf(event) });
          else context.toast(t("zone_unknown", { zone: valueOf(event) }), "bad");
        }}
      />
      <datalist id="report-zones">
        ${Intl.supportedValuesOf("timeZone").map((name) => html`<option value=${name}></option>`)}
      </datalist>
    </label>
    <label class="tick">
      <input
        type="checkbox"
        data-testid="report-compare"
        checked=${query.compare}
        onChange=${() => change({ compare: !query.compare })}
      />
      ${t("compare")}
    </label>
    ${
      query.filters.length > 0 &&
      html`<ul class="filters" aria-label=${t("narrowed")}>
        ${query.filters.map(
          (filter) =>
            html`<li key=${filter}>
              <button
                type="button"
                class="filter"
                data-testid="report-filter"
                aria-label=${t("widen", { filter: filterText(filter, t) })}
                onClick=${() => change({ filters: query.filters.filter((each) => each !== filter) })}
              >
                ${filterText(filter, t)} <span aria-hidden="true">×</span>
              </button>
            </li>`,
        )}
      </ul>`
    }
  </form>`;
}

/** @param {string} filter dimension:value @param {import("../../../shared/i18n.js").Translate} t */
function filterText(filter, t) {
  const at = filter.indexOf(":");
  return `${t(`by_${filter.slice(0, at)}`)}: ${filter.slice(at + 1) || t("none")}`;
}

/** @param {Event} event */
function valueOf(event) {
  return /** @type {HTMLInputElement|HTMLSelectElement} */ (event.target).value;
}
