// @ts-check
/** The conversation: events in the log, below it what is still on its way; what was read, and aloud. */

import { el, setText } from "../shared/dom.js";
import { formatDay } from "../shared/i18n.js";
import { authorName, isRated, message, notice, pendingMessage, redraw, thanks } from "./bubble.js";
import { createCopy } from "./copy.js";
import { createReceipt } from "./receipt.js";
import { lastWordSeq, pendingMessages } from "./state.js";
import { besidesVote, canBeVotedOn, createVote } from "./vote.js";

/** @typedef {import("./state.js").WidgetState} WidgetState */
/** @typedef {import("../shared/protocol.js").ConversationEvent} ConversationEvent */
/** @typedef {import("../shared/i18n.js").Translate} Translate */
/** @typedef {import("./bubble.js").BubbleActions & import("./vote.js").VoteActions} Actions */

/** By then a screen reader has taken them up; whoever reads the page finds them in the log alone. */
const SPOKEN_MS = 5_000;
/** Within this time, messages of one author stand under one name. */
const GROUP_MS = 5 * 60_000;
/** Whoever is no further from the end than this reads on there, pixels. */
const NEAR_PX = 80;

/**
 * @param {{log: HTMLElement, pending: HTMLElement, scroller: HTMLElement, spoken: HTMLElement, newer: HTMLElement}} regions
 *   `spoken` is what a screen reader hears: words without the buttons, each once
 * @param {Actions} actions
 */
