// @ts-check
/** Words and numbers that the rooms share. */

import { ApiError } from "../../api.js";

/** @typedef {import("../../../shared/i18n.js").Translate} Translate */
/** @typedef {import("../../../shared/i18n.js").Locale} Locale */

/**
 * Refusals in the reader's language; one that this page does not know, in the server's own words,
 * which name the remedy.
 * @param {import("../../../shared/i18n.js").Messages} messages
 * @param {Translate} own
 * @param {import("../../context.js").SectionContext} context
 * @returns {(problem: unknown) => string}
 */
export function explainWith(messages, own, context) {
  return (problem) => {
    if (!(problem instanceof ApiError)) return own("error_unreachable");
    const key = `error_${problem.code}`;
    if (key in messages) return own(key);
    const usual = context.t(key);
    return usual !== key ? usual : problem.message || context.explain(problem);
  };
}

/**
 * A sentence for a code of the server; the code itself where no sentence is known.
 * @param {Translate} t @param {string} kind "reason" @param {string} code @param {Record<string, any>} [values]
 */
export function sentence(t, kind, code, values = {}) {
  const key = `${kind}_${code}`;
  const text = t(key, values);
  return text === key ? code.replaceAll("_", " ") : text;
}

/** @param {number|null|undefined} share 0..1 @param {Locale} locale @param {number} [digits] */
export function percent(share, locale, digits = 0) {
  if (share === null || share === undefined) return "–";
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: digits }).format(
    share,
  );
}

/** @param {number|null|undefined} value @param {Locale} locale @param {number} [digits] */
export function number(value, locale, digits = 0) {
  if (value === null || value === undefined) return "–";
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}

/** @param {number|null|undefined} atMs @param {Locale} locale */
export function moment(atMs, locale) {
  if (!atMs) return "–";
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(atMs);
}

/** What an intent that customers ask for is called. */
export const INTENT_NAME = /^ask_[a-z]+(_[a-z]+)*$/;

/**
 * What is wrong with the name of a new intent, as a code; "" when nothing is.
 * @param {string} name @param {readonly string[]} known names that exist
 */
export function nameProblem(name, known) {
  if (!INTENT_NAME.test(name)) return "name_form";
  return known.includes(name) ? "name_taken" : "";
}

/**
 * The name that somebody meant who wrote words: "Gift cards" → "ask_gift_cards".
 * @param {string} text
 */
export function nameFrom(text) {
  const words = text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
  if (!words || words === "ask") return "";
  return words.startsWith("ask_") ? words : `ask_${words}`;
}

/** Short facts on one line. @param {...(string|false|null|undefined)} facts those that do not apply are left out */
export function joined(...facts) {
  return facts.filter(Boolean).join(" · ");
}
