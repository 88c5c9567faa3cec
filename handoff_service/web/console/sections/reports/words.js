// @ts-check
/** Words for what numbers are told apart by, and for their parts. */

import { reasonText, topicText } from "../../wording.js";
import { figureText } from "./figures.js";

/** @typedef {import("../../../shared/i18n.js").Translate} Translate */

/** 5 January 1970 was a Monday. */
const MONDAY_MS = 4 * 86_400_000;

/** @typedef {import("../../context.js").SectionContext} Context */

/** @param {{key: string, label: string}} group @param {string} by @param {Context} context @param {Translate} t */
export function groupText({ key, label }, by, context, t) {
  const { locale } = context;
  if (by === "day")
    return dateText(locale, { day: "numeric", month: "short" }, Date.parse(`${key}T00:00:00Z`));
  if (by === "weekday")
    return dateText(locale, { weekday: "long" }, MONDAY_MS + Number(key) * 86_400_000);
  if (by === "hour")
    return dateText(locale, { hour: "numeric", minute: "2-digit" }, Number(key) * 3_600_000);
  if (by === "language" && key)
    return new Intl.DisplayNames(locale, { type: "language" }).of(key) ?? key;
  if (by === "topic" && key) return topicText(key, context.t);
  if (by === "reason" && key) return reasonText(key, context.t);
  return label || t("none");
}

/** @param {string} name of a part @param {Context} context @param {Translate} t */
export function partText(name, context, t) {
  const key = `part_${name}`;
  return t(key) === key ? reasonText(name, context.t) : t(key);
}

/** @param {import("./figures.js").Figure} figure @param {import("./figures.js").Definition} definition
 * @param {string} locale @param {Translate} t */
export function rangeText({ low, high }, { unit }, locale, t) {
  if (low === null || low === undefined || high === null || high === undefined) return "";
  return t("range", {
    low: figureText(low, unit, locale),
    high: figureText(high, unit, locale),
  });
}

/** @param {string} locale @param {Intl.DateTimeFormatOptions} options @param {number} atMs of UTC */
function dateText(locale, options, atMs) {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(atMs);
}
