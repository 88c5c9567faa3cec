// @ts-check
/** What helps an agent to write: canned replies, macros, suggested passages. Loaded with the first conversation. */

import { createTranslate, loadMessages } from "../../shared/i18n.js";
import { MAX_MESSAGE_CHARS } from "../../shared/protocol.js";
import { request } from "../api.js";
import { loadStyle } from "../style.js";
import { createCanned } from "./canned.js";
import { askMacro } from "./macros.js";
import { createSuggestions } from "./suggestions.js";
import { quotation } from "./text.js";

/** @typedef {import("../state.js").Conversation} Conversation */
/** @typedef {import("./canned.js").Shelf} Shelf */
/** @typedef {{canned_id?: string, macro_id?: string, passage?: string}} Used what a message was written with */
/** @typedef {Awaited<ReturnType<typeof createWriting>>} Writing */

/** Replies are read anew after so long (ms): others may have changed them. */
const KEPT_MS = 30_000;

/** What is on the screen at the moment. @type {{writing: Writing, macros: () => Promise<Shelf>}|null} */
let shown = null;
/** Keys and commands stand once for each page. @type {WeakSet<object>} */
const registered = new WeakSet();
/** @type {Promise<import("../../shared/i18n.js").Messages>|undefined} */
let messages;

/**
 * @param {Conversation} conversation
 * @param {{zone: HTMLElement, composer: HTMLElement, input: HTMLTextAreaElement}} places
 * @param {(text: string, messageId: string, used: Used) => void} say
 * @param {import("../pane.js").PaneContext} context
 */
export async function createWriting(conversation, { zone, composer, input }, say, context) {
  const { locale, api, toast, live } = context;
  void loadStyle("/console/writing/writing.css");
  messages ??= loadMessages("replies", locale).catch((problem) => {
    messages = undefined; // not for ever: the next one asks again
    throw problem;
  });
  const t = createTranslate(await messages, locale);
  const id = conversation.summary.conversation_id;
  /** @type {Used} */
  let used = {};
  /** @type {{shelf: Promise<Shelf>, language: string, untilMs: number}|null} */
  let kept = null;

  const canned = createCanned(input, {
    zone,
    read,
    run,
    t,
    tell: (text) => toast(text, "bad"),
    used: ({ reply_id, own }) => (used.canned_id = own ? `own:${reply_id}` : reply_id),
  });
  const suggestions = createSuggestions({
    id,
    api,
    read: (path, signal) => request("GET", path, { signal }),
    insert(passage) {
      canned.put(quotation(passage, MAX_MESSAGE_CHARS));
      used.passage = passage.article_id;
    },
    toast,
    t,
  });
  composer.before(suggestions.element, ...canned.elements);
  input.addEventListener("input", () => {
    if (!input.value.trim()) used = {};
  });
  // What went out as a note takes nothing with it into the next message.
  zone.addEventListener("submit", () => (used = {}));

  const writing = {
    /** What the message that goes out now was written with. @returns {Used} */
    take() {
      const taken = used;
      used = {};
      return taken;
    },
    render() {
      const ended = conversation.summary.state === "wrap_up";
      suggestions.about(ended ? 0 : lastQuestion(conversation));
    },
    openSuggestions: suggestions.open,
    /** @param {import("./canned.js").Macro} macro */
    run: (macro) => void run(macro),
    isShown: () => zone.isConnected && !composer.hidden,
  };
  shown = { writing, macros: read };
  register(context, t);
  writing.render();
  return writing;

  /** @returns {Promise<Shelf>} */
  function read() {
    const { language } = conversation.summary;
    if (kept && kept.language === language && Date.now() < kept.untilMs) return kept.shelf;
    const shelf = api.get(`/api/replies?conversation_id=${encodeURIComponent(id)}`).catch(() => {
      kept = null;
      return { replies: [], macros: [] };
    });
    kept = { shelf, language, untilMs: Date.now() + KEPT_MS };
    return shelf;
  }

  /** @param {import("./canned.js").Macro} macro */
  async function run(macro) {
    const { replies } = await read();
    askMacro(macro, replies, {
      id,
      epoch: () =>
        conversation.summary.state === "assigned" ? conversation.summary.epoch : undefined,
      say,
      live,
      toast,
      t,
      words: context.t,
    });
  }
}

/** @param {import("../pane.js").PaneContext} context @param {import("../../shared/i18n.js").Translate} t */
function register({ keys, commands }, t) {
  if (registered.has(keys)) return;
  registered.add(keys);
  const current = () => (shown?.writing.isShown() ? shown : null);
  keys.add(t("writing"), {
    s: {
      label: t("key_suggestions"),
      when: () => current() !== null,
      run: () => current()?.writing.openSuggestions(),
    },
  });
  commands.add(async () => {
    const now = current();
    if (!now) return [];
    const { macros } = await now.macros();
    return macros.map((macro) => ({
      id: `macro ${macro.macro_id}`,
      label: t("macro_command", { title: macro.title }),
      hint: macro.acts.map(({ do: act }) => t(`act_${act}`)).join(" → "),
      run: () => now.writing.run(macro),
    }));
  });
}

/** @param {Conversation} conversation @returns {number} of the last message of the customer with words */
function lastQuestion({ events }) {
  const asked = events.findLast(
    ({ type, data }) =>
      type === "message.posted" && data.author === "customer" && data.text && !data.payload,
  );
  return asked?.seq ?? 0;
}
