// @ts-check
/** Strings of the pages in the reader's language. */

export const LOCALES = /** @type {const} */ (["en", "zh-Hans", "zh-Hant", "ru", "ko"]);
/** @typedef {typeof LOCALES[number]} Locale */

/** Each language in its own words, as the language switch shows it. */
export const LANGUAGE_NAMES = /** @type {Record<Locale, string>} */ ({
  en: "English",
  "zh-Hans": "简体中文",
  "zh-Hant": "繁體中文",
  ru: "Русский",
  ko: "한국어",
});

/** Regions where Chinese is written in traditional characters. */
const TRADITIONAL = /^zh\b.*\b(hant|tw|hk|mo)\b/i;

/**
 * The first of the wanted language tags that we speak; English when there is none.
 * @param {Iterable<string|null|undefined>} wanted BCP 47 tags, best first
 * @returns {Locale}
 */
export function pickLocale(wanted) {
  for (const tag of wanted) {
    if (!tag) continue;
    const normal = tag.replaceAll("_", "-");
    if (/^zh\b/i.test(normal)) return TRADITIONAL.test(normal) ? "zh-Hant" : "zh-Hans";
    const language = normal.split("-")[0]?.toLowerCase();
    const found = LOCALES.find((locale) => locale === language);
    if (found) return found;
  }
  return "en";
}

/** @typedef {Record<string, string|Record<string, string>>} Messages */
/** @typedef {(key: string, values?: Record<string, string|number>) => string} Translate */

/**
 * Make the function that looks a string up. `{name}` is filled from `values`; a string with
 * plural forms ({"one": …, "other": …}) is chosen by `values.count`.
 * @param {Messages} messages
 * @param {Locale} locale
 * @returns {Translate}
 */
export function createTranslate(messages, locale) {
  const plural = new Intl.PluralRules(locale);
  return (key, values = {}) => {
    const entry = messages[key];
    if (entry === undefined) return key;
    const template =
      typeof entry === "string"
        ? entry
        : (entry[plural.select(Number(values.count))] ?? entry.other ?? key);
    return template.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  };
}

/**
 * @param {string} part which page's strings: "widget", "console" or "demo"
 * @param {Locale} locale
 * @returns {Promise<Messages>}
 */
export async function loadMessages(part, locale) {
  const response = await fetch(new URL(`./locales/${part}/${locale}.json`, import.meta.url));
  if (!response.ok) throw new Error(`no ${part} strings for ${locale}: ${response.status}`);
  return response.json();
}

/** @param {number} atMs @param {Locale} locale @returns {string} the time of day */
export function formatTime(atMs, locale) {
  return new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" }).format(atMs);
}

/** @param {number} atMs @param {Locale} locale @returns {string} the day and the time, on the reader's clock */
export function formatMoment(atMs, locale) {
  return new Intl.DateTimeFormat(locale, {
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "numeric",
    minute: "2-digit",
  }).format(atMs);
}

/**
 * A length of time as people say it: "2–5 min", "1–2 hr".
 * @param {number} lowMs @param {number} highMs @param {Locale} locale
 */
export function formatWait(lowMs, highMs, locale) {
  const [unit, unitMs] =
    highMs < 7_200_000
      ? /** @type {const} */ (["minute", 60_000])
      : /** @type {const} */ (["hour", 3_600_000]);
  const count = (/** @type {number} */ ms) => Math.max(1, Math.round(ms / unitMs));
  const [low, high] = /** @type {const} */ ([count(lowMs), count(highMs)]);
  const format = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" });
  return low === high ? format.format(high) : format.formatRange(low, high);
}

/** @param {string|number} day an ISO date (YYYY-MM-DD) or milliseconds @param {Locale} locale */
export function formatDate(day, locale) {
  const date = typeof day === "string" ? new Date(`${day}T00:00:00Z`) : new Date(day);
  if (Number.isNaN(date.getTime())) return "";
  const timeZone = typeof day === "string" ? "UTC" : undefined;
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone }).format(date);
}
