// @ts-check
/** When people are on duty: a week for each team, and the days that are otherwise. */

import { html, useState } from "../../vendor/preact.js";
import { put, rename } from "./documents.js";
import { ChoiceField, ListField, TextField } from "./fields.js";
import { DAYS, daysOf, hoursOf, pairsOf, spansOf } from "./week.js";

/** A day that opens, opens like this. */
const USUAL = "09:00-18:00";
/** Monday, 1 January 2024: a week to take the names of the days from. */
const A_MONDAY = Date.UTC(2024, 0, 1);

/** @param {import("./areas.js").FormProps} props */
export function Form({ document, change, problemAt, checked, t, context }) {
  const teams = document.teams ?? {};
  const names = Object.keys(teams);
  const [added, setAdded] = useState("");
  return html`
    <datalist id="settings-zones">
      ${Intl.supportedValuesOf("timeZone").map((zone) => html`<option value=${zone}></option>`)}
    </datalist>
    ${names.map(
      (name) =>
        html`<${Team}
          key=${name}
          name=${name}
          team=${teams[name]}
          duty=${checked?.duties.find(({ team }) => team === name)}
          problemAt=${(/** @type {string} */ where) => problemAt(`teams.${name}.${where}`)}
          change=${(/** @type {any} */ team) => change({ ...document, teams: { ...teams, [name]: team } })}
          remove=${names.length > 1 ? () => change(without(document, name)) : undefined}
          rename=${(/** @type {string} */ to) => change(renamed(document, name, to))}
          t=${t}
          context=${context}
        />`,
    )}
    ${
      names.length > 1 &&
      html`<${ChoiceField}
        label=${t("team_default")}
        hint=${t("team_default_hint")}
        value=${document.default ?? ""}
        choices=${names.map((name) => [name, name])}
        problem=${problemAt("default")}
        change=${(/** @type {string} */ name) => change({ ...document, default: name })}
      />`
    }
    <div class="settings-row">
      <${TextField}
        label=${t("team_new")}
        value=${added}
        change=${(/** @type {string|undefined} */ name) => setAdded(name ?? "")}
      />
      <button
        type="button"
        class="secondary"
        disabled=${!added.trim() || added.trim() in teams}
        onClick=${() => {
          const first = names[0];
          const team = { zone: first ? teams[first].zone : "UTC", hours: { "mon-fri": USUAL } };
          change({
            default: first ?? added.trim(),
            ...document,
            teams: { ...teams, [added.trim()]: team },
          });
          setAdded("");
        }}
      >
        ${t("add")}
      </button>
    </div>
  `;
}

