// @ts-check
/** What comes next, beside the one that is looked at. */

import { html, useEffect } from "../../../vendor/preact.js";

/** No more are listed: the rest comes when it is its turn. */
const LISTED = 40;

/**
 * @param {{queue: import("./queue.js").Queue, pick: (groupId: number) => void,
 *   t: import("../../../../shared/i18n.js").Translate}} props
 */
export function NextList({ queue, pick, t }) {
  useEffect(
    () =>
      document
        .querySelector(".learning-next [aria-current=true]")
        ?.scrollIntoView({ block: "nearest" }),
    [queue.current],
  );
  return html`<nav class="learning-next" aria-label=${t("comes_next")}>
    <ol>
      ${queue.groups.slice(0, LISTED).map(
        ({ group_id, example, turns }) =>
          html`<li key=${group_id}>
            <button
              type="button"
              aria-current=${group_id === queue.current ? "true" : undefined}
              onClick=${() => pick(group_id)}
            >
              <span lang=${example.language}>${example.text}</span>
              <small>${t("turns", { count: turns })}</small>
            </button>
          </li>`,
      )}
    </ol>
  </nav>`;
}
