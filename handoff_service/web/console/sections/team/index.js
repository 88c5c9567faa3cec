// @ts-check
/** Who works here: `#/team`, `#/team/ACCOUNT`, `#/team/audit`. */

import { wordsOfPeople } from "../../entry/words.js";
import { html, render } from "../../vendor/preact.js";
import { People } from "./people.js";
import { Person } from "./person.js";
import { Trail } from "./trail.js";

/**
 * @param {HTMLElement} region
 * @param {import("../../context.js").SectionContext} context
 * @returns {Promise<import("../../sections.js").Opened>}
 */
export async function open(region, context) {
  const t = await wordsOfPeople(context.locale, context.t);

  /** @param {import("../../router.js").Route} route */
  function show({ rest }) {
    const [what = ""] = rest;
    const admin = context.agent.role === "admin";
    const given = { t, context, admin };
    const page =
      what === "audit" && admin
        ? html`<${Trail} ...${given} />`
        : what
          ? html`<${Person} key=${what} id=${what} ...${given} />`
          : html`<${People} ...${given} />`;
    render(page, region);
  }

  show(context.route);
  return {
    show,
    close: () => void render(null, region),
    focus: () => region.querySelector("h1")?.focus(),
  };
}
