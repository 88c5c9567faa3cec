// @ts-check
/** The sections of the console, in the order of the rail: one line each. */

import { HOME } from "./router.js";

/**
 * @typedef {object} Opened what a section gives back when it is opened
 * @property {() => void} close
 * @property {() => void} [focus] put the keyboard where reading begins
 * @property {(route: import("./router.js").Route) => void} [show] the address changed within the
 *   section; without this it is closed and opened again
 * @property {Record<string, import("./keys.js").Key>} [keys]
 *
 * @typedef {object} Section
 * @property {string} name first part of its address; `nav_NAME` is its label
 * @property {string[]|null} roles who sees it; null: everybody
 * @property {string} [key] the key that opens it
 * @property {string} [style] whose style sheet it shares; without it: its own
 * @property {boolean} [hidden] it has an address, but no place in the rail
 * @property {() => Promise<{open: (region: HTMLElement, context: import("./context.js").SectionContext) => Opened|Promise<Opened>}>} [load]
 *   its module; the desk has none: it is always there
 */

/** @type {Section[]} */
export const SECTIONS = [
  { name: HOME, roles: ["agent", "supervisor", "admin"], key: "1" },
  { name: "inbox", roles: null, key: "2", load: () => import("./sections/inbox/index.js") },
  {
    name: "conversation",
    roles: null,
    hidden: true,
    load: () => import("./sections/conversation/index.js"),
  },
  {
    name: "floor",
    roles: ["supervisor", "admin"],
    key: "3",
    load: () => import("./sections/floor/index.js"),
  },
  { name: "reports", roles: null, key: "4", load: () => import("./sections/reports/index.js") },
  {
    name: "team",
    roles: ["supervisor", "admin"],
    key: "5",
    style: "me",
    load: () => import("./sections/team/index.js"),
  },
  {
    name: "settings",
    roles: ["supervisor", "admin"],
    key: "6",
    load: () => import("./sections/settings/index.js"),
  },
  {
    name: "learning",
    roles: ["maintainer", "admin"],
    key: "8",
    load: () => import("./sections/learning/index.js"),
  },
  { name: "me", roles: null, key: "9", load: () => import("./sections/me/index.js") },
];

/** @param {string} role @param {Section[]} [sections] @returns {Section[]} those that this role sees */
export function sectionsFor(role, sections = SECTIONS) {
  return sections.filter(({ roles }) => roles === null || roles.includes(role));
}
