// @ts-check
/** The form for leaving a message: who leaves a number is called back, when it suits them. */

import { el, setText } from "../shared/dom.js";
import { MAX_MESSAGE_CHARS } from "../shared/protocol.js";
import { isUnderWay, lastQuestion, leaveFormShown } from "./state.js";
import { recall, remember } from "./storage.js";

/**
 * @param {HTMLElement} region
 * @param {{leave: (left: {contact: string, text: string, when: string}) => void, dismiss: () => void}} actions
 */
export function createLeaveForm(region, actions) {
  const intro = el("p");
  const labelOf = (/** @type {string} */ name) => el("label", { for: `leave-${name}` });
  const contactLabel = labelOf("contact");
  const whenLabel = labelOf("when");
  const textLabel = labelOf("text");
  const field = (/** @type {string} */ name, /** @type {"input"} */ tag, props = {}) => {
    const id = `leave-${name}`;
    const input = el(tag, { id, dataset: { testid: id }, ...props });
    input.value = recall(id) ?? "";
    input.addEventListener("input", () => remember(id, input.value));
    return input;
  };
  const contact = field("contact", "input", {
    required: true,
    // Long enough for any e-mail address (RFC 5321 allows 254 characters).
    maxlength: 254,
    pattern: ".*@.+\\..+|(.*\\d){5}.*",
    autocomplete: "email",
  });
  const when = field("when", "input", { maxlength: 100 });
  const text = field("text", /** @type {"input"} */ ("textarea"), {
    required: true,
    rows: 2,
    maxlength: MAX_MESSAGE_CHARS,
  });
  const send = el("button", { class: "primary", dataset: { testid: "leave-send" } });
  const cancel = el("button", { type: "button", class: "link" });
  const form = el(
    "form",
    { class: "panel", dataset: { testid: "leave-form" } },
    intro,
    contactLabel,
    contact,
    whenLabel,
    when,
    textLabel,
    text,
    el("div", { class: "row" }, send, cancel),
  );
  region.append(form);

  /** Whether what is typed is no address: there is somebody to be called. */
  const calls = () => /^[^@]*\d[^@]*$/.test(contact.value);
  const showWhen = () => (whenLabel.hidden = when.hidden = !calls());
  contact.addEventListener("input", showWhen);
  cancel.addEventListener("click", actions.dismiss);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [to, said] = [contact.value.trim(), text.value.trim()];
    if (to && said) actions.leave({ contact: to, text: said, when: calls() ? when.value : "" });
  });

  return {
    /** @param {import("./state.js").WidgetState} state @param {import("../shared/i18n.js").Translate} t */
    render(state, t) {
      const shown = leaveFormShown(state);
      const opens = shown && region.hidden;
      if (opens) {
        text.value ||= lastQuestion(state);
        contact.value ||= state.email;
      }
      region.hidden = !shown;
      showWhen();
      // Who asks for it by themselves knows; with nobody on duty the bar says as much.
      intro.hidden = state.leaveAsked || !state.onDuty;
      setText(intro, t(state.mayLeave ? "leave_intro_long" : "leave_intro"));
      setText(contactLabel, t("contact_label"));
      setText(whenLabel, t("when_label"));
      setText(textLabel, t("leave_text_label"));
      contact.title = t("error_bad_contact");
      setText(send, isUnderWay(state, "leave_message") ? t("sending") : t("leave_send"));
      setText(cancel, t("not_now"));
      send.disabled = isUnderWay(state, "leave_message");
      if (!opens || !state.leaveAsked) return;
      region.scrollIntoView({ block: "end" });
      (contact.value ? text : contact).focus();
    },
    /** The message was left: forget what was typed. */
    clear() {
      for (const input of [text, when]) {
        input.value = "";
        remember(input.id, null);
      }
    },
  };
}
