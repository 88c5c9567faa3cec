// @ts-check
/** What the pane shows while no conversation is open. */

import { el, icon } from "../shared/dom.js";

const CALM = "M4 13a8 8 0 1 1 4 7l-4 1 1-4M9 11h6M9 14.5h4";

/** @param {import("../shared/i18n.js").Translate} t */
export function emptyPane(t) {
  return el(
    "div",
    { class: "nothing-open", dataset: { testid: "empty-pane" } },
    icon(CALM),
    el("h1", { text: t("calm_title") }),
    el("p", { text: t("calm_text") }),
  );
}
