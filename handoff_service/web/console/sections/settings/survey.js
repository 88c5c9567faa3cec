// @ts-check
/** What customers of a site are asked afterwards: which questions, after what, how many of them. */

import { html } from "../../vendor/preact.js";
import { isNamed, put } from "./documents.js";
import { CheckField, NumberField } from "./fields.js";

const KINDS = ["csat", "ces", "nps"];
/** What holds where the document says nothing about questions. */
const USUAL = { csat: { after: ["person"], share: 1 } };

/** @param {any} props */
export function Survey({ survey, change, problemAt, t }) {
  /** @type {Record<string, any>} */
  const asked = isNamed(survey) ? survey : survey === undefined ? USUAL : {};
  /** Nothing asked is said by `off`: without a word the usual question is asked. @param {any} next */
  const set = (next) => change(KINDS.some((kind) => kind in next) ? next : "off");
  return html`<section class="settings-card" aria-label=${t("survey")}>
    <h3>${t("survey")}</h3>
    <p class="settings-note">${t("survey_about")}</p>
    ${KINDS.map((kind) => {
      const rule = asked[kind];
      const after = [rule?.after ?? "person"].flat();
      const turn = (/** @type {string} */ what, /** @type {boolean} */ on) => {
        const next = ["person", "answer"].filter((each) =>
          each === what ? on : after.includes(each),
        );
        if (next.length) set(put(asked, [kind, "after"], next));
      };
      return html`<fieldset class="settings-survey" key=${kind}>
        <legend>${t(`survey_${kind}`)}</legend>
        <${CheckField}
          label=${t("survey_asked")}
          value=${Boolean(rule)}
          testid=${`settings-survey-${kind}`}
          change=${(/** @type {boolean} */ on) => set(put(asked, [kind], on ? { after: ["person"], share: 1 } : undefined))}
        />
        ${
          rule &&
          html`<${CheckField}
              label=${t("survey_person")}
              value=${after.includes("person")}
              change=${(/** @type {boolean} */ on) => turn("person", on)}
            />
            <${CheckField}
              label=${t("survey_answer")}
              value=${after.includes("answer")}
              change=${(/** @type {boolean} */ on) => turn("answer", on)}
            />
            <${NumberField}
              label=${t("survey_share")}
              value=${rule.share}
              placeholder="1"
              problem=${problemAt(`survey.${kind}.share`)}
              change=${(/** @type {any} */ value) => set(put(asked, [kind, "share"], value))}
            />
            <${NumberField}
              label=${t("survey_again_days")}
              value=${rule.again_days ?? asked.again_days}
              placeholder="30"
              problem=${problemAt(`survey.${kind}.again_days`)}
              change=${(/** @type {any} */ value) => set(put(asked, [kind, "again_days"], value))}
            />`
        }
      </fieldset>`;
    })}
  </section>`;
}
