// @ts-check
/** One topic: what it is called, how big it is, how it grows, what belongs to it. */

import { html } from "../../../vendor/preact.js";
import { languageText, topicText } from "../../../wording.js";
import { joined, percent, sentence } from "../words.js";
import { Trend } from "./trend.js";

/**
 * @typedef {object} Topic
 * @property {string} id
 * @property {string} label
 * @property {"new_intent"|"existing_intent"|"missing_article"|"noise"} kind
 * @property {string} medoid
 * @property {number} size
 * @property {string[]} languages
 * @property {number[]} trend by week
 * @property {{intent?: string, article_id?: string, locale?: string, similarity?: number}} near
 * @property {"open"|"accepted"|"dismissed"} state
 * @property {string|null} accepted_as
 * @property {string|null} name
 * @property {{text: string, language: string}[]} examples
 */

/** Examples shown of those that are not looked at. */
const FEW = 3;

/**
 * @param {import("../index.js").Given & {topic: Topic, current: boolean, enter: () => void,
 *   accept: (as: string) => void, set: (state: string) => void}} props
 */
export function TopicCard({ topic, current, enter, accept, set, t, context }) {
  const { near, examples, state } = topic;
  const nearest = near.intent ? topicText(near.intent, t) : near.article_id;
  return html`<article
    class="learning-card"
    data-testid="learning-topic"
    data-kind=${topic.kind}
    data-state=${state}
    data-current=${current || undefined}
    aria-labelledby=${`topic-${topic.id}`}
    tabindex=${current ? 0 : -1}
    onFocusIn=${enter}
  >
    <header>
      <h2 id=${`topic-${topic.id}`}>${topic.label}</h2>
      <span class="learning-mark">${t(`kind_of_${topic.kind}`)}</span>
    </header>
    <p class="learning-note">
      ${joined(t("conversations_count", { count: topic.size }), ...topic.languages.map((code) => languageText(code, t)))}
    </p>
    <${Trend} counts=${topic.trend} label=${t("by_week")} />
    <blockquote>${topic.medoid}</blockquote>
    <ul>
      ${examples
        .filter(({ text }) => text !== topic.medoid)
        .slice(0, current ? undefined : FEW)
        .map(({ text, language }) => html`<li key=${text} lang=${language}>${text}</li>`)}
    </ul>
    ${
      nearest &&
      html`<p class="learning-note">
        ${t(near.intent ? "near_intent" : "near_article", { name: nearest, share: percent(near.similarity, context.locale) })}
      </p>`
    }
    ${state === "open" ? choices() : decided()}
  </article>`;

  function choices() {
    return html`<div class="buttons">
      ${["new_intent", "existing_intent", "article"].map(
        (as) =>
          html`<button
            key=${as}
            type="button"
            class=${as === usual(topic.kind) ? "primary" : "secondary"}
            data-testid=${`topic-${as}`}
            onClick=${() => accept(as)}
          >
            ${t(`as_${as}`)}
          </button>`,
      )}
      <button type="button" class="link" onClick=${() => accept("spam")}>${t("as_spam")}</button>
      <button
        type="button"
        class="link"
        data-testid="topic-dismiss"
        onClick=${() => set("dismissed")}
      >
        ${t("dismiss")}
      </button>
    </div>`;
  }

  function decided() {
    return html`<p class="learning-note">
      ${joined(topic.accepted_as ? sentence(t, "as", topic.accepted_as) : t(`state_${state}`), topic.name)}${" "}
      <button type="button" class="link" onClick=${() => set("open")}>${t("reopen")}</button>
    </p>`;
  }
}

/** What a kind is accepted as, mostly. @param {Topic["kind"]} kind */
function usual(kind) {
  return kind === "missing_article" ? "article" : kind;
}
