// @ts-check
/** "Did this help?" under an answer: two buttons, a thank you, and after a No what can be done next. */

import { el, icon, setText } from "../shared/dom.js";
import { lastWordSeq, voteOn } from "./state.js";

/** @typedef {import("./state.js").WidgetState} WidgetState */
/** @typedef {import("../shared/protocol.js").ConversationEvent} ConversationEvent */
/** @typedef {import("../shared/protocol.js").Button} Button */
/** @typedef {import("../shared/i18n.js").Translate} Translate */

const THUMB =
  "M3 11h4v9H3zM7 12l4-8c1.6 0 2.5 1.2 2.2 2.8L12.6 10H19a2 2 0 0 1 2 2.4l-1.3 6A2 2 0 0 1 17.7 20H7";
/** What a click on these would say to the bot, the vote says as well. */
const SAME_AS_VOTE = new Set(["helped", "not_helped"]);

/**
 * @typedef {object} VoteActions
 * @property {(seq: number, helpful: boolean) => void} vote
 * @property {() => void} requestPerson
 * @property {() => void} rephrase
 */

/** Only what quotes an article can be voted on. @param {ConversationEvent} event */
export function canBeVotedOn({ type, data }) {
  return (
    type === "message.posted" &&
    data.author === "bot" &&
    data.kind === "answer" &&
    data.sources?.length > 0
  );
}

/** The bot's buttons without those that the vote replaces. @param {Button[]} buttons */
export function besidesVote(buttons) {
  return buttons.filter(({ payload }) => !SAME_AS_VOTE.has(payload?.action));
}

/**
 * @param {number} seq of the answer
 * @param {VoteActions} actions
 * @param {Translate} t
 */
export function createVote(seq, actions, t) {
  const question = el("span", { id: `vote-${seq}`, text: t("vote_question") });
  const yes = thumb("yes", true);
  const no = thumb("no", false);
  const thanks = el("span", { dataset: { testid: "vote-thanks" } });
  const next = el(
    "div",
    { class: "replies next", hidden: true, dataset: { testid: "vote-next" } },
    step("person", t("talk_to_person"), actions.requestPerson),
    step("rephrase", t("vote_rephrase"), actions.rephrase),
  );
  const row = el(
    "div",
    { class: "vote", role: "group", "aria-labelledby": question.id, dataset: { testid: "vote" } },
    question,
    yes,
    no,
    thanks,
  );
  /** @type {boolean|null} */
  let vote = null;

  return {
    elements: [row, next],
    /** @param {WidgetState} state @returns {boolean} whether there is more to see than before */
    render(state) {
      vote = voteOn(state, seq);
      yes.setAttribute("aria-pressed", String(vote === true));
      no.setAttribute("aria-pressed", String(vote === false));
      const known = vote === (state.votes.get(seq) ?? null);
      row.dataset.delivery = known ? (vote === null ? "none" : "sent") : "sending";
      setText(thanks, vote === null ? "" : t("rating_thanks"));
      // Offered while nothing else was said since: whoever goes on needs no advice.
      const { hidden } = next;
      next.hidden = vote !== false || lastWordSeq(state) !== seq;
      return hidden && !next.hidden;
    },
  };

  /** @param {"yes"|"no"} name @param {boolean} helpful */
  function thumb(name, helpful) {
    return el(
      "button",
      {
        type: "button",
        class: `thumb ${name}`,
        "aria-pressed": "false",
        dataset: { testid: `vote-${name}` },
        on: { click: () => vote !== helpful && actions.vote(seq, helpful) },
      },
      icon(THUMB),
      t(`vote_${name}`),
    );
  }

  /** @param {string} name @param {string} text @param {() => void} click */
  function step(name, text, click) {
    return el("button", {
      type: "button",
      class: "reply",
      text,
      dataset: { testid: `vote-${name}` },
      on: { click },
    });
  }
}
