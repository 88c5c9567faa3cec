// @ts-check
/** The list of areas, and the one that is open. */

import { html, useCallback, useEffect, useState } from "../../vendor/preact.js";
import { hashOf } from "../../router.js";
import { AREAS } from "./areas.js";
import { AreaPage } from "./area.js";

/** @typedef {{area: string, version: number, may_change: boolean, problem: string}} Listed */

/**
 * @param {{area: import("./areas.js").Area, drafts: import("./drafts.js").Drafts,
 *   t: import("../../../shared/i18n.js").Translate, context: import("../../context.js").SectionContext}} props
 */
export function Page({ area, drafts, t, context }) {
  const [listed, setListed] = useState(/** @type {Listed[]} */ ([]));
  const [, redraw] = useState(0);
  const [kept, setKept] = useState("console");
  const read = useCallback(async () => {
    try {
      const answer = await context.api.get("/api/settings");
      setListed(answer.areas);
      setKept(answer.kept_in);
    } catch (problem) {
      context.toast(context.explain(problem), "bad");
    }
  }, [context]);
  useEffect(() => void read(), [read]);

  return html`
    <div class="settings">
      <nav class="settings-areas" aria-label=${t("areas")}>
        <h1 tabindex="-1">${t("nav_settings")}</h1>
        ${kept === "files" && html`<p class="settings-note">${t("kept_in_files")}</p>`}
        <ul>
          ${AREAS.filter(({ name }) => listed.some((each) => each.area === name)).map(
            ({ name }) => {
              const problem = listed.find((each) => each.area === name)?.problem;
              return html`<li key=${name}>
                <a
                  href=${hashOf("settings", name)}
                  aria-current=${name === area.name ? "page" : undefined}
                >
                  ${t(`area_${name}`)}
                  ${drafts.get(name) && html`<span class="settings-mark">${t("unsaved")}</span>`}
                  ${problem && html`<span class="settings-mark bad">${t("trouble")}</span>`}
                </a>
              </li>`;
            },
          )}
        </ul>
      </nav>
      <${AreaPage}
        key=${area.name}
        area=${area}
        drafts=${drafts}
        t=${t}
        context=${context}
        drafted=${() => redraw((count) => count + 1)}
        saved=${read}
      />
    </div>
  `;
}
