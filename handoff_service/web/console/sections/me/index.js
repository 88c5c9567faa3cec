// @ts-check
/** What people look after themselves: `#/me`. */

import { wordsOfPeople } from "../../entry/words.js";
import { html, render } from "../../vendor/preact.js";
import { Page } from "./page.js";

/**
 * @param {HTMLElement} region
 * @param {import("../../context.js").SectionContext} context
 * @returns {Promise<import("../../sections.js").Opened>}
 */
export async function open(region, context) {
  const t = await wordsOfPeople(context.locale, context.t);
  render(html`<${Page} t=${t} context=${context} />`, region);
  return {
    close: () => void render(null, region),
    focus: () => region.querySelector("h1")?.focus(),
  };
}
