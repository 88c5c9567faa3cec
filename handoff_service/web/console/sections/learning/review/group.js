// @ts-check
/** One group, big and calm: what was asked, what the bot made of it, what a person answered. */

import { html, useEffect, useState } from "../../../vendor/preact.js";
import { hashOf } from "../../../router.js";
import { languageText, topicText } from "../../../wording.js";
import { formatDay } from "../../../../shared/i18n.js";
import { useNames } from "../names.js";
import { sentence } from "../words.js";
import { Reasons, Understood } from "./understood.js";

/** @typedef {import("./queue.js").Group} Group */

/**
 * @param {import("../index.js").Given & {group: Group, without: ReadonlySet<number>, blind: boolean,
 *   leaveOut: (phraseId: number) => void}} props
 */
export function GroupCard({ group, without, blind, leaveOut, ...given }) {
  const { t, context } = given;
  const { example } = group;
  const nameOf = useNames(context);
  const [all, setAll] = useState(/** @type {import("./queue.js").Phrase[]|null} */ (null));
  const others = all ?? group.others;
  const hidden = all ? 0 : group.phrases - 1 - group.others.length;
  const language = (/** @type {string} */ code) => languageText(code, t);

  const about = [
    group.languages.map(language).join(", "),
    t("turns", { count: group.turns }),
    t("conversations_count", { count: group.conversations }),
    formatDay(group.last_ms, Date.now(), context.locale),
  ];

  useEffect(() => setAll(null), [group.group_id]);

  return html`<article
    class="learning-group"
    data-testid="learning-group"
    data-group=${group.group_id}
    aria-labelledby="learning-asked"
  >
    <p class="learning-note">
      ${about.join(" · ")}${" · "}
      <a href=${hashOf("conversation", example.conversation_id)}>${t("whole_conversation")}</a>
    </p>
    <h2 id="learning-asked" tabindex="-1" lang=${example.language}>${example.text}</h2>
    <${Reasons} group=${group} ...${given} />
    <${Understood} example=${example} ...${given} />
    ${
      example.agent_answer &&
      html`<figure class="learning-person">
        <figcaption>${t("person_answered")}</figcaption>
        <blockquote lang=${example.language}>${example.agent_answer}</blockquote>
      </figure>`
    }
    ${
      group.decisions.length > 0 &&
      html`<ul class="learning-decided" aria-label=${t("decided_before")}>
        ${group.decisions.map(
          ({ decision_id, reviewer, verdict, intent, article_id }) =>
            html`<li key=${decision_id}>
              <strong>${nameOf(reviewer)}</strong>:
              ${[sentence(t, "verdict", verdict), intent ? topicText(intent, t) : article_id].filter(Boolean).join(" · ")}
            </li>`,
        )}
      </ul>`
    }
    ${
      others.length > 0 &&
      html`<fieldset class="learning-others" data-testid="learning-others">
        <legend>${t("covers")}</legend>
        ${others.map(
          ({ phrase_id, text, language: spoken, turns }) =>
            html`<label key=${phrase_id}>
              <input
                type="checkbox"
                checked=${!without.has(phrase_id)}
                onChange=${() => leaveOut(phrase_id)}
              />
              <span lang=${spoken}>${text}</span>
              <small>${turns > 1 ? `${language(spoken)} · ${turns}×` : language(spoken)}</small>
            </label>`,
        )}
        ${
          hidden > 0 &&
          html`<button type="button" class="link" onClick=${() => void readAll()}>
            ${t("show_others", { count: hidden })}
          </button>`
        }
      </fieldset>`
    }
  </article>`;

  async function readAll() {
    try {
      const path = `/api/learning/groups/${group.group_id}?limit=200${blind ? "&blind=1" : ""}`;
      /** @type {import("./queue.js").Phrase[]} */
      let found = [];
      /** @type {number|null} */
      let after = null;
      do {
        const page = await context.api.get(after === null ? path : `${path}&after=${after}`);
        found = [...found, ...page.phrases];
        after = page.after;
      } while (after !== null);
      setAll(found.filter(({ text }) => text !== example.text));
    } catch (problem) {
      context.toast(given.explain(problem), "bad");
    }
  }
}
