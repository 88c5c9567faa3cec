// @ts-check
/** A conversation the agent holds: transcript, reply, and the ways to end it. */

import { el, setText } from "../shared/dom.js";
import { createComposer } from "./composer.js";
import { pendingMessages } from "./state.js";
import { createTranscript } from "./transcript.js";
import { languageText, reasonText, topicText } from "./wording.js";

/**
 * @typedef {object} ConversationActions
 * @property {(id: string, text: string) => void} send
 * @property {(id: string, on: boolean) => void} typing
 * @property {(id: string, text: string) => void} draft
 * @property {(id: string) => void} handBack
 * @property {(id: string) => void} end
 * @property {(id: string) => void} finish
 * @property {() => void} toggleDetails
 * @property {(messageId: string) => void} retry
 * @property {(messageId: string) => void} discard
 */

/**
 * @param {import("./state.js").Conversation} conversation
 * @param {ConversationActions} actions
 * @param {import("./events.js").Context} context
 */
export function createConversationPane(conversation, actions, context) {
  const { t } = context;
  const id = conversation.summary.conversation_id;
  const title = el("h1");
  const sub = el("p", { class: "sub" });
  const handBack = el("button", {
    type: "button",
    class: "secondary",
    text: t("hand_back"),
    dataset: { testid: "hand-back" },
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
  const typing = el("p", {
    class: "typing",
    role: "status",
    dataset: { testid: "customer-typing" },
  });
  const composer = createComposer(
    id,
    conversation.summary.draft,
    {
      send: (text) => actions.send(id, text),
      typing: (on) => actions.typing(id, on),
      draft: (text) => actions.draft(id, text),
    },
    t,
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
  const element = el(
    "article",
    { class: "conversation", dataset: { testid: "conversation", conversationId: id } },
    el(
      "header",
      { class: "pane-head" },
      el("div", {}, title, sub),
      el("div", { class: "buttons" }, details, handBack, end),
    ),
    transcript.element,
    typing,
    wrapUp,
    composer.element,
  );

  return {
    element,
    toEnd: transcript.toEnd,
    focusComposer: composer.focus,
    /** @param {import("./state.js").DeskState} state */
    render(state) {
      const { summary } = conversation;
      element.dataset.state = summary.state;
      setText(title, summary.customer.name || topicText(summary.topic, t));
      setText(sub, [languageText(summary.language, t), reasonText(summary.reason, t)].join(" · "));
      transcript.add(conversation.events);
      transcript.showPending(pendingMessages(state, conversation), actions);
      setText(typing, conversation.customerTyping ? t("customer_typing") : "");
      const ended = summary.state === "wrap_up";
      wrapUp.hidden = !ended;
      composer.element.hidden = ended;
      handBack.hidden = end.hidden = ended;
    },
  };
}
