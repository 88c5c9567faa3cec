// @ts-check
/** What the agent wrote in a conversation that went on without them: not sent, not lost; a note, or nothing. */

import { el } from "../shared/dom.js";

/**
 * @param {HTMLElement} region
 * @param {{keepAsNote: (messageId: string) => void, discard: (messageId: string) => void}} actions
 * @param {import("../shared/i18n.js").Translate} t
 */
export function createUnsent(region, actions, t) {
  let shown = "";
  region.dataset.testid = "unsent";
  region.setAttribute("role", "status");
  region.setAttribute("aria-label", t("unsent"));

  return {
    /** @param {import("./state.js").DeskState} state */
    render({ outbox, conversations }) {
      const left = outbox.filter(
        ({ failed, frame }) =>
          failed &&
          ["message", "note"].includes(frame.type) &&
          !conversations.has(frame.conversation_id),
      );
      const signature = left.map(({ message_id, failed }) => `${message_id} ${failed}`).join();
      region.hidden = left.length === 0;
      if (signature === shown) return;
      shown = signature;
      region.replaceChildren(...left.map(row));
    },
  };

  /** @param {import("../shared/outbox.js").Entry} entry */
  function row({ message_id, failed, frame }) {
    const reason = t(`error_${failed}`);
    return el(
      "div",
      { dataset: { testid: "unsent-item" } },
      el(
        "p",
        {},
        el("strong", { text: `${t("unsent")}: ` }),
        reason === `error_${failed}` ? t("error_other") : reason,
        el("q", { dir: "auto", text: frame.text }),
      ),
      frame.type === "message" &&
        frame.text &&
        button("keep", "primary", () => actions.keepAsNote(message_id)),
      button("discard", "secondary", () => actions.discard(message_id)),
    );
  }

  /** @param {string} name @param {string} look @param {() => void} click */
  function button(name, look, click) {
    return el("button", {
      type: "button",
      class: look,
      text: t(name),
      dataset: { testid: `unsent-${name}` },
      on: { click },
    });
  }
}
