// @ts-check
/** What is known of a conversation before reading it: who, what about, why, and what was tried. */

import { el } from "../shared/dom.js";
import { safeHref } from "../shared/links.js";
import { customerRows } from "./identity.js";
import { languageText, reasonText, topicText } from "./wording.js";

/** @typedef {import("../shared/protocol.js").Summary} Summary */
/** @typedef {import("../shared/i18n.js").Translate} Translate */
/**
 * @typedef {object} Reader who reads the facts
 * @property {Translate} t
 * @property {import("../shared/i18n.js").Locale} locale
 * @property {string[]} languages that they speak
 */

/**
 * @param {Summary} summary
 * @param {Reader} reader
 * @param {"offer"|"detail"} prefix of the test ids
 * @returns {HTMLElement[]}
 */
export function factSections(summary, reader, prefix) {
  const { t, languages } = reader;
  const id = (/** @type {string} */ name) => ({ testid: `${prefix}-${name}` });
  const fact = (/** @type {string} */ name, /** @type {string} */ text) => [
    el("dt", { text: t(name) }),
    el("dd", { text, dataset: id(name) }),
  ];
  const page = summary.customer.page;
  const pageHref = page?.url ? safeHref(page.url) : null;
  return [
    el(
      "dl",
      { class: "facts" },
      ...fact("language", languageText(summary.language, t)),
      !languages.includes(summary.language) &&
        el("dd", { class: "alone", text: t("language_unknown"), dataset: id("language-unknown") }),
      ...fact("topic", topicText(summary.topic, t)),
      ...fact("reason", reasonText(summary.reason, t)),
      ...customerRows(summary.customer, reader, prefix),
      ...(summary.contact
        ? fact(
            summary.callback ? "callback" : "contact",
            [summary.contact, summary.when].filter(Boolean).join(" · "),
          )
        : []),
      el("dt", { text: t("page") }),
      el(
        "dd",
        { dataset: id("page") },
        pageHref
          ? el("a", {
              href: pageHref,
              target: "_blank",
              rel: "noopener noreferrer",
              text: page?.title || pageHref,
            })
          : t("unknown"),
      ),
    ),
    summary.summary &&
      section(
        t("problem"),
        el("p", { dir: "auto", text: summary.summary, dataset: id("summary") }),
      ),
    section(t("triage"), triageList(summary, t, id("triage"))),
    section(t("tried"), triedList(summary, t, id("tried"))),
  ].filter((part) => part instanceof HTMLElement);
}

/** @param {string} title @param {HTMLElement} content */
export function section(title, content) {
  return el("section", {}, el("h2", { text: title }), content);
}

/** @param {Summary} summary @param {Translate} t @param {{testid: string}} dataset */
function triageList({ triage }, t, dataset) {
  if (!triage?.length) return el("p", { class: "none", text: t("none"), dataset });
  return el(
    "dl",
    { class: "triage", dataset },
    ...triage.flatMap(({ question, field, answer }) => [
      el("dt", { dir: "auto", text: question || field }),
      el("dd", { dir: "auto", class: answer ? "" : "none", text: answer || t("skipped") }),
    ]),
  );
}

/** @param {Summary} summary @param {Translate} t @param {{testid: string}} dataset */
function triedList({ tried }, t, dataset) {
  if (!tried?.length) return el("p", { class: "none", text: t("none"), dataset });
  return el(
    "ul",
    { class: "tried", dataset },
    ...tried.map(({ title, url, confidence }) => {
      const href = safeHref(url, location.origin);
      return el(
        "li",
        {},
        href ? el("a", { href, target: "_blank", rel: "noopener", text: title }) : title,
        typeof confidence === "number" &&
          el("span", { class: "percent", text: ` ${Math.round(confidence * 100)} %` }),
      );
    }),
  );
}
