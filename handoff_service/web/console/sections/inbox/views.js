// @ts-check
/** Beside the list: the views with how much is in them, and the filters that people saved. */

import { html } from "../../vendor/preact.js";
import { hashOfAsks, VIEWS } from "./asks.js";

/** @typedef {import("./asks.js").Asks} Asks */
/** @typedef {import("../../../shared/i18n.js").Translate} Translate */
/** @typedef {{id: string, name: string, asks: Asks, shared: boolean, mine: boolean}} SavedFilter */

/** The API counts no further. */
const MANY = 10_000;

/**
 * @param {object} props
 * @param {Asks} props.asks
 * @param {Record<string, number>} props.counts
 * @param {SavedFilter[]} props.saved
 * @param {string[]} props.hidden views that this person has no use for
 * @param {(() => void)|null} props.save null: there is nothing to be saved
 * @param {(saved: SavedFilter) => void} props.remove
 * @param {Translate} props.t
 */
export function Views({ asks, counts, saved, hidden, save, remove, t }) {
  const here = hashOfAsks(asks);
  const plain = here === hashOfAsks({ view: asks.view });
  return html`<nav class="views" aria-label=${t("views")}>
    <ul>
      ${VIEWS.filter((view) => !hidden.includes(view)).map(
        (view) =>
          html`<li key=${view}>
            <a
              href=${hashOfAsks({ view })}
              aria-current=${plain && view === asks.view ? "page" : undefined}
              class=${view === asks.view ? "here" : ""}
              data-testid=${`view-${view}`}
            >
              <span>${t(`view_${view}`)}</span>
              <span class="count">${countText(counts[view])}</span>
            </a>
          </li>`,
      )}
    </ul>
    ${
      saved.length || save
        ? html`<h2>${t("saved")}</h2>
            <ul>
              ${saved.map(
                (one) =>
                  html`<li key=${one.id}>
                    <a
                      href=${hashOfAsks(one.asks)}
                      aria-current=${here === hashOfAsks(one.asks) ? "page" : undefined}
                      data-testid="saved-filter"
                    >
                      <bdi>${one.name}</bdi>
                      ${one.shared ? html`<span class="count">${t("shared")}</span>` : null}
                    </a>
                    ${
                      one.mine
                        ? html`<button
                            type="button"
                            class="icon-button"
                            aria-label=${t("saved_delete", { name: one.name })}
                            onClick=${() => remove(one)}
                          >
                            ×
                          </button>`
                        : null
                    }
                  </li>`,
              )}
            </ul>`
        : null
    }
    ${
      save
        ? html`<button type="button" class="link" data-testid="save-filter" onClick=${save}>
            ${t("save")}
          </button>`
        : null
    }
  </nav>`;
}

/** @param {number|undefined} count */
function countText(count) {
  if (count === undefined) return "";
  return count >= MANY ? `${MANY - 1}+` : String(count);
}
