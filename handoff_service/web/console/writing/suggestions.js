// @ts-check
/** Passages of articles that may answer the customer's last message, above the composer. */

import { el, setText } from "../../shared/dom.js";
import { safeHref } from "../../shared/links.js";
import { ApiError } from "../api.js";

/**
 * @typedef {{passage_id: string, article_id: string, title: string, heading: string, url: string, quote: string,
 *   locale: string, foreign: boolean, confidence: number}} Passage
 * @typedef {{seq: number, index_version: string, passages: Passage[], left_out: number}} Suggestions
 */

/** A customer who writes several lines is asked about when they pause (ms). */
const SETTLE_MS = 500;
/** From here on (0 to 1) a passage is called likely, sure. */
const LIKELY = 0.4;
const SURE = 0.75;
const OPEN_KEY = "baton-suggestions";

/**
 * @param {object} how
 * @param {string} how.id of the conversation
 * @param {import("../context.js").Api} how.api
 * @param {(path: string, signal: AbortSignal) => Promise<any>} how.read
 * @param {(passage: Passage) => void} how.insert
 * @param {(text: string, mood?: "plain"|"bad") => void} how.toast
 * @param {import("../../shared/i18n.js").Translate} how.t
 */
export function createSuggestions({ id, api, read, insert, toast, t }) {
  const path = `/api/conversations/${encodeURIComponent(id)}/suggestions`;
  const list = el("ol", { class: "passages" });
  const status = el("p", {
    class: "none",
    role: "status",
    dataset: { testid: "suggestions-status" },
  });
  const summary = el("summary", { text: t("suggestions") });
  const element = el(
    "details",
    { class: "suggestions", dataset: { testid: "suggestions" } },
    summary,
    status,
    list,
  );
  // On a phone there is hardly room for the conversation itself.
  const usual = matchMedia("(max-width: 700px)").matches ? "closed" : "open";
  element.open = (localStorage.getItem(OPEN_KEY) ?? usual) === "open";
  element.hidden = true;
  let wantedSeq = 0;
  let shownSeq = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  let asking = new AbortController();
  element.addEventListener("toggle", () => {
    localStorage.setItem(OPEN_KEY, element.open ? "open" : "closed");
    ask();
  });

  return {
    element,
    /** @param {number} seq of what the customer wrote last; 0: nothing with words */
    about(seq) {
      if (seq === wantedSeq) return;
      wantedSeq = seq;
      element.hidden = seq === 0;
      clearTimeout(timer);
      // What was asked about an earlier message is of no use any more.
      asking.abort();
      timer = setTimeout(ask, SETTLE_MS);
    },
    open() {
      element.open = true;
      (list.querySelector("button") ?? summary).focus();
    },
  };

  /** Nobody looks at a closed panel: nothing is searched for it. */
  function ask() {
    if (element.open && wantedSeq && wantedSeq !== shownSeq) void find(wantedSeq);
  }

  /** @param {number} seq */
  async function find(seq) {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    setText(status, t("searching"));
    try {
      const found = await read(`${path}?seq=${seq}`, signal);
      if (signal.aborted) return;
      shownSeq = seq;
      draw(found);
    } catch (problem) {
      if (signal.aborted) return;
      list.replaceChildren();
      const away = problem instanceof ApiError && problem.code === "suggestions_away";
      setText(status, t(away ? "suggestions_away" : "suggestions_failed"));
    }
  }

  /** @param {Suggestions} found */
  function draw(found) {
    setText(status, found.passages.length ? "" : t("no_suggestions"));
    list.replaceChildren(...found.passages.map((passage) => row(passage, found)));
  }

  /** @param {Passage} passage @param {Suggestions} found */
  function row(passage, found) {
    const href = safeHref(passage.url, location.origin);
    const name = passage.heading ? `${passage.title} › ${passage.heading}` : passage.title;
    const item = el(
      "li",
      { dataset: { testid: "passage", articleId: passage.article_id } },
      el(
        "p",
        { class: "passage-head" },
        href
          ? el("a", { href, target: "_blank", rel: "noopener", text: name })
          : el("strong", { text: name }),
        el("span", {
          class: "tag",
          text: t(sureness(passage.confidence)),
          title: `${Math.round(passage.confidence * 100)} %`,
        }),
        passage.foreign && el("span", { class: "tag", text: passage.locale }),
      ),
      el("blockquote", { lang: passage.locale, text: passage.quote }),
      el(
        "p",
        { class: "buttons" },
        button("insert_passage", () => insert(passage)),
        button("not_right", () => void judge(passage, found, item)),
      ),
    );
    return item;
  }

  /** @param {string} key @param {() => void} click */
  function button(key, click) {
    return el("button", {
      type: "button",
      class: "link",
      text: t(key),
      dataset: { testid: key.replace("_", "-") },
      on: { click },
    });
  }

  /** @param {Passage} passage @param {Suggestions} found @param {HTMLElement} item */
  async function judge(passage, found, item) {
    const { passage_id, article_id, locale, confidence } = passage;
    const said = { seq: found.seq, passage_id, article_id, locale, confidence };
    const next = /** @type {HTMLElement|null} */ (
      (item.nextElementSibling ?? item.previousElementSibling)?.querySelector("button") ?? null
    );
    item.inert = true;
    try {
      await api.post(`${path}/verdicts`, { ...said, index_version: found.index_version });
    } catch {
      item.inert = false;
      return toast(t("not_stored"), "bad");
    }
    toast(t("thanks_not_right"));
    (next ?? summary).focus();
    item.remove();
    if (found.seq === wantedSeq) void find(found.seq);
  }
}

/** @param {number} confidence @returns {string} */
function sureness(confidence) {
  if (confidence >= SURE) return "sure";
  return confidence >= LIKELY ? "likely" : "maybe";
}
