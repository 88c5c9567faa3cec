// @ts-check
/** The articles the customer was shown, offered again where nobody can come for now. */

import { el } from "../shared/dom.js";
import { safeHref } from "../shared/links.js";

/**
 * @param {{title: string, url: string}[]} articles
 * @param {import("../shared/i18n.js").Translate} t
 */
export function articlesAgain(articles, t) {
  const links = articles.flatMap(({ title, url }) => {
    const href = safeHref(url, location.origin);
    if (!href) return [];
    const newTab = el("span", { class: "sr", text: ` (${t("new_tab")})` });
    const link = { href, target: "_blank", rel: "noopener", dir: "auto" };
    return [el("li", {}, el("a", link, title, newTab))];
  });
  if (!links.length) return null;
  return el(
    "div",
    { class: "again", dataset: { testid: "articles-again" } },
    el("p", { text: t("articles_again") }),
    el("ul", {}, ...links),
  );
}
