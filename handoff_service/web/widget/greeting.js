// @ts-check
/** The first thing a customer reads: a welcome, and a few questions to begin with. */

import { el, setText } from "../shared/dom.js";

/** @param {HTMLElement} region @param {{ask: (text: string) => void}} actions */
export function createGreeting(region, actions) {
  const title = el("h2");
  const text = el("p");
  const row = el("div", { class: "replies" });
  region.append(title, text, row);
  /** @type {string[]|null} */
  let shown = null;

  return {
    /** @param {import("./state.js").WidgetState} state @param {import("../shared/i18n.js").Translate} t */
    render(state, t) {
      region.hidden = false;
      setText(title, t("greeting_title"));
      setText(text, t("greeting_text"));
      const begun =
        state.outbox.length > 0 || state.events.some(({ type }) => type === "message.posted");
      row.hidden = begun;
      if (shown === state.suggestions) return;
      shown = state.suggestions;
      row.replaceChildren(
        ...shown.map((suggestion) =>
          el("button", {
            type: "button",
            class: "reply",
            text: suggestion,
            dataset: { testid: "suggestion" },
            on: { click: () => actions.ask(suggestion) },
          }),
        ),
      );
    },
  };
}
