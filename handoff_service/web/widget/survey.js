// @ts-check
/** The question how it went: a scale, a comment, and a way to say not now. */

import { el, setText } from "../shared/dom.js";
import { isUnderWay } from "./state.js";

/** Lowest and highest score of each kind (handoff_service/surveys.py). @type {Record<string, [number, number]>} */
const SCALES = { csat: [1, 5], ces: [1, 7], nps: [0, 10] };
const MAX_COMMENT_CHARS = 1000;

/**
 * @param {HTMLElement} region
 * @param {{answer: (kind: string, score?: number, comment?: string) => void, done: () => void}} actions
 *   `answer` without a score: the customer would rather not
 */
export function createSurvey(region, actions) {
  /** What was asked last, and whether it is over as far as this page is concerned.
   * @type {import("../shared/protocol.js").ConversationEvent|null} */
  let shown = null;
  let over = false;
  const legend = el("legend", { class: "sr" });
  const scale = el("div", { class: "scale" });
  const ends = [el("span"), el("span")];
  const commentLabel = el("label", { for: "survey-comment" });
  const comment = el("textarea", {
    id: "survey-comment",
    rows: 2,
    maxlength: MAX_COMMENT_CHARS,
    dataset: { testid: "survey-comment" },
  });
  const send = el("button", { class: "primary", dataset: { testid: "survey-send" } });
  const skip = el("button", { type: "button", class: "link", dataset: { testid: "survey-skip" } });
  const form = el(
    "form",
    { class: "panel", dataset: { testid: "survey" } },
    el("fieldset", {}, legend, scale, el("p", { class: "ends" }, ...ends)),
    commentLabel,
    comment,
    el("div", { class: "row" }, send, skip),
  );
  region.append(form);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const score = new FormData(form).get("score");
    if (score !== null) end(Number(score), comment.value.trim());
  });
  skip.addEventListener("click", () => end());
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    end();
  });

  /** @param {number} [score] @param {string} [words] */
  function end(score, words) {
    over = true;
    actions.answer(shown?.data.kind, score, words || undefined);
    actions.done();
  }

  /** @param {number} score */
  function choice(score) {
    const dataset = { testid: `survey-${score}` };
    const input = el("input", {
      type: "radio",
      name: "score",
      value: score,
      required: true,
      dataset,
    });
    return el("label", {}, input, el("span", { text: String(score) }));
  }

  return {
    /** @param {import("./state.js").WidgetState} state @param {import("../shared/i18n.js").Translate} t */
    render(state, t) {
      const asked = state.survey;
      const { text, low, high } = asked?.data ?? {};
      if (asked && asked !== shown) {
        shown = asked;
        over = false;
        form.reset();
        const [from, to] = SCALES[asked.data.kind] ?? [1, 0];
        scale.replaceChildren(...Array.from({ length: to - from + 1 }, (_, n) => choice(from + n)));
      }
      region.hidden = !asked || over || isUnderWay(state, "survey");
      setText(legend, text ?? "");
      ends.forEach((end, n) => setText(end, (n ? high : low) ?? ""));
      setText(commentLabel, t("comment_label"));
      setText(send, t("rating_send"));
      setText(skip, t("not_now"));
    },
  };
}
