// @ts-check
/** Who else has a conversation open, and whether they write there. */

import { el, setText } from "../shared/dom.js";

/**
 * @param {string} id of the conversation
 * @param {{t: import("../shared/i18n.js").Translate, live: import("./live.js").Live, agent: {agent_id: string}}} context
 */
export function createCompany(id, { t, live, agent }) {
  const looking = el("span");
  const writing = el("strong");
  const element = el(
    "p",
    { class: "company", role: "status", dataset: { testid: "viewers" } },
    looking,
    writing,
  );
  element.hidden = true;
  const close = live.on("viewers", ({ conversation_id, people }) => {
    if (conversation_id === id) show(people);
  });
  return { element, close };

  /** @param {{agent_id: string, name: string, writing: boolean}[]} people */
  function show(people) {
    const others = people.filter(({ agent_id }) => agent_id !== agent.agent_id);
    const names = (/** @type {typeof people} */ some) => some.map(({ name }) => name).join(", ");
    const idle = others.filter((person) => !person.writing);
    const busy = others.filter((person) => person.writing);
    element.hidden = others.length === 0;
    setText(looking, idle.length ? t("viewers_looking", { names: names(idle) }) : "");
    setText(writing, busy.length ? t("viewers_writing", { names: names(busy) }) : "");
  }
}
