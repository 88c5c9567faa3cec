// @ts-check
/** What the configuration page tells the page inside it; in this tab only, so that no link can say it. */

const KEPT = "havelo.preview";

/** @typedef {{site: string, locale: string, theme: string, who: string}} Previewed the text of a site, and for whom */

/** @param {Previewed} previewed */
export function tellPreview(previewed) {
  sessionStorage.setItem(KEPT, JSON.stringify(previewed));
}

/** @returns {Previewed} */
export function readPreview() {
  const told = sessionStorage.getItem(KEPT);
  return told ? JSON.parse(told) : { site: "", locale: "en", theme: "system", who: "" };
}
