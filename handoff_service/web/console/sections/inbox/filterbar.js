// @ts-check
/** Above the list: words to search for, what it is filtered by, and its order. */

import { LANGUAGE_NAMES, LOCALES } from "../../../shared/i18n.js";
import { html, useState } from "../../vendor/preact.js";
import { dispositionText, languageText, reasonText, topicText } from "../../wording.js";
import { activeFilters, changed, FILTERS, SORTS } from "./asks.js";

/** @typedef {import("./asks.js").Asks} Asks */
/** @typedef {import("./asks.js").Filter} Filter */
/** @typedef {import("./listing.js").Row} Row */
/** @typedef {import("../../../shared/i18n.js").Translate} Translate */
/** @typedef {import("../../context.js").Directory} Directory */

const STATES = [
  "open",
  "bot",
  "waiting",
  "offered",
  "assigned",
  "parked",
  "wrap_up",
  "message_left",
  "closed",
];
const PRIORITIES = ["9", "8", "7", "6", "5", "4", "3", "2", "1"];
const STARS = ["5", "4", "3", "2", "1"];

/**
 * @param {object} props
 * @param {Asks} props.asks
 * @param {(asks: Asks) => void} props.ask
 * @param {Row[]} props.rows that are shown: what they have can be filtered by
 * @param {Directory|null} props.directory
 * @param {Translate} props.t
 * @param {Translate} props.words
 */
export function FilterBar({ asks, ask, rows, directory, t, words }) {
  const label = (/** @type {Filter} */ name, /** @type {string} */ value) =>
    valueText(name, value, { directory, t, words });
  const active = activeFilters(asks);
  return html`<div class="filters">
    <${SearchBox} key=${asks.text ?? ""} asks=${asks} ask=${ask} t=${t} />
    <details class="menu">
      <summary class="secondary" data-testid="inbox-filter">${t("filter")}</summary>
      <div class="choices">
        ${FILTERS.map((name) => {
          const values = valuesOf(name, rows, directory, asks[name]);
          return html`<label key=${name}>
            <span>${t(`filter_${name}`)}</span>
            <select
              data-testid=${`inbox-filter-${name}`}
              disabled=${values.length === 0}
              value=${asks[name] ?? ""}
              onChange=${(/** @type {any} */ event) =>
                ask(changed(asks, { [name]: event.target.value }))}
            >
              <option value="">${t("any")}</option>
              ${values.map((value) => html`<option value=${value}>${label(name, value)}</option>`)}
            </select>
          </label>`;
        })}
      </div>
    </details>
    <label class="sort">
      <span class="sr">${t("sort")}</span>
      <select
        data-testid="inbox-sort"
        value=${asks.sort ?? ""}
        onChange=${(/** @type {any} */ event) => ask(changed(asks, { sort: event.target.value }))}
      >
        <option value="">${t("sort_usual")}</option>
        ${SORTS.map((sort) => html`<option value=${sort}>${t(`sort_${sort}`)}</option>`)}
      </select>
    </label>
    ${
      active.length === 0
        ? null
        : html`<ul class="chips" aria-label=${t("filters_on")}>
            ${active.map(
              (name) =>
                html`<li key=${name}>
                  <button
                    type="button"
                    class="chip"
                    data-testid="inbox-chip"
                    aria-label=${t("filter_remove", {
                      filter: `${t(`filter_${name}`)}: ${label(name, asks[name] ?? "")}`,
                    })}
                    onClick=${() => ask(changed(asks, { [name]: "" }))}
                  >
                    <span>${t(`filter_${name}`)}: <bdi>${label(name, asks[name] ?? "")}</bdi></span>
                    <span aria-hidden="true">×</span>
                  </button>
                </li>`,
            )}
          </ul>`
    }
  </div>`;
}

/** @param {{asks: Asks, ask: (asks: Asks) => void, t: Translate}} props */
function SearchBox({ asks, ask, t }) {
  const [text, write] = useState(asks.text ?? "");
  return html`<form
    class="search"
    role="search"
    onSubmit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      ask(changed(asks, { text: text.trim() }));
    }}
  >
    <input
      type="search"
      id="inbox-search"
      data-testid="inbox-search"
      aria-label=${t("search")}
      placeholder=${t("search_placeholder")}
      title=${t("search_help")}
      maxlength="300"
      autocomplete="off"
      value=${text}
      onInput=${(/** @type {any} */ event) => {
        write(event.target.value);
        if (event.target.value === "" && asks.text) ask(changed(asks, { text: "" }));
      }}
    />
  </form>`;
}

/**
 * What a filter can be set to: what everybody may have, or what the rows in sight have.
 * @param {Filter} name @param {Row[]} rows @param {Directory|null} directory @param {string|undefined} now what it is set to
 */
function valuesOf(name, rows, directory, now) {
  if (name === "state") return STATES;
  if (name === "priority") return PRIORITIES;
  if (name === "stars") return STARS;
  if (name === "language") return [...LOCALES];
  const known = {
    agent: ["me", ...(directory?.agents ?? []).map(({ agent_id }) => agent_id)],
    team: directory?.teams ?? [],
    tag: directory?.tags ?? [],
    disposition: directory?.dispositions ?? [],
    topic: [],
    reason: [],
    site: [],
  }[name];
  const seen = rows.flatMap((row) =>
    name === "tag" ? row.tags : name === "agent" ? (row.agent_id ?? []) : (row[name] ?? []),
  );
  return [...new Set([...known, ...seen, ...(now ? [now] : [])])].filter(Boolean);
}

/**
 * @param {Filter} name @param {string} value
 * @param {{directory: Directory|null, t: Translate, words: Translate}} given
 * @returns {string}
 */
export function valueText(name, value, { directory, t, words }) {
  if (name === "state") return t(`state_${value}`);
  if (name === "priority") return t("priority_from", { level: value });
  if (name === "stars") return t("stars_of_5", { stars: value });
  if (name === "language")
    return value in LANGUAGE_NAMES ? languageText(value, words) : value.toUpperCase();
  if (name === "topic") return topicText(value, words);
  if (name === "reason") return reasonText(value, words);
  if (name === "disposition") return dispositionText(value, words);
  if (name === "agent" && value === "me") return t("me");
  if (name === "agent")
    return directory?.agents.find(({ agent_id }) => agent_id === value)?.name ?? value;
  return value;
}
