// @ts-check
/** A conversation's transcript: drawn once, then added to as events come. */

import { el } from "../shared/dom.js";
import { drawAfterwards, showRead } from "./afterwards.js";
import { drawEvent, drawPending } from "./events.js";
import { markOnClick } from "./turns.js";

/** @typedef {import("../shared/protocol.js").ConversationEvent} ConversationEvent */
/** @typedef {import("./events.js").Context} Context */

/** @param {Context & {mark: import("./turns.js").MarkTurn}} context */
export function createTranscript(context) {
  const log = el("div", {
    class: "log",
    role: "log",
    tabindex: 0,
    "aria-label": context.t("transcript"),
    dataset: { testid: "transcript" },
  });
  const pending = el("div", { "aria-live": "off" });
  const scroller = el("div", { class: "scroller" }, log, pending);
  let drawnSeq = 0;
  let shown = "";
  /** Whoever reads the end goes on reading it, whatever grows above or below. */
  let following = true;
  scroller.addEventListener("scroll", () => (following = isAtEnd()));
  new ResizeObserver(() => following && toEnd()).observe(scroller);
  markOnClick(log, context.mark);

  return {
    element: scroller,
    /** @param {ConversationEvent[]} events */
    add(events) {
      const fresh = events.filter((event) => event.seq > drawnSeq);
      if (fresh.length === 0) return;
      for (const event of fresh) {
        const element = drawEvent(event, context);
        if (element) log.append(element);
        else drawAfterwards(log, event, context.t);
      }
      drawnSeq = fresh.at(-1)?.seq ?? drawnSeq;
      if (following) toEnd();
    },
    /**
     * @param {{entry: import("../shared/outbox.js").Entry, delivery: "sending"|"sent"|"failed"}[]} rows
     * @param {{retry: (id: string) => void, discard: (id: string) => void, keepAsNote: (id: string) => void}} actions
     */
    showPending(rows, { retry, discard, keepAsNote }) {
      const signature = rows
        .map(({ entry, delivery }) => [
          entry.message_id,
          delivery,
          entry.files?.map(({ done }) => done),
        ])
        .join();
      if (signature === shown) return;
      const grew = rows.length > pending.childElementCount;
      shown = signature;
      pending.replaceChildren(
        ...rows.map(({ entry, delivery }) =>
          drawPending(entry, delivery, {
            ...context,
            retry: () => retry(entry.message_id),
            discard: () => discard(entry.message_id),
            keep: () => keepAsNote(entry.message_id),
          }),
        ),
      );
      if (grew) toEnd();
    },
    /** @param {number} seq up to which the customer has seen it */
    showRead: (seq) => showRead(log, seq, context.t),
    toEnd,
  };

  function isAtEnd() {
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 120;
  }

  function toEnd() {
    following = true;
    scroller.scrollTop = scroller.scrollHeight;
  }
}
