// @ts-check
/** What a candidate's report says in few numbers and sentences. */

import { sentence } from "../words.js";

/**
 * @typedef {{code: string, args: Record<string, any>, text: string}} Reason
 *
 * @typedef {object} Candidate
 * @property {string} candidate_id
 * @property {number} created_ms
 * @property {string} asked_by
 * @property {string|null} branch
 * @property {string} model
 * @property {string} index_version
 * @property {"training"|"judging"|"passed"|"refused"|"live"|"retired"|"failed"} state
 * @property {Reason[]} reasons
 *
 * @typedef {object} Figure of some texts: how many are understood, now and by the candidate
 * @property {string} name code of the set of texts
 * @property {number} n
 * @property {number|null} base share, 0..1
 * @property {number|null} share
 * @property {number} low of the 95 % interval
 * @property {number} high
 * @property {number} worse
 * @property {number} better
 */

/** Sets of texts of a report, in the order in which they are shown. */
const SETS = /** @type {const} */ (["held_out", "new", "known"]);

/** @param {any} report @returns {Figure[]} of the sets that were asked */
export function figuresOf(report) {
  const found = report?.understanding ?? {};
  const rows = SETS.map((name) => ({ name, tally: found[name] }));
  const scope = found.known?.out_of_scope?.recall;
  return [...rows, { name: "out_of_scope", tally: scope }]
    .filter(({ tally }) => tally?.n > 0)
    .map(({ name, tally }) => ({
      name,
      n: tally.n,
      base: tally.base?.share ?? null,
      share: tally.candidate.share,
      low: tally.candidate.low,
      high: tally.candidate.high,
      worse: tally.worse,
      better: tally.better,
    }));
}

/** @param {{candidate_id: string}} candidate @returns {string} where its report is */
export function pageOf({ candidate_id }) {
  return `/api/learning/candidates/${encodeURIComponent(candidate_id)}/page`;
}

/**
 * Why it was refused, in the reader's language; in the server's words where none are known.
 * @param {Reason} reason @param {import("../../../../shared/i18n.js").Translate} t
 */
export function reasonOf({ code, args = {}, text }, t) {
  const found = sentence(t, "refused", code, args);
  return found === code.replaceAll("_", " ") && text ? text : found;
}

/**
 * What a rollback would take back: the latest that went live and still stands.
 * @param {import("./history.js").Release[]} releases the latest first
 */
export function toTakeBack(releases) {
  const done = releases.filter(({ state }) => state === "done");
  const taken = new Set(done.map(({ takes_back }) => takes_back));
  return done.find(({ action, release_id }) => action === "promote" && !taken.has(release_id));
}