export function createTranscript({ log, pending, scroller, spoken, newer }, actions) {
  const receipt = createReceipt(log);
  /** @type {Translate} */
  let t = (key) => key;
  const copy = createCopy(log, (key) => speak(t(key)));
  let drawnSeq = 0;
  let drawnFor = "";
  /** Events up to this one were there before this page, or were read aloud. */
  let heardSeq = 0;
  let day = "";
  /** What came in while the customer reads further up. */
  let unseen = 0;
  /** @type {ConversationEvent|null} */
  let previous = null;
  let stays = true;
  /** @type {ReturnType<typeof createVote>[]} */
  let votes = [];
  let pendingDrawn = "";

  newer.addEventListener("click", () => {
    log.focus({ preventScroll: true });
    scrollToEnd();
  });
  scroller.addEventListener(
    "scroll",
    () => {
      stays = isAtEnd();
      if (stays) countUnseen(0);
    },
    { passive: true },
  );
  // Whoever was at the end stays there when a form below takes room, or gives it back.
  new ResizeObserver(() => stays && scrollToEnd()).observe(scroller);

  return {
    scrollToEnd,
    /** @param {WidgetState} state @param {Translate} translate */
    render(state, translate) {
      t = translate;
      const atEnd = isAtEnd();
      // Yesterday begins at midnight.
      const wanted = [state.conversationId, state.locale, new Date().toDateString()].join();
      const anew = wanted !== drawnFor;
      if (anew) clear(wanted, state);
      const fresh = state.events.filter(({ seq }) => seq > drawnSeq);
      for (const event of fresh) draw(event, state);
      const offered = votes.map((vote) => vote.render(state)).includes(true);
      const grew = drawPending(state) || fresh.length > 0 || offered;
      closeOldButtons(lastWordSeq(state));
      receipt.render(state, t);
      copy.render(t);
      const follows = atEnd || anew || fresh.some(({ data }) => data.author === "customer");
      countUnseen(
        follows ? 0 : unseen + fresh.filter(({ data }) => data.text && !data.of_seq).length,
      );
      if (!grew || !(follows || offered)) return;
      scrollToEnd();
      if (fresh.some(({ data }) => data.author === "bot") && !anew) showBeginning();
    },
  };

  function scrollToEnd() {
    // Before the first word, what is to be read begins at the top.
    if (!log.hasChildNodes() && !pending.hasChildNodes()) return;
    scroller.scrollTop = scroller.scrollHeight;
  }

  /** What was said last is read from its beginning, also when it is longer than the page. */
  function showBeginning() {
    const last = log.lastElementChild;
    if (!(last instanceof HTMLElement) || last.offsetHeight < scroller.clientHeight) return;
    scroller.scrollTop = last.offsetTop;
  }

  function isAtEnd() {
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  /** @param {number} count */
  function countUnseen(count) {
    unseen = count;
    newer.hidden = !count;
    setText(newer, count ? t("new_messages", { count }) : "");
  }

  /** @param {string} text */
  function speak(text) {
    const words = el("p", { text });
    spoken.append(words);
    setTimeout(() => words.remove(), SPOKEN_MS);
  }

  /** @param {string} wanted @param {WidgetState} state */
  function clear(wanted, { conversationId, caughtUpAt }) {
    if (!drawnFor.startsWith(`${conversationId},`)) heardSeq = caughtUpAt;
    log.replaceChildren();
    votes = [];
    drawnSeq = 0;
    day = "";
    previous = null;
    drawnFor = wanted;
  }

  /** @param {ConversationEvent} event @param {WidgetState} state */
  function draw(event, state) {
    drawnSeq = event.seq;
    const said = event.type === "message.posted";
    const rated = isRated(event);
    const edits = event.data.of_seq;
    if (!said && !rated && !event.data.text) return;
    if (!edits) startDay(event.at_ms, state);
    readAloud(event, state);
    if (edits)
      return redraw(log.querySelector(`.message[data-seq="${edits}"]`), event.data.text, t);
    if (said) log.append(drawMessage(event, state));
    else log.append(...(rated ? [thanks(event, t)] : notice(event, actions, t)));
    previous = event;
  }

  /** @param {ConversationEvent} event @param {WidgetState} state */
  function drawMessage(event, state) {
    const vote = canBeVotedOn(event) ? createVote(event.seq, actions, t) : undefined;
    if (vote) votes.push(vote);
    const look = {
      heads: startsGroup(previous, event),
      vote: vote?.elements,
      locale: state.locale,
      name: authorName(event, state, t),
    };
    return message(event, look, actions, t);
  }

  /** A line between two days; a talk of today needs none. @param {number} atMs @param {WidgetState} state */
  function startDay(atMs, { locale }) {
    const before = day || new Date().toDateString();
    day = new Date(atMs).toDateString();
    if (day === before) return;
    const text = formatDay(atMs, Date.now(), locale);
    log.append(el("p", { class: "day", text, dataset: { testid: "day" } }));
    previous = null;
  }

  /** Each word of others once, with who said it; whoever writes knows their own.
   * @param {ConversationEvent} event @param {WidgetState} state */
  function readAloud(event, state) {
    const { author, text, attachments = [], buttons = [] } = event.data;
    if (event.seq <= heardSeq || author === "customer") return;
    heardSeq = event.seq;
    const names = attachments.map((/** @type {{name: string}} */ { name }) => name);
    const titles = besidesVote(buttons).map(({ title }) => title);
    const mark = event.data.of_seq && t("edited");
    const words = [mark, text, ...names, ...titles].filter(Boolean).join(" · ");
    speak(author ? `${authorName(event, state, t)}: ${words}` : words);
  }

  /** @param {number|null} liveSeq */
  function closeOldButtons(liveSeq) {
    for (const row of log.querySelectorAll(/** @type {"div"} */ (".replies[data-seq]")))
      row.hidden = row.dataset.seq !== String(liveSeq);
  }

  /** @param {WidgetState} state @returns {boolean} whether there is one more than before */
  function drawPending(state) {
    const before = pending.childElementCount;
    const rows = pendingMessages(state).map(({ entry, delivery }) =>
      pendingMessage(entry, delivery, actions, t),
    );
    // Rows are few and hold no typed text; drawing them anew keeps this simple, unless nothing changed.
    const signature = rows
      .map(({ outerText, dataset }) => outerText + JSON.stringify(dataset))
      .join();
    if (pendingDrawn !== signature) pending.replaceChildren(...rows);
    pendingDrawn = signature;
    return rows.length > before;
  }
}

/** @param {ConversationEvent|null} previous @param {ConversationEvent} event */
function startsGroup(previous, event) {
  if (previous?.type !== "message.posted") return true;
  const sameAuthor =
    previous.data.author === event.data.author && previous.data.agent_id === event.data.agent_id;
  return !sameAuthor || event.at_ms - previous.at_ms > GROUP_MS;
}
