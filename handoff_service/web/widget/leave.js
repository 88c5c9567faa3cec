// @ts-check
/** The form for leaving a message when nobody can come. */

import { el, setText } from "../shared/dom.js";
import { MAX_MESSAGE_CHARS } from "../shared/protocol.js";
import { isUnderWay, leaveFormShown } from "./state.js";
import { recall, remember } from "./storage.js";

/** Long enough for any e-mail address (RFC 5321 allows 254 characters). */
const MAX_CONTACT_CHARS = 254;

/**
 * @param {HTMLElement} region
 * @param {{leave: (contact: string, text: string) => void, dismiss: () => void}} actions
 */
export function createLeaveForm(region, actions) {
  const intro = el("p");
  const contactLabel = el("label", { for: "leave-contact" });
  const contact = el("input", {
    id: "leave-contact",
    required: true,
    maxlength: MAX_CONTACT_CHARS,
    autocomplete: "email",
    dataset: { testid: "leave-contact" },
  });
  const textLabel = el("label", { for: "leave-text" });
  const text = el("textarea", {
    id: "leave-text",
    required: true,
    rows: 2,
    maxlength: MAX_MESSAGE_CHARS,
    dataset: { testid: "leave-text" },
  });
  const send = el("button", { class: "primary", dataset: { testid: "leave-send" } });
  const cancel = el("button", { type: "button", class: "link" });
  const form = el(
    "form",
    { class: "panel", dataset: { testid: "leave-form" } },
    intro,
    contactLabel,
    contact,
    textLabel,
    text,
    el("div", { class: "row" }, send, cancel),
  );
  region.append(form);

  for (const [field, name] of /** @type {const} */ ([
    [contact, "leave.contact"],
    [text, "leave.text"],
  ])) {
    field.value = recall(name) ?? "";
    field.addEventListener("input", () => remember(name, field.value));
  }
  cancel.addEventListener("click", actions.dismiss);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!contact.value.trim() || !text.value.trim()) return;
    actions.leave(contact.value.trim(), text.value.trim());
  });

  return {
    /** @param {import("./state.js").WidgetState} state @param {import("../shared/i18n.js").Translate} t */
    render(state, t) {
      const shown = leaveFormShown(state);
      if (region.hidden && shown) text.value ||= lastWords(state);
      region.hidden = !shown;
      intro.hidden = !state.onDuty; // otherwise the bar above says as much
      setText(intro, t(state.mayLeave ? "leave_intro_long" : "leave_intro"));
      setText(contactLabel, t("contact_label"));
      setText(textLabel, t("leave_text_label"));
      setText(send, isUnderWay(state, "leave_message") ? t("sending") : t("leave_send"));
      setText(cancel, t("leave_cancel"));
      send.disabled = isUnderWay(state, "leave_message");
    },
    /** The message was left: forget what was typed. */
    clear() {
      text.value = "";
      remember("leave.text", null);
    },
  };
}

/** What the customer said last, so that they need not type it again. @param {import("./state.js").WidgetState} state */
function lastWords(state) {
  const last = state.events.findLast(
    ({ type, data }) => type === "message.posted" && data.author === "customer" && !data.payload,
  );
  return last?.data.text ?? "";
}
