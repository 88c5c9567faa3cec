// @ts-check
/** What people call a browser, from how it names itself. */

/** In this order: many name themselves like others, too. */
const BROWSERS = /** @type {const} */ ([
  ["Edg", "Edge"],
  ["OPR", "Opera"],
  ["SamsungBrowser", "Samsung Internet"],
  ["Firefox", "Firefox"],
  ["FxiOS", "Firefox"],
  ["HeadlessChrome", "Chrome"],
  ["CriOS", "Chrome"],
  ["Chrome", "Chrome"],
  ["Safari", "Safari"],
]);
const SYSTEMS = /** @type {const} */ ([
  ["iPhone", "iPhone"],
  ["iPad", "iPad"],
  ["Android", "Android"],
  ["Windows", "Windows"],
  ["Mac OS", "macOS"],
  ["CrOS", "ChromeOS"],
  ["Linux", "Linux"],
]);

/**
 * @param {string} userAgent
 * @returns {string} "Firefox · Linux"; what it says itself where that is unknown
 */
export function browserName(userAgent) {
  const browser = BROWSERS.find(([sign]) => userAgent.includes(`${sign}/`))?.[1];
  const system = SYSTEMS.find(([sign]) => userAgent.includes(sign))?.[1];
  return [browser, system].filter(Boolean).join(" · ") || userAgent.slice(0, 40);
}
