// @ts-check
/** How often something was asked, week by week, as a line of a few pixels. */

import { html } from "../../../vendor/preact.js";

/** Of the drawing, px. */
const WIDTH = 120;
const HEIGHT = 28;

/**
 * Points of a line through counts, in a box of `width` × `height`; the highest count touches its top.
 * @param {readonly number[]} counts @param {number} width @param {number} height @returns {string} for `points`
 */
export function pointsOf(counts, width, height) {
  const most = Math.max(1, ...counts);
  const step = counts.length > 1 ? width / (counts.length - 1) : 0;
  return counts
    .map((count, index) => `${round(index * step)},${round(height - (count / most) * height)}`)
    .join(" ");
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}

/** @param {{counts: readonly number[], label: string}} props */
export function Trend({ counts, label }) {
  if (counts.length < 2) return null;
  return html`<svg
    class="learning-trend"
    viewBox=${`-2 -2 ${WIDTH + 4} ${HEIGHT + 4}`}
    role="img"
    aria-label=${`${label}: ${counts.join(", ")}`}
  >
    <polyline points=${pointsOf(counts, WIDTH, HEIGHT)}></polyline>
  </svg>`;
}
