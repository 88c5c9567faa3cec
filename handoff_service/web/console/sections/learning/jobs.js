// @ts-check
/** Long work: asked for, watched, cancelled. */

import { html } from "../../vendor/preact.js";
import { useReading } from "./reading.js";
import { joined, moment, percent, sentence } from "./words.js";

/**
 * @typedef {object} Job
 * @property {string} job_id
 * @property {string} kind
 * @property {Record<string, any>} args
 * @property {"queued"|"running"|"done"|"failed"|"cancelled"} state
 * @property {string} step
 * @property {number|null} share 0..1
 * @property {string} line
 * @property {Record<string, any>} result
 * @property {string} error
 * @property {number} asked_ms
 * @property {number|null} ended_ms
 *
 * @typedef {object} Jobs
 * @property {Job[]} list the one asked for last first
 * @property {boolean} away nobody is there to do them
 * @property {(...kinds: string[]) => Job|undefined} last of these kinds
 * @property {(kind: string, args?: object) => Promise<Job|null>} ask null: it was refused, and said
 * @property {(job: Job) => Promise<void>} cancel
 */

/** The process that learns says that it is there far more often than that, in ms. */
const AWAY_MS = 60_000;

/** @param {Job|undefined} job */
export function isOpen(job) {
  return job?.state === "queued" || job?.state === "running";
}

/** @param {import("./index.js").Given} given @returns {Jobs} */
export function useJobs(given) {
  const { context, explain } = given;
  const { answer, read } = useReading(given, "/api/learning/jobs");
  /** @type {Job[]} */
  const list = answer?.jobs ?? [];
  const seen = answer?.worker.seen_ms;
  /** @param {() => Promise<Job>} act @returns {Promise<Job|null>} */
  const doing = async (act) => {
    try {
      return await act();
    } catch (problem) {
      context.toast(explain(problem), "bad");
      return null;
    } finally {
      await read();
    }
  };
  return {
    list,
    away: Boolean(answer) && (!seen || Date.now() - seen > AWAY_MS),
    last: (...kinds) => list.find(({ kind }) => kinds.includes(kind)),
    ask: (kind, args = {}) => doing(() => context.api.post("/api/learning/jobs", { kind, args })),
    cancel: async (job) =>
      void (await doing(() =>
        context.api.del(`/api/learning/jobs/${encodeURIComponent(job.job_id)}`),
      )),
  };
}

/**
 * How the last job of a kind goes or went; nothing when there was none, or it is done.
 * @param {import("./index.js").Given & {job: Job|undefined, jobs: Jobs}} props
 */
export function JobLine({ job, jobs, t, context }) {
  if (!job || job.state === "done" || job.state === "cancelled") return null;
  const name = t(`job_${job.kind}`);
  if (job.state === "failed")
    return html`<div
      class="learning-job bad"
      role="alert"
      data-testid="learning-job"
      data-state="failed"
    >
      <p>
        <strong>${t("job_failed", { name })}</strong>${" "}${moment(job.ended_ms, context.locale)}
      </p>
      <p class="learning-said">${job.error}</p>
      <div class="buttons">
        <button type="button" class="secondary" onClick=${() => jobs.ask(job.kind, job.args)}>
          ${t("again")}
        </button>
      </div>
    </div>`;
  const running = job.state === "running";
  const told = running
    ? joined(
        sentence(t, "step", job.step || "begun"),
        job.share !== null && percent(job.share, context.locale),
      )
    : t(jobs.away ? "job_nobody" : "job_waits");
  return html`<div
    class="learning-job"
    role="status"
    data-testid="learning-job"
    data-state=${job.state}
  >
    <p><strong>${name}</strong>${" · "}${told}</p>
    ${
      running &&
      html`<progress max="1" value=${job.share ?? undefined} aria-label=${name}></progress>`
    }
    ${running && job.line && html`<p class="learning-said">${job.line}</p>`}
    <div class="buttons">
      <button
        type="button"
        class="secondary"
        data-testid="learning-job-cancel"
        onClick=${() => jobs.cancel(job)}
      >
        ${t("cancel")}
      </button>
    </div>
  </div>`;
}
