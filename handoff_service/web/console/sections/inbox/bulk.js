// @ts-check
/** What a supervisor does to many conversations at once. */

import { html, useState } from "../../vendor/preact.js";

/** @typedef {import("../../context.js").SectionContext} SectionContext */
/** @typedef {import("../../../shared/i18n.js").Translate} Translate */

const ACTS = /** @type {const} */ (["tag", "untag", "priority", "close_left"]);
const PRIORITIES = ["9", "8", "7", "6", "5", "4", "3", "2", "1", "0"];
/** The API takes no more at once. */
const MOST = 100;

/**
 * @param {object} props
 * @param {string[]} props.ids
 * @param {SectionContext} props.context
 * @param {Translate} props.t
 * @param {string[]} props.tags that are known
 * @param {() => void} props.done
 */
export function BulkBar({ ids, context, t, tags, done }) {
  const [act, setAct] = useState(/** @type {typeof ACTS[number]} */ ("tag"));
  const [value, setValue] = useState("");
  const level = act === "priority";
  return html`<form
    class="bulk"
    data-testid="inbox-bulk"
    onSubmit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      void send();
    }}
  >
    <span role="status">${t("chosen", { count: ids.length })}</span>
    <select
      aria-label=${t("bulk")}
      data-testid="bulk-act"
      value=${act}
      onChange=${(/** @type {any} */ event) => {
        setAct(event.target.value);
        setValue(event.target.value === "priority" ? "7" : "");
      }}
    >
      ${ACTS.map((name) => html`<option value=${name}>${t(`bulk_${name}`)}</option>`)}
    </select>
    ${
      act === "close_left"
        ? null
        : level
          ? html`<select
              aria-label=${t("bulk_value")}
              value=${value}
              onChange=${(/** @type {any} */ event) => setValue(event.target.value)}
            >
              ${PRIORITIES.map((one) => html`<option value=${one}>${one}</option>`)}
            </select>`
          : html`<input
                aria-label=${t("bulk_value")}
                data-testid="bulk-tag"
                list="bulk-tags"
                maxlength="64"
                required
                value=${value}
                onInput=${(/** @type {any} */ event) => setValue(event.target.value)}
              />
              <datalist id="bulk-tags">
                ${tags.map((tag) => html`<option value=${tag}></option>`)}
              </datalist>`
    }
    <button class="primary" data-testid="bulk-do">${t("bulk_do")}</button>
    <button type="button" class="link" onClick=${done}>${t("bulk_clear")}</button>
  </form>`;

  async function send() {
    const more = level ? { priority: Number(value) } : act === "close_left" ? {} : { tag: value };
    let changed = 0;
    let failed = 0;
    try {
      for (let from = 0; from < ids.length; from += MOST) {
        const body = { conversation_ids: ids.slice(from, from + MOST), act, ...more };
        const answer = await context.api.post("/api/inbox/bulk", body);
        changed += answer.changed;
        failed += answer.failed.length;
      }
    } catch (problem) {
      context.toast(context.explain(problem), "bad");
      return;
    }
    if (changed) context.toast(t("bulk_done", { count: changed }));
    if (failed) context.toast(t("bulk_failed", { count: failed }), "bad");
    done();
  }
}
