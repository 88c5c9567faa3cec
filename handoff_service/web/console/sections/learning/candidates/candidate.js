// @ts-check
/** One candidate: the verdict and its reasons, the few numbers that matter, what can be done. */

import { html, useEffect, useState } from "../../../vendor/preact.js";
import { useNames } from "../names.js";
import { moment, number, percent } from "../words.js";
import { figuresOf, pageOf, reasonOf } from "./report.js";

/**
 * @param {import("../index.js").Given & {candidate: import("./report.js").Candidate,
 *   promote: (() => void)|null}} props `promote`: null while something else is done
 */
export function CandidateView({ candidate, promote, t, context, explain }) {
  const { state, reasons } = candidate;
  const nameOf = useNames(context);
  const judged = ["passed", "refused", "live", "retired"].includes(state);
  const [report, setReport] = useState(/** @type {any} */ (null));
  const [problem, setProblem] = useState("");

  useEffect(() => {
    if (!judged) return;
    let gone = false;
    context.api.get(`/api/learning/candidates/${encodeURIComponent(candidate.candidate_id)}`).then(
      (found) => !gone && setReport(found.report ?? found),
      (refusal) => !gone && setProblem(explain(refusal)),
    );
    return () => {
      gone = true;
    };
  }, [judged]);

  return html`<article
    class="learning-candidate"
    data-testid="learning-candidate"
    data-state=${state}
    aria-labelledby="learning-candidate-title"
  >
    <h2 id="learning-candidate-title">${moment(candidate.created_ms, context.locale)}</h2>
    <p class=${`learning-verdict ${state}`} data-testid="learning-verdict">
      ${t(`verdict_${state}`)}
    </p>
    ${
      reasons.length > 0 &&
      html`<ul class="learning-reasons" data-testid="learning-refused">
        ${reasons.map((reason, index) => html`<li key=${index}>${reasonOf(reason, t)}</li>`)}
      </ul>`
    }
    <dl class="learning-facts">
      <div>
        <dt>${t("made_from")}</dt>
        <dd>${candidate.branch ? html`<code>${candidate.branch}</code>` : t("the_folder")}</dd>
      </div>
      <div>
        <dt>${t("model")}</dt>
        <dd><code>${candidate.model || "–"}</code></dd>
      </div>
      <div>
        <dt>${t("index")}</dt>
        <dd><code>${candidate.index_version || "–"}</code></dd>
      </div>
      <div>
        <dt>${t("asked_by")}</dt>
        <dd>${nameOf(candidate.asked_by)}</dd>
      </div>
    </dl>
    ${problem && html`<p class="error" role="alert">${problem}</p>`} ${report && figures()}
    ${
      judged &&
      html`<div class="learning-acts">
        ${
          (state === "passed" || state === "refused") &&
          html`<button
            type="button"
            class=${state === "passed" ? "primary" : "secondary"}
            disabled=${!promote}
            data-testid="learning-promote"
            onClick=${() => promote?.()}
          >
            ${t(state === "passed" ? "promote" : "promote_forced")}<kbd aria-hidden="true">P</kbd>
          </button>`
        }
        <a
          class="secondary learning-button"
          href=${pageOf(candidate)}
          target="_blank"
          rel="noopener"
          data-testid="learning-report"
          >${t("open_report")}<kbd aria-hidden="true">O</kbd></a
        >
      </div>`
    }
  </article>`;

  function figures() {
    const { locale } = context;
    const rows = figuresOf(report);
    const ratio = report.latency?.ratio;
    return html`<div class="learning-scroll" tabindex="0" role="region" aria-label=${t("figures")}>
        <table data-testid="learning-figures">
          <caption>
            ${t("figures")}
          </caption>
          <thead>
            <tr>
              <th scope="col">${t("texts")}</th>
              <th scope="col">${t("how_many")}</th>
              <th scope="col">${t("now")}</th>
              <th scope="col">${t("candidate")}</th>
              <th scope="col">${t("interval")}</th>
              <th scope="col">${t("better")}</th>
              <th scope="col">${t("worse")}</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) =>
                html`<tr key=${row.name}>
                  <th scope="row">${t(`texts_${row.name}`)}</th>
                  <td>${number(row.n, locale)}</td>
                  <td>${percent(row.base, locale, 1)}</td>
                  <td><strong>${percent(row.share, locale, 1)}</strong></td>
                  <td>${percent(row.low, locale, 1)} – ${percent(row.high, locale, 1)}</td>
                  <td>${number(row.better, locale)}</td>
                  <td>${number(row.worse, locale)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${ratio ? html`<p class="learning-note">${t("time_ratio", { ratio: number(ratio, locale, 2) })}</p>` : null}`;
  }
}
