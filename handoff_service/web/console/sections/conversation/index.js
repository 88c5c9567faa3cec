// @ts-check
/** One conversation, to read: whoever has it, and also when it is long over. */

import { el, setText } from "../../../shared/dom.js";
import { createTranslate, loadMessages } from "../../../shared/i18n.js";
import { ApiError } from "../../api.js";
import { createCompany } from "../../company.js";
import { createComposer } from "../../composer.js";
import { createDetails } from "../../details.js";
import { hashOf, HOME } from "../../router.js";
import { maySupervise } from "../../roles.js";
import { createSorting } from "../../sorting.js";
import { createTranscript } from "../../transcript.js";
import { reasonText, topicText } from "../../wording.js";
import { watchCalmly } from "../inbox/watching.js";

/** @typedef {import("../../context.js").SectionContext} SectionContext */
/** @typedef {import("../../../shared/protocol.js").ConversationEvent} ConversationEvent */
/** @typedef {import("../../../shared/protocol.js").Summary & {agent_id?: string|null, agent_name?: string|null}} Summary */

/** States in which a supervisor may step in. */
const OPEN = new Set(["waiting", "offered", "assigned", "parked", "message_left"]);
/** A conversation is looked at again so soon after it changed. */
const SOON_MS = 300;

/** @param {HTMLElement} region @param {SectionContext} context */
export async function open(region, context) {
  const { agent, acts } = context;
  const id = context.route.rest[0] ?? "";
  const path = `/api/conversations/${encodeURIComponent(id)}`;
  const t = createTranslate(await loadMessages("inbox", context.locale), context.locale);
  const button = (/** @type {string} */ name, /** @type {() => void} */ click) =>
    el("button", {
      type: "button",
      class: "secondary",
      text: context.t(name),
      dataset: { testid: `read-${name}` },
      on: { click },
    });
  const title = el("h1");
  const state = el("p", { class: "sub", role: "status", dataset: { testid: "read-state" } });
  const takeOver = button("take_over", () => acts.takeOver(id));
  const whisper = button("whisper", () => acts.whisper(id));
  const resume = button("resume", () => acts.resume(id));
  const facts = el("aside", { class: "facts-column" });
  const reader = { t: context.t, locale: context.locale, languages: agent.languages };
  const details = createDetails(facts, reader);
  const transcript = createTranscript({ ...context, mark: acts.mark });
  const sorting = createSorting(id, acts, context);
  const company = createCompany(id, context);
  const composer = createComposer(
    id,
    null,
    {
      note: (text, mentions) => acts.note(id, text, mentions),
      typing: (on) => acts.view(id, { writing: on }),
      zone: region,
    },
    context,
  );
  let lastSeq = 0;
  /** @type {ReturnType<typeof watchCalmly>|null} */
  let stop = null;
  region.classList.add("reading");
  region.append(
    el(
      "header",
      { class: "pane-head" },
      el("div", {}, backLink(), title, state),
      el("div", { class: "buttons" }, resume, whisper, takeOver),
    ),
    sorting.element,
    transcript.element,
    company.element,
    composer.element,
    facts,
  );
  region.dataset.conversationId = id;
  composer.allow(null);
  const stops = [
    company.close,
    context.live.on("event", ({ event }) => {
      if (event.conversation_id === id && event.seq === lastSeq + 1) add([event]);
    }),
    context.live.on("welcome", view),
  ];
  try {
    await look();
  } catch (problem) {
    if (!(problem instanceof ApiError && problem.status === 404)) throw problem;
    region.replaceChildren(
      backLink(),
      el("p", {
        class: "empty",
        role: "alert",
        text: t("not_there"),
        dataset: { testid: "not-there" },
      }),
    );
    stops.forEach((stop) => stop());
    return { close() {} };
  }
  transcript.toEnd();
  view();
  stop = watchCalmly(
    context.live,
    (ids) => {
      if (!ids || ids.includes(id)) void look().catch(() => {}); // the next change asks again
    },
    SOON_MS,
  );

  return {
    close() {
      stop?.();
      stops.forEach((each) => each());
      acts.view(null);
      delete region.dataset.conversationId;
    },
    focus: () =>
      /** @type {HTMLElement|null} */ (transcript.element.querySelector("[role=log]"))?.focus(),
    keys: {
      b: { label: t("back"), run: () => history.back() },
      n: { label: context.t("key_note"), run: composer.note },
    },
  };

  async function look() {
    const { summary, events } = await context.api.get(`${path}?after=${lastSeq}`);
    add(events.filter((/** @type {ConversationEvent} */ { seq }) => seq > lastSeq));
    draw(summary);
  }

  /** @param {ConversationEvent[]} events */
  function add(events) {
    transcript.add(events);
    lastSeq = events.at(-1)?.seq ?? lastSeq;
  }

  /** Colleagues see who reads here; what happens is told from now on. */
  function view() {
    acts.view(id, { last_seq: lastSeq });
  }

  /** @param {Summary} summary */
  function draw(summary) {
    const mine = summary.agent_id === agent.agent_id;
    if (mine && ["assigned", "wrap_up"].includes(summary.state)) {
      // It has become theirs: there they can write, too.
      return context.go(hashOf(HOME, id));
    }
    setText(title, summary.customer.name || topicText(summary.topic, context.t));
    setText(state, [reasonText(summary.reason, context.t), stateText(summary)].join(" · "));
    const steps = maySupervise(agent.role) && OPEN.has(summary.state);
    takeOver.hidden = !steps;
    whisper.hidden = !(steps && summary.state === "assigned");
    resume.hidden = !(summary.state === "parked" && mine);
    sorting.render(summary);
    transcript.showRead(summary.seen_seq ?? 0);
    details.render(/** @type {import("../../state.js").Conversation} */ ({ summary }));
  }

  /** @param {Summary} summary */
  function stateText({ state: name, agent_name }) {
    if (name === "bot") return t("reading_bot");
    if (["waiting", "offered", "message_left"].includes(name)) return t("reading_waits");
    if (["assigned", "wrap_up", "parked"].includes(name) && agent_name)
      return t("reading", { name: agent_name });
    return t("reading_nobody");
  }

  function backLink() {
    return el("button", {
      type: "button",
      class: "link",
      text: t("back"),
      dataset: { testid: "read-back" },
      on: { click: () => history.back() },
    });
  }
}
