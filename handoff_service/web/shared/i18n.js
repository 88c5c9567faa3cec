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
 * Fetch a page's strings; a page that says its version keeps them for ever.
 * @param {string} part which page's strings: "widget", "console", "demo" or "configure"
 * @param {Locale} locale
 * @returns {Promise<Messages>}
 */
export async function loadMessages(part, locale) {
  // The strings that came with the script (web/widget_pages.py).
  const own = /** @type {any} */ (globalThis).STRINGS;
  if (own?.locale === locale) return own.messages;
  const { v } = document.documentElement.dataset;
  const version = v ? `?v=${v}` : "";
  const response = await fetch(`/shared/locales/${part}/${locale}.json${version}`);
  if (!response.ok) throw new Error(`no ${part} strings for ${locale}: ${response.status}`);
  return response.json();
}

/** @param {number} atMs @param {Locale} locale @returns {string} the time of day */
export function formatTime(atMs, locale) {
  return new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" }).format(atMs);
}

/**
 * The day as people say it: "today", "yesterday", else weekday and date.
 * @param {number} atMs @param {number} nowMs @param {Locale} locale
 */
export function formatDay(atMs, nowMs, locale) {
  const midnight = (/** @type {number} */ ms) => new Date(ms).setHours(0, 0, 0, 0);
  // Rounded: a day that the clock is changed on has 23 or 25 hours.
  const ago = Math.max(0, Math.round((midnight(nowMs) - midnight(atMs)) / 86_400_000));
  if (ago < 2) return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-ago, "day");
  return new Intl.DateTimeFormat(locale, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: ago > 300 ? "numeric" : undefined,
  }).format(atMs);
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
