// @ts-check
/** One account: what it says, where it is signed in, what can be done to it. */

import { explain } from "../../entry/words.js";
import { hashOf } from "../../router.js";
import { html, useEffect, useState } from "../../vendor/preact.js";
import { Sessions } from "../me/sessions.js";
import { AccountFields, bodyOf, skillsText } from "./form.js";
import { Link } from "./invite.js";
import { State } from "./people.js";

/** @param {import("./people.js").Given & {id: string}} props */
export function Person({ id, t, context, admin }) {
  const [account, setAccount] = useState(/** @type {import("./people.js").Account|null} */ (null));
  const [fields, setFields] = useState(/** @type {import("./form.js").Fields|null} */ (null));
  const [problem, setProblem] = useState("");
  const [made, setMade] = useState(/** @type {import("./invite.js").Made|null} */ (null));
  const path = `/api/accounts/${encodeURIComponent(id)}`;
  const own = id === context.agent.agent_id;

  useEffect(() => void act(async () => keep(await context.api.get(path))), []);

  const back = html`<p><a href=${hashOf("team")}>${t("nav_team")}</a></p>`;
  if (!account || !fields) {
    return html`<div class="people">
      ${back}
      <h1 tabindex="-1">…</h1>
      ${problem && html`<p class="error" role="alert">${problem}</p>`}
    </div>`;
  }
  const mayChange = (admin || account.role === "agent") && account.state !== "disabled";
  return html`<div class="people" data-testid="person">
    ${back}
    <header>
      <h1 tabindex="-1">${account.name}</h1>
      <span>${account.login}</span>
      <${State} account=${account} t=${t} />
    </header>
    ${problem && html`<p class="error" role="alert">${problem}</p>`}
    ${made && html`<${Link} made=${made} t=${t} context=${context} />`}
    ${
      mayChange &&
      html`<section class="people-card">
        <form onSubmit=${save}>
          <${AccountFields}
            fields=${fields}
            change=${setFields}
            t=${t}
            all=${admin}
            ownRole=${own}
          />
          <button class="primary" data-testid="person-save">${t("save")}</button>
        </form>
      </section>`
    }
    ${
      admin &&
      html`<section class="people-card">
          <h2>${t("entry")}</h2>
          <div class="buttons">${buttons(account)}</div>
        </section>
        <section class="people-card">
          <h2>${t("sessions")}</h2>
          <${Sessions}
            key=${account.sessions}
            path=${`${path}/sessions`}
            t=${t}
            context=${context}
          />
        </section>`
    }
  </div>`;

  /** @param {import("./people.js").Account} shown */
  function buttons(shown) {
    if (shown.state === "disabled") return button("enable", () => change("post", "enable"));
    return html`${button(shown.state === "invited" ? "invite_again" : "reset_password", link)}
    ${shown.second_factor && button("factor_take", () => change("del", "second-factor"))}
    ${!own && button("disable", bar)}`;
  }

  /** @param {string} name @param {() => unknown} run */
  function button(name, run) {
    return html`<button
      type="button"
      class="secondary"
      data-testid=${`person-${name}`}
      onClick=${() => void run()}
    >
      ${t(name)}
    </button>`;
  }

  function bar() {
    const words = document.createElement("p");
    words.textContent = t("disable_about");
    context.dialogs.ask({
      title: t("disable"),
      testid: "disable",
      content: [words],
      yes: t("disable"),
      no: t("back"),
      confirm: () => void change("post", "disable"),
    });
  }

  /** @param {"post"|"del"} how @param {string} what */
  async function change(how, what) {
    await act(async () => keep(await context.api[how](`${path}/${what}`)));
  }

  async function link() {
    await act(async () => {
      const answer = await context.api.post(`${path}/link`);
      setMade(answer);
      keep(answer.account);
    });
  }

  /** @param {Event} event */
  async function save(event) {
    event.preventDefault();
    if (!fields) return;
    const { login: _login, ...all } = /** @type {any} */ (bodyOf(fields));
    const { teams, skills, capacity } = all;
    if (own) delete all.role;
    await act(async () => {
      keep(await context.api.put(path, admin ? all : { teams, skills, capacity }));
      context.toast(t("saved"));
    });
  }

  /** @param {import("./people.js").Account} found */
  function keep(found) {
    setAccount(found);
    setFields({ ...found, skills: skillsText(found.skills), teams: found.teams.join(", ") });
  }

  /** @param {() => Promise<void>} work */
  async function act(work) {
    setProblem("");
    try {
      await work();
    } catch (error) {
      setProblem(explain(error, t));
    }
  }
}
