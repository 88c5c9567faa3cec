// @ts-check
/** Asks for the numbers that an address names: of the time, of the time before, and by groups. */

import { useEffect, useState } from "../../vendor/preact.js";
import { daysBefore } from "./periods.js";
import { metricsQuery } from "./query.js";

/**
 * @typedef {Record<string, import("./figures.js").Figure>} Values by metric
 * @typedef {{key: string, label: string, values: Values}} Group
 * @typedef {{from_ms: number, to_ms: number, by: string, total: Values, groups: Group[], due: number, left_off: number}} Numbers
 * @typedef {{state: "loading"|"ready"|"failed", answers: (Numbers|undefined)[], problem?: unknown}} Answered
 * @typedef {{state: Answered["state"], problem?: unknown, now?: Numbers, before?: Numbers,
 *   course?: Numbers, courseBefore?: Numbers, grouped?: Numbers}} Shown
 *   every number of the time and of the time before; of one number its course, and its groups
 */

/** What is not counted yet is asked for again after this long, and a time that is not over after that. */
const DUE_MS = 3_000;
const AGAIN_MS = 30_000;

/** Whole, every number is asked for; by day and by groups only the one that is drawn.
 * @param {import("../../context.js").SectionContext} context @param {import("./query.js").Query} query
 * @param {string|undefined} metric the one @returns {Shown} */
export function useNumbers({ api }, query, metric) {
  const [round, setRound] = useState(0);
  const { by } = query;
  const step = stepOf(query);
  const earlier = query.compare ? daysBefore(query) : undefined;
  /** @param {import("./periods.js").Days} days @param {string} kind @param {string} [only] */
  const path = (days, kind, only) =>
    `/api/reports/metrics?${metricsQuery(query, days, kind, only)}`;
  const whole = useAnswers(api, round, [path(query, "none"), earlier && path(earlier, "none")]);
  const drawn = useAnswers(api, round, [
    path(query, step, metric),
    earlier && path(earlier, step, metric),
    by === step ? undefined : path(query, by, metric),
  ]);
  const [now, before] = whole.answers;
  const [course, courseBefore, grouped] = drawn.answers;
  useEffect(() => {
    if (!now?.due && !(now && now.to_ms > Date.now())) return;
    const timer = setTimeout(() => setRound((last) => last + 1), now.due ? DUE_MS : AGAIN_MS);
    return () => clearTimeout(timer);
  }, [now]);
  const { state } = whole.state === "ready" ? drawn : whole;
  const problem = whole.problem ?? drawn.problem;
  return { state, problem, now, before, course, courseBefore, grouped: grouped ?? course };
}

/** What is shown stays until the next answers are there.
 * @param {import("../../context.js").SectionContext["api"]} api @param {number} round
 * @param {(string|undefined)[]} paths @returns {Answered} */
function useAnswers(api, round, paths) {
  const [shown, setShown] = useState(/** @type {Answered} */ ({ state: "loading", answers: [] }));
  useEffect(() => {
    let wanted = true;
    setShown(({ answers }) => ({ state: "loading", answers }));
    Promise.all(paths.map((path) => path && api.get(path)))
      .then((answers) => {
        if (wanted) setShown({ state: "ready", answers });
      })
      .catch((problem) => {
        if (wanted) setShown(({ answers }) => ({ state: "failed", answers, problem }));
      });
    return () => {
      wanted = false;
    };
  }, [round, ...paths]);
  return shown;
}

/** How finely a time is drawn: one day by its hours. @param {import("./query.js").Query} query */
function stepOf({ from, to }) {
  return from === to ? "hour" : "day";
}
