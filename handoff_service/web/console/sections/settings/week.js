// @ts-check
/** A week of hours as a grid shows it, and as the document says it. Pure. */

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/**
 * What each day says, from a mapping of days or ranges ("mon-fri") to hours.
 * @param {Record<string, string>} hours @returns {string[]} Monday first; "": closed
 */
export function daysOf(hours) {
  const days = DAYS.map(() => "");
  for (const [named, spans] of Object.entries(hours ?? {})) {
    const [first = "", last = first] = named.toLowerCase().split("-");
    const start = DAYS.indexOf(first);
    const length = ((((DAYS.indexOf(last) - start) % 7) + 7) % 7) + 1;
    if (start < 0 || DAYS.indexOf(last) < 0) continue;
    for (let number = 0; number < length; number++)
      days[(start + number) % 7] = spans === "closed" ? "" : String(spans);
  }
  return days;
}

/**
 * The mapping again, days in a row that say the same together.
 * @param {string[]} days @returns {Record<string, string>}
 */
export function hoursOf(days) {
  /** @type {Record<string, string>} */
  const hours = {};
  let start = 0;
  while (start < days.length) {
    let end = start;
    while (days[end + 1] === days[start]) end++;
    const spans = days[start];
    if (spans) hours[start === end ? `${DAYS[start]}` : `${DAYS[start]}-${DAYS[end]}`] = spans;
    start = end + 1;
  }
  // A team that is never there still says so: the document needs hours.
  return Object.keys(hours).length ? hours : { "mon-sun": "closed" };
}

/** @param {string} spans "09:00-12:30, 13:00-18:00" @returns {[string, string][]} */
export function pairsOf(spans) {
  return spans
    .split(",")
    .filter((span) => span.trim())
    .map((span) => {
      const [from = "", to = ""] = span.split(/[-–]/).map((time) => time.trim());
      return [padded(from), padded(to)];
    });
}

/** @param {[string, string][]} pairs @returns {string} */
export function spansOf(pairs) {
  return pairs.map(([from, to]) => `${from}-${to === "00:00" ? "24:00" : to}`).join(", ");
}

/** @param {string} time "9:00" or "24:00" @returns {string} as a field of time takes it */
function padded(time) {
  return time === "24:00" ? "00:00" : time.padStart(5, "0");
}
