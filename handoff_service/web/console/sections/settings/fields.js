// @ts-check
/** Labelled fields of the forms: each shows what is wrong with it beside it. */

import { html, useId, useState } from "../../vendor/preact.js";
import { listOf, numberOf } from "./documents.js";

/**
 * @typedef {object} FieldProps
 * @property {string} label
 * @property {any} value
 * @property {(value: any) => void} change undefined: left out
 * @property {string} [problem]
 * @property {string} [hint]
 * @property {string} [placeholder]
 * @property {boolean} [bare] the label is read aloud and not seen: the head of the column says it
 * @property {string} [list] id of suggestions
 * @property {string} [testid]
 */

/** @param {FieldProps} props one line of text */
export function TextField({ value, change, placeholder, list, testid, ...more }) {
  return html`<${Labelled} ...${more}>
    ${(/** @type {object} */ aria) =>
      html`<input
        ...${aria}
        value=${value ?? ""}
        placeholder=${placeholder}
        list=${list}
        autocomplete="off"
        data-testid=${testid}
        onInput=${(/** @type {any} */ event) => change(event.currentTarget.value || undefined)}
      />`}
  <//>`;
}

/** @param {FieldProps & {low?: number, high?: number}} props */
export function NumberField({ value, change, placeholder, testid, low, high, ...more }) {
  return html`<${Labelled} ...${more}>
    ${(/** @type {object} */ aria) =>
      html`<input
        ...${aria}
        class="number"
        inputmode="decimal"
        value=${value ?? ""}
        placeholder=${placeholder}
        title=${low === undefined ? undefined : `${low} … ${high}`}
        data-testid=${testid}
        onInput=${(/** @type {any} */ event) => change(numberOf(event.currentTarget.value))}
      />`}
  <//>`;
}

/** @param {FieldProps & {between?: RegExp, rows?: number}} props several, a line each */
export function ListField({
  value,
  change,
  placeholder,
  testid,
  between = /\n/,
  rows = 3,
  ...more
}) {
  // Kept as it is written: an empty line is on its way to be an item.
  const [text, setText] = useState((value ?? []).join("\n"));
  const shown =
    JSON.stringify(listOf(text, between) ?? []) === JSON.stringify(value ?? [])
      ? text
      : (value ?? []).join("\n");
  return html`<${Labelled} ...${more}>
    ${(/** @type {object} */ aria) =>
      html`<textarea
        ...${aria}
        rows=${rows}
        value=${shown}
        placeholder=${placeholder}
        data-testid=${testid}
        onInput=${(/** @type {any} */ event) => {
          setText(event.currentTarget.value);
          change(listOf(event.currentTarget.value, between));
        }}
      />`}
  <//>`;
}

/** @param {FieldProps & {choices: [string, string][]}} props value and label of each */
export function ChoiceField({ value, change, choices, testid, ...more }) {
  return html`<${Labelled} ...${more}>
    ${(/** @type {object} */ aria) =>
      html`<select
        ...${aria}
        value=${value}
        data-testid=${testid}
        onChange=${(/** @type {any} */ event) => change(event.currentTarget.value)}
      >
        ${choices.map(([name, label]) => html`<option value=${name} selected=${name === value}>${label}</option>`)}
      </select>`}
  <//>`;
}

/** @param {{label: string, value: boolean, change: (on: boolean) => void, testid?: string}} props */
export function CheckField({ label, value, change, testid }) {
  return html`<label class="settings-check">
    <input
      type="checkbox"
      checked=${value}
      data-testid=${testid}
      onChange=${(/** @type {any} */ event) => change(event.currentTarget.checked)}
    />
    ${label}
  </label>`;
}

/** @param {{label: string, problem?: string, hint?: string, bare?: boolean, children?: any}} props */
function Labelled({ label, problem, hint, bare, children }) {
  const id = useId();
  const aria = {
    id,
    "aria-invalid": problem ? "true" : undefined,
    "aria-describedby": problem || hint ? `${id}-more` : undefined,
    "aria-label": bare ? label : undefined,
  };
  return html`<div class="settings-field">
    ${!bare && html`<label for=${id}>${label}</label>`} ${children(aria)}
    ${(problem || hint) && html`<small id=${`${id}-more`} class=${problem ? "bad" : ""}>${problem || hint}</small>`}
  </div>`;
}
