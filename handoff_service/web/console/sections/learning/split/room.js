// @ts-check
/** Split: a candidate answers a share of new conversations, and both are compared at every look. */

import { el } from "../../../../shared/dom.js";
import { hashOf } from "../../../router.js";
import { html, useLayoutEffect, useState } from "../../../vendor/preact.js";
import { isOpen, JobLine } from "../jobs.js";
import { useReading } from "../reading.js";
import { joined, moment, number, percent, sentence } from "../words.js";
import { Interval } from "./interval.js";

/** @typedef {{difference: number|null, low: number|null, high: number|null, decided: "better"|"worse"|"none"}} Found */
/** @typedef {{arm: "live"|"candidate", release: string|null, conversations: number, contained: number, csat_answers: number, csat_good: number}} Arm */

/** Shares that are offered, per cent. */
const SHARES = [5, 10, 20, 50];

/** @param {import("../index.js").Given & {jobs: import("../jobs.js").Jobs}} props */
export function Room({ jobs, ...given }) {
  const { t, context, setKeys } = given;
  const { locale } = context;
  const { answer, problem } = useReading(given, "/api/learning/split");
  const { answer: trained } = useReading(given, "/api/learning/candidates");
  const [share, setShare] = useState(10);
  const [picked, setPicked] = useState("");
  const job = jobs.last("split_start", "split_stop");
  const busy = isOpen(job);
  const split = answer?.split ?? null;
  const goesOn = split !== null && split.state !== "stopped";
  /** @type {import("../candidates/report.js").Candidate[]} */
  const fit = (trained?.candidates ?? []).filter(
    (/** @type {import("../candidates/report.js").Candidate} */ { state }) => state === "passed",
  );
  const candidate = fit.find(({ candidate_id }) => candidate_id === picked) ?? fit[0];

  useLayoutEffect(() =>
    setKeys({
      t: {
        label: t("split_start"),
        run: start,
        when: () => !goesOn && !busy && Boolean(candidate),
      },
      x: { label: t("split_stop"), run: () => stop(false), when: () => goesOn && !busy },
      p: { label: t("split_promote"), run: () => stop(true), when: () => goesOn && !busy },
    }),
  );

  return html`<div class="learning-split">
    <${JobLine} job=${job} jobs=${jobs} ...${given} />
    ${problem && html`<p class="error" role="alert">${problem}</p>`}
    ${answer && !goesOn && beginning()} ${split && standing()}
  </div>`;

  function beginning() {
    if (!candidate)
      return html`<p class="learning-empty" data-testid="learning-none">
        ${t("no_fit_candidate")}${" "}
        <a href=${hashOf("learning", "candidates")}>${t("room_candidates")}</a>
      </p>`;
    return html`<section class="learning-card" aria-labelledby="split-begin">
      <h2 id="split-begin">${t("split_begin")}</h2>
      <p>${t("split_about")}</p>
      <div class="learning-row">
        <label>
          ${t("candidate")}
          <select
            value=${candidate.candidate_id}
            onChange=${(/** @type {any} */ event) => setPicked(event.currentTarget.value)}
          >
            ${fit.map(
              ({ candidate_id, created_ms }) =>
                html`<option key=${candidate_id} value=${candidate_id}>
                  ${moment(created_ms, locale)}
                </option>`,
            )}
          </select>
        </label>
        <label>
          ${t("share_of_new")}
          <select
            value=${share}
            data-testid="split-share"
            onChange=${(/** @type {any} */ event) => setShare(Number(event.currentTarget.value))}
          >
            ${SHARES.map(
              (each) =>
                html`<option key=${each} value=${each}>${percent(each / 100, locale)}</option>`,
            )}
          </select>
        </label>
        <button
          type="button"
          class="primary"
          disabled=${busy}
          data-testid="split-start"
          onClick=${start}
        >
          ${t("split_start")}<kbd aria-hidden="true">T</kbd>
        </button>
      </div>
    </section>`;
  }

  function standing() {
    /** @type {Arm[]} */
    const arms = answer.arms ?? [];
    /** @type {Record<string, Found>} */
    const verdict = answer.verdict ?? {};
    return html`<section
      class="learning-card"
      aria-labelledby="split-title"
      data-testid="learning-split"
      data-state=${split.state}
    >
      <h2 id="split-title">
        ${t(`split_${split.state}`)} · ${t("split_share", { share: percent(split.share, locale) })}
      </h2>
      <p class="learning-note">
        ${joined(
          split.started_ms && t("split_since", { time: moment(split.started_ms, locale) }),
          split.ended_ms && t("split_until", { time: moment(split.ended_ms, locale) }),
          split.ended_why && sentence(t, "ended", split.ended_why),
        )}
      </p>
      ${split.problem && html`<p class="error" role="alert">${split.problem}</p>`}
      <div class="learning-scroll" tabindex="0" role="region" aria-label=${t("both_arms")}>
        <table>
          <thead>
            <tr>
              <th scope="col">${t("arm")}</th>
              <th scope="col">${t("closed")}</th>
              <th scope="col">${t("contained")}</th>
              <th scope="col">${t("csat_answers")}</th>
              <th scope="col">${t("csat_good")}</th>
            </tr>
          </thead>
          <tbody>
            ${arms.map(
              (arm) =>
                html`<tr key=${arm.arm}>
                  <th scope="row">${t(`arm_${arm.arm}`)}</th>
                  <td>${number(arm.conversations, locale)}</td>
                  <td>${part(arm.contained, arm.conversations)}</td>
                  <td>${number(arm.csat_answers, locale)}</td>
                  <td>${part(arm.csat_good, arm.csat_answers)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${["containment", "csat"].map((name) => compared(name, verdict[name]))} ${goesOn && buttons()}
    </section>`;
  }

  /** @param {number} good @param {number} of */
  function part(good, of) {
    return of ? `${percent(good / of, locale, 1)} (${number(good, locale)})` : "–";
  }

  /** @param {string} name @param {Found|undefined} found */
  function compared(name, found) {
    if (!found || found.difference === null || found.low === null || found.high === null)
      return html`<p class="learning-note" key=${name}>
        ${t("not_known_yet", { name: t(name) })}
      </p>`;
    const points = new Intl.NumberFormat(locale, {
      style: "percent",
      maximumFractionDigits: 1,
      signDisplay: "exceptZero",
    });
    const told = t("difference", {
      name: t(name),
      difference: points.format(found.difference),
      low: points.format(found.low),
      high: points.format(found.high),
    });
    return html`<div key=${name}>
      <p>${told} <strong>${t(`decided_${found.decided}`)}</strong></p>
      <${Interval} found=${found} label=${told} />
    </div>`;
  }

  function buttons() {
    return html`<div class="learning-acts">
      <button
        type="button"
        class="secondary"
        disabled=${busy}
        data-testid="split-stop"
        onClick=${() => stop(false)}
      >
        ${t("split_stop")}<kbd aria-hidden="true">X</kbd>
      </button>
      <button
        type="button"
        class="primary"
        disabled=${busy}
        data-testid="split-promote"
        onClick=${() => stop(true)}
      >
        ${t("split_promote")}<kbd aria-hidden="true">P</kbd>
      </button>
    </div>`;
  }

  function start() {
    if (!candidate) return;
    const args = { candidate_id: candidate.candidate_id, share: share / 100 };
    confirm(
      "split-start",
      t("split_start"),
      t("split_start_what", { share: percent(args.share, locale) }),
      () => void jobs.ask("split_start", args),
    );
  }

  /** @param {boolean} promote */
  function stop(promote) {
    const title = t(promote ? "split_promote" : "split_stop");
    const what = t(promote ? "split_promote_what" : "split_stop_what");
    confirm("split-stop", title, what, () => void jobs.ask("split_stop", { promote }));
  }

  /** @param {string} testid @param {string} title @param {string} what @param {() => void} act */
  function confirm(testid, title, what, act) {
    context.dialogs.ask({
      title,
      testid,
      content: [el("p", { text: what })],
      yes: title,
      no: t("cancel"),
      confirm: act,
    });
  }
}
