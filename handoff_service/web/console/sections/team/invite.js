// @ts-check
/** Inviting somebody, and the link by which they join. */

import { explain } from "../../entry/words.js";
import { html, useState } from "../../vendor/preact.js";
import { AccountFields, bodyOf } from "./form.js";

/** @type {import("./form.js").Fields} */
const EMPTY = {
  login: "",
  name: "",
  email: "",
  role: "agent",
  languages: [],
  capacity: 4,
  skills: "",
  teams: "",
};

/** @typedef {{link: string, expires_ms: number, sent: boolean, problem: string, account: import("./people.js").Account}} Made */

/** @param {import("./people.js").Given & {invited: () => void}} props */
export function Invite({ t, context, invited }) {
  const [fields, setFields] = useState(EMPTY);
  const [problem, setProblem] = useState("");
  const [made, setMade] = useState(/** @type {Made|null} */ (null));

  return html`<section class="people-card" data-testid="invite">
    <h2>${t("invite_title")}</h2>
    ${made && html`<${Link} made=${made} t=${t} context=${context} />`}
    <form onSubmit=${send}>
      <${AccountFields} fields=${fields} change=${setFields} t=${t} all fresh />
      ${problem && html`<p class="error" role="alert">${problem}</p>`}
      <button class="primary" data-testid="invite-send">${t("invite_send")}</button>
    </form>
  </section>`;

  /** @param {Event} event */
  async function send(event) {
    event.preventDefault();
    setProblem("");
    try {
      setMade(await context.api.post("/api/accounts", bodyOf(fields)));
      setFields(EMPTY);
      invited();
    } catch (error) {
      setProblem(explain(error, t));
    }
  }
}

/** @param {{made: Made, t: import("./people.js").Given["t"], context: import("./people.js").Given["context"]}} props */
export function Link({ made, t, context }) {
  const day = new Intl.DateTimeFormat(context.locale, { dateStyle: "long" });
  return html`<div class="people-card" role="status" data-testid="link-made">
    <p>
      ${t(made.sent ? "link_sent" : `link_${made.problem}`, { name: made.account.name })}
      ${" "}${t("link_about", { day: day.format(made.expires_ms) })}
    </p>
    <input
      class="people-link"
      readonly
      aria-label=${t("link")}
      value=${made.link}
      data-testid="link"
      onFocus=${(/** @type {any} */ event) => event.currentTarget.select()}
    />
    <div class="buttons">
      <button
        type="button"
        class="secondary"
        onClick=${() => void navigator.clipboard.writeText(made.link)}
      >
        ${t("copy")}
      </button>
    </div>
  </div>`;
}
