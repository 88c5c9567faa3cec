// @ts-check
/** Intents and articles that a group may belong to, read before anybody asks for them. */

import { useEffect, useState } from "../../../vendor/preact.js";
import { languageText, topicText } from "../../../wording.js";

/**
 * @typedef {object} Choices
 * @property {{name: string, phrases: number, samples: Record<string, string|string[]>, suggested: boolean}[]} intents
 * @property {{article_id: string, title: string, locale: string, suggested: boolean}[]} articles
 */

/** Keys held down pass groups by: the choices of one are read when it stays. */
const SETTLE_MS = 150;

/** @param {import("../index.js").Given} given @param {number|null} groupId @returns {Choices|null} null while they are read */
export function useChoices({ context, explain }, groupId) {
  const [known, setKnown] = useState(
    /** @type {{groupId: number, choices: Choices}|null} */ (null),
  );
  useEffect(() => {
    if (groupId === null) return;
    let gone = false;
    const timer = setTimeout(async () => {
      try {
        const choices = await context.api.get(`/api/learning/choices?near=${groupId}`);
        if (!gone) setKnown({ groupId, choices });
      } catch (problem) {
        if (!gone) context.toast(explain(problem), "bad");
      }
    }, SETTLE_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [groupId]);
  // The choices of the one before are in another order only: better than none.
  return known?.choices ?? null;
}

/** @typedef {import("../picker.js").Option & {key: string, locale?: string}} Choice */

/**
 * @param {Choices} choices @param {{example: {language: string}}} group
 * @param {import("../../../../shared/i18n.js").Translate} t
 * @returns {Choice[]}
 */
export function intentOptions({ intents }, group, t) {
  return intents.map(({ name, samples, suggested }) => {
    const own = samples[group.example.language] ?? samples.en ?? Object.values(samples)[0] ?? "";
    const hint = Array.isArray(own) ? own.slice(0, 2).join(" · ") : own;
    return { id: name, key: name, label: topicText(name, t), hint, more: [name], suggested };
  });
}

/** @param {Choices} choices @returns {Choice[]} */
export function articleOptions({ articles }) {
  return articles.map(({ article_id, title, locale, suggested }) => ({
    id: `${locale}/${article_id}`,
    key: article_id,
    locale,
    label: title,
    hint: `${languageText(locale, (key) => key)} · ${article_id}`,
    suggested,
  }));
}
