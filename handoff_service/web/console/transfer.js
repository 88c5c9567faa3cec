// @ts-check
/** Whom a conversation is passed on to: a colleague, a team or whoever has a skill, picked by typing. */

import { el, setText } from "../shared/dom.js";
import { createCombobox } from "./combobox.js";
import { ask } from "./dialog.js";

/** @typedef {import("../shared/i18n.js").Translate} Translate */
/** @typedef {{kind: "agent"|"team"|"skill", to: string, name: string, hint: string, rank: number}} Target */

/** Longest note, in characters, as the service takes it. */
export const NOTE_CHARS = 1000;
const PRESENCE_RANK = /** @type {Record<string, number>} */ ({ online: 0, away: 2, offline: 3 });

/**
 * Everybody and everything a conversation can go to: who is there and has room first.
 * @param {import("./context.js").Directory} directory
 * @param {string} self the agent's own id: nobody passes to themselves; maintainers hold none
 * @param {Translate} t
 * @returns {Target[]}
 */
export function targetsOf({ agents, teams, skills }, self, t) {
  const people = agents
    .filter(({ agent_id, role }) => agent_id !== self && role !== "maintainer")
    .map(({ agent_id, name, presence, load, capacity, languages }) => ({
      kind: /** @type {const} */ ("agent"),
      to: agent_id,
      name,
      hint: [
        t(`presence_${presence}`),
        t("transfer_load", { load, capacity }),
        languages.join(", "),
      ].join(" · "),
      rank: (PRESENCE_RANK[presence] ?? 3) + (load >= capacity ? 1 : 0),
    }));
  const named = (/** @type {"team"|"skill"} */ kind, /** @type {string[]} */ names) =>
    names.map((name) => ({ kind, to: name, name, hint: t(`transfer_${kind}`), rank: 0.5 }));
  return [...people, ...named("team", teams), ...named("skill", skills)].sort(
    (a, b) => a.rank - b.rank || a.name.localeCompare(b.name),
  );
}

/**
 * @param {object} how
 * @param {Translate} how.t
 * @param {string} how.self
 * @param {() => Promise<import("./context.js").Directory>} how.directory
 * @param {(target: Target, note: string) => void} how.confirm
 */
export function askTransfer({ t, self, directory, confirm }) {
  /** @type {Target|null} */
  let chosen = null;
  const note = el("textarea", {
    id: "transfer-note",
    rows: 2,
    maxlength: NOTE_CHARS,
    dataset: { testid: "transfer-note" },
  });
  const fault = el("p", { class: "fault", role: "alert" });
  const combobox = createCombobox({
    testid: "transfer",
    label: t("transfer_to"),
    placeholder: t("transfer_placeholder"),
    none: t("palette_none"),
    textsOf: (/** @type {Target} */ { name, to, hint }) => [name, to, hint],
    draw: ({ kind, name, hint, rank }) => [
      el("span", { class: `dot ${kind === "agent" && rank < 2 ? "online" : ""}` }),
      el("span", { dir: "auto", text: name }),
      el("span", { class: "hint", text: hint }),
    ],
    choose(target) {
      chosen = target;
      combobox.show(target.name);
      note.focus();
    },
  });
  combobox.input.addEventListener("input", () => (chosen = null));
  ask({
    title: t("transfer_title"),
    testid: "transfer",
    content: [
      el("p", { text: t("transfer_text") }),
      ...combobox.elements,
      el("label", { for: note.id, text: t("hand_back_note") }),
      note,
      fault,
    ],
    yes: t("transfer"),
    no: t("cancel"),
    confirm() {
      if (chosen) confirm(chosen, note.value.trim());
      else combobox.input.focus();
      return chosen !== null;
    },
  });
  combobox.input.focus();
  directory().then(
    (found) => combobox.offer(targetsOf(found, self, t)),
    () => setText(fault, t("error_other")),
  );
}
