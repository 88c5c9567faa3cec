// @ts-check
/** Which version it is, from when and by whom, in words. */

/**
 * @param {{version: number, at_ms: number, author: string, author_name: string}} version
 * @param {import("../../../shared/i18n.js").Translate} t
 * @param {import("../../../shared/i18n.js").Locale} locale
 */
export function whenOf({ version, at_ms, author, author_name }, t, locale) {
  if (version === 0) return t("version_file");
  const when = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(
    at_ms,
  );
  return t("version_by", { version, when, who: nameOf(author, author_name, t) });
}

/** @param {string} author @param {string} name @param {import("../../../shared/i18n.js").Translate} t */
export function nameOf(author, name, t) {
  if (author === "file") return t("author_file");
  return author === "operator" ? t("author_operator") : name || author;
}
