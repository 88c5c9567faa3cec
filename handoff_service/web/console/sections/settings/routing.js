// @ts-check
/** Who gets which conversation: a table of rules for each kind, and how long they insist. */

import { html, useState } from "../../vendor/preact.js";
import { put, rename } from "./documents.js";
import { NumberField, TextField } from "./fields.js";

const KINDS = ["topics", "reasons", "tiers", "flags"];
/** Columns: name, and whether it is a number. @type {[string, boolean][]} */
const COLUMNS = [
  ["skill", false],
  ["level", true],
  ["team", false],
  ["priority", true],
  ["sla_s", true],
  ["weight", true],
  ["tier", false],
];
const WAITS = ["level_s", "skill_s", "team_s", "wanted_agent_s", "language_s"];

/** @param {import("./areas.js").FormProps} props */
export function Form({ document, change, problemAt, t }) {
  return html`
    <${Rules}
      title=${t("rule_default")}
      about=${t("rule_default_about")}
      rules=${{ default: document.default ?? {} }}
      place=${[]}
      fixed
      ...${{ document, change, problemAt, t }}
    />
    ${KINDS.map(
      (kind) =>
        html`<${Rules}
          key=${kind}
          title=${t(`rule_${kind}`)}
          about=${t(`rule_${kind}_about`)}
          rules=${document[kind] ?? {}}
          place=${[kind]}
          ...${{ document, change, problemAt, t }}
        />`,
    )}
    <section class="settings-card" aria-label=${t("widening")}>
      <h3>${t("widening")}</h3>
      <p class="settings-note">${t("widening_about")}</p>
      <div class="settings-grid">
        ${WAITS.map(
          (name) =>
            html`<${NumberField}
              key=${name}
              label=${t(`widening_${name}`)}
              value=${document.widening?.[name]}
              problem=${problemAt(`widening.${name}`)}
              change=${(/** @type {any} */ value) => change(put(document, ["widening", name], value))}
            />`,
        )}
      </div>
    </section>
  `;
}

/** @param {any} props */
function Rules({ title, about, rules, place, fixed, document, change, problemAt, t }) {
  const [added, setAdded] = useState("");
  const names = Object.keys(rules);
  const kind = place[0];
  const at = (/** @type {string} */ name) => [...place, name];
  return html`<div
    class="settings-card"
    data-testid="settings-rules"
    data-kind=${kind ?? "default"}
  >
    <h3>${title}</h3>
    <p class="settings-note">${about}</p>
    ${
      names.length > 0 &&
      html`<div class="settings-scroll" tabindex="0" role="region" aria-label=${title}>
        <table class="settings-rules">
          <thead>
            <tr>
              <th scope="col">${t("rule_name")}</th>
              ${COLUMNS.map(([column]) => html`<th scope="col">${t(`rule_${column}`)}</th>`)}
              <td></td>
            </tr>
          </thead>
          <tbody>
            ${names.map(
              (name, index) =>
                html`<tr key=${index} data-rule=${name}>
                  <th scope="row">
                    ${
                      fixed
                        ? t("rule_default")
                        : html`<${TextField}
                            bare
                            label=${t("rule_name")}
                            value=${name}
                            problem=${problemAt(at(name).join("."))}
                            change=${(/** @type {any} */ to) =>
                              to &&
                              !(to in rules) &&
                              change({ ...document, [kind]: rename(rules, name, to) })}
                          />`
                    }
                  </th>
                  ${COLUMNS.map(([column, isNumber]) => {
                    const Field = isNumber ? NumberField : TextField;
                    return html`<td key=${column}>
                      <${Field}
                        bare
                        label=${`${name}: ${t(`rule_${column}`)}`}
                        value=${rules[name]?.[column]}
                        problem=${problemAt([...at(name), column].join("."))}
                        testid=${`settings-rule-${column}`}
                        change=${(/** @type {any} */ value) => change(put(document, [...at(name), column], value))}
                      />
                    </td>`;
                  })}
                  <td>
                    ${
                      !fixed &&
                      html`<button
                        type="button"
                        class="link"
                        onClick=${() => change(put(document, at(name), undefined))}
                      >
                        ${t("remove_named", { name })}
                      </button>`
                    }
                  </td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`
    }
    ${
      !fixed &&
      html`<div class="settings-row">
        <${TextField}
          label=${t(`rule_${kind}_new`)}
          value=${added}
          testid="settings-rule-new"
          change=${(/** @type {any} */ name) => setAdded(name ?? "")}
        />
        <button
          type="button"
          class="secondary"
          data-testid="settings-rule-add"
          disabled=${!added.trim() || added.trim() in rules}
          onClick=${() => {
            change(put(document, at(added.trim()), { priority: 5 }));
            setAdded("");
          }}
        >
          ${t("add")}
        </button>
      </div>`
    }
  </div>`;
}
