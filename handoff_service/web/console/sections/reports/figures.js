// @ts-check
/** How numbers are written and compared. Pure. */

/** @typedef {"ratio"|"ms"|"count"|"score"} Unit */
/** @typedef {{value: number|null, count: number, low?: number|null, high?: number|null, parts?: Record<string, number>|null}} Figure parts are cases, of the `count` */
/** @typedef {{id: string, unit: Unit, better: "up"|"down"|"none", title_key: string, text_key: string}} Definition */

/** Under so many cases a change is told by its numbers, not as good or bad. */
const LEAST_CASES = 20;
/** What changes by less is the same. */
const SAME = 0.005;

/** @param {number|null|undefined} value @param {Unit} unit @param {string} locale */
export function figureText(value, unit, locale) {
  if (value === null || value === undefined) return "–";
  if (unit === "ratio")
    return number(locale, { style: "percent", maximumFractionDigits: 1 }).format(value);
  if (unit === "ms") return durationText(value, locale);
  const digits = unit === "score" ? 2 : Math.abs(value) < 10 ? 1 : 0;
  return number(locale, { maximumFractionDigits: digits }).format(value);
}

/** Two units at most: 1 h 5 min, 2 min 10 s, 4.2 s. @param {number} ms @param {string} locale */
export function durationText(ms, locale) {
  const seconds = ms / 1000;
  if (seconds < 10) return part(seconds, "second", locale, 1);
  const whole = Math.round(seconds);
  if (whole < 60) return part(whole, "second", locale);
  if (whole < 3_600) return two(whole, 60, ["minute", "second"], locale);
  const minutes = Math.round(seconds / 60);
  if (minutes < 1_440) return two(minutes, 60, ["hour", "minute"], locale);
  return two(Math.round(seconds / 3_600), 24, ["day", "hour"], locale);
}

/** How a number went against the time before.
 * @param {Figure} now @param {Figure|undefined} before @param {Definition} definition
 * @returns {{share: number, tone: "good"|"bad"|"plain"}|null} share 0.1: a tenth more; for ratios the difference itself */
export function changeOf(now, before, { unit, better }) {
  if (now.value === null || before?.value === null || before?.value === undefined) return null;
  const difference = now.value - before.value;
  const asDifference = unit === "ratio";
  if (!asDifference && before.value === 0) return null;
  const share = asDifference ? difference : difference / Math.abs(before.value);
  const few = Math.min(now.count, before.count) < LEAST_CASES;
  const tells = better !== "none" && !few && Math.abs(share) >= SAME;
  const good = share > 0 === (better === "up");
  return { share, tone: tells ? (good ? "good" : "bad") : "plain" };
}

/** @param {number} share @param {Unit} unit @param {string} locale @param {(key: string, values: Record<string, string>) => string} t */
export function changeText(share, unit, locale, t) {
  const options = /** @type {const} */ ({ signDisplay: "exceptZero", maximumFractionDigits: 1 });
  if (unit === "ratio") return t("points", { count: number(locale, options).format(share * 100) });
  return number(locale, { ...options, style: "percent" }).format(share);
}

/** @param {number} total @param {number} size @param {[string, string]} units @param {string} locale */
function two(total, size, [large, small], locale) {
  const rest = total % size;
  const first = part(Math.floor(total / size), large, locale);
  return rest ? `${first} ${part(rest, small, locale)}` : first;
}

/** @param {number} value @param {string} unit @param {string} locale @param {number} [digits] */
function part(value, unit, locale, digits = 0) {
  return number(locale, {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: digits,
  }).format(value);
}

/** @param {string} locale @param {Intl.NumberFormatOptions} options */
function number(locale, options) {
  return new Intl.NumberFormat(locale, options);
}
