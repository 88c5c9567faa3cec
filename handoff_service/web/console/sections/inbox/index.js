// @ts-check
/** The inbox: every conversation that may be read, by view, filter and words, always current. */

import { createTranslate, loadMessages } from "../../../shared/i18n.js";
import { html, render } from "../../vendor/preact.js";
import { asksOf } from "./asks.js";
import { Inbox } from "./inbox.js";

/** @typedef {import("../../context.js").SectionContext} SectionContext */
/** @typedef {import("../../router.js").Route} Route */

/** @param {HTMLElement} region @param {SectionContext} context */
export async function open(region, context) {
  const t = createTranslate(await loadMessages("inbox", context.locale), context.locale);
  /** What keys do, as the list shown at the moment says. @type {import("./inbox.js").Hands} */
  const hands = { move() {}, open() {}, choose() {}, apply() {} };
  region.classList.add("inbox");
  show(context.route);

  return {
    close: () => render(null, region),
    show,
    focus: () => hands.move(0),
    keys: {
      j: { label: t("key_next"), run: () => hands.move(1) },
      k: { label: t("key_previous"), run: () => hands.move(-1) },
      arrowdown: { label: t("key_next"), run: () => hands.move(1) },
      arrowup: { label: t("key_previous"), run: () => hands.move(-1) },
      enter: { label: t("key_open"), run: () => hands.open() },
      x: { label: t("key_choose"), run: () => hands.choose() },
      n: { label: t("key_new"), run: () => hands.apply() },
      "/": { label: t("key_search"), run: () => document.getElementById("inbox-search")?.focus() },
    },
  };

  /** @param {Route} route */
  function show(route) {
    const asks = asksOf(route);
    render(
      html`<${Inbox}
        key=${JSON.stringify(asks)}
        asks=${asks}
        context=${context}
        t=${t}
        hands=${hands}
      />`,
      region,
    );
  }
}
