// @ts-check
/** What the site that shows the widget has its own way, as the server wrote it into this page. */

/** Only what differs from the usual is there (handoff_service/sites.py, for_frame).
 * @typedef {object} SiteSettings
 * @property {string} [site] what the script tag calls it
 * @property {string} [name] the company's name
 * @property {Record<string, string>} [colours] custom properties and their values
 * @property {"light"|"dark"} [theme]
 * @property {string} [logo] an address on our origin
 * @property {false} [sound]
 * @property {Record<string, Record<string, string>>} [texts] strings by locale and key
 * @property {Record<string, string[]>} [suggestions] first questions by locale
 */

export const site = /** @type {SiteSettings} */ (
  JSON.parse(document.getElementById("site")?.textContent || "{}")
);

/** Paint the page in the site's colours, its theme and its logo.
 * @param {HTMLImageElement} logo */
export function paint(logo) {
  const { dataset, style } = document.documentElement;
  if (site.theme) dataset.theme = site.theme;
  for (const [name, value] of Object.entries(site.colours ?? {})) style.setProperty(name, value);
  logo.addEventListener("load", () => (logo.hidden = false));
  if (site.logo) logo.src = site.logo;
}

/** The strings of a language, some of them in the site's own words.
 * @param {import("../shared/i18n.js").Messages} messages
 * @param {import("../shared/i18n.js").Locale} locale */
export function inOwnWords(messages, locale) {
  return { ...messages, ...site.texts?.[locale] };
}
