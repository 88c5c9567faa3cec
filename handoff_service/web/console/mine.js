// @ts-check
/** What this agent wrote in a conversation: what may still be changed, what the assistant would be told. */

/** @typedef {import("./state.js").Conversation} Conversation */
/** @typedef {import("./state.js").DeskState} DeskState */

/** For so long an agent may change what they wrote, ms (the service says so, too). */
const EDIT_MS = 60_000;

/**
 * What an agent wrote last, if it may still be changed.
 * @param {Conversation} conversation @param {string} agentId @param {number} clockOffsetMs
 * @returns {{of: string, text: string}|null}
 */
export function lastOfMine({ events }, agentId, clockOffsetMs) {
  const last = events.findLast(
    ({ type, data }) => type === "message.posted" && data.agent_id === agentId,
  );
  if (!last || Date.now() + clockOffsetMs - last.at_ms > EDIT_MS) return null;
  const edit = events.findLast(
    ({ type, data }) => type === "message.edited" && data.of_seq === last.seq,
  );
  return { of: last.data.message_id, text: (edit ?? last).data.text };
}

/**
 * What the assistant would be told of a conversation that is handed back: the tags as a note to begin
 * with, and the links that this agent sent (store/sent_links.py finds the same).
 * @param {DeskState} state @param {string} id
 * @returns {{note: string, links: string[]}}
 */
export function toldOnHandBack({ conversations }, id) {
  const held = conversations.get(id);
  if (!held) return { note: "", links: [] };
  const { tags = [], epoch } = held.summary;
  const links = held.events
    .filter((event) => event.epoch === epoch && event.data.author === "agent")
    .flatMap(({ data }) => data.text?.match(/https?:\/\/[^\s<>"']+/gi) ?? [])
    .map((link) => link.replace(/[.,;:!?)\]}*_]+$/, ""));
  return { note: tags.join(", "), links: [...new Set(links)] };
}
