// @ts-check
/** Topics: what customers ask for that nobody has taught the bot. */

import { html, useEffect, useLayoutEffect, useState } from "../../../vendor/preact.js";
import { topicText } from "../../../wording.js";
import { isOpen, JobLine } from "../jobs.js";
import { Naming } from "../naming.js";
import { Picker } from "../picker.js";
import { useReading } from "../reading.js";
import { moment } from "../words.js";
import { TopicCard } from "./card.js";

/** @typedef {import("./card.js").Topic} Topic */

const STATES = /** @type {const} */ (["open", "accepted", "dismissed"]);

/** @param {import("../index.js").Given & {jobs: import("../jobs.js").Jobs}} props */
export function Room({ jobs, ...given }) {
  const { t, context, explain, setKeys } = given;
  const { answer, problem, read } = useReading(given, "/api/learning/topics");
  const [state, setState] = useState(/** @type {typeof STATES[number]} */ ("open"));
  const [at, setAt] = useState(0);
  const [asking, setAsking] = useState(/** @type {{topic: Topic, as: string}|null} */ (null));
  const [intents, setIntents] = useState(
    /** @type {{name: string, samples: Record<string, any>}[]|null} */ (null),
  );
  const job = jobs.last("discover");
  /** @type {Topic[]} */
  const all = answer?.topics ?? [];
  const shown = all.filter((topic) => topic.state === state);
  const current = shown[Math.min(at, shown.length - 1)];

  useEffect(() => {
    context.api
      .get("/api/learning/choices")
      .then((choices) => setIntents(choices.intents))
      .catch((refusal) => context.toast(explain(refusal), "bad"));
  }, []);
  useLayoutEffect(() =>
    setKeys({
      j: { label: t("key_next"), run: () => step(1), when: () => shown.length > 0 },
      k: { label: t("key_previous"), run: () => step(-1), when: () => shown.length > 0 },
      n: onCurrent(t("as_new_intent"), (topic) => accept(topic, "new_intent")),
      i: onCurrent(t("as_existing_intent"), (topic) => accept(topic, "existing_intent")),
      a: onCurrent(t("as_article"), (topic) => accept(topic, "article")),
      s: onCurrent(t("as_spam"), (topic) => accept(topic, "spam")),
      x: onCurrent(t("dismiss"), (topic) => void set(topic, { state: "dismissed" })),
      u: {
        label: t("reopen"),
        run: () => current && void set(current, { state: "open" }),
        when: () => current !== undefined && state !== "open",
      },
      f: {
        label: t("next_state"),
        run: () => show(STATES[(STATES.indexOf(state) + 1) % STATES.length] ?? "open"),
      },
      g: { label: t("discover"), run: discover },
    }),
  );

  return html`<div class="learning-topics">
    <div class="learning-bar">
      <div class="segments" role="group" aria-label=${t("which_topics")}>
        ${STATES.map(
          (name) =>
            html`<button
              key=${name}
              type="button"
              class="learning-segment"
              aria-pressed=${String(name === state)}
              data-testid=${`topics-${name}`}
              onClick=${() => show(name)}
            >
              ${t(`state_${name}`)}${" "}${all.filter((topic) => topic.state === name).length}
            </button>`,
        )}
      </div>
      <p class="learning-note">
        ${answer?.found_ms ? t("found_at", { time: moment(answer.found_ms, context.locale) }) : null}
      </p>
      <button
        type="button"
        class="secondary"
        disabled=${isOpen(job)}
        data-testid="learning-discover"
        onClick=${discover}
      >
        ${t("discover")}<kbd aria-hidden="true">G</kbd>
      </button>
    </div>
    <${JobLine} job=${job} jobs=${jobs} ...${given} />
    ${problem && html`<p class="error" role="alert">${problem}</p>`}
    ${
      shown.length
        ? html`<div class="learning-cards">
            ${shown.map(
              (topic, index) =>
                html`<${TopicCard}
                  key=${topic.id}
                  topic=${topic}
                  current=${topic === current}
                  enter=${() => setAt(index)}
                  accept=${(/** @type {string} */ as) => accept(topic, as)}
                  set=${(/** @type {string} */ wanted) => void set(topic, { state: wanted })}
                  ...${given}
                />`,
            )}
          </div>`
        : html`<p class="learning-empty" data-testid="learning-none">
            ${t(!answer ? "loading" : answer.found_ms ? "no_topics" : "never_discovered")}
          </p>`
    }
    ${
      asking?.as === "new_intent" &&
      html`<${Naming}
        known=${intents?.map(({ name }) => name) ?? []}
        begun=${asking.topic.label}
        choose=${(/** @type {string} */ name) =>
          void set(asking.topic, { state: "accepted", as: "new_intent", name })}
        close=${() => setAsking(null)}
        t=${t}
      />`
    }
    ${asking?.as === "existing_intent" && pickIntent(asking.topic)}
  </div>`;

  /** @param {Topic} topic */
  function pickIntent(topic) {
    const options = intents?.map(({ name, samples }) => ({
      id: name,
      label: topicText(name, t),
      hint: [Object.values(samples)[0]].flat()[0] ?? "",
      more: [name],
      suggested: name === topic.near.intent,
    }));
    return html`<${Picker}
      title=${t("pick_intent")}
      options=${options ?? null}
      choose=${(/** @type {{id: string}} */ { id: name }) =>
        void set(topic, { state: "accepted", as: "existing_intent", name })}
      close=${() => setAsking(null)}
      none=${t("nothing_fits")}
      testid="learning-picker"
      t=${t}
    />`;
  }

  /** @param {typeof STATES[number]} wanted */
  function show(wanted) {
    setState(wanted);
    setAt(0);
  }

  /** @param {number} by */
  function step(by) {
    const next = Math.min(Math.max(at + by, 0), shown.length - 1);
    setAt(next);
    const cards = document.querySelectorAll(".learning-card");
    /** @type {HTMLElement|undefined} */ (cards[next])?.focus();
  }

  /** @param {Topic} topic @param {string} as */
  function accept(topic, as) {
    if (as === "new_intent" || as === "existing_intent") setAsking({ topic, as });
    else void set(topic, { state: "accepted", as });
  }

  /** @param {Topic} topic @param {object} wish */
  async function set(topic, wish) {
    try {
      await context.api.post(`/api/learning/topics/${encodeURIComponent(topic.id)}`, wish);
      await read();
    } catch (refusal) {
      context.toast(explain(refusal), "bad");
    }
  }

  function discover() {
    if (!isOpen(job)) void jobs.ask("discover");
  }

  /** @param {string} label @param {(topic: Topic) => void} run */
  function onCurrent(label, run) {
    return {
      label,
      run: () => current && run(current),
      when: () => current !== undefined && state === "open",
    };
  }
}
