// @ts-check
/** The rooms of the section: one line each; `room_NAME` is its label. */

/**
 * @typedef {object} Room
 * @property {string} name
 * @property {(summary: any) => number} [count] what waits there
 * @property {() => Promise<{Room: (props: import("./index.js").Given & {jobs: import("./jobs.js").Jobs}) => any}>} load
 */

/** @type {[Room, ...Room[]]} */
export const ROOMS = [
  {
    name: "review",
    count: (summary) => summary.open_groups,
    load: () => import("./review/room.js"),
  },
  { name: "topics", count: (summary) => summary.topics, load: () => import("./topics/room.js") },
  {
    name: "suggestions",
    count: (summary) => summary.suggestions,
    load: () => import("./suggestions/room.js"),
  },
  {
    name: "changes",
    count: ({ pending }) => pending.examples + pending.drafts + pending.questions,
    load: () => import("./changes/room.js"),
  },
  { name: "candidates", load: () => import("./candidates/room.js") },
  { name: "split", load: () => import("./split/room.js") },
];

/** @param {string|undefined} name @returns {Room} the first where none has this name */
export function roomAt(name) {
  return ROOMS.find((room) => room.name === name) ?? ROOMS[0];
}
