// @ts-check
/** The bar that puts an offer before the agent in every section but the desk. */

import { el, setText } from "../shared/dom.js";
import { createRing, drawRing } from "./ring.js";
import { sortedOffers } from "./state.js";
import { languageText, topicText } from "./wording.js";

/** @typedef {import("../shared/protocol.js").Offer} Offer */

/**
 * @param {HTMLElement} region
 * @param {{accept: (offer: Offer) => void, decline: (offer: Offer) => void, open: (offer: Offer) => void}} actions
 * @param {import("../shared/i18n.js").Translate} t
 */
export function createOfferBar(region, actions, t) {
  /** @type {Offer|undefined} */
  let offer;
  const what = el("strong");
  const left = el("span", { class: "left", dataset: { testid: "offer-bar-countdown" } });
  const ring = createRing();
  region.setAttribute("aria-label", t("offers"));
  region.replaceChildren(
    el("p", {}, ring, what, " ", left),
    el(
      "div",
      { class: "buttons" },
      button("offer_look", "secondary", "offer-bar-open", actions.open),
      button("decline", "secondary", "offer-bar-decline", actions.decline),
      button("accept", "primary", "offer-bar-accept", actions.accept),
    ),
  );

  return {
    /** @param {import("./state.js").DeskState} state @param {boolean} wanted whether the desk is out of sight */
    render(state, wanted) {
      offer = sortedOffers(state)[0];
      region.hidden = !wanted || !offer;
      if (region.hidden || !offer) return;
      drawRing(ring, offer, Date.now() + state.clockOffsetMs);
      const leftMs = Math.max(0, offer.deadline_ms - Date.now() - state.clockOffsetMs);
      setText(
        what,
        [topicText(offer.topic, t), languageText(offer.language, t), offer.customer.name]
          .filter(Boolean)
          .join(" · "),
      );
      setText(left, t("decide_within", { count: Math.ceil(leftMs / 1000) }));
    },
  };

  /** @param {string} words @param {string} look @param {string} testid @param {(offer: Offer) => void} act */
  function button(words, look, testid, act) {
    return el("button", {
      type: "button",
      class: look,
      text: t(words),
      dataset: { testid },
      on: { click: () => offer && act(offer) },
    });
  }
}
