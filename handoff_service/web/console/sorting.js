// @ts-check
/** How a conversation is sorted: its tags and its priority, to be read and changed in place. */

import { el } from "../shared/dom.js";

/** The steps that people choose between; the rules of routing may set any from 0 to 9. */
const STEPS = [9, 7, 5, 3];
const USUAL = 5;

/** @typedef {{tag: (id: string, add: string[], remove: string[]) => void, prioritize: (id: string, priority: number) => void}} SortingActions */

/**
 * @param {string} id of the conversation
 * @param {SortingActions} actions
 * @param {{t: import("../shared/i18n.js").Translate, directory: () => Promise<import("./context.js").Directory>}} context
 */
export function createSorting(id, actions, { t, directory }) {
  const tags = el("ul", { class: "tags", "aria-label": t("tags"), dataset: { testid: "tags" } });
  const known = el("datalist", { id: `tags-${id}` });
  const input = el("input", {
    type: "text",
    maxlength: 40,
    list: known.id,
    autocomplete: "off",
    placeholder: t("tag_add"),
    "aria-label": t("tag_add"),
    dataset: { testid: "tag-input" },
  });
  const priority = el("select", {
    "aria-label": t("priority"),
    dataset: { testid: "priority" },
    on: { change: () => actions.prioritize(id, Number(priority.value)) },
  });
  const form = el("form", {}, input, known);
  const element = el("div", { class: "sorting" }, priority, tags, form);
  let shown = "";

  input.addEventListener("focus", () => void suggest(), { once: true });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wanted = input.value
      .split(",")
      .map((tag) => tag.trim())
      .filter(Boolean);
    if (wanted.length) actions.tag(id, wanted, []);
    input.value = "";
  });

  return {
    element,
    /** @param {import("../shared/protocol.js").Summary} summary */
    render(summary) {
      const now = summary.needs?.priority ?? USUAL;
      const signature = JSON.stringify([summary.tags, now]);
      if (signature === shown) return;
      shown = signature;
      tags.replaceChildren(...(summary.tags ?? []).map(tagItem));
      const steps = STEPS.includes(now) ? STEPS : [...STEPS, now].sort((a, b) => b - a);
      priority.replaceChildren(
        ...steps.map((step) => el("option", { value: step, text: stepText(step) })),
      );
      priority.value = String(now);
    },
  };

  /** @param {string} tag */
  function tagItem(tag) {
    const remove = el("button", {
      type: "button",
      text: "×",
      "aria-label": t("tag_remove", { tag }),
      dataset: { testid: "tag-remove" },
      on: { click: () => actions.tag(id, [], [tag]) },
    });
    return el("li", { dataset: { testid: "tag" } }, el("bdi", { text: tag }), remove);
  }

  /** @param {number} step */
  function stepText(step) {
    return STEPS.includes(step) ? t(`priority_${step}`) : t("priority_other", { priority: step });
  }

  async function suggest() {
    const found = await directory().catch(() => null);
    known.replaceChildren(...(found?.tags ?? []).map((tag) => el("option", { value: tag })));
  }
}
