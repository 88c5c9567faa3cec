// @ts-check
/** Changes: what the decisions would write into the project's files, line by line, before it is written. */

import { el } from "../../../../shared/dom.js";
import { hashOf } from "../../../router.js";
import { html, useLayoutEffect, useState } from "../../../vendor/preact.js";
import { isOpen, JobLine } from "../jobs.js";
import { useReading } from "../reading.js";
import { moment } from "../words.js";
import { FileChange } from "./file.js";
import { Problems } from "./problems.js";

/** So many files are open from the start. */
const OPEN_FILES = 4;

/** @param {import("../index.js").Given & {jobs: import("../jobs.js").Jobs}} props */
export function Room({ jobs, ...given }) {
  const { t, context, setKeys } = given;
  const { answer, problem } = useReading(given, "/api/learning/changes");
  const [at, setAt] = useState(0);
  const [turned, setTurned] = useState(/** @type {Record<string, boolean>} */ ({}));
  const job = jobs.last("preview", "apply");
  const applied = jobs.last("apply");
  const busy = isOpen(job);
  const waits = Object.values(answer?.pending ?? {}).some((count) => count > 0);
  const written = answer?.stale && (applied?.ended_ms ?? 0) > (answer.computed_ms ?? 0);
  /** What was written since is no change any more. @type {import("./file.js").Change[]} */
  const files = waits && !written ? answer.files : [];
  const ready = files.length > 0 && !answer?.stale && !busy;
  const isUnfolded = (/** @type {string} */ path, /** @type {number} */ index) =>
    turned[path] ?? index < OPEN_FILES;

  useLayoutEffect(() =>
    setKeys({
      j: { label: t("key_next"), run: () => step(1), when: () => files.length > 0 },
      k: { label: t("key_previous"), run: () => step(-1), when: () => files.length > 0 },
      e: { label: t("key_fold"), run: fold, when: () => files.length > 0 },
      g: { label: t("preview"), run: preview },
      y: { label: t("apply"), run: confirm, when: () => ready },
    }),
  );

  return html`<div class="learning-changes">
    <div class="learning-bar">
      <p data-testid="learning-changes-state">
        ${answer?.computed_ms ? t("computed_at", { time: moment(answer.computed_ms, context.locale) }) : null}
        ${" "}${answer?.stale && answer.computed_ms && waits ? html`<span class="learning-mark warn">${t("stale")}</span>` : null}
      </p>
      <div class="buttons">
        <button
          type="button"
          class=${ready ? "secondary" : "primary"}
          disabled=${busy}
          data-testid="learning-preview"
          onClick=${preview}
        >
          ${t("preview")}<kbd aria-hidden="true">G</kbd>
        </button>
        <button
          type="button"
          class="primary"
          disabled=${!ready}
          data-testid="learning-apply"
          onClick=${confirm}
        >
          ${t("apply")}<kbd aria-hidden="true">Y</kbd>
        </button>
      </div>
    </div>
    <${JobLine} job=${job} jobs=${jobs} ...${given} />
    ${problem && html`<p class="error" role="alert">${problem}</p>`}
    ${
      applied?.state === "done" &&
      html`<p class="learning-job" role="status" data-testid="learning-applied">
        ${
          applied.result.branch
            ? t("applied_branch", { branch: applied.result.branch })
            : t("applied_files", { backup: applied.result.backup ?? "" })
        }
        ${" "}<a href=${hashOf("learning", "candidates")}>${t("next_candidate")}</a>
      </p>`
    }
    <${Problems} problems=${answer?.problems ?? []} t=${t} />
    ${
      files.length
        ? files.map(
            (file, index) =>
              html`<${FileChange}
                key=${file.path}
                file=${file}
                open=${isUnfolded(file.path, index)}
                toggle=${(/** @type {boolean} */ open) => {
                  if (open !== isUnfolded(file.path, index))
                    setTurned({ ...turned, [file.path]: open });
                }}
                t=${t}
              />`,
          )
        : html`<p class="learning-empty" data-testid="learning-none">
            ${t(!answer ? "loading" : waits ? "no_preview" : "no_changes")}
          </p>`
    }
  </div>`;

  /** @param {number} by */
  function step(by) {
    const next = Math.min(Math.max(at + by, 0), files.length - 1);
    setAt(next);
    const summaries = document.querySelectorAll(".learning-file summary");
    /** @type {HTMLElement|undefined} */ (summaries[next])?.focus();
  }

  function fold() {
    const file = files[at];
    if (file) setTurned({ ...turned, [file.path]: !isUnfolded(file.path, at) });
  }

  function preview() {
    if (!busy) void jobs.ask("preview");
  }

  function confirm() {
    const count = files.reduce((sum, { added }) => sum + added, 0);
    const how =
      answer?.folder === "git" ? t("apply_git", { branch: answer.branch ?? "" }) : t("apply_plain");
    context.dialogs.ask({
      title: t("apply_title"),
      testid: "learning-apply",
      content: [
        el("p", { text: t("apply_count", { count, files: files.length }) }),
        el("p", { text: how }),
      ],
      yes: t("apply"),
      no: t("cancel"),
      confirm: () => void jobs.ask("apply"),
    });
  }
}
