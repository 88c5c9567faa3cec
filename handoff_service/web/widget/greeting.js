// @ts-check
/** The first thing a customer reads: a welcome, and a few questions to begin with. */

import { el, setText } from "../shared/dom.js";
import { site } from "./site.js";

/** @type {string[]} */
const NONE = [];

/** @param {HTMLElement} region @param {{ask: (text: string) => void}} actions */
export function createGreeting(region, actions) {
  const title = el("h2");
  const text = el("p");
  const row = el("div", { class: "replies" });
  const hours = el("p", { class: "small", dataset: { testid: "hours" } });
  region.append(title, text, hours, row);
  /** @type {string[]|null} */
  let shown = null;

  return {
    /** @param {import("./state.js").WidgetState} state @param {import("../shared/i18n.js").Translate} t */
    render(state, t) {
      region.hidden = false;
      setText(title, t("greeting_title"));
      setText(text, t("greeting_text"));
      const there = state.hours[state.locale];
      hours.hidden = !there;
      setText(hours, there ? t("hours", { hours: there }) : "");
      const begun =
        state.outbox.length > 0 || state.events.some(({ type }) => type === "message.posted");
      row.hidden = begun;
      // Those of the page come first: it knows what it is about.
      const wanted = state.suggestions[0]
        ? state.suggestions
        : (site.suggestions?.[state.locale] ?? NONE);
      if (shown === wanted) return;
      shown = wanted;
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
