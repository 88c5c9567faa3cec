// @ts-check
/** How well the chosen colour can be read, and which shades the widget takes so that it can. */

import { el } from "../shared/dom.js";
import { locale } from "./words.js";

/** @typedef {import("../shared/i18n.js").Translate} Translate */
/** @typedef {{brand: string, on: string, text: string, unchanged: number, on_brand: number, on_grounds: number}} Shades
 * as the server found them: colours, and ratios of contrast */

/** The widget's grounds (shared/theme.css). */
const GROUNDS = { light: "#ffffff", dark: "#14191b" };

/** @param {HTMLElement} list a `dl` @param {{light: Shades, dark: Shades}} found @param {Translate} t */
export function showContrast(list, { light, dark }, t) {
  list.replaceChildren(...rows("light", light, t), ...rows("dark", dark, t));
}

/** @param {"light"|"dark"} scheme @param {Shades} shades @param {Translate} t */
function rows(scheme, { brand, on, text, unchanged, on_brand, on_grounds }, t) {
  const changed =
    brand === text
      ? t("contrast_kept")
      : t("contrast_changed", { from: brand, before: ratio(unchanged), to: text });
  return [
    el("dt", { text: t(`contrast_${scheme}`) }),
    row(sample(brand, on), t("contrast_on", { ratio: ratio(on_brand) })),
    row(sample(GROUNDS[scheme], text), t("contrast_text", { ratio: ratio(on_grounds), changed })),
  ];
}

/** @param {HTMLElement} swatch @param {string} words */
function row(swatch, words) {
  return el("dd", {}, swatch, el("span", { text: words }));
}

/** @param {string} ground @param {string} text */
function sample(ground, text) {
  const swatch = el("span", { class: "sample", "aria-hidden": "true", text: "Aa" });
  swatch.style.setProperty("--under", ground);
  swatch.style.setProperty("--over", text);
  return swatch;
}

/** @param {number} value never rounded up to what it is not */
function ratio(value) {
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: 1 });
  return `${format.format(Math.floor(value * 10) / 10)}\u00a0:\u00a01`;
}
