// @ts-check
/** The websites that show the widget: look, words, questions afterwards, who may show it. */

import { html, useState } from "../../vendor/preact.js";
import { LANGUAGE_NAMES, LOCALES } from "../../../shared/i18n.js";
import { put } from "./documents.js";
import { CheckField, ChoiceField, ListField, NumberField, TextField } from "./fields.js";
import { Preview } from "./preview.js";
import { Survey } from "./survey.js";

/** @param {import("./areas.js").FormProps} props */
export function Form({ document, change, problemAt, t }) {
  const sites = document.sites ?? { default: {} };
  const names = Object.keys(sites);
  const [chosen, setChosen] = useState(names[0] ?? "default");
  const [added, setAdded] = useState("");
  const key = chosen in sites ? chosen : (names[0] ?? "default");
  return html`
    <div class="settings-row">
      <${ChoiceField}
        label=${t("site")}
        value=${key}
        choices=${names.map((name) => [name, name])}
        testid="settings-site"
        change=${setChosen}
      />
      <${TextField}
        label=${t("site_new")}
        value=${added}
        change=${(/** @type {any} */ name) => setAdded(name ?? "")}
      />
      <button
        type="button"
        class="secondary"
        disabled=${!added.trim() || added.trim() in sites}
        onClick=${() => {
          change({ ...document, sites: { ...sites, [added.trim()]: {} } });
          setChosen(added.trim());
          setAdded("");
        }}
      >
        ${t("add")}
      </button>
      ${
        names.length > 1 &&
        html`<button
          type="button"
          class="link"
          onClick=${() => {
            const { [key]: _, ...others } = sites;
            change({ ...document, sites: others });
          }}
        >
          ${t("remove_named", { name: key })}
        </button>`
      }
    </div>
    <${Site}
      key=${key}
      site=${sites[key] ?? {}}
      change=${(/** @type {any} */ site) => change({ ...document, sites: { ...sites, [key]: site } })}
      problemAt=${(/** @type {string} */ where) => problemAt(`sites.${key}.${where}`)}
      t=${t}
    />
  `;
}

/** @param {any} props */
function Site({ site, change, problemAt, t }) {
  const [locale, setLocale] = useState("en");
  const set = (/** @type {string[]} */ place, /** @type {any} */ value) =>
    change(put(site, place, value));
  const field = (/** @type {string} */ name) => ({
    label: t(`site_${name}`),
    value: site[name],
    problem: problemAt(name),
    testid: `settings-site-${name}`,
    change: (/** @type {any} */ value) => set([name], value),
  });
  const words = (/** @type {string[]} */ names) => names.map((name) => [name, t(`site_${name}`)]);
  return html`
    <div class="settings-columns">
      <section class="settings-card" aria-label=${t("site_look")}>
        <h3>${t("site_look")}</h3>
        <${TextField} ...${field("name")} />
        <div class="settings-grid">
          ${["colour", "colour_dark"].map(
            (name) =>
              html`<div class="settings-colour" key=${name}>
                <${TextField} ...${field(name)} placeholder="#0b6e5f" />
                <input
                  type="color"
                  aria-label=${t("pick_of", { name: t(`site_${name}`) })}
                  value=${/^#[\da-f]{6}$/i.test(site[name] ?? "") ? site[name] : "#0b6e5f"}
                  onInput=${(/** @type {any} */ event) => set([name], event.currentTarget.value)}
                />
              </div>`,
          )}
        </div>
        <${TextField} ...${field("logo")} hint=${t("site_logo_hint")} />
        <div class="settings-grid">
          <${ChoiceField}
            ...${field("theme")}
            value=${site.theme ?? "system"}
            choices=${words(["system", "light", "dark"])}
          />
          <${ChoiceField}
            ...${field("position")}
            value=${site.position ?? "end"}
            choices=${words(["end", "start"])}
          />
          ${[0, 1].map(
            (side) =>
              html`<${NumberField}
                key=${side}
                label=${t(`site_offset_${side}`)}
                value=${site.offset?.[side]}
                placeholder="20"
                problem=${problemAt(`offset.${side}`)}
                change=${(/** @type {any} */ value) =>
                  set(
                    ["offset"],
                    [20, 20].map(
                      (usual, index) => (index === side ? value : site.offset?.[index]) ?? usual,
                    ),
                  )}
              />`,
          )}
        </div>
        ${["sound", "attachments", "contact_hours"].map(
          (name) =>
            html`<${CheckField}
              key=${name}
              label=${t(`site_${name}`)}
              value=${site[name] !== false}
              change=${(/** @type {boolean} */ on) => set([name], on ? undefined : false)}
            />`,
        )}
      </section>
      <${Preview} site=${site} locale=${locale} t=${t} />
    </div>
    <section class="settings-card" aria-label=${t("site_words")}>
      <h3>${t("site_words")}</h3>
      <${ChoiceField}
        label=${t("language")}
        value=${locale}
        choices=${LOCALES.map((name) => [name, LANGUAGE_NAMES[name]])}
        change=${setLocale}
      />
      <${ListField}
        key=${`asked-${locale}`}
        label=${t("site_suggestions")}
        value=${site.suggestions?.[locale]}
        problem=${problemAt(`suggestions.${locale}`)}
        change=${(/** @type {any} */ value) => set(["suggestions", locale], value)}
      />
      ${["greeting_title", "greeting_text", "launcher_open", "launcher_close"].map(
        (name) =>
          html`<${TextField}
            key=${`${name}-${locale}`}
            label=${t(`site_text_${name}`)}
            value=${site.texts?.[locale]?.[name]}
            problem=${problemAt(`texts.${locale}.${name}`)}
            change=${(/** @type {any} */ value) => set(["texts", locale, name], value)}
          />`,
      )}
      <p class="settings-note">${t("site_texts_more")}</p>
    </section>
    <section class="settings-card" aria-label=${t("site_where")}>
      <h3>${t("site_where")}</h3>
      <${ListField}
        ...${field("origins")}
        hint=${t("site_origins_hint")}
        placeholder="https://shop.example"
      />
      <${ChoiceField}
        ...${field("identity")}
        value=${site.identity === false ? "off" : (site.identity ?? "optional")}
        choices=${["off", "optional", "required"].map((name) => [name, t(`site_identity_${name}`)])}
      />
    </section>
    <${Survey}
      survey=${site.survey}
      change=${(/** @type {any} */ survey) => set(["survey"], survey)}
      problemAt=${problemAt}
      t=${t}
    />
  `;
}
