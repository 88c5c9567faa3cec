// @ts-check
/** Draws the conversation: events in the log, and below it what is still on its way. */

import { el } from "../shared/dom.js";
import { formatTime } from "../shared/i18n.js";
import { richText } from "../shared/richtext.js";
import { articlesAgain } from "./again.js";
import { answerCard, inLanguage, wordsAround } from "./answer.js";
import { lastWordSeq, pendingMessages } from "./state.js";
import { besidesVote, canBeVotedOn, createVote } from "./vote.js";

/** @typedef {import("./state.js").WidgetState} WidgetState */
/** @typedef {import("../shared/protocol.js").ConversationEvent} ConversationEvent */
/** @typedef {import("../shared/protocol.js").Button} Button */
/** @typedef {import("../shared/i18n.js").Translate} Translate */

/** Within this time, messages of one author stand under one name. */
const GROUP_MS = 5 * 60_000;

/**
 * @typedef {object} TranscriptActions
 * @property {(button: Button) => void} choose
 * @property {(messageId: string) => void} retry
 * @property {(messageId: string) => void} discard
 */
/** @typedef {TranscriptActions & import("./vote.js").VoteActions} Actions */

export class Transcript {
  #log;
  #pending;
  #scroller;
  #actions;
  #drawnSeq = 0;
  #drawnFor = "";
  /** @type {ConversationEvent|null} */
  #previous = null;
  #stays = true;
  /** @type {ReturnType<typeof createVote>[]} */
  #votes = [];

