// @ts-check
/** Macros as a form: each with its acts, in the order in which they are done. */

import { html, useState } from "../../vendor/preact.js";
import { put } from "./documents.js";
import { ChoiceField, TextField } from "./fields.js";

/** What an act can do, and what a new one of its kind begins with. */
const ACTS = /** @type {Record<string, string|number>} */ ({
  reply: "",
  tag: "",
  untag: "",
  priority: 5,
  note: "",
  transfer: "",
  park: 24,
  close: "solved",
});
const NUMBERS = new Set(["priority", "park"]);
const ID = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** @param {any} props */
export function Macros({ document, change, problemAt, t }) {
  const macros = document.macros ?? {};
  const [added, setAdded] = useState("");
  const isNew = ID.test(added.trim()) && !(added.trim() in macros);
  return html`<section>
    <h3>${t("macros")}</h3>
    <p class="settings-note">${t("macros_hint")}</p>
    <datalist id="settings-replies">
      ${Object.keys(document.replies ?? {}).map((name) => html`<option value=${name}></option>`)}
    </datalist>
    ${Object.keys(macros).map(
      (name) =>
        html`<${Macro}
          key=${name}
          name=${name}
          macro=${macros[name]}
          problemAt=${(/** @type {string} */ where) => problemAt(`macros.${name}${where && `.${where}`}`)}
          change=${(/** @type {any} */ macro) => change(put(document, ["macros", name], macro))}
          t=${t}
        />`,
    )}
    <div class="settings-row">
      <${TextField}
        label=${t("new_macro")}
        hint=${t("id_hint")}
        value=${added}
        testid="macros-new"
        change=${(/** @type {any} */ text) => setAdded(text ?? "")}
      />
      <button
        type="button"
        class="secondary"
        data-testid="macros-add"
        disabled=${!isNew}
        onClick=${() => {
          const macro = { title: added.trim(), acts: [{ tag: added.trim() }] };
          change(put(document, ["macros", added.trim()], macro));
          setAdded("");
        }}
      >
        ${t("add_macro")}
      </button>
    </div>
  </section>`;
}

/** @param {any} props */
function Macro({ name, macro, problemAt, change, t }) {
  const acts = macro.acts ?? [];
  const setAct = (/** @type {number} */ index, /** @type {object} */ act) =>
    change({ ...macro, acts: acts.with(index, act) });
  return html`<section
    class="settings-card"
    aria-label=${macro.title}
    data-testid="macros-editor"
    data-macro=${name}
  >
    <header class="settings-row">
      <h4>!${name}</h4>
      <button type="button" class="link" onClick=${() => change(undefined)}>
        ${t("delete_macro")}
      </button>
    </header>
    <${TextField}
      label=${t("title")}
      value=${macro.title}
      problem=${problemAt("title")}
      change=${(/** @type {any} */ title) => change({ ...macro, title: title ?? "" })}
    />
    ${acts.map((/** @type {any} */ act, /** @type {number} */ index) => {
      const [what = "tag", value = ""] = Object.entries(act)[0] ?? [];
      const problem = problemAt(`acts.${index}.${what}`) ?? problemAt(`acts.${index}`);
      return html`<div class="settings-row" key=${index}>
        <${ChoiceField}
          label=${t("act_number", { number: index + 1 })}
          value=${what}
          choices=${Object.keys(ACTS).map((kind) => [kind, t(`act_${kind}`)])}
          change=${(/** @type {string} */ kind) => setAct(index, { [kind]: ACTS[kind] })}
        />
        <${TextField}
          label=${t(what === "park" ? "act_hours" : "act_with")}
          value=${String(value)}
          list=${what === "reply" ? "settings-replies" : undefined}
          problem=${problem}
          change=${(/** @type {any} */ text) => setAct(index, { [what]: valueOf(what, text ?? "") })}
        />
        <button
          type="button"
          class="link"
          aria-label=${t("remove_act", { number: index + 1 })}
          onClick=${() => change({ ...macro, acts: acts.toSpliced(index, 1) })}
        >
          ×
        </button>
      </div>`;
    })}
    ${problemAt("acts") && html`<p class="error" role="alert">${problemAt("acts")}</p>`}
    <button
      type="button"
      class="secondary"
      onClick=${() => change({ ...macro, acts: [...acts, { tag: "" }] })}
    >
      ${t("add_act")}
    </button>
  </section>`;

  /** @param {string} what @param {string} text */
  function valueOf(what, text) {
    return NUMBERS.has(what) && /^\d+$/.test(text) ? Number(text) : text;
  }
}
