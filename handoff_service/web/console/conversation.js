// @ts-check
/** A conversation the agent holds: transcript, reply, and the ways to end it. */

import { el, setText } from "../shared/dom.js";
import { createCompany } from "./company.js";
import { createComposer } from "./composer.js";
import * as lazy from "./lazy.js";
import { lastOfMine } from "./mine.js";
import { createSorting } from "./sorting.js";
import { pendingMessages } from "./state.js";
import { createTranscript } from "./transcript.js";
import { languageText, reasonText, topicText } from "./wording.js";

/**
 * @typedef {object} ConversationActions
 * @property {(id: string, text: string, files?: import("../shared/files.js").Picked[], messageId?: string,
 *   used?: import("./writing/index.js").Used) => void} send
 * @property {() => void} refuseFile
 * @property {(id: string, on: boolean) => void} typing
 * @property {(id: string, text: string) => void} draft
 * @property {(id: string) => void} handBack
 * @property {(id: string) => void} transfer
 * @property {(id: string) => void} park
 * @property {(id: string) => void} end
 * @property {(id: string) => void} finish
 * @property {() => void} toggleDetails
 * @property {(messageId: string) => void} retry
 * @property {(messageId: string) => void} discard
 * @property {(messageId: string) => void} keepAsNote
 * @property {(id: string, text: string, mentions: string[]) => void} note
 * @property {(id: string, of: string, text: string) => void} edit
 * @property {(id: string, add: string[], remove: string[]) => void} tag
 * @property {(id: string, priority: number) => void} prioritize
 * @property {(id: string, more?: {writing?: boolean}) => void} view
 */

/**
 * @param {import("./state.js").Conversation} conversation
 * @param {ConversationActions} actions
 * @param {import("./pane.js").PaneContext} context
 */
export function createConversationPane(conversation, actions, context) {
  const { t, agent } = context;
  let clockOffsetMs = 0;
  const id = conversation.summary.conversation_id;
  const element = el("article", {
    class: "conversation",
    dataset: { testid: "conversation", conversationId: id },
  });
  const title = el("h1");
  const sub = el("p", { class: "sub" });
  const handBack = el("button", {
    type: "button",
    class: "secondary",
    text: t("hand_back"),
    dataset: { testid: "hand-back" },
  });
  const transfer = el("button", {
    type: "button",
    class: "secondary",
    text: t("transfer"),
    dataset: { testid: "transfer" },
    on: { click: () => actions.transfer(id) },
  });
  const park = el("button", {
    type: "button",
    class: "secondary",
    text: t("park"),
    dataset: { testid: "park" },
    on: { click: () => actions.park(id) },
  });
  const end = el("button", {
    type: "button",
    class: "secondary",
    text: t("end"),
    dataset: { testid: "close-conversation" },
  });
  const details = el("button", {
    type: "button",
    class: "secondary details-toggle",
    text: t("details"),
    dataset: { testid: "details-toggle" },
    on: { click: actions.toggleDetails },
  });
  handBack.addEventListener("click", () => actions.handBack(id));
  end.addEventListener("click", () => actions.end(id));
  const transcript = createTranscript(context);
  const sorting = createSorting(id, actions, context);
  const company = createCompany(id, context);
  const typing = el("p", {
    class: "typing",
    role: "status",
    dataset: { testid: "customer-typing" },
  });
  const composer = createComposer(
    id,
    conversation.summary.draft,
    {
      send: (text, files) => actions.send(id, text, files, undefined, writing?.take()),
      refuseFile: actions.refuseFile,
      zone: element,
      note: (text, mentions) => actions.note(id, text, mentions),
      edit: (of, text) => actions.edit(id, of, text),
      last: () => lastOfMine(conversation, agent.agent_id, clockOffsetMs),
      typing(on, mode) {
        actions.view(id, { writing: on });
        if (mode === "reply") actions.typing(id, on);
      },
      draft: (text) => actions.draft(id, text),
    },
    context,
  );
  const finish = el("button", {
    type: "button",
    class: "primary",
    text: t("done"),
    dataset: { testid: "done" },
  });
  finish.addEventListener("click", () => actions.finish(id));
  const wrapUp = el(
    "div",
    { class: "wrap-up", dataset: { testid: "wrap-up-bar" } },
    el("p", { text: t("wrap_up_text") }),
    finish,
  );
  element.append(
    el(
      "header",
      { class: "pane-head" },
      el("div", {}, title, sub),
      el("div", { class: "buttons" }, details, transfer, park, handBack, end),
    ),
    sorting.element,
    transcript.element,
    company.element,
    typing,
    wrapUp,
    composer.element,
  );
  /** Help with writing; there a moment later, and nobody waits for it.
   * @type {import("./writing/index.js").Writing|undefined} */
  let writing;
  let asked = false;
  help();

  return {
    element,
    toEnd: transcript.toEnd,
    focusComposer: composer.focus,
    writeNote: composer.note,
    close: company.close,
    /** @param {import("./state.js").DeskState} state */
    render(state) {
      const { summary } = conversation;
      element.dataset.state = summary.state;
      setText(title, summary.customer.name || topicText(summary.topic, t));
      setText(sub, [languageText(summary.language, t), reasonText(summary.reason, t)].join(" · "));
      transcript.add(conversation.events);
      transcript.showPending(pendingMessages(state, conversation), actions);
      transcript.showRead(conversation.seenSeq);
      sorting.render(summary);
      composer.follow(summary.draft);
      clockOffsetMs = state.clockOffsetMs;
      setText(typing, conversation.customerTyping ? t("customer_typing") : "");
      const ended = summary.state === "wrap_up";
      wrapUp.hidden = !ended;
      composer.element.hidden = ended;
      composer.allow(state.attachments);
      if (writing) writing.render();
      else if (state.connection === "online") help();
      for (const button of [transfer, park, handBack, end]) button.hidden = ended;
    },
  };

  function help() {
    if (asked) return;
    asked = true;
    lazy
      .writing()
      .then(({ createWriting }) =>
        createWriting(
          conversation,
          { zone: element, composer: composer.element, input: composer.input },
          (text, messageId, used) => actions.send(id, text, undefined, messageId, used),
          context,
        ),
      )
      .then(
        (made) => (writing = made),
        () => (asked = false), // the service was away: asked for again when it is back
      );
  }
}
