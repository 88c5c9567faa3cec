// @ts-check
/** Words for what the server names by a code: reasons, topics, languages, lengths of time. */

import { LANGUAGE_NAMES } from "../shared/i18n.js";

/** @typedef {import("../shared/i18n.js").Translate} Translate */

/** @param {string|null|undefined} reason @param {Translate} t */
export function reasonText(reason, t) {
  if (!reason) return t("unknown");
  const key = `reason_${reason}`;
  const text = t(key);
  return text === key ? codeText(reason) : text;
}

/** @param {string|null|undefined} topic an intent's name @param {Translate} t */
export function topicText(topic, t) {
  if (!topic) return t("unknown");
  const key = `topic_${topic}`;
  const text = t(key);
  return text === key ? codeText(topic.replace(/^ask_/, "")) : text;
}

/** @param {string} disposition how a conversation ended @param {Translate} t */
export function dispositionText(disposition, t) {
  const key = `disposition_${disposition}`;
  const text = t(key);
  return text === key ? codeText(disposition) : text;
}

/** @param {string|null|undefined} language @param {Translate} t */
export function languageText(language, t) {
  if (!language) return t("unknown");
  return language in LANGUAGE_NAMES
    ? LANGUAGE_NAMES[/** @type {import("../shared/i18n.js").Locale} */ (language)]
    : language;
}

/** @param {number} ms @returns {string} minutes and seconds, "3:07" */
export function durationText(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = String(seconds % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** @param {string} code "reset_password" @returns {string} "Reset password" */
function codeText(code) {
  const words = code.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
