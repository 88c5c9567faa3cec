// @ts-check
/** What a report is asked for, as it stands in the address of the page. Pure. */

import { daysOf, isZone, momentsOf } from "./periods.js";

/** By what numbers can be told apart; the first ones along time. */
export const OVER_TIME = ["day", "hour", "weekday"];
export const DIMENSIONS = [
  "language",
  "team",
  "agent",
  "topic",
  "reason",
  "article",
  "site",
  "bot_release",
  "index_version",
];

/**
 * @typedef {object} Query
 * @property {string} from first day, YYYY-MM-DD
 * @property {string} to last day
 * @property {string} tz name of a time zone
 * @property {boolean} compare with as many days before
 * @property {string} by a dimension
 * @property {string[]} filters each dimension:value
 * @property {string} metric whose course and groups are drawn
 * @property {string|null} drill whose conversations are listed: metric, or metric/part
 * @property {string|null} key of the group they are in
 */

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const FIRST_METRIC = "containment";

/** @param {URLSearchParams} words @param {number} nowMs @param {string} ownZone @returns {Query} */
export function readQuery(words, nowMs, ownZone) {
  const zone = words.get("tz");
  const tz = zone && isZone(zone) ? zone : ownZone;
  const usual = daysOf("days_28", nowMs, tz);
  const from = dayIn(words.get("from")) ?? usual.from;
  const to = dayIn(words.get("to")) ?? usual.to;
  return {
    from: from <= to ? from : to,
    to: from <= to ? to : from,
    tz,
    compare: words.get("compare") !== "no",
    by: known(words.get("by")) ?? "language",
    filters: words.getAll("filter"),
    metric: words.get("metric") ?? FIRST_METRIC,
    drill: words.get("drill"),
    key: words.get("key"),
  };
}

/** @param {Query} query @returns {string} the hash that brings it back */
export function writeQuery(query) {
  const words = new URLSearchParams({
    from: query.from,
    to: query.to,
    tz: query.tz,
    by: query.by,
    metric: query.metric,
  });
  if (!query.compare) words.set("compare", "no");
  for (const filter of query.filters) words.append("filter", filter);
  if (query.drill) words.set("drill", query.drill);
  if (query.drill && query.key !== null) words.set("key", query.key);
  return `#/reports?${words}`;
}

/** @param {string|null} text */
function dayIn(text) {
  return text && DAY.test(text) && !Number.isNaN(Date.parse(text)) ? text : null;
}

/** @param {string|null} text */
function known(text) {
  return text && [...OVER_TIME, ...DIMENSIONS].includes(text) ? text : null;
}

/** The query of the API for the numbers, or for one of them.
 * @param {Query} query @param {import("./periods.js").Days} days @param {string} by @param {string} [metric] */
export function metricsQuery({ tz, filters }, days, by, metric) {
  const { from_ms, to_ms } = momentsOf(days, tz);
  const words = new URLSearchParams({ from_ms: `${from_ms}`, to_ms: `${to_ms}`, tz, by });
  for (const filter of filters) words.append("filter", filter);
  if (metric) words.set("metric", metric);
  return words;
}

/** Of the conversations behind a number. @param {Query} query @param {string|null} after */
export function drillQuery(query, after) {
  const words = metricsQuery(query, query, query.key === null ? "none" : query.by);
  const [metric = "", part] = (query.drill ?? "").split("/", 2);
  words.set("metric", metric);
  if (part) words.set("part", part);
  if (query.key !== null) words.set("key", query.key);
  if (after) words.set("after", after);
  return words;
}
