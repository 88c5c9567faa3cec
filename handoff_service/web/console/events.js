// @ts-check
/** One event of a conversation as the agent sees it: everything the customer saw, and why. */

import { el } from "../shared/dom.js";
import { formatBytes } from "../shared/files.js";
import { formatTime } from "../shared/i18n.js";
import { safeHref } from "../shared/links.js";
import { richText } from "../shared/richtext.js";
import { noticeText } from "./happenings.js";
import { drawNote } from "./notes.js";

/** @typedef {import("../shared/protocol.js").ConversationEvent} ConversationEvent */
/** @typedef {import("../shared/i18n.js").Translate} Translate */
/** @typedef {{t: Translate, locale: import("../shared/i18n.js").Locale}} Context */

/** From these probabilities on an answer reads as sure, or as fairly sure: wrong one time in ten, or in two. */
const SURE = 0.9;
const HALF_SURE = 0.5;

/** @param {ConversationEvent} event @param {Context} context @returns {HTMLElement|null} */
export function drawEvent(event, context) {
  if (event.type === "message.posted") return message(event, context);
  if (event.type === "note.posted" || event.type === "whisper.posted")
    return drawNote(event, context);
  const text = noticeText(event, context.t);
  if (!text) return null;
  return el(
    "p",
    { class: "notice", dataset: { testid: "notice", type: event.type } },
    el("span", { dir: "auto", text }),
    timeOf(event, context),
  );
}

/** @param {import("../shared/outbox.js").Entry} entry @param {"sending"|"sent"|"failed"} delivery
 * @param {Context & {retry: () => void, discard: () => void, keep: () => void}} context `keep`: as a note */
export function drawPending(entry, delivery, { t, retry, discard, keep }) {
  const link = (/** @type {string} */ name, /** @type {() => void} */ click) =>
    el("button", {
      type: "button",
      class: "link",
      text: t(name),
      dataset: { testid: `${name}-message` },
      on: { click },
    });
  const isNote = entry.frame.type === "note";
  return el(
    "div",
    {
      class: isNote ? "message note" : "message agent",
      dataset: { testid: "message", author: "agent", delivery, messageId: entry.message_id },
    },
    entry.frame.text &&
      el(
        "div",
        { class: "bubble", dir: "auto", dataset: { testid: "message-text" } },
        ...richText(entry.frame.text),
      ),
    ...(entry.files ?? []).map(({ name, done = 0 }) =>
      el("p", { class: "file" }, el("bdi", { text: name }), ` ${Math.round(done * 100)} %`),
    ),
    el(
      "p",
      { class: "foot" },
      t(delivery),
      delivery === "failed" && why(entry, t),
      delivery === "failed" && link("retry", retry),
      delivery === "failed" && !isNote && entry.frame.text && link("keep", keep),
      (delivery === "failed" || (delivery === "sending" && entry.files)) &&
        link("discard", discard),
    ),
  );
}

/** Why the service did not take it. @param {import("../shared/outbox.js").Entry} entry @param {Translate} t */
function why({ failed }, t) {
  const text = t(`error_${failed}`);
  return text !== `error_${failed}` && el("span", { text, dataset: { testid: "why-failed" } });
}

/** @param {ConversationEvent} event @param {Context} context */
function message(event, context) {
  const { author, text, sources = [], buttons = [], message_id, payload } = event.data;
  const { attachments = [] } = event.data;
  const delivery = author === "agent" ? { delivery: "sent" } : {};
  return el(
    "div",
    {
      class: `message ${author}`,
      tabindex: -1,
      dataset: { testid: "message", author, seq: event.seq, messageId: message_id, ...delivery },
    },
    el(
      "p",
      { class: "head" },
      el("strong", { text: nameOf(event, context.t) }),
      timeOf(event, context),
      author !== "agent" && flag(author, context.t),
    ),
    (text || !attachments.length) &&
      el(
        "div",
        {
          class: payload ? "bubble clicked" : "bubble",
          dir: "auto",
          dataset: { testid: "message-text" },
        },
        ...richText(text || "—"),
      ),
    ...attachments.map((/** @type {any} */ file) => attachment(file, context)),
    sources.length > 0 &&
      el(
        "ul",
        { class: "sources" },
        ...sources.map((/** @type {any} */ source) => sourceItem(source, text, context.t)),
      ),
    author === "bot" && botFoot(event, context.t),
    buttons.length > 0 &&
      el("p", {
        class: "offered",
        text: `${context.t("offered_choices")} ${buttons.map((/** @type {any} */ b) => b.title).join(" · ")}`,
      }),
  );
}

/** The cookie opens the address, so it can stand in the page.
 * @param {import("../shared/files.js").Attachment} file @param {Context} context */
function attachment({ id, name, bytes, width, height }, { locale }) {
  const href = `/api/attachments/${encodeURIComponent(id)}`;
  const size = formatBytes(bytes, locale);
  return el(
    "a",
    {
      class: "file",
      href,
      target: "_blank",
      rel: "noopener",
      title: `${name} · ${size}`,
      dataset: { testid: "attachment", id },
    },
    width
      ? el("img", { src: `${href}?thumb=1`, alt: name, width, height, loading: "lazy" })
      : el("bdi", { text: `${name} · ${size}` }),
  );
}

/** @param {import("../shared/protocol.js").Source} source @param {string} text of the answer
 * @param {Translate} t */
function sourceItem(source, text, t) {
  const href = safeHref(source.url, location.origin);
  return el(
    "li",
    { dataset: { testid: "message-source" } },
    href ? el("a", { href, target: "_blank", rel: "noopener", text: source.title }) : source.title,
    source.quote &&
      !text?.includes(source.quote.trim()) &&
      el("details", {}, el("summary", { text: t("passage") }), ...richText(source.quote)),
  );
}

/** To mark a turn, also by hand. @param {string} author @param {Translate} t */
function flag(author, t) {
  const label = t(author === "bot" ? "key_mark_wrong" : "key_mark_missing");
  return el("button", {
    type: "button",
    class: "flag",
    text: "⚑",
    title: label,
    "aria-label": label,
    dataset: { testid: "flag" },
  });
}

/** What kind of answer it was, how sure the bot was, and what it took the question for.
 * @param {ConversationEvent} event @param {Translate} t */
function botFoot({ data: { kind, confidence, intent, index_version } }, t) {
  const sure = typeof confidence === "number";
  const known = kind && t(`kind_${kind}`) !== `kind_${kind}`;
  if (!sure && !intent && !known) return null;
  return el(
    "p",
    { class: "foot", title: index_version && `${t("index")} ${index_version}` },
    known && el("span", { text: t(`kind_${kind}`), dataset: { testid: "message-kind" } }),
    sure &&
      el("span", {
        dataset: { testid: "message-confidence" },
        title: t("confidence", { percent: Math.round(confidence * 100) }),
        text: t(`sure_${confidence >= SURE ? "high" : confidence >= HALF_SURE ? "middle" : "low"}`),
      }),
    intent && el("span", { text: intent }),
  );
}

/** @param {ConversationEvent} event @param {Translate} t */
function nameOf(event, t) {
  if (event.data.author === "customer") return t("customer");
  if (event.data.author === "bot") return t("bot");
  return event.data.author_name || t("agent");
}

/** @param {ConversationEvent} event @param {Context} context */
function timeOf(event, { locale }) {
  return el("time", {
    datetime: new Date(event.at_ms).toISOString(),
    text: formatTime(event.at_ms, locale),
  });
}
