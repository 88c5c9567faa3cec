// @ts-check
/** The section Reports: numbers of a time beside those of the time before, and what is behind them. */

import { createTranslate, loadMessages } from "../../../shared/i18n.js";
import { html, render } from "../../vendor/preact.js";
import { Dashboard } from "./dashboard.js";
import { readQuery } from "./query.js";

/** @param {HTMLElement} region @param {import("../../context.js").SectionContext} context */
export async function open(region, context) {
  const { locale } = context;
  const t = createTranslate(await loadMessages("reports", locale), locale);
  const { definitions } = await context.api.get("/api/reports/definitions");
  const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  /** @param {import("../../router.js").Route} route */
  const show = (route) =>
    render(
      html`<${Dashboard}
        ...${{ context, t, definitions, query: readQuery(route.query, Date.now(), ownZone) }}
      />`,
      region,
    );
  show(context.route);
  return { close: () => render(null, region), show };
}
