// @ts-check
/** Candidates: trained beside the live bot, judged, made live, taken back. */

import { el } from "../../../../shared/dom.js";
import { html, useLayoutEffect, useState } from "../../../vendor/preact.js";
import { isOpen, JobLine } from "../jobs.js";
import { useReading } from "../reading.js";
import { CandidateView } from "./candidate.js";
import { History } from "./history.js";
import { CandidateList } from "./list.js";
import { pageOf, reasonOf, toTakeBack } from "./report.js";

/** @typedef {import("./report.js").Candidate} Candidate */

/** @param {import("../index.js").Given & {jobs: import("../jobs.js").Jobs}} props */
export function Room({ jobs, ...given }) {
  const { t, context, setKeys } = given;
  const { answer, problem } = useReading(given, "/api/learning/candidates");
  const releases = useReading(given, "/api/learning/releases").answer?.releases ?? [];
  const [picked, setPicked] = useState(/** @type {string|null} */ (null));
  const job = jobs.last("candidate", "promote", "rollback");
  const busy = isOpen(job);
  const back = toTakeBack(releases);
  /** @type {Candidate[]} */
  const all = answer?.candidates ?? [];
  const current = all.find(({ candidate_id }) => candidate_id === picked) ?? all[0];
  const branch = jobs.last("apply")?.result.branch ?? null;
  const finished = current?.state === "passed" || current?.state === "refused";

  useLayoutEffect(() =>
    setKeys({
      j: { label: t("key_next"), run: () => step(1), when: () => all.length > 0 },
      k: { label: t("key_previous"), run: () => step(-1), when: () => all.length > 0 },
      t: { label: t("train"), run: train, when: () => !busy },
      o: { label: t("open_report"), run: openReport, when: () => finished },
      p: { label: t("promote"), run: promote, when: () => finished && !busy },
      r: { label: t("rollback"), run: rollback, when: () => Boolean(back) && !busy },
      c: { label: t("cancel"), run: () => job && void jobs.cancel(job), when: () => busy },
    }),
  );

  return html`<div class="learning-candidates">
    <div class="learning-bar">
      <p class="learning-note">${branch ? t("trains_branch", { branch }) : t("trains_folder")}</p>
      <div class="buttons">
        <button
          type="button"
          class="secondary"
          disabled=${busy || !back}
          data-testid="learning-rollback"
          onClick=${rollback}
        >
          ${t("rollback")}<kbd aria-hidden="true">R</kbd>
        </button>
        <button
          type="button"
          class="primary"
          disabled=${busy}
          data-testid="learning-train"
          onClick=${train}
        >
          ${t("train")}<kbd aria-hidden="true">T</kbd>
        </button>
      </div>
    </div>
    <${JobLine} job=${job} jobs=${jobs} ...${given} />
    ${problem && html`<p class="error" role="alert">${problem}</p>`}
    ${
      current
        ? html`<div class="learning-halves">
            <${CandidateList} all=${all} current=${current} pick=${setPicked} ...${given} />
            <${CandidateView}
              key=${current.candidate_id + current.state}
              candidate=${current}
              promote=${busy ? null : promote}
              ...${given}
            />
          </div>`
        : html`<p class="learning-empty" data-testid="learning-none">
            ${t(answer ? "no_candidates" : "loading")}
          </p>`
    }
    <${History} releases=${releases} ...${given} />
  </div>`;

  /** @param {number} by */
  function step(by) {
    const index = current ? all.indexOf(current) : -1;
    const next = all[Math.min(Math.max(index + by, 0), all.length - 1)];
    if (next) setPicked(next.candidate_id);
  }

  function train() {
    setPicked(null);
    void jobs.ask("candidate", branch ? { branch } : {});
  }

  function openReport() {
    if (current) open(pageOf(current), "_blank", "noopener");
  }

  function promote() {
    if (!current) return;
    const refused = current.state === "refused";
    const note = el("textarea", { rows: 2, maxlength: 1000, "aria-label": t("note_why") });
    const problemLine = el("p", { class: "error", role: "alert", hidden: true });
    context.dialogs.ask({
      title: t(refused ? "promote_anyway" : "promote_title"),
      testid: "learning-promote",
      content: [
        el("p", {
          text: t("promote_what", { model: current.model, index: current.index_version }),
        }),
        ...(refused
          ? [
              el("p", { text: t("promote_refused") }),
              el(
                "ul",
                {},
                ...current.reasons.map((reason) => el("li", { text: reasonOf(reason, t) })),
              ),
              el("label", {}, t("note_why"), note),
              problemLine,
            ]
          : [el("p", { text: t("promote_back") })]),
      ],
      yes: t("promote"),
      no: t("cancel"),
      confirm: () => {
        if (refused && !note.value.trim()) {
          problemLine.textContent = t("note_needed");
          problemLine.hidden = false;
          note.focus();
          return false;
        }
        const args = { candidate_id: current.candidate_id };
        void jobs.ask(
          "promote",
          refused ? { ...args, force: true, note: note.value.trim() } : args,
        );
      },
    });
  }

  function rollback() {
    if (!back) return;
    context.dialogs.ask({
      title: t("rollback_title"),
      testid: "learning-rollback",
      content: [
        el("p", {
          text: t("rollback_what", { model: back.before_model, index: back.before_index }),
        }),
      ],
      yes: t("rollback"),
      no: t("cancel"),
      confirm: () => void jobs.ask("rollback"),
    });
  }
}
