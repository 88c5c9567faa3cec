// @ts-check
/** Canned replies and macros: a list with how often each is used, and the editor of the chosen one. */

import { createTranslate, LANGUAGE_NAMES, loadMessages, LOCALES } from "../../../shared/i18n.js";
import { best } from "../../fuzzy.js";
import { html, useEffect, useState } from "../../vendor/preact.js";
import { textOf } from "../../writing/text.js";
import { put } from "./documents.js";
import { ListField, TextField } from "./fields.js";
import { Macros } from "./macros.js";

/** A preview waits so long after the last key (ms). */
const PREVIEW_MS = 500;
const ID = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** @param {import("./areas.js").FormProps} props */
export function Form({ document, change, problemAt, context }) {
  const t = useWords(context.locale);
  const uses = useUses(context);
  const replies = document.replies ?? {};
  const [wanted, setWanted] = useState("");
  const [chosen, setChosen] = useState("");
  const [added, setAdded] = useState("");
  if (!t) return null;
  const names = best(wanted, Object.keys(replies), (name) => [
    replies[name]?.shortcut ?? name,
    replies[name]?.title ?? "",
    ...Object.values(replies[name]?.texts ?? {}).map(String),
  ]);
  const current = chosen in replies ? chosen : "";
  const isNew = ID.test(added.trim()) && !(added.trim() in replies);

  return html`
    <section>
      <h3>${t("replies")}</h3>
      <div class="settings-row">
        <${TextField}
          label=${t("find_reply")}
          value=${wanted}
          testid="replies-find"
          change=${(/** @type {any} */ text) => setWanted(text ?? "")}
        />
        <${TextField}
          label=${t("new_reply")}
          hint=${t("id_hint")}
          value=${added}
          testid="replies-new"
          change=${(/** @type {any} */ text) => setAdded(text ?? "")}
        />
        <button
          type="button"
          class="secondary"
          data-testid="replies-add"
          disabled=${!isNew}
          onClick=${() => {
            change(
              put(document, ["replies", added.trim()], {
                title: added.trim(),
                texts: { en: added.trim() },
              }),
            );
            setChosen(added.trim());
            setAdded("");
          }}
        >
          ${t("add_reply")}
        </button>
      </div>
      <div class="settings-scroll" tabindex="0" role="region" aria-label=${t("replies")}>
        <table data-testid="replies-list">
          <thead>
            <tr>
              <th scope="col">${t("shortcut")}</th>
              <th scope="col">${t("title")}</th>
              <th scope="col">${t("uses")}</th>
              <th scope="col">${t("missing")}</th>
            </tr>
          </thead>
          <tbody>
            ${names.map(
              (name) =>
                html`<tr key=${name}>
                  <th scope="row">
                    <button
                      type="button"
                      class="link"
                      aria-pressed=${String(name === current)}
                      data-testid="replies-choose"
                      onClick=${() => setChosen(name === current ? "" : name)}
                    >
                      /${replies[name].shortcut ?? name}
                    </button>
                  </th>
                  <td>${replies[name].title}</td>
                  <td>${uses.get(name) ?? 0}</td>
                  <td>${missingIn(replies[name].texts).join(", ")}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${
        current &&
        html`<${Reply}
          key=${current}
          name=${current}
          reply=${replies[current]}
          problemAt=${(/** @type {string} */ where) => problemAt(`replies.${current}${where && `.${where}`}`)}
          change=${(/** @type {any} */ reply) => change(put(document, ["replies", current], reply))}
          context=${context}
          t=${t}
        />`
      }
    </section>
    <${Macros} document=${document} change=${change} problemAt=${problemAt} t=${t} />
  `;
}

/** @param {any} props */
function Reply({ name, reply, problemAt, change, context, t }) {
  const preview = usePreview(reply.texts, context, t);
  return html`<section class="settings-card" aria-label=${reply.title} data-testid="replies-editor">
    <header class="settings-row">
      <h4>${reply.title || name}</h4>
      <button
        type="button"
        class="link"
        data-testid="replies-delete"
        onClick=${() => change(undefined)}
      >
        ${t("delete_reply")}
      </button>
    </header>
    ${problemAt("") && html`<p class="error" role="alert">${problemAt("")}</p>`}
    <div class="settings-row">
      <${TextField}
        label=${t("shortcut")}
        value=${reply.shortcut}
        placeholder=${name}
        problem=${problemAt("shortcut")}
        testid="replies-shortcut"
        change=${(/** @type {any} */ shortcut) => change(put(reply, ["shortcut"], shortcut))}
      />
      <${TextField}
        label=${t("title")}
        value=${reply.title}
        problem=${problemAt("title")}
        testid="replies-title"
        change=${(/** @type {any} */ title) => change({ ...reply, title: title ?? "" })}
      />
    </div>
    <${ListField}
      label=${t("teams")}
      hint=${t("teams_hint")}
      rows=${1}
      between=${/[\n,]/}
      value=${reply.teams}
      problem=${problemAt("teams")}
      change=${(/** @type {any} */ teams) => change(put(reply, ["teams"], teams))}
    />
    <p class="settings-note">${t("placeholders_hint")}</p>
    <div class="replies-texts">
      ${LOCALES.map(
        (locale) =>
          html`<div key=${locale} lang=${locale}>
            <label>
              ${LANGUAGE_NAMES[locale]}${" "}
              ${!reply.texts?.[locale] && html`<span class="settings-mark">${t("missing_one")}</span>`}
              <textarea
                rows="4"
                value=${reply.texts?.[locale] ?? ""}
                data-testid=${`replies-text-${locale}`}
                aria-invalid=${problemAt(`texts.${locale}`) ? "true" : undefined}
                onInput=${(/** @type {any} */ event) =>
                  change({
                    ...reply,
                    texts: put(reply.texts ?? {}, [locale], event.currentTarget.value || undefined),
                  })}
              ></textarea>
            </label>
            ${problemAt(`texts.${locale}`) && html`<p class="error">${problemAt(`texts.${locale}`)}</p>`}
            <p class="settings-note" data-testid=${`replies-preview-${locale}`}>
              ${preview[locale]}
            </p>
          </div>`,
      )}
    </div>
  </section>`;
}

/** Words of this part; null until they are there. @param {import("../../../shared/i18n.js").Locale} locale */
function useWords(locale) {
  const [t, setT] = useState(/** @type {any} */ (null));
  useEffect(() => {
    void loadMessages("replies", locale).then((messages) =>
      setT(() => createTranslate(messages, locale)),
    );
  }, [locale]);
  return /** @type {import("../../../shared/i18n.js").Translate|null} */ (t);
}

/** How often each reply was used. @param {import("../../context.js").SectionContext} context */
function useUses({ api }) {
  const [uses, setUses] = useState(/** @type {Map<string, number>} */ (new Map()));
  useEffect(() => {
    api
      .get("/api/replies/usage")
      .then(({ replies }) =>
        setUses(
          new Map(replies.map((/** @type {any} */ { reply_id, uses: count }) => [reply_id, count])),
        ),
      )
      .catch(() => {}); // The list is of use without the counts.
  }, [api]);
  return uses;
}

/**
 * Each text as a sample customer would get it; texts that cannot be used have none.
 * @param {Record<string, string>|undefined} texts @param {import("../../context.js").SectionContext} context
 * @param {import("../../../shared/i18n.js").Translate} t
 */
function usePreview(texts, { api }, t) {
  const [preview, setPreview] = useState(/** @type {Record<string, string>} */ ({}));
  const written = JSON.stringify(texts ?? {});
  useEffect(() => {
    let gone = false;
    const timer = setTimeout(async () => {
      const found = await api
        .post("/api/replies/preview", { texts: JSON.parse(written) })
        .catch(() => ({ texts: {} }));
      if (gone) return;
      const filled = Object.entries(found.texts).map(([locale, parts]) => [
        locale,
        textOf(/** @type {any} */ (parts), (gap) => t(`gap_${gap.replace(".", "_")}`)),
      ]);
      setPreview(Object.fromEntries(filled));
    }, PREVIEW_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [written, api, t]);
  return preview;
}

/** @param {Record<string, string>|undefined} texts @returns {string[]} the languages that there is none in */
function missingIn(texts) {
  return LOCALES.filter((locale) => !texts?.[locale]).map((locale) => LANGUAGE_NAMES[locale]);
}
