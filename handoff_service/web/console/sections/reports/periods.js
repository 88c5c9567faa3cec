// @ts-check
/** Whole days of a time zone, and the times that people ask reports about. Pure. */

const DAY_MS = 86_400_000;
/** Where times are chosen from: id → how many days before today it begins, and how many days it has. */
export const PRESETS = /** @type {const} */ ([
  "today",
  "yesterday",
  "days_7",
  "days_28",
  "days_90",
]);

/** @typedef {typeof PRESETS[number]} Preset */
/** @typedef {{from: string, to: string}} Days first and last day, both included, as YYYY-MM-DD */

/** @type {Record<Preset, [number, number]>} days before today of the first and of the last day */
const SPANS = {
  today: [0, 0],
  yesterday: [1, 1],
  days_7: [6, 0],
  days_28: [27, 0],
  days_90: [89, 0],
};

/** @param {Preset} preset @param {number} nowMs @param {string} tz @returns {Days} */
export function daysOf(preset, nowMs, tz) {
  const today = dayOf(nowMs, tz);
  const [first, last] = SPANS[preset];
  return { from: addDays(today, -first), to: addDays(today, -last) };
}

/** Which preset these days are today; null: none. @param {Days} days @param {number} nowMs @param {string} tz */
export function presetOf(days, nowMs, tz) {
  return (
    PRESETS.find((preset) => {
      const { from, to } = daysOf(preset, nowMs, tz);
      return from === days.from && to === days.to;
    }) ?? null
  );
}

/** From the first moment of the first day until that after the last one.
 * @param {Days} days @param {string} tz */
export function momentsOf({ from, to }, tz) {
  return { from_ms: midnightMs(from, tz), to_ms: midnightMs(addDays(to, 1), tz) };
}

/** As many days just before. @param {Days} days @returns {Days} */
export function daysBefore({ from, to }) {
  const count = Math.round((utc(to) - utc(from)) / DAY_MS) + 1;
  return { from: addDays(from, -count), to: addDays(from, -1) };
}

/** @param {number} atMs @param {string} tz @returns {string} the day there, YYYY-MM-DD */
export function dayOf(atMs, tz) {
  // The Swedish way to write a date is that of ISO 8601.
  return new Intl.DateTimeFormat("sv-SE", { timeZone: tz, dateStyle: "short" }).format(atMs);
}

/** @param {string} day @param {number} count */
export function addDays(day, count) {
  return new Date(utc(day) + count * DAY_MS).toISOString().slice(0, 10);
}

/** The first moment of a day in a time zone, also where the clock is changed at midnight.
 * @param {string} day @param {string} tz */
export function midnightMs(day, tz) {
  let atMs = utc(day) - offsetMs(utc(day), tz);
  atMs = utc(day) - offsetMs(atMs, tz);
  // Where midnight does not exist, that is still the day before.
  return dayOf(atMs, tz) < day ? atMs + offsetMs(atMs + DAY_MS / 8, tz) - offsetMs(atMs, tz) : atMs;
}

/** @param {string} tz @returns {boolean} whether the browser knows this time zone */
export function isZone(tz) {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: tz }));
  } catch {
    return false;
  }
}

/** How much the clock of a time zone is ahead of UTC. @param {number} atMs @param {string} tz */
function offsetMs(atMs, tz) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: tz,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    hourCycle: "h23",
  }).formatToParts(atMs);
  const of = (/** @type {string} */ type) =>
    Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(
    of("year"),
    of("month") - 1,
    of("day"),
    of("hour"),
    of("minute"),
    of("second"),
  );
  return wall - Math.floor(atMs / 1000) * 1000;
}

/** @param {string} day */
function utc(day) {
  return Date.parse(`${day}T00:00:00Z`);
}