/** @param {any} props */
function Team({ name, team, duty, problemAt, change, remove, t, context }) {
  const days = daysOf(team.hours);
  const special = Object.entries(team.special_days ?? {});
  const dayNames = DAYS.map((_, number) =>
    new Intl.DateTimeFormat(context.locale, { weekday: "long", timeZone: "UTC" }).format(
      A_MONDAY + number * 86_400_000,
    ),
  );
  const setDay = (/** @type {number} */ number, /** @type {string} */ spans) =>
    change({ ...team, hours: hoursOf(days.with(number, spans)) });
  return html`<section
    class="settings-card"
    aria-label=${name}
    data-testid="settings-team"
    data-team=${name}
  >
    <header class="settings-row">
      <h3>${name}</h3>
      <p class="settings-duty" data-testid="settings-duty">
        ${duty && saysDuty(duty, t, context.locale)}
      </p>
      ${remove && html`<button type="button" class="link" onClick=${remove}>${t("remove_named", { name })}</button>`}
    </header>
    <${TextField}
      label=${t("zone")}
      value=${team.zone}
      list="settings-zones"
      problem=${problemAt("zone")}
      testid="settings-zone"
      change=${(/** @type {any} */ zone) => change({ ...team, zone: zone ?? "" })}
    />
    <div class="settings-scroll" tabindex="0" role="region" aria-label=${t("week")}>
      <table class="settings-week">
        <thead>
          <tr>
            <th scope="col">${t("day")}</th>
            <th scope="col">${t("hours_open")}</th>
          </tr>
        </thead>
        <tbody>
          ${DAYS.map(
            (day, number) =>
              html`<tr key=${day}>
                <th scope="row">
                  <label class="settings-check">
                    <input
                      type="checkbox"
                      checked=${Boolean(days[number])}
                      data-testid=${`settings-day-${day}`}
                      onChange=${(/** @type {any} */ event) => setDay(number, event.currentTarget.checked ? USUAL : "")}
                    />
                    ${dayNames[number]}
                  </label>
                </th>
                <td>
                  <${Spans}
                    spans=${days[number]}
                    label=${dayNames[number]}
                    change=${(/** @type {string} */ spans) => setDay(number, spans)}
                    t=${t}
                  />
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <h4>${t("special_days")}</h4>
    <p class="settings-note">${t("special_days_about")}</p>
    ${special.map(
      ([date, spans], index) =>
        html`<div class="settings-row" key=${index}>
          <${TextField}
            label=${t("date")}
            value=${date}
            problem=${problemAt(`special_days.${date}`)}
            change=${(/** @type {any} */ to) => change({ ...team, special_days: rename(team.special_days, date, to ?? "") })}
          />
          <${TextField}
            label=${t("hours_then")}
            value=${spans}
            placeholder="closed"
            change=${(/** @type {any} */ to) => change(put(team, ["special_days", date], to ?? ""))}
          />
          <button
            type="button"
            class="link"
            onClick=${() => change(put(team, ["special_days", date], undefined))}
          >
            ${t("remove_named", { name: date })}
          </button>
        </div>`,
    )}
    <button
      type="button"
      class="secondary"
      data-testid="settings-add-day"
      onClick=${() => change(put(team, ["special_days", today()], "closed"))}
    >
      ${t("special_days_add")}
    </button>
    <${ListField}
      label=${t("topics")}
      hint=${t("team_topics_hint")}
      value=${team.topics}
      problem=${problemAt("topics")}
      change=${(/** @type {any} */ topics) => change(put(team, ["topics"], topics))}
    />
  </section>`;
}

/** @param {{spans: string, label: string, change: (spans: string) => void, t: any}} props */
function Spans({ spans, label, change, t }) {
  if (!spans) return html`<span class="settings-closed">${t("closed")}</span>`;
  const pairs = pairsOf(spans);
  const set = (/** @type {number} */ index, /** @type {[string, string]} */ pair) =>
    change(spansOf(pairs.with(index, pair)));
  return html`<div class="settings-spans">
    ${pairs.map(
      ([from, to], index) =>
        html`<span class="settings-span" key=${index}>
          <input
            type="time"
            aria-label=${t("from_of", { day: label })}
            value=${from}
            onChange=${(/** @type {any} */ event) => event.currentTarget.value && set(index, [event.currentTarget.value, to])}
          />
          –
          <input
            type="time"
            aria-label=${t("until_of", { day: label })}
            value=${to}
            onChange=${(/** @type {any} */ event) => event.currentTarget.value && set(index, [from, event.currentTarget.value])}
          />
          ${
            pairs.length > 1 &&
            html`<button
              type="button"
              class="link"
              aria-label=${t("remove_named", { name: `${label} ${from}–${to}` })}
              onClick=${() => change(spansOf(pairs.toSpliced(index, 1)))}
            >
              ×
            </button>`
          }
        </span>`,
    )}
    <button
      type="button"
      class="link"
      aria-label=${t("break_add_of", { day: label })}
      onClick=${() => change(spansOf([...pairs, ["18:00", "20:00"]]))}
    >
      +
    </button>
  </div>`;
}

/** @param {{open: boolean, opens_next_ms: number|null}} duty @param {any} t @param {string} locale */
function saysDuty({ open, opens_next_ms }, t, locale) {
  if (open) return t("duty_open");
  if (opens_next_ms === null) return t("duty_never");
  const when = new Intl.DateTimeFormat(locale, {
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "numeric",
    minute: "2-digit",
  });
  return t("duty_next", { when: when.format(opens_next_ms) });
}

/** @param {import("./areas.js").Document} document @param {string} name */
function without(document, name) {
  const { [name]: _, ...teams } = document.teams;
  return {
    ...document,
    teams,
    default: document.default === name ? Object.keys(teams)[0] : document.default,
  };
}

/** @param {import("./areas.js").Document} document @param {string} name @param {string} to */
function renamed(document, name, to) {
  return {
    ...document,
    teams: rename(document.teams, name, to),
    default: document.default === name ? to : document.default,
  };
}

/** @returns {string} "2026-11-23" on the reader's calendar */
function today() {
  return new Intl.DateTimeFormat("sv-SE").format(Date.now());
}
