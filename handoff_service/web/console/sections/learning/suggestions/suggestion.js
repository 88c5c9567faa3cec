// @ts-check
/** One suggestion: its words, which may be changed, and where they come from. */

import { hashOf } from "../../../router.js";
import { html } from "../../../vendor/preact.js";
import { languageText } from "../../../wording.js";
import { joined, percent } from "../words.js";

/**
 * @typedef {object} Suggested
 * @property {string} suggestion_id
 * @property {"article"|"reply"|"contradiction"} kind
 * @property {string} language
 * @property {string} title
 * @property {string} body
 * @property {number} turns
 * @property {number} agents
 * @property {Near} near what is like it; of a contradiction: the article's side
 * @property {{conversation_id: string, seq: number, text: string}[]} sources
 * @property {string[]} questions what customers had asked there
 * @property {"open"|"accepted"|"dismissed"|"applied"} state
 *
 * @typedef {{article_id?: string, reply_id?: string, locale?: string, title?: string, similarity?: number,
 *   text?: string, differs?: {kind: string, article: string, agent: string}[]}} Near
 */

/**
 * @param {import("../index.js").Given & {suggested: Suggested, draft: {title: string, body: string}|null,
 *   write: (words: {title?: string, body?: string}) => void, set: (state: string) => Promise<void>}} props
 */
export function Suggestion({ suggested, draft, write, set, t, context }) {
  const { kind, near, sources, state, language } = suggested;
  const { title, body } = draft ?? suggested;
  const contradiction = kind === "contradiction";
  const like = near.title ?? near.article_id ?? near.reply_id;
  return html`<article
    class="learning-suggestion"
    data-testid="learning-suggestion"
    data-kind=${kind}
    data-state=${state}
  >
    <p class="learning-note">
      ${joined(languageText(language, t), t("turns", { count: suggested.turns }), t("agents_count", { count: suggested.agents }))}
    </p>
    <h2 class=${contradiction ? "" : "sr"} lang=${language}>${title}</h2>
    ${contradiction ? sides() : form()}
    ${
      !contradiction &&
      like &&
      html`<p class="learning-note">
        ${t("like_it", { name: like, share: percent(near.similarity, context.locale) })}
      </p>`
    }
    ${
      state === "open"
        ? html`<div class="learning-acts">
            <button
              type="button"
              class="primary"
              data-testid="suggestion-accept"
              onClick=${() => void set("accepted")}
            >
              ${t(`accept_${kind}`)}<kbd aria-hidden="true">Y</kbd>
            </button>
            <button
              type="button"
              class="secondary"
              data-testid="suggestion-dismiss"
              onClick=${() => void set("dismissed")}
            >
              ${t("dismiss")}<kbd aria-hidden="true">X</kbd>
            </button>
          </div>`
        : html`<p class="learning-note">
            ${t(`suggestion_now_${state}`)}${" "}
            ${state !== "applied" && html`<button type="button" class="link" onClick=${() => void set("open")}>${t("reopen")}</button>`}
          </p>`
    }
    ${
      suggested.questions.length > 0 &&
      html`<h3>${t("asked_there")}</h3>
        <ul>
          ${suggested.questions.map((text) => html`<li key=${text} lang=${language}>${text}</li>`)}
        </ul>`
    }
    <h3>${t("sources")}</h3>
    <ul class="learning-sources">
      ${sources.map(
        ({ conversation_id, seq, text }) =>
          html`<li key=${`${conversation_id}/${seq}`}>
            <blockquote lang=${language}>${text}</blockquote>
            <a href=${hashOf("conversation", conversation_id)}>${t("whole_conversation")}</a>
          </li>`,
      )}
    </ul>
  </article>`;

  function form() {
    const input = (/** @type {"title"|"body"} */ name) => (/** @type {any} */ event) =>
      write({ [name]: event.currentTarget.value });
    return html`<div class="learning-fields">
      <label>
        <span>${t("title_of_it")}</span>
        <input
          id="suggestion-title"
          value=${title}
          lang=${language}
          readonly=${state !== "open"}
          maxlength="200"
          onInput=${input("title")}
        />
      </label>
      <label>
        <span>${t("text_of_it")}</span>
        <textarea
          rows="8"
          lang=${language}
          readonly=${state !== "open"}
          value=${body}
          onInput=${input("body")}
        ></textarea>
      </label>
    </div>`;
  }

  function sides() {
    return html`<div class="learning-sides">
        <section>
          <h3>${t("article_says")}</h3>
          <p>
            <strong>${like}</strong>
            ${near.locale && html`<small> ${languageText(near.locale, t)}</small>`}
          </p>
          <blockquote lang=${near.locale}>${near.text}</blockquote>
        </section>
        <section>
          <h3>${t("agents_say")}</h3>
          <blockquote lang=${language}>${body}</blockquote>
        </section>
      </div>
      ${
        near.differs?.length
          ? html`<ul class="learning-reasons">
              ${near.differs.map(
                (each, index) =>
                  html`<li key=${index}>
                    ${t("differs", { article: each.article || "–", agent: each.agent || "–" })}
                  </li>`,
              )}
            </ul>`
          : null
      }`;
  }
}
