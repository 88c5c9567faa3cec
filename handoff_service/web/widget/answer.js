// @ts-check
/** The article an answer quotes, as a card: its title, its words, its date, the way to it. */

import { el } from "../shared/dom.js";
import { formatDate } from "../shared/i18n.js";
import { safeHref } from "../shared/links.js";
import { richText } from "../shared/richtext.js";

/** @typedef {import("../shared/protocol.js").Source} Source */

/**
 * What an answer says besides the passages it quotes; those are shown on their cards.
 * @param {string} text
 * @param {Source[]} sources
 * @returns {string}
 */
export function wordsAround(text, sources) {
  let words = text;
  for (const { quote } of sources) if (quote?.trim()) words = words.replace(quote.trim(), "");
  return words.replace(/\n{3,}/g, "\n\n").trim();
}

/**
 * @param {Source} source
 * @param {{locale: import("../shared/i18n.js").Locale, t: import("../shared/i18n.js").Translate}} context
 */
export function answerCard(source, { locale, t }) {
  const href = safeHref(source.url, location.origin);
  const quote = source.quote?.trim();
  return el(
    "article",
    { class: "card", dataset: { testid: "answer-card", articleId: source.article_id } },
    el("h2", { text: source.title, dataset: { testid: "answer-title" } }),
    quote &&
      el("blockquote", { dir: "auto", dataset: { testid: "answer-quote" } }, ...richText(quote)),
    el(
      "p",
      { class: "foot" },
      href &&
        el(
          "a",
          { href, target: "_blank", rel: "noopener", dataset: { testid: "answer-link" } },
          t("read_article"),
          el("span", { class: "sr", text: ` “${source.title}” (${t("new_tab")})` }),
        ),
      source.updated &&
        el("span", {
          text: t("updated", { date: formatDate(source.updated, locale) }),
          dataset: { testid: "answer-date" },
        }),
    ),
  );
}
