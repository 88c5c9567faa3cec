// @ts-check
/** The areas of settings: one line each, with the form that edits its document. */

/**
 * @typedef {Record<string, any>} Document
 *
 * @typedef {object} FormProps what a form is given; it draws the document and says what it becomes
 * @property {Document} document never changed in place
 * @property {(document: Document) => void} change
 * @property {(where: string) => string|undefined} problemAt what is wrong at a place, such as "teams.support.zone"
 * @property {Checked|null} checked the last dry run
 * @property {Document} usual what holds where the document says nothing
 * @property {Record<string, [number, number]>} limits of numbers, by name
 * @property {import("../../../shared/i18n.js").Translate} t
 * @property {import("../../context.js").SectionContext} context
 *
 * @typedef {{where: string, before: any, after: any}} Change
 * @typedef {{field: string, line: number, message: string}} Problem
 * @typedef {object} Checked
 * @property {Problem[]} problems
 * @property {Change[]} changes
 * @property {{code: string, name: string, count: number, of: number}[]} effects
 * @property {{team: string, open: boolean, opens_next_ms: number|null}[]} duties
 * @property {Document|null} document
 * @property {string|null} text
 *
 * @typedef {object} Area `area_NAME` and `area_NAME_about` are its words
 * @property {string} name
 * @property {() => Promise<{Form: (props: FormProps) => any}>} [load] its form; without one, YAML alone
 */

/** @type {Area[]} */
export const AREAS = [
  { name: "hours", load: () => import("./hours.js") },
  { name: "routing", load: () => import("./routing.js") },
  { name: "sites", load: () => import("./sites.js") },
  { name: "proactive" },
  { name: "replies", load: () => import("./replies.js") },
  { name: "desk", load: () => import("./desk.js") },
];
