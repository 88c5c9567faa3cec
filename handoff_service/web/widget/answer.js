// @ts-check
/** The article an answer quotes, as a card: its title, its words, its date, the way to it. */

import { el } from "../shared/dom.js";
import { formatDate } from "../shared/i18n.js";
import { safeHref } from "../shared/links.js";
import { richText } from "../shared/richtext.js";
import { passage } from "./passage.js";

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
  return el(
    "article",
    { class: "card", dataset: { testid: "answer-card", articleId: source.article_id } },
    el("h2", {
      dir: "auto",
      lang: source.locale,
      text: source.title,
      dataset: { testid: "answer-title" },
    }),
    source.heading &&
      el("p", { class: "section small", lang: source.locale, text: source.heading }),
    source.foreign && el("p", { class: "foreign", text: inLanguage(source.locale, t) }),
    quoted(source),
    foot(source, { locale, t }),
  );
}

/** Says which language an article is in, to a reader of another.
 * @param {string|undefined} locale of the article @param {import("../shared/i18n.js").Translate} t */
export function inLanguage(locale, t) {
  return t(`article_in_${locale}`);
}

/** @param {Source} source */
function quoted({ quote, blocks, locale }) {
  const words = quote?.trim();
  if (!words) return null;
  const drawn = passage(blocks);
  return el(
    "blockquote",
    { dir: "auto", lang: locale, dataset: { testid: "answer-quote" } },
    ...(drawn.length ? drawn : richText(words)),
  );
}

/**
 * @param {Source} source
 * @param {{locale: import("../shared/i18n.js").Locale, t: import("../shared/i18n.js").Translate}} context
 */
function foot({ title, url, updated }, { locale, t }) {
  const href = url && safeHref(url, location.origin);
  return el(
    "p",
    { class: "foot" },
    href &&
      el(
        "a",
        { href, target: "_blank", rel: "noopener", dataset: { testid: "answer-link" } },
        t("read_article"),
        el("span", { class: "sr", text: ` “${title}” (${t("new_tab")})` }),
      ),
    updated &&
      el("span", {
        text: t("updated", { date: formatDate(updated, locale) }),
        dataset: { testid: "answer-date" },
      }),
  );
}
