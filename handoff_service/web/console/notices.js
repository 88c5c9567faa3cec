// @ts-check
/** Known problems: what customers are told of now, and the form that tells them of another one. */

import { el } from "../shared/dom.js";
import { formatMoment, LANGUAGE_NAMES, LOCALES } from "../shared/i18n.js";
import { richText } from "../shared/richtext.js";
import { ApiError, listNotices, publishNotice, withdrawNotice } from "./api.js";
import { openDialog } from "./dialog.js";

/** @typedef {import("../shared/i18n.js").Translate} Translate */
/** @typedef {import("../shared/i18n.js").Locale} Locale */
/** @typedef {import("./api.js").PublishedNotice} PublishedNotice */

const HOUR_MS = 3_600_000;
/** Times for which a notice may be shown, hours; 0: until it is withdrawn. */
const LASTS = [0, 1, 4, 24, 72];
/** Longest title and text, characters, as the service has them. */
const TITLE_CHARS = 120;
const TEXT_CHARS = 1000;

/**
 * @param {{t: Translate, locale: Locale, csrfToken: string, questions?: string[]}} context
 *   `questions`: what the next notice is about
 */
export function showNotices({ t, locale, csrfToken, questions = [] }) {
  const list = el("ul", { class: "notices", dataset: { testid: "notice-list" } });
  const fault = el("p", { class: "fault", role: "alert", dataset: { testid: "notice-fault" } });
  const form = noticeForm(t, locale, questions);
  const publish = button(t("notice_publish"), "primary", "notice-publish");
  const close = button(t("close"), "secondary", "dialog-close");
  const dialog = openDialog(
    t("notices"),
    "notices",
    [
      el("p", { text: t("notices_intro") }),
      list,
      el("h3", { text: t("notice_new") }),
      form.element,
      fault,
    ],
    [close, publish],
  );
  publish.addEventListener("click", () =>
    attempt(async () => {
      await publishNotice(form.read(), csrfToken);
      form.clear();
    }),
  );
  void attempt(async () => {});
  return dialog;

  /** Do something, then show what stands. @param {() => Promise<void>} work */
  async function attempt(work) {
    publish.disabled = true;
    fault.textContent = "";
    try {
      await work();
      draw(await listNotices());
    } catch (error) {
      const refused = error instanceof ApiError && error.code === "notice_invalid";
      fault.textContent = t(refused ? "notice_invalid" : "error_other");
    }
    publish.disabled = false;
  }

  /** @param {PublishedNotice[]} notices */
  function draw(notices) {
    const present = notices.filter(isOpen);
    list.replaceChildren(
      ...present.map((notice) => row(notice)),
      ...(present.length ? [] : [el("li", { class: "none", text: t("notices_none") })]),
    );
  }

  /** @param {PublishedNotice} notice */
  function row(notice) {
    const [said = { title: "", text: "" }] = [locale, ...Object.keys(notice.texts)].flatMap(
      (name) => notice.texts[name] ?? [],
    );
    const ends =
      notice.until_ms && t("notice_ends", { when: formatMoment(notice.until_ms, locale) });
    const take = button(t("notice_withdraw"), "secondary", "notice-withdraw");
    take.setAttribute("aria-label", `${t("notice_withdraw")}: ${said.title}`);
    take.addEventListener("click", () =>
      attempt(() => withdrawNotice(notice.id, csrfToken).then(() => publish.focus())),
    );
    return el(
      "li",
      { dataset: { testid: "notice-row" } },
      el(
        "div",
        {},
        el("strong", { dir: "auto", text: said.title }),
        el("p", { dir: "auto", text: said.text }),
        el("p", {
          class: "meta",
          text: [t("notice_since", { when: formatMoment(notice.from_ms, locale) }), ends]
            .filter(Boolean)
            .join(" · "),
        }),
      ),
      take,
    );
  }
}

/** @param {PublishedNotice} notice */
function isOpen({ withdrawn_ms, until_ms }) {
  return withdrawn_ms === null && (until_ms === null || until_ms > Date.now());
}

/** @param {Translate} t @param {Locale} locale @param {string[]} about questions to begin with */
function noticeForm(t, locale, about) {
  const fields = LOCALES.map((name) => languageFields(name, t));
  const questions = el("textarea", {
    id: "notice-questions",
    rows: 2,
    dataset: { testid: "notice-questions" },
  });
  questions.value = about.join("\n");
  const link = el("input", { id: "notice-link", dataset: { testid: "notice-link" } });
  const lasts = el(
    "select",
    { id: "notice-lasts", dataset: { testid: "notice-lasts" } },
    ...LASTS.map((hours) =>
      el("option", {
        value: hours,
        text: hours ? t("notice_hours", { count: hours }) : t("notice_until_withdrawn"),
      }),
    ),
  );
  const preview = el("div", { class: "preview", dataset: { testid: "notice-preview" } });
  const element = el(
    "div",
    { class: "notice-form" },
    ...fields.map(({ element }) => element),
    labelled(t("notice_questions"), questions),
    labelled(t("notice_link"), link),
    labelled(t("notice_lasts"), lasts),
    el("h3", { text: t("notice_preview") }),
    preview,
  );
  for (const { element, name } of fields) element.open = name === locale;
  element.addEventListener("input", draw);
  draw();

  return {
    element,
    /** @returns {import("./api.js").NewNotice} */
    read() {
      const hours = Number(lasts.value);
      return {
        texts: Object.fromEntries(fields.map(({ name, read }) => [name, read()])),
        questions: questions.value.split("\n").filter((line) => line.trim()),
        url: link.value,
        until_ms: hours ? Date.now() + hours * HOUR_MS : undefined,
      };
    },
    clear() {
      for (const { clear } of fields) clear();
      questions.value = link.value = "";
      draw();
    },
  };

  /** Show what customers will read, in each language that has words. */
  function draw() {
    preview.replaceChildren(
      ...fields.flatMap(({ name, read }) => {
        const { title, text } = read();
        if (!title && !text) return [];
        return el(
          "div",
          { lang: name, dir: "auto" },
          el("strong", { text: title }),
          ...richText(text),
        );
      }),
    );
  }
}

/** @param {Locale} name @param {Translate} t */
function languageFields(name, t) {
  const title = el("input", {
    id: `notice-title-${name}`,
    maxlength: TITLE_CHARS,
    lang: name,
    dataset: { testid: `notice-title-${name}` },
  });
  const text = el("textarea", {
    id: `notice-text-${name}`,
    rows: 3,
    maxlength: TEXT_CHARS,
    lang: name,
    dataset: { testid: `notice-text-${name}` },
  });
  return {
    name,
    element: el(
      "details",
      {},
      el("summary", {
        lang: name,
        text: LANGUAGE_NAMES[name],
        dataset: { testid: `notice-language-${name}` },
      }),
      labelled(t("notice_title"), title),
      labelled(t("notice_text"), text),
    ),
    read: () => ({ title: title.value.trim(), text: text.value.trim() }),
    clear: () => {
      title.value = text.value = "";
    },
  };
}

/** @param {string} words @param {HTMLElement} field */
function labelled(words, field) {
  return el("div", {}, el("label", { for: field.id, text: words }), field);
}

/** @param {string} text @param {string} look @param {string} testid */
function button(text, look, testid) {
  return el("button", { type: "button", class: look, text, dataset: { testid } });
}
