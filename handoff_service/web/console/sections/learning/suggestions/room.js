// @ts-check
/** Suggestions: articles and replies from what agents keep writing, and where they contradict an article. */

import { html, useLayoutEffect, useState } from "../../../vendor/preact.js";
import { isOpen, JobLine } from "../jobs.js";
import { useReading } from "../reading.js";
import { joined } from "../words.js";
import { Suggestion } from "./suggestion.js";

/** @typedef {import("./suggestion.js").Suggested} Suggested */

const KINDS = /** @type {const} */ (["article", "reply", "contradiction"]);

/** @param {import("../index.js").Given & {jobs: import("../jobs.js").Jobs}} props */
export function Room({ jobs, ...given }) {
  const { t, context, explain, setKeys } = given;
  const { answer, problem, read } = useReading(given, "/api/learning/suggestions");
  const [kind, setKind] = useState(/** @type {typeof KINDS[number]} */ ("article"));
  const [picked, setPicked] = useState(/** @type {string|null} */ (null));
  const [draft, setDraft] = useState(
    /** @type {{id: string, title: string, body: string}|null} */ (null),
  );
  const job = jobs.last("suggest");
  /** @type {Suggested[]} */
  const all = answer?.suggestions ?? [];
  const shown = all.filter((each) => each.kind === kind);
  const current =
    shown.find(({ suggestion_id }) => suggestion_id === picked) ?? shown.find(isOpened) ?? shown[0];
  const written = current && draft?.id === current.suggestion_id ? draft : null;
  const open = current?.state === "open";

  useLayoutEffect(() =>
    setKeys({
      j: { label: t("key_next"), run: () => step(1), when: () => shown.length > 0 },
      k: { label: t("key_previous"), run: () => step(-1), when: () => shown.length > 0 },
      y: { label: t("accept_it"), run: () => void set("accepted"), when: () => open },
      x: { label: t("dismiss"), run: () => void set("dismissed"), when: () => open },
      u: {
        label: t("reopen"),
        run: () => void set("open"),
        when: () => current?.state === "accepted" || current?.state === "dismissed",
      },
      e: {
        label: t("edit"),
        run: () => document.getElementById("suggestion-title")?.focus(),
        when: () => open && kind !== "contradiction",
      },
      f: {
        label: t("next_kind"),
        run: () => setKind(KINDS[(KINDS.indexOf(kind) + 1) % KINDS.length] ?? "article"),
      },
      g: { label: t("suggest"), run: suggest },
    }),
  );

  return html`<div class="learning-suggestions">
    <div class="learning-bar">
      <div class="segments" role="group" aria-label=${t("which_suggestions")}>
        ${KINDS.map(
          (name) =>
            html`<button
              key=${name}
              type="button"
              class="learning-segment"
              aria-pressed=${String(name === kind)}
              data-testid=${`suggestions-${name}`}
              onClick=${() => setKind(name)}
            >
              ${t(`suggestion_${name}`)}${" "}${all.filter((each) => each.kind === name && isOpened(each)).length}
            </button>`,
        )}
      </div>
      <button
        type="button"
        class="secondary"
        disabled=${isOpen(job)}
        data-testid="learning-suggest"
        onClick=${suggest}
      >
        ${t("suggest")}<kbd aria-hidden="true">G</kbd>
      </button>
    </div>
    <${JobLine} job=${job} jobs=${jobs} ...${given} />
    ${problem && html`<p class="error" role="alert">${problem}</p>`}
    ${
      current
        ? html`<div class="learning-halves">
            <nav class="learning-next" aria-label=${t(`suggestion_${kind}`)}>
              <ol>
                ${shown.map(listed)}
              </ol>
            </nav>
            <${Suggestion}
              key=${current.suggestion_id}
              suggested=${current}
              draft=${written}
              write=${(/** @type {object} */ words) => {
                const { suggestion_id: id, title, body } = current;
                setDraft({ id, title, body, ...written, ...words });
              }}
              set=${set}
              ...${given}
            />
          </div>`
        : html`<p class="learning-empty" data-testid="learning-none">
            ${t(answer ? "no_suggestions" : "loading")}
          </p>`
    }
  </div>`;

  /** @param {Suggested} each */
  function listed(each) {
    return html`<li key=${each.suggestion_id}>
      <button
        type="button"
        aria-current=${each === current ? "true" : undefined}
        data-state=${each.state}
        onClick=${() => setPicked(each.suggestion_id)}
      >
        <span lang=${each.language}>${each.title || each.body}</span>
        <small>
          ${joined(t("turns", { count: each.turns }), each.state !== "open" && t(`suggestion_now_${each.state}`))}
        </small>
      </button>
    </li>`;
  }

  /** @param {number} by */
  function step(by) {
    const index = current ? shown.indexOf(current) : -1;
    const next = shown[Math.min(Math.max(index + by, 0), shown.length - 1)];
    if (next) setPicked(next.suggestion_id);
  }

  /** @param {string} state */
  async function set(state) {
    if (!current) return;
    const words = written && { title: written.title, body: written.body };
    try {
      await context.api.put(
        `/api/learning/suggestions/${encodeURIComponent(current.suggestion_id)}`,
        {
          state,
          ...words,
        },
      );
    } catch (refusal) {
      return context.toast(explain(refusal), "bad");
    }
    setDraft(null);
    // The one after it, as long as there is one.
    const next = state === "open" ? current : (shown[shown.indexOf(current) + 1] ?? current);
    setPicked(next.suggestion_id);
    context.toast(t(`suggestion_now_${state}`));
    await read();
  }

  function suggest() {
    if (!isOpen(job)) void jobs.ask("suggest");
  }
}

/** @param {Suggested} each */
function isOpened({ state }) {
  return state === "open";
}
