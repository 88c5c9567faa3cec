// @ts-check
/** One area: its form, its YAML, its history; checked while it is written, saved as a new version. */

import { html, useEffect, useRef, useState } from "../../vendor/preact.js";
import { ApiError } from "../../api.js";
import { Conflict } from "./conflict.js";
import { same } from "./documents.js";
import { Findings } from "./findings.js";
import { History } from "./history.js";
import { whenOf } from "./when.js";

/** A dry run waits so long after the last key, in ms. */
const CHECK_MS = 500;

/**
 * @typedef {object} Answer
 * @property {number} version
 * @property {number} at_ms
 * @property {string} author
 * @property {string} author_name
 * @property {string} note
 * @property {import("./areas.js").Document} document
 * @property {string} text
 * @property {string} kept_in
 * @property {boolean} may_change
 * @property {number} standing
 * @property {string} problem
 * @property {import("./areas.js").Document} usual
 * @property {Record<string, [number, number]>} limits
 */

/**
 * @param {{area: import("./areas.js").Area, drafts: import("./drafts.js").Drafts, drafted: () => void, saved: () => void,
 *   t: import("../../../shared/i18n.js").Translate, context: import("../../context.js").SectionContext}} props
 */
export function AreaPage({ area, drafts, drafted, saved, t, context }) {
  const path = `/api/settings/${area.name}`;
  const [answer, setAnswer] = useState(/** @type {Answer|null} */ (null));
  const [Form, setForm] = useState(/** @type {any} */ (null));
  const [view, setView] = useState(area.load ? "form" : "yaml");
  const [checked, setChecked] = useState(/** @type {import("./areas.js").Checked|null} */ (null));
  const [stale, setStale] = useState(/** @type {any} */ (null));
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  const [note, setNote] = useState("");
  const [, redraw] = useState(0);
  const asked = useRef(0);
  const draft = drafts.get(area.name);
  const document = draft?.document ?? answer?.document ?? {};

  useEffect(() => {
    let gone = false;
    Promise.all([context.api.get(path), area.load?.()])
      .then(([found, module]) => {
        if (gone) return;
        setAnswer(found);
        setForm(() => module?.Form ?? null);
      })
      .catch((problem) => !gone && setFailed(context.explain(problem)));
    return () => {
      gone = true;
    };
  }, [area, context, path]);

  // The dry run follows what is written: what is wrong is said beside it, before anybody saves.
  useEffect(() => {
    if (!answer) return;
    const turn = ++asked.current;
    const timer = setTimeout(() => void check(turn), draft ? CHECK_MS : 0);
    return () => clearTimeout(timer);
  }, [answer, draft]);

  if (failed) return html`<p class="error" role="alert">${failed}</p>`;
  if (!answer) return html`<p class="settings-main" aria-busy="true">${t("loading")}</p>`;

  const problems = checked?.problems ?? [];
  const problemAt = (/** @type {string} */ where) =>
    problems.find(({ field }) => field === where)?.message;
  const views = [...(area.load ? ["form"] : []), "yaml", "history"];

  return html`
    <div class="settings-main" data-testid="settings-area" data-area=${area.name}>
      <header>
        <h2>${t(`area_${area.name}`)}</h2>
        <p>${t(`area_${area.name}_about`)}</p>
        <p class="settings-when" data-testid="settings-version">
          ${whenOf(answer, t, context.locale)}
        </p>
        ${answer.problem && html`<p class="error" role="alert">${t("not_standing", { problem: answer.problem, version: answer.standing })}</p>`}
        ${!answer.may_change && html`<p class="settings-note">${t(answer.kept_in === "files" ? "kept_in_files" : "read_only")}</p>`}
      </header>
      <div class="segments" role="group" aria-label=${t("views")}>
        ${views.map(
          (name) =>
            html`<button
              type="button"
              key=${name}
              class="settings-view"
              aria-pressed=${String(view === name)}
              data-testid=${`settings-view-${name}`}
              onClick=${() => turnTo(name)}
            >
              ${t(`view_${name}`)}
            </button>`,
        )}
      </div>
      ${stale && html`<${Conflict} stale=${stale} draft=${draft} t=${t} decide=${decide} />`}
      ${
        view === "history"
          ? html`<${History}
              path=${path}
              answer=${answer}
              restored=${took}
              t=${t}
              context=${context}
            />`
          : html`
              ${
                view === "yaml"
                  ? html`<label class="settings-yaml">
                      <span>${t("yaml_label")}</span>
                      <textarea
                        rows="28"
                        spellcheck="false"
                        data-testid="settings-yaml"
                        readonly=${!answer.may_change}
                        value=${draft ? (draft.text ?? checked?.text ?? answer.text) : answer.text}
                        onInput=${(/** @type {any} */ event) => write({ text: event.currentTarget.value })}
                      ></textarea>
                    </label>`
                  : Form &&
                    html`<fieldset class="settings-form" disabled=${!answer.may_change}>
                      <legend class="hidden-legend">${t(`area_${area.name}`)}</legend>
                      <${Form}
                        document=${document}
                        change=${(/** @type {any} */ next) => write({ document: next })}
                        problemAt=${problemAt}
                        checked=${checked}
                        usual=${answer.usual}
                        limits=${answer.limits}
                        t=${t}
                        context=${context}
                      />
                    </fieldset>`
              }
              ${draft && html`<${Findings} checked=${checked} t=${t} />`}
              ${
                draft &&
                html`<div class="settings-save">
                  <label>
                    <span>${t("note")}</span>
                    <input
                      value=${note}
                      maxlength="300"
                      data-testid="settings-note"
                      onInput=${(/** @type {any} */ event) => setNote(event.currentTarget.value)}
                    />
                  </label>
                  ${view === "form" && answer.text.includes("#") && html`<p class="settings-note">${t("comments_go")}</p>`}
                  <div class="buttons">
                    <button
                      type="button"
                      class="secondary"
                      data-testid="settings-discard"
                      onClick=${discard}
                    >
                      ${t("discard")}
                    </button>
                    <button
                      type="button"
                      class="primary"
                      disabled=${busy || problems.length > 0}
                      data-testid="settings-save"
                      onClick=${() => void save()}
                    >
                      ${t("save")}
                    </button>
                  </div>
                </div>`
              }
            `
      }
    </div>
  `;

  /** @param {string} name */
  function turnTo(name) {
    // The form shows the document that the YAML was found to say.
    if (name === "form" && typeof draft?.text === "string") {
      if (!checked?.document) return context.toast(t("yaml_first"), "bad");
      keep({ ...draft, document: checked.document });
    }
    setView(name);
  }

  /** @param {{document?: import("./areas.js").Document, text?: string}} next */
  function write({ document: next, text }) {
    if (!answer) return;
    const begun = draft ?? { base: answer.version, seen: answer.document, document, text: null };
    const written =
      text === undefined
        ? { document: next ?? {}, text: null }
        : { document: begun.document, text };
    const unchanged = text === undefined ? same(next, answer.document) : text === answer.text;
    keep(unchanged && begun.base === answer.version ? null : { ...begun, ...written });
  }

  /** @param {import("./drafts.js").Draft|null} next */
  function keep(next) {
    drafts.set(area.name, next);
    redraw((count) => count + 1);
    drafted();
  }

  function discard() {
    setStale(null);
    setNote("");
    keep(null);
  }

  /** @param {number} turn */
  async function check(turn) {
    const wish = typeof draft?.text === "string" ? { text: draft.text } : { document };
    try {
      const found = await context.api.post(`${path}/check`, wish);
      if (turn === asked.current) setChecked(found);
    } catch (problem) {
      if (turn === asked.current) context.toast(context.explain(problem), "bad");
    }
  }

  async function save() {
    const begun = drafts.get(area.name);
    if (!begun || busy) return;
    setBusy(true);
    const wish = begun.text !== null ? { text: begun.text } : { document: begun.document };
    try {
      took(await context.api.put(path, { ...wish, base_version: begun.base, note }));
    } catch (problem) {
      const known = problem instanceof ApiError ? problem : null;
      if (known?.status === 409) setStale(known.answer);
      else if (known?.answer?.problems)
        setChecked({
          changes: [],
          effects: [],
          duties: [],
          document: null,
          text: null,
          ...known.answer,
        });
      else context.toast(context.explain(problem), "bad");
    } finally {
      setBusy(false);
    }
  }

  /** @param {Answer} found */
  function took(found) {
    setAnswer(found);
    setStale(null);
    setNote("");
    keep(null);
    saved();
    context.toast(t("saved", { version: found.version }));
  }

  /** @param {import("./areas.js").Document|null} merged null: theirs */
  async function decide(merged) {
    const now = stale.current;
    setStale(null);
    keep(merged && { base: now.version, seen: now.document, document: merged, text: null });
    if (merged && view === "yaml" && area.load) setView("form");
    setAnswer(await context.api.get(path));
  }
}
