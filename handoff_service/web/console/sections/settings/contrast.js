// @ts-check
/** How well text on a colour can be read: WCAG 2.2, relative luminance and contrast ratio. Pure. */

/** What text needs (success criterion 1.4.3, AA). */
export const ENOUGH = 4.5;

/** @param {string} colour "#rgb" or "#rrggbb" @returns {number|null} 0 … 1; null: no colour */
export function luminance(colour) {
  const found = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(colour)?.[1];
  if (!found) return null;
  const digits = found.length === 3 ? found.replaceAll(/./g, "$&$&") : found;
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((start) => {
    const share = parseInt(digits.slice(start, start + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {string} one @param {string} other @returns {number} 1 … 21 */
export function contrast(one, other) {
  const [light = 0, dark = 0] = [luminance(one) ?? 0, luminance(other) ?? 0].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** @param {string} colour @returns {"#ffffff"|"#000000"} what is read best on it, as the widget chooses it */
export function textOn(colour) {
  return contrast(colour, "#ffffff") >= contrast(colour, "#000000") ? "#ffffff" : "#000000";
}
