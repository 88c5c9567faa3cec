// @ts-check
/** The list on the left: offers that count down, and the conversations this agent holds. */

import { el, keyed, setText } from "../shared/dom.js";
import { sortedConversations, sortedOffers, unreadCount } from "./state.js";
import { durationText, languageText, topicText } from "./wording.js";

/** @typedef {import("./state.js").DeskState} DeskState */
/** @typedef {import("../shared/i18n.js").Translate} Translate */
/** @typedef {import("../shared/protocol.js").Summary} Summary */

/** @param {HTMLElement} region @param {{select: (id: string) => void}} actions */
export function createLists(region, { select }) {
  const offersTitle = el("h2");
  const offers = el("ul", { dataset: { testid: "offer-list" } });
  const mineTitle = el("h2");
  const mine = el("ul", { dataset: { testid: "mine-list" } });
  const empty = el("p", { class: "empty", dataset: { testid: "lists-empty" } });
  region.replaceChildren(offersTitle, offers, mineTitle, mine, empty);

  /** @param {string} testid @returns {(summary: Summary) => HTMLElement} */
  const make = (testid) => (summary) =>
    el(
      "li",
      {},
      el(
        "button",
        {
          type: "button",
          class: "item",
          dataset: { testid, conversationId: summary.conversation_id },
          on: { click: () => select(summary.conversation_id) },
        },
        el(
          "span",
          { class: "line" },
          el("strong", { class: "who" }),
          el("span", { class: "badge" }),
        ),
        el("span", { class: "says", dir: "auto" }),
        el(
          "span",
          { class: "line meta" },
          el("span", { class: "chip" }),
          el("span", { class: "clock" }),
        ),
      ),
    );

  return {
    /** @param {DeskState} state @param {Translate} t */
    render(state, t) {
      region.setAttribute("aria-label", t("conversations"));
      const now = Date.now() + state.clockOffsetMs;
      const offered = sortedOffers(state);
      const held = sortedConversations(state);
      setText(offersTitle, t("offers"));
      offersTitle.hidden = offered.length === 0;
      setText(mineTitle, t("mine"));
      mineTitle.hidden = held.length === 0;
      empty.hidden = offered.length + held.length > 0;
      setText(empty, t(state.presence === "online" ? "empty_online" : "empty_offline"));
      keyed(offers, offered, {
        key: (offer) => offer.conversation_id,
        make: make("offer-item"),
        update: (element, offer) => {
          fill(element, offer, state, t);
          part(element, ".item").dataset.epoch = String(offer.epoch);
          const seconds = Math.max(0, Math.ceil((offer.deadline_ms - now) / 1000));
          setBadge(element, t("seconds", { count: seconds }), "countdown");
          setText(
            part(element, ".clock"),
            t("waited", { time: durationText(now - (offer.waiting_since_ms ?? now)) }),
          );
        },
      });
      keyed(mine, held, {
        key: (summary) => summary.conversation_id,
        make: make("conversation-item"),
        update: (element, summary) => {
          fill(element, summary, state, t);
          part(element, ".item").dataset.state = summary.state;
          const conversation = state.conversations.get(summary.conversation_id);
          const unread = conversation ? unreadCount(conversation) : 0;
          setBadge(element, unread ? t("unread", { count: unread }) : "", "unread");
          setText(
            part(element, ".clock"),
            summary.state === "wrap_up"
              ? t("state_wrap_up")
              : durationText(now - (summary.assigned_ms ?? now)),
          );
          const last = conversation?.events.findLast(({ type }) => type === "message.posted");
          if (last) setText(part(element, ".says"), last.data.text);
        },
      });
    },
  };
}

/** @param {HTMLElement} element @param {Summary} summary @param {DeskState} state @param {Translate} t */
function fill(element, summary, state, t) {
  setText(part(element, ".who"), summary.customer.name || topicText(summary.topic, t));
  setText(part(element, ".chip"), languageText(summary.language, t));
  setText(part(element, ".says"), summary.summary || t("no_summary"));
  const current = state.selected === summary.conversation_id;
  if (current) part(element, ".item").setAttribute("aria-current", "true");
  else part(element, ".item").removeAttribute("aria-current");
}

/** @param {HTMLElement} element @param {string} text @param {string} testid */
function setBadge(element, text, testid) {
  const badge = part(element, ".badge");
  badge.hidden = !text;
  if (text) badge.dataset.testid = testid;
  else delete badge.dataset.testid;
  setText(badge, text);
}

/** @param {HTMLElement} element @param {string} selector @returns {HTMLElement} */
function part(element, selector) {
  return /** @type {HTMLElement} */ (element.querySelector(selector));
}
