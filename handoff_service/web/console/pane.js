// @ts-check
/** The middle of the desk: the selected offer or conversation, and its facts beside it. */

import { el } from "../shared/dom.js";
import { createConversationPane } from "./conversation.js";
import { createDetails } from "./details.js";
import { emptyPane } from "./empty.js";
import { createOfferPane } from "./offer.js";

/** @typedef {import("./state.js").DeskState} DeskState */
/** @typedef {import("./state.js").Conversation} Conversation */
/** @typedef {import("../shared/protocol.js").Offer} Offer */

/**
 * What the parts of the pane are given.
 * @typedef {object} PaneOnly
 * @property {import("../shared/protocol.js").Agent} agent
 * @property {import("./context.js").Api} api
 * @property {import("./commands.js").Commands} commands
 * @property {() => Promise<import("./context.js").Directory>} directory
 * @property {import("./keys.js").Keys} keys
 * @property {import("./live.js").Live} live
 * @property {import("./turns.js").MarkTurn} mark
 * @property {(frame: import("../shared/protocol.js").Frame) => boolean} send false: there is no connection
 * @property {(text: string, mood?: "plain"|"bad") => void} toast
 */
/** @typedef {import("./facts.js").Reader & PaneOnly} PaneContext */

/**
 * @param {{pane: HTMLElement, details: HTMLElement}} regions
 * @param {import("./conversation.js").ConversationActions & {accept: (offer: Offer) => void,
 *   decline: (offer: Offer) => void, back: () => void}} actions
 * @param {PaneContext} context
 */
export function createPane(regions, actions, context) {
  const { t } = context;
  const details = createDetails(regions.details, context);
  /** @type {{key: string, render: (state: DeskState) => void, focusComposer?: () => void, writeNote?: () => void, close?: () => void}|null} */
  let shown = null;

  return {
    /** @param {DeskState} state */
    render(state) {
      const id = state.selected ?? "";
      const conversation = state.conversations.get(id);
      const offer = state.offers.get(id);
      if (conversation) renderConversation(conversation, state);
      else if (offer) renderOffer(offer, state);
      else renderNothing();
      details.render(conversation);
    },
    focusComposer: () => shown?.focusComposer?.(),
    writeNote: () => shown?.writeNote?.(),
    clear() {
      shown?.close?.();
      regions.pane.replaceChildren();
      regions.details.replaceChildren();
    },
  };

  /** @param {Conversation} conversation @param {DeskState} state */
  function renderConversation(conversation, state) {
    const key = `conversation ${conversation.summary.conversation_id}`;
    if (shown?.key === key) return shown.render(state);
    const pane = createConversationPane(conversation, actions, context);
    shown?.close?.();
    const { render, focusComposer, writeNote, close } = pane;
    shown = { key, render, focusComposer, writeNote, close };
    put(pane, state);
    pane.focusComposer();
  }

  /** @param {Offer} offer @param {DeskState} state */
  function renderOffer(offer, state) {
    const key = `offer ${offer.conversation_id} ${offer.epoch}`;
    if (shown?.key === key) return shown.render(state);
    const pane = createOfferPane(offer, actions, context);
    shown?.close?.();
    shown = { key, render: pane.render };
    put(pane, state);
  }

  function renderNothing() {
    if (shown?.key === "nothing") return;
    shown?.close?.();
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
}
