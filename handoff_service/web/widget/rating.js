// @ts-check
/** One to five stars and a comment, asked once when a conversation has ended. */

import { el, setText } from "../shared/dom.js";
import { isUnderWay } from "./state.js";

const STARS = [1, 2, 3, 4, 5];
const MAX_COMMENT_CHARS = 1000;

/** @param {HTMLElement} region @param {{rate: (stars: number, comment: string) => void}} actions */
export function createRating(region, actions) {
  const legend = el("legend");
  const inputs = STARS.map((star) =>
    el("input", {
      type: "radio",
      name: "stars",
      value: star,
      required: true,
      dataset: { testid: `rating-star-${star}` },
    }),
  );
  const words = STARS.map(() => el("span", { class: "sr" }));
  const labels = inputs.map((input, index) =>
    el(
      "label",
      { class: "star" },
      input,
      el("span", { "aria-hidden": "true", text: "★" }),
      /** @type {Node} */ (words[index]),
    ),
  );
  const stars = el("div", { class: "star-row" }, ...labels);
  const commentLabel = el("label", { for: "rating-comment" });
  const comment = el("textarea", {
    id: "rating-comment",
    rows: 2,
    maxlength: MAX_COMMENT_CHARS,
    dataset: { testid: "rating-comment" },
  });
  const send = el("button", { class: "primary", dataset: { testid: "rating-send" } });
  const form = el(
    "form",
    { class: "panel", dataset: { testid: "rating" } },
    el("fieldset", {}, legend, stars),
    commentLabel,
    comment,
    send,
  );
  region.append(form);

  form.addEventListener("change", paint);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = inputs.find((input) => input.checked);
    if (chosen) actions.rate(Number(chosen.value), comment.value.trim());
  });

  function paint() {
    const chosen = Number(inputs.find((input) => input.checked)?.value ?? 0);
    labels.forEach((label, index) => label.classList.toggle("on", index < chosen));
  }

  return {
    /** @param {import("./state.js").WidgetState} state @param {import("../shared/i18n.js").Translate} t */
    render(state, t) {
      if (!region.hidden && !state.ratingDue) {
        form.reset();
        paint();
      }
      region.hidden = !state.ratingDue;
      setText(legend, t("rating_question"));
      words.forEach((element, index) => setText(element, t("rating_star", { count: index + 1 })));
      setText(commentLabel, t("comment_label"));
      setText(send, t("rating_send"));
      send.disabled = isUnderWay(state, "rate");
    },
  };
}
