// @ts-check
/** The language of a page of the demo: that of `?locale=`, kept by every link; fills in its strings. */

import { byId, el } from "../shared/dom.js";
import {
  createTranslate,
  LANGUAGE_NAMES,
  loadMessages,
  LOCALES,
  pickLocale,
} from "../shared/i18n.js";

const wanted = new URLSearchParams(location.search).get("locale");
export const locale = pickLocale([wanted, ...navigator.languages]);

/**
 * Load the strings of a page and put them where its markup wants them.
 * @param {"demo"|"configure"} part
 */
export async function speak(part) {
  const t = createTranslate(await loadMessages(part, locale), locale);
  document.documentElement.lang = locale;
  document.title = t("page_title");
  for (const element of document.querySelectorAll("[data-t]"))
    if (element instanceof HTMLElement) element.textContent = t(element.dataset.t ?? "");
  for (const element of document.querySelectorAll("[data-t-label]"))
    if (element instanceof HTMLElement)
      element.setAttribute("aria-label", t(element.dataset.tLabel ?? ""));
  for (const image of document.querySelectorAll("img[data-t-alt]"))
    if (image instanceof HTMLImageElement) image.alt = t(image.dataset.tAlt ?? "");
  for (const link of document.querySelectorAll("a[data-help]"))
    link.setAttribute("href", `/help/${locale}/`);
  for (const link of document.querySelectorAll("a[href^='/demo']"))
    if (link instanceof HTMLAnchorElement) link.href = to(link.getAttribute("href") ?? "/demo");
  byId("languages", HTMLElement).append(...LOCALES.map(language));
  return t;
}

/** An address of the demo in the language of this page. @param {string} address */
export function to(address) {
  const url = new URL(address, location.origin);
  url.searchParams.set("locale", locale);
  return url.pathname + url.search + url.hash;
}

/** @param {import("../shared/i18n.js").Locale} name */
function language(name) {
  return el("a", {
    href: `${location.pathname}?locale=${name}`,
    lang: name,
    text: LANGUAGE_NAMES[name],
    "aria-current": name === locale ? "page" : undefined,
    dataset: { testid: `demo-locale-${name}` },
  });
}
