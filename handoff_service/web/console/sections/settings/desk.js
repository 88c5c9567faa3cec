// @ts-check
/** How long things take at the desk, and the words that agents choose from. */

import { html } from "../../vendor/preact.js";
import { put } from "./documents.js";
import { ListField, NumberField } from "./fields.js";

/** @param {import("./areas.js").FormProps} props */
export function Form({ document, change, problemAt, usual, limits, t }) {
  return html`
    <section class="settings-card" aria-label=${t("desk_times")}>
      <h3>${t("desk_times")}</h3>
      <div class="settings-grid">
        ${Object.entries(limits).map(
          ([name, [low, high]]) =>
            html`<${NumberField}
              key=${name}
              label=${t(`desk_${name}`)}
              hint=${t("desk_between", { low, high, usual: usual[name] })}
              placeholder=${String(usual[name])}
              value=${document[name]}
              low=${low}
              high=${high}
              problem=${problemAt(name)}
              testid=${`settings-${name}`}
              change=${(/** @type {any} */ value) => change(put(document, [name], value))}
            />`,
        )}
      </div>
    </section>
    <section class="settings-card" aria-label=${t("desk_words")}>
      <h3>${t("desk_words")}</h3>
      <${ListField}
        label=${t("desk_dispositions")}
        hint=${t("desk_dispositions_hint")}
        rows=${5}
        value=${document.dispositions ?? usual.dispositions}
        problem=${problemAt("dispositions")}
        testid="settings-dispositions"
        change=${(/** @type {any} */ value) => change(put(document, ["dispositions"], value))}
      />
      <${ListField}
        label=${t("desk_tags")}
        hint=${t("desk_tags_hint")}
        rows=${5}
        value=${document.tags}
        problem=${problemAt("tags")}
        testid="settings-tags"
        change=${(/** @type {any} */ value) => change(put(document, ["tags"], value))}
      />
    </section>
  `;
}
