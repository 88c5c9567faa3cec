// @ts-check
/** The middle of the desk: the selected offer or conversation, and its facts beside it. */

import { el } from "../shared/dom.js";
import { createConversationPane } from "./conversation.js";
import { emptyPane } from "./empty.js";
import { factSections } from "./facts.js";
import { createOfferPane } from "./offer.js";

/** @typedef {import("./state.js").DeskState} DeskState */
/** @typedef {import("./state.js").Conversation} Conversation */
/** @typedef {import("../shared/protocol.js").Offer} Offer */

/**
 * @param {{pane: HTMLElement, details: HTMLElement}} regions
 * @param {import("./conversation.js").ConversationActions & {accept: (offer: Offer) => void,
 *   decline: (offer: Offer) => void, back: () => void}} actions
 * @param {import("./events.js").Context} context
 */
export function createPane(regions, actions, context) {
  const { t } = context;
  /** @type {{key: string, render: (state: DeskState) => void, focusComposer?: () => void}|null} */
  let shown = null;
  let detailsShown = "";

  return {
    /** @param {DeskState} state */
    render(state) {
      const id = state.selected ?? "";
      const conversation = state.conversations.get(id);
      const offer = state.offers.get(id);
      if (conversation) renderConversation(conversation, state);
      else if (offer) renderOffer(offer, state);
      else renderNothing();
      renderDetails(conversation);
    },
    focusComposer: () => shown?.focusComposer?.(),
    clear() {
      regions.pane.replaceChildren();
      regions.details.replaceChildren();
    },
  };

  /** @param {Conversation} conversation @param {DeskState} state */
  function renderConversation(conversation, state) {
    const key = `conversation ${conversation.summary.conversation_id}`;
    if (shown?.key === key) return shown.render(state);
    const pane = createConversationPane(conversation, actions, context);
    shown = { key, render: pane.render, focusComposer: pane.focusComposer };
    put(pane, state);
    pane.focusComposer();
  }

  /** @param {Offer} offer @param {DeskState} state */
  function renderOffer(offer, state) {
    const key = `offer ${offer.conversation_id} ${offer.epoch}`;
    if (shown?.key === key) return shown.render(state);
    const pane = createOfferPane(offer, actions, context);
    shown = { key, render: pane.render };
    put(pane, state);
  }

  function renderNothing() {
    if (shown?.key === "nothing") return;
    shown = { key: "nothing", render: () => {} };
    regions.pane.replaceChildren(emptyPane(t));
    actions.back();
  }

  /** @param {{element: HTMLElement, render: (state: DeskState) => void, toEnd: () => void}} pane @param {DeskState} state */
  function put(pane, state) {
    const back = el("button", {
      type: "button",
      class: "back link",
      text: t("back_to_list"),
      on: { click: actions.back },
    });
    regions.pane.replaceChildren(back, pane.element);
    pane.render(state);
    pane.toEnd();
  }

  /** @param {Conversation|undefined} conversation */
  function renderDetails(conversation) {
    regions.details.hidden = !conversation;
    const signature = conversation ? JSON.stringify(conversation.summary) : "";
    if (signature === detailsShown) return;
    detailsShown = signature;
    regions.details.setAttribute("aria-label", t("details"));
    regions.details.replaceChildren(
      ...(conversation ? factSections(conversation.summary, t, "detail") : []),
    );
  }
}
