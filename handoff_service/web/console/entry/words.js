// @ts-check
/** The words about people and how they sign in, loaded when somebody needs them. */

import { createTranslate, loadMessages } from "../../shared/i18n.js";
import { ApiError } from "../api.js";

/** @typedef {import("../../shared/i18n.js").Translate} Translate */

/**
 * @param {import("../../shared/i18n.js").Locale} locale
 * @param {Translate} console the console's own words, for what these do not say
 * @returns {Promise<Translate>}
 */
export async function wordsOfPeople(locale, console) {
  const messages = await loadMessages("people", locale);
  const own = createTranslate(messages, locale);
  return (key, values) => (key in messages ? own(key, values) : console(key, values));
}

/**
 * Say a refusal in the reader's language.
 * @param {unknown} problem
 * @param {Translate} t
 * @param {number} [chars] least length of a password
 */
export function explain(problem, t, chars = 12) {
  if (!(problem instanceof ApiError)) return t("signin_unreachable");
  if (problem.code === "password_refused") {
    const [, reason = ""] = problem.fields;
    const key = `password_${reason}`;
    if (t(key) !== key) return t(key, { count: chars });
  }
  for (const key of [`refused_${problem.code}`, `error_${problem.code}`]) {
    if (t(key) !== key) return t(key);
  }
  return t("error_other");
}
