// @ts-check
/** Baton's mark and name. */

import { el } from "../shared/dom.js";

/** @returns {HTMLElement} */
export function logo() {
  return el(
    "p",
    { class: "logo" },
    el("img", { src: "/console/icon.svg", alt: "", width: 28, height: 28 }),
    "Baton",
  );
}
