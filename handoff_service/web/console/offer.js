// @ts-check
/** An offer: everything there is to decide by, and the two buttons, until the deadline. */

import { el, setText } from "../shared/dom.js";
import { factSections } from "./facts.js";
import { createTranscript } from "./transcript.js";
import { topicText } from "./wording.js";

/**
 * @param {import("../shared/protocol.js").Offer} offer
 * @param {{accept: (offer: import("../shared/protocol.js").Offer) => void, decline: (offer: import("../shared/protocol.js").Offer) => void}} actions
 * @param {import("./facts.js").Reader & {mark: import("./turns.js").MarkTurn}} context
 */
export function createOfferPane(offer, actions, context) {
  const { t } = context;
  const countdown = el("strong", { dataset: { testid: "offer-countdown" } });
  const meter = el("progress", { max: 1, "aria-hidden": "true" });
  const accept = el(
    "button",
    { type: "button", class: "primary", dataset: { testid: "offer-accept" } },
    t("accept"),
    key("A"),
  );
  const decline = el(
    "button",
    { type: "button", class: "secondary", dataset: { testid: "offer-decline" } },
    t("decline"),
    key("D"),
  );
  accept.addEventListener("click", () => actions.accept(offer));
  decline.addEventListener("click", () => actions.decline(offer));
  const transcript = createTranscript(context);
  const total = Math.max(1, offer.deadline_ms - Date.now());
  const element = el(
    "article",
    { class: "offer", dataset: { testid: "offer-card", conversationId: offer.conversation_id } },
    el(
      "header",
      { class: "pane-head" },
      el(
        "div",
        {},
        el("h1", { text: topicText(offer.topic, t) }),
        el("p", { class: "sub" }, countdown),
      ),
      el("div", { class: "buttons" }, decline, accept),
    ),
    meter,
    el(
      "div",
      { class: "offer-body" },
      el("div", { class: "offer-facts" }, ...factSections(offer, context, "offer")),
      transcript.element,
    ),
  );

  return {
    element,
    toEnd: transcript.toEnd,
    /** @param {import("./state.js").DeskState} state */
    render(state) {
      transcript.add(offer.transcript);
      const leftMs = Math.max(0, offer.deadline_ms - Date.now() - state.clockOffsetMs);
      setText(countdown, t("decide_within", { count: Math.ceil(leftMs / 1000) }));
      meter.value = Math.min(1, leftMs / total);
      accept.disabled = decline.disabled = state.connection !== "online";
    },
  };
}

/** @param {string} name */
function key(name) {
  return el("kbd", { text: name, "aria-hidden": "true" });
}
