// @ts-check
/** The section of settings: `#/settings/AREA`. */

import { html, render } from "../../vendor/preact.js";
import { createTranslate, loadMessages } from "../../../shared/i18n.js";
import { AREAS } from "./areas.js";
import { Drafts } from "./drafts.js";
import { Page } from "./page.js";

/** What was begun and not saved outlives the section: coming back finds it. */
const drafts = new Drafts();

/**
 * @param {HTMLElement} region
 * @param {import("../../context.js").SectionContext} context
 * @returns {Promise<import("../../sections.js").Opened>}
 */
export async function open(region, context) {
  const messages = await loadMessages("settings", context.locale);
  const own = createTranslate(messages, context.locale);
  /** @type {import("../../../shared/i18n.js").Translate} */
  const t = (key, values) => (key in messages ? own(key, values) : context.t(key, values));

  /** @param {import("../../router.js").Route} route */
  function show(route) {
    const named = AREAS.find(({ name }) => name === route.rest[0]);
    render(
      html`<${Page} area=${named ?? AREAS[0]} drafts=${drafts} t=${t} context=${context} />`,
      region,
    );
  }

  show(context.route);
  return {
    show,
    close: () => void render(null, region),
    focus: () => region.querySelector("h1")?.focus(),
    keys: {
      "mod+s": {
        label: t("save"),
        run: () =>
          /** @type {HTMLButtonElement|null} */ (
            region.querySelector("[data-testid=settings-save]")
          )?.click(),
      },
    },
  };
}