  /**
   * @param {{log: HTMLElement, pending: HTMLElement, scroller: HTMLElement}} regions
   * @param {Actions} actions
   */
  constructor(regions, actions) {
    this.#log = regions.log;
    this.#pending = regions.pending;
    this.#scroller = regions.scroller;
    this.#actions = actions;
    this.#scroller.addEventListener("scroll", () => (this.#stays = this.#isAtEnd()), {
      passive: true,
    });
    // Whoever was at the end stays there when a form below takes room, or gives it back.
    new ResizeObserver(() => this.#stays && this.scrollToEnd()).observe(this.#scroller);
  }

  /** @param {WidgetState} state @param {Translate} t */
  render(state, t) {
    const atEnd = this.#isAtEnd();
    const drawnFor = `${state.conversationId} ${state.locale}`;
    const anew = drawnFor !== this.#drawnFor;
    if (anew) this.#clear(drawnFor);
    // History is not read aloud; what comes after it is, once.
    this.#log.setAttribute(
      "aria-live",
      state.lastSeq >= state.caughtUpAt && !anew ? "polite" : "off",
    );
    const fresh = state.events.filter((event) => event.seq > this.#drawnSeq);
    for (const event of fresh) this.#draw(event, state, t);
    const offered = this.#votes.map((vote) => vote.render(state)).includes(true);
    const grew = this.#drawPending(state, t) || fresh.length > 0 || offered;
    this.#closeOldButtons(lastWordSeq(state));
    const own = fresh.some((event) => event.data.author === "customer");
    if (!grew || !(atEnd || own || anew || offered)) return;
    this.scrollToEnd();
    if (fresh.some(({ data }) => data.author === "bot") && !anew) this.#showBeginning();
  }

  scrollToEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  /** What was said last is read from its beginning, also when it is longer than the page. */
  #showBeginning() {
    const last = this.#log.lastElementChild;
    if (!(last instanceof HTMLElement) || last.offsetHeight < this.#scroller.clientHeight) return;
    this.#scroller.scrollTop = last.offsetTop;
  }

  #isAtEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < 80;
  }

  /** @param {string} drawnFor */
  #clear(drawnFor) {
    this.#log.replaceChildren();
    this.#votes = [];
    this.#drawnSeq = 0;
    this.#previous = null;
    this.#drawnFor = drawnFor;
  }

  /** @param {ConversationEvent} event @param {WidgetState} state @param {Translate} t */
  #draw(event, state, t) {
    this.#drawnSeq = event.seq;
    if (event.type === "message.posted") {
      const heads = startsGroup(this.#previous, event);
      this.#log.append(this.#message(event, { heads, state, t }));
    } else if (event.type === "conversation.rated") this.#log.append(ratedNotice(event, t));
    else if (event.data.text) this.#log.append(...this.#notice(event, t));
    else return;
    this.#previous = event;
  }

  /** @param {ConversationEvent} event @param {{heads: boolean, state: WidgetState, t: Translate}} context */
  #message(event, { heads, state, t }) {
    const { author, message_id, kind, text, sources = [], buttons = [] } = event.data;
    const words = wordsAround(text ?? "", sources);
    const vote = canBeVotedOn(event) ? createVote(event.seq, this.#actions, t) : null;
    if (vote) this.#votes.push(vote);
    const offered = vote ? besidesVote(buttons) : buttons;
    const dataset = { testid: "message", author, seq: event.seq, messageId: message_id, kind };
    if (author === "customer") Object.assign(dataset, { delivery: "sent" });
    if (kind === undefined) delete dataset.kind;
    const time = el("time", {
      datetime: new Date(event.at_ms).toISOString(),
      text: formatTime(event.at_ms, state.locale),
    });
    const name = el("span", { text: authorName(event, state, t) });
    return el(
      "div",
      { class: `message ${author}`, dataset },
      heads ? el("p", { class: "head" }, name, time) : el("p", { class: "sr" }, name),
      words &&
        el(
          "div",
          { class: "bubble", dir: "auto", dataset: { testid: "message-text" } },
          ...richText(words),
        ),
      ...sources.map((/** @type {any} */ source) =>
        answerCard(source, { locale: state.locale, t }),
      ),
      ...(vote?.elements ?? []),
      offered.length > 0 && this.#buttonRow(offered, event.seq, t),
    );
  }

  /** What an event says to the customer, and what they may click in answer.
   * @param {ConversationEvent} event @param {Translate} t */
  #notice({ type, seq, data }, t) {
    const dataset = { testid: "notice", type };
    const words = el("p", { class: "notice", dir: "auto", text: data.text, dataset });
    const again = articlesAgain(data.articles ?? [], t);
    const buttons = data.buttons?.length ? this.#buttonRow(data.buttons, seq, t) : null;
    return [words, again, buttons].filter((part) => part !== null);
  }

  /** @param {Button[]} buttons @param {number} seq @param {Translate} t */
  #buttonRow(buttons, seq, t) {
    const row = el("div", { class: "replies", dataset: { seq } });
    for (const button of buttons) {
      row.append(
        el(
          "button",
          {
            type: "button",
            class: "reply",
            dataset: { testid: "quick-reply", action: button.payload?.action },
            on: { click: () => this.#actions.choose(button) },
          },
          el("span", { dir: "auto", text: button.title }),
          button.foreign &&
            el("span", { class: "foreign", text: inLanguage(button.payload.locale, t) }),
        ),
      );
    }
    return row;
  }

  /** @param {number|null} liveSeq */
  #closeOldButtons(liveSeq) {
    for (const row of this.#log.querySelectorAll(".replies[data-seq]"))
      if (row instanceof HTMLElement) row.hidden = row.dataset.seq !== String(liveSeq);
  }

  /** @param {WidgetState} state @param {Translate} t @returns {boolean} whether there is one more than before */
  #drawPending(state, t) {
    const before = this.#pending.childElementCount;
    const rows = pendingMessages(state).map(({ entry, delivery }) =>
      this.#pendingRow(entry, delivery, t),
    );
    // Rows are few and hold no typed text; drawing them anew keeps this simple, unless nothing changed.
    const signature = rows
      .map((row) => row.outerText + row.dataset.messageId + row.dataset.delivery)
      .join("\n");
    if (this.#pending.dataset.signature !== signature) this.#pending.replaceChildren(...rows);
    this.#pending.dataset.signature = signature;
    return rows.length > before;
  }

  /** @param {import("../shared/outbox.js").Entry} entry @param {string} delivery @param {Translate} t */
  #pendingRow(entry, delivery, t) {
    const { message_id } = entry;
    const action = (/** @type {"retry"|"discard"} */ name) =>
      el("button", {
        type: "button",
        class: "link",
        text: t(name),
        dataset: { testid: `${name}-message` },
        on: { click: () => this.#actions[name](message_id) },
      });
    return el(
      "div",
      {
        class: "message customer",
        dataset: { testid: "message", author: "customer", messageId: message_id, delivery },
      },
      el(
        "div",
        { class: "bubble", dir: "auto", dataset: { testid: "message-text" } },
        ...richText(entry.frame.text),
      ),
      el(
        "p",
        { class: "delivery" },
        t(delivery),
        ...(delivery === "failed" ? [action("retry"), action("discard")] : []),
      ),
    );
  }
}

/** @param {ConversationEvent|null} previous @param {ConversationEvent} event */
function startsGroup(previous, event) {
  if (previous?.type !== "message.posted") return true;
  const sameAuthor =
    previous.data.author === event.data.author && previous.data.agent_id === event.data.agent_id;
  return !sameAuthor || event.at_ms - previous.at_ms > GROUP_MS;
}

/** @param {ConversationEvent} event @param {WidgetState} state @param {Translate} t */
function authorName(event, state, t) {
  if (event.data.author === "customer") return t("you");
  if (event.data.author === "bot") return t("assistant");
  return event.data.author_name || state.agentName || t("agent");
}

/** @param {ConversationEvent} event @param {Translate} t */
function ratedNotice(event, t) {
  const stars = Number(event.data.stars) || 0;
  return el(
    "p",
    { class: "notice", dataset: { testid: "rating-thanks", type: event.type } },
    el("span", {
      class: "stars",
      "aria-hidden": "true",
      text: "★".repeat(stars) + "☆".repeat(5 - stars),
    }),
    el("span", { class: "sr", text: `${t("rating_star", { count: stars })}. ` }),
    ` ${t("rating_thanks")}`,
  );
}
