// @ts-check
/** Saves what an inbox is asked for under a name. */

import { el } from "../../../shared/dom.js";
import { maySupervise } from "../../roles.js";

/** @typedef {import("../../context.js").SectionContext} SectionContext */
/** @typedef {import("../../../shared/i18n.js").Translate} Translate */

const NAME_CHARS = 100;

/** @param {SectionContext} context @param {Translate} t @param {import("./asks.js").Asks} asks @param {() => void} saved */
export function askToSave(context, t, asks, saved) {
  const name = el("input", {
    id: "filter-name",
    maxlength: NAME_CHARS,
    required: true,
    dataset: { testid: "filter-name" },
  });
  const shared = el("input", { type: "checkbox", dataset: { testid: "filter-shared" } });
  context.dialogs.ask({
    title: t("save_title"),
    testid: "save-filter",
    content: [
      el("label", { for: name.id, text: t("save_name") }),
      name,
      ...(maySupervise(context.agent.role)
        ? [el("label", { class: "check" }, shared, ` ${t("save_shared")}`)]
        : []),
    ],
    yes: t("save"),
    no: context.t("cancel"),
    confirm() {
      const text = name.value.trim();
      if (text) void send(text);
      else name.focus();
      return Boolean(text);
    },
  });
  name.focus();

  /** @param {string} text */
  async function send(text) {
    const wanted = { ...asks, ...(asks.priority && { priority: Number(asks.priority) }) };
    const body = {
      name: text,
      asks: { ...wanted, ...(asks.stars && { stars: Number(asks.stars) }) },
      shared: shared.checked,
    };
    try {
      await context.api.post("/api/inbox/filters", body);
      saved();
    } catch (problem) {
      context.toast(context.explain(problem), "bad");
    }
  }
}
