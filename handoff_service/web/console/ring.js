// @ts-check
/** A ring that empties as a deadline comes near. */

import { el } from "../shared/dom.js";

/** @type {WeakMap<object, number>} time each offer had when it was first seen, ms */
const totals = new WeakMap();

/** @returns {HTMLElement} */
export function createRing() {
  return el("span", { class: "ring", "aria-hidden": "true" });
}

/**
 * @param {HTMLElement} ring
 * @param {import("../shared/protocol.js").Offer} offer
 * @param {number} nowMs on the server's clock
 */
export function drawRing(ring, offer, nowMs) {
  const leftMs = Math.max(0, offer.deadline_ms - nowMs);
  const total = totals.get(offer) ?? Math.max(1, leftMs);
  totals.set(offer, total);
  ring.style.setProperty("--left", String(leftMs / total));
}
