// @ts-check
/** The section Learning: `#/learning/ROOM`: from what customers said to a better bot. */

import { createTranslate, loadMessages } from "../../../shared/i18n.js";
import { hashOf, parseHash } from "../../router.js";
import { html, render } from "../../vendor/preact.js";
import { Page } from "./page.js";
import { roomAt, ROOMS } from "./rooms.js";
import { explainWith } from "./words.js";

/**
 * @typedef {object} Given what every room is given
 * @property {import("../../context.js").SectionContext} context
 * @property {import("../../../shared/i18n.js").Translate} t the section's words, then the console's
 * @property {(problem: unknown) => string} explain
 * @property {(keys: Record<string, import("../../keys.js").Key>) => void} setKeys what keys do in this room now;
 *   called in a layout effect: a plain one comes after the paint, and a quick key would do what it did before
 */

/**
 * @param {HTMLElement} region
 * @param {import("../../context.js").SectionContext} context
 * @returns {Promise<import("../../sections.js").Opened>}
 */
export async function open(region, context) {
  const messages = await loadMessages("learning", context.locale);
  const own = createTranslate(messages, context.locale);
  /** @type {import("../../../shared/i18n.js").Translate} */
  const t = (key, values) => (key in messages ? own(key, values) : context.t(key, values));
  const always = {
    l: { label: t("key_next_room"), run: () => step(1) },
    h: { label: t("key_previous_room"), run: () => step(-1) },
  };
  /** The console holds this object: what is put in works at once. @type {Record<string, import("../../keys.js").Key>} */
  const keys = {};
  /** @type {Given} */
  const given = { context, t, explain: explainWith(messages, own, context), setKeys };

  setKeys({});
  show(context.route);
  return {
    show,
    close: () => void render(null, region),
    focus: () => region.querySelector("h1")?.focus(),
    keys,
  };

  /** @param {import("../../router.js").Route} route */
  function show(route) {
    setKeys({});
    render(html`<${Page} room=${roomAt(route.rest[0])} given=${given} />`, region);
  }

  /** @param {Record<string, import("../../keys.js").Key>} wanted */
  function setKeys(wanted) {
    for (const name of Object.keys(keys)) delete keys[name];
    Object.assign(keys, wanted, always);
  }

  /** @param {number} by */
  function step(by) {
    // The address is there before the page has followed it: keys may be quick.
    const at = ROOMS.indexOf(roomAt(parseHash(location.hash).rest[0]));
    const next = ROOMS[(at + by + ROOMS.length) % ROOMS.length];
    if (next) context.go(hashOf("learning", next.name));
  }
}
