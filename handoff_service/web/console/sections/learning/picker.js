// @ts-check
/** A dialog in which one of many is picked by a few letters, or by the digit beside it. */

import { best } from "../../fuzzy.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "../../vendor/preact.js";

/** @typedef {{id: string, label: string, hint?: string, more?: string[], suggested?: boolean}} Option */

/** No more are drawn: who looks for another writes one more letter. */
const SHOWN = 40;

/**
 * @param {{title: string, options: readonly Option[]|null, choose: (option: Option) => void, close: () => void,
 *   none: string, testid: string, t: import("../../../shared/i18n.js").Translate}} props
 *   `options`: null while they are read
 */
export function Picker({ title, options, choose, close, none, testid, t }) {
  const dialog = useRef(/** @type {HTMLDialogElement|null} */ (null));
  const [wanted, setWanted] = useState("");
  const [at, setAt] = useState(0);
  const ordered = (options ?? []).toSorted(
    (a, b) => Number(Boolean(b.suggested)) - Number(Boolean(a.suggested)),
  );
  const found = best(wanted, ordered, ({ label, hint = "", more = [] }) => [
    label,
    hint,
    ...more,
  ]).slice(0, SHOWN);

  useLayoutEffect(() => dialog.current?.showModal(), []);
  useEffect(
    () => document.getElementById(`${testid}-${at}`)?.scrollIntoView({ block: "nearest" }),
    [at, wanted],
  );

  return html`<dialog
    ref=${dialog}
    class="learning-picker"
    aria-labelledby=${`${testid}-title`}
    data-testid=${testid}
    onClose=${close}
  >
    <h2 id=${`${testid}-title`}>${title}</h2>
    <input
      type="text"
      role="combobox"
      autocomplete="off"
      spellcheck="false"
      aria-expanded="true"
      aria-controls=${`${testid}-list`}
      aria-activedescendant=${found[at] ? `${testid}-${at}` : undefined}
      aria-label=${title}
      placeholder=${t("picker_hint")}
      value=${wanted}
      onInput=${(/** @type {any} */ event) => {
        setWanted(event.currentTarget.value);
        setAt(0);
      }}
      onKeyDown=${pressed}
    />
    <ul id=${`${testid}-list`} role="listbox" aria-label=${title}>
      ${found.map(
        (option, index) =>
          html`<li
            key=${option.id}
            id=${`${testid}-${index}`}
            role="option"
            aria-selected=${String(index === at)}
            data-id=${option.id}
            onClick=${() => take(option)}
          >
            ${!wanted && index < 9 ? html`<kbd>${index + 1}</kbd>` : html`<span></span>`}
            <span>
              <strong>${option.label}</strong>
              ${option.suggested && html`<span class="learning-mark">${t("suggested")}</span>`}
              ${option.hint && html`<small>${option.hint}</small>`}
            </span>
          </li>`,
      )}
    </ul>
    ${!options && html`<p aria-busy="true">${t("loading")}</p>`}
    ${options && !found.length && html`<p>${none}</p>`}
    <div class="buttons">
      <button type="button" class="secondary" onClick=${() => dialog.current?.close()}>
        ${t("cancel")}
      </button>
    </div>
  </dialog>`;

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.isComposing) return;
    const digit = !wanted && /^[1-9]$/.test(event.key) ? found[Number(event.key) - 1] : undefined;
    if (digit) take(digit);
    else if (event.key === "Enter" && found[at]) take(found[at]);
    else if (event.key === "ArrowDown") setAt(Math.min(at + 1, found.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
    else return;
    event.preventDefault();
  }

  /** @param {Option} option */
  function take(option) {
    dialog.current?.close();
    choose(option);
  }
}
