// @ts-check
/** What belongs to the customer: a copy of the conversation, as a file or by e-mail, and its end. */

import { el, setText } from "../shared/dom.js";

/** @typedef {import("./state.js").WidgetState} WidgetState */

const TRANSCRIPT = "transcript?format=html";

/**
 * @param {HTMLElement} region
 * @param {WidgetState} state
 * @param {{token: () => Promise<string>, change: (part: Partial<WidgetState>) => void, gone: (conversationId: string|null) => void, done: () => void}} actions
 *   `token` opens the customer's own things; `gone`: it is deleted with all else; `done`: the panel is closed
 */
export function createMyData(region, state, { token, change, gone, done }) {
  const sure = el("p");
  const label = el("label", { for: "copy-email" });
  const email = el("input", {
    id: "copy-email",
    type: "email",
    required: true,
    dataset: { testid: "copy-email" },
  });
  const go = el("button", { class: "primary", dataset: { testid: "data-go" } });
  const no = el("button", { type: "button", class: "link", dataset: { testid: "data-no" } });
  const form = el(
    "form",
    { class: "panel", dataset: { testid: "data-form" } },
    sure,
    label,
    email,
    el("div", { class: "row" }, go, no),
  );
  region.append(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void (email.disabled ? erase() : mail());
  });
  no.addEventListener("click", close);

  /** @param {boolean} mails whether for an address, else whether to delete everything */
  function ask(mails) {
    email.disabled = !mails;
    email.value ||= state.email;
    region.hidden = false;
    change({ alert: null });
    region.scrollIntoView({ block: "end" });
    (mails ? email : no).focus();
  }

  /** @returns {boolean} whether it was open */
  function close() {
    if (region.hidden) return false;
    region.hidden = true;
    done();
    return true;
  }

  /** Ask the service for something of the customer's; say so where it is refused.
   * @param {string} path @param {object} [body] */
  async function ours(path, body) {
    try {
      const answer = await fetch(`/api/customer/${path}`, {
        method: body ? "POST" : "GET",
        body: body && JSON.stringify(body),
        headers: { Authorization: `Bearer ${await token()}` },
      });
      if (answer.ok) return answer;
      change({ alert: answer.status === 400 ? "error_bad_contact" : "error_not_allowed" });
    } catch {
      change({ alert: "error_unavailable" });
    }
    return null;
  }

  async function save() {
    const answer = await ours(TRANSCRIPT);
    if (!answer) return;
    const href = URL.createObjectURL(await answer.blob());
    el("a", { href, download: "conversation.html" }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  }

  async function mail() {
    if (await ours("transcript/mail", { email: email.value })) finish("mailed");
  }

  async function erase() {
    const { conversationId } = state;
    if (!(await ours("erase", {}))) return;
    gone(conversationId);
    finish("erased");
  }

  /** @param {string} alert what came of it */
  function finish(alert) {
    close();
    change({ alert });
  }

  const begun = () => state.events.some(({ type }) => type === "message.posted");
  return {
    /** @type {import("./menu.js").MenuItem[]} */
    items: [
      { id: "save", label: (t) => t("save_talk"), shown: begun, run: save },
      {
        id: "mail",
        label: (t) => t("mail_talk"),
        shown: () => state.mail && begun(),
        run: () => ask(true),
      },
      { id: "erase", label: (t) => t("erase"), shown: begun, run: () => ask(false) },
    ],
    close,
    /** @param {WidgetState} _state @param {import("../shared/i18n.js").Translate} t */
    render(_state, t) {
      const mails = !email.disabled;
      sure.hidden = mails;
      label.hidden = email.hidden = !mails;
      setText(sure, t("erase_sure"));
      setText(label, t("email_label"));
      setText(go, t(mails ? "send" : "erase"));
      setText(no, t("not_now"));
    },
  };
}
