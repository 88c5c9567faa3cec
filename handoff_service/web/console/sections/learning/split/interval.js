// @ts-check
/** A difference with its interval, drawn around nought. */

import { html } from "../../../vendor/preact.js";

/** Of the drawing, px. */
const WIDTH = 320;
const HEIGHT = 40;
/** The scale never shows less than this on either side. */
const LEAST = 0.1;

/**
 * Where a difference and its interval stand on a scale that has nought in the middle.
 * @param {{difference: number, low: number, high: number}} found shares, −1..1
 * @param {number} width
 * @returns {{edge: number, x: number, from: number, to: number}} `edge`: the share at either end
 */
export function placesOf({ difference, low, high }, width) {
  const edge = Math.min(1, Math.max(LEAST, Math.abs(low), Math.abs(high)));
  const at = (/** @type {number} */ share) => {
    const inside = Math.min(edge, Math.max(-edge, share));
    return Math.round((0.5 + inside / (2 * edge)) * width * 10) / 10;
  };
  return { edge, x: at(difference), from: at(low), to: at(high) };
}

/**
 * @param {{found: {difference: number, low: number, high: number, decided: string}, label: string}} props
 */
export function Interval({ found, label }) {
  const { x, from, to } = placesOf(found, WIDTH);
  const middle = HEIGHT / 2;
  return html`<svg
    class=${`learning-interval ${found.decided}`}
    viewBox=${`-8 0 ${WIDTH + 16} ${HEIGHT}`}
    role="img"
    aria-label=${label}
  >
    <line class="nought" x1=${WIDTH / 2} x2=${WIDTH / 2} y1="2" y2=${HEIGHT - 2}></line>
    <line class="range" x1=${from} x2=${to} y1=${middle} y2=${middle}></line>
    <circle cx=${x} cy=${middle} r="6"></circle>
  </svg>`;
}
