// @ts-check
/** What an inbox is asked for, and how its address and the API's query spell it. */

/**
 * @typedef {"mine"|"waiting"|"teams"|"parked"|"closed"|"left"|"mentions"|"all"} View
 * @typedef {{view: View, sort?: string, text?: string} & Partial<Record<Filter, string>>} Asks
 * @typedef {typeof FILTERS[number]} Filter
 */

export const VIEWS = /** @type {const} */ ([
  "mine",
  "waiting",
  "teams",
  "parked",
  "left",
  "mentions",
  "closed",
  "all",
]);
export const SORTS = /** @type {const} */ (["latest", "oldest", "waiting", "priority"]);
export const FILTERS = /** @type {const} */ ([
  "state",
  "language",
  "team",
  "agent",
  "topic",
  "reason",
  "tag",
  "priority",
  "disposition",
  "stars",
  "site",
]);
/** The view that opens when the address names none. */
export const USUAL = "waiting";

/** @param {import("../../router.js").Route} route @returns {Asks} */
export function asksOf({ rest, query }) {
  const named = VIEWS.find((view) => view === rest[0]);
  const asks = /** @type {Asks} */ ({ view: named ?? USUAL });
  for (const name of /** @type {const} */ (["text", "sort", ...FILTERS])) {
    const value = query.get(name);
    if (value) asks[name] = value;
  }
  return asks;
}

/** @param {Asks} asks @returns {string} "#/inbox/all?text=refund" */
export function hashOfAsks({ view, ...more }) {
  const query = queryOf(more);
  return `#/inbox/${view}${query ? `?${query}` : ""}`;
}

/**
 * Write a query of what has a value.
 * @param {Record<string, string|number|null|undefined>} values
 */
export function queryOf(values) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  return query.toString();
}

/** @param {Asks} asks @returns {Filter[]} those that leave something out */
export function activeFilters(asks) {
  return FILTERS.filter((name) => asks[name]);
}

/** @param {Asks} asks @param {Partial<Asks>} changes "" takes one away @returns {Asks} */
export function changed(asks, changes) {
  const all = /** @type {Record<string, string>} */ ({ ...asks, ...changes });
  return /** @type {Asks} */ (Object.fromEntries(Object.entries(all).filter(([, value]) => value)));
}
