// @ts-check
/** The list on the left: offers that count down, and the conversations this agent holds. */

import { el, setText } from "../shared/dom.js";
import { formatMoment } from "../shared/i18n.js";
import { keyed } from "../shared/keyed.js";
import { createRing, drawRing } from "./ring.js";
import { sortedConversations, sortedOffers, sortedParked, unreadCount } from "./state.js";
import { ANSWER_WITHIN_MS, unansweredSince, urgencyOf } from "./urgency.js";
import { durationText, languageText, topicText } from "./wording.js";

/** @typedef {import("./state.js").DeskState} DeskState */
/** @typedef {import("../shared/i18n.js").Translate} Translate */
/** @typedef {import("../shared/protocol.js").Summary} Summary */

/** @param {HTMLElement} region @param {{select: (id: string) => void, resume: (id: string) => void}} actions */
export function createLists(region, { select, resume }) {
  const offersTitle = el("h2");
  const offers = el("ul", { dataset: { testid: "offer-list" } });
  const mineTitle = el("h2");
  const mine = el("ul", { dataset: { testid: "mine-list" } });
  const parkedTitle = el("h2");
  const parked = el("ul", { dataset: { testid: "parked-list" } });
  const empty = el("p", { class: "empty", dataset: { testid: "lists-empty" } });
  const title = el("h1", { class: "sr" });
  region.replaceChildren(title, offersTitle, offers, mineTitle, mine, parkedTitle, parked, empty);

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
          createRing(),
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
      setText(title, t("nav_desk"));
      setText(offersTitle, t("offers"));
      offersTitle.hidden = offered.length === 0;
      setText(mineTitle, t("mine"));
      mineTitle.hidden = held.length === 0;
      const aside = sortedParked(state, now);
      setText(parkedTitle, t("parked"));
      parkedTitle.hidden = aside.length === 0;
      keyed(parked, aside, {
        key: (summary) => summary.conversation_id,
        make: (summary) => parkedRow(summary, t, resume),
        update: (element, summary) =>
          setText(
            part(element, ".clock"),
            t("parked_until", { when: formatMoment(summary.parked_until_ms ?? 0, state.locale) }),
          ),
      });
      empty.hidden = offered.length + held.length > 0;
      setText(empty, t(state.presence === "online" ? "empty_online" : "empty_offline"));
      keyed(offers, offered, {
        key: (offer) => offer.conversation_id,
        make: make("offer-item"),
        update: (element, offer) => {
          fill(element, offer, state, t);
          part(element, ".item").dataset.epoch = String(offer.epoch);
          drawRing(part(element, ".ring"), offer, now);
          const seconds = Math.max(0, Math.ceil((offer.deadline_ms - now) / 1000));
          setBadge(element, t("seconds", { count: seconds }), "countdown");
          const waitedMs = now - (offer.waiting_since_ms ?? now);
          setClock(element, t("waited", { time: durationText(waitedMs) }), {
            urgency: urgencyOf(waitedMs, offer.needs?.sla_ms),
            t,
          });
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
          const since = unansweredSince(conversation?.events ?? []);
          if (summary.state === "wrap_up")
            setClock(element, t("state_wrap_up"), { urgency: "calm", t });
          else if (since === null)
            setClock(element, durationText(now - (summary.assigned_ms ?? now)), {
              urgency: "calm",
              t,
            });
          else
            setClock(element, t("waited", { time: durationText(now - since) }), {
              urgency: urgencyOf(now - since, ANSWER_WITHIN_MS),
              t,
            });
          const last = conversation?.events.findLast(({ type }) => type === "message.posted");
          if (last) setText(part(element, ".says"), last.data.text || namesOf(last));
        },
      });
    },
  };
}

/** @param {Summary} summary @param {Translate} t @param {(id: string) => void} resume */
function parkedRow(summary, t, resume) {
  const name = summary.customer.name || topicText(summary.topic, t);
  return el(
    "li",
    { class: "item parked", dataset: { testid: "parked-item" } },
    el("strong", { class: "who", text: name }),
    el(
      "span",
      { class: "line meta" },
      el("span", { class: "clock" }),
      el("button", {
        type: "button",
        class: "link",
        text: t("resume"),
        "aria-label": `${t("resume")}: ${name}`,
        dataset: { testid: "resume" },
        on: { click: () => resume(summary.conversation_id) },
      }),
    ),
  );
}

/** Of the files of a message. @param {import("../shared/protocol.js").ConversationEvent} event */
function namesOf({ data }) {
  return (data.attachments ?? []).map((/** @type {{name: string}} */ { name }) => name).join(", ");
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

/** A pressing wait says so in words and by a colour.
 * @param {HTMLElement} element @param {string} text
 * @param {{urgency: import("./urgency.js").Urgency, t: Translate}} how */
function setClock(element, text, { urgency, t }) {
  const clock = part(element, ".clock");
  clock.dataset.urgency = urgency;
  setText(clock, urgency === "calm" ? text : `${t(`urgency_${urgency}`)} · ${text}`);
}

/** @param {HTMLElement} element @param {string} selector @returns {HTMLElement} */
function part(element, selector) {
  return /** @type {HTMLElement} */ (element.querySelector(selector));
}
