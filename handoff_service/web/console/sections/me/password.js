// @ts-check
/** Another password: the old one is asked for, every other browser is signed out. */

import { explain } from "../../entry/words.js";
import { html, useEffect, useState } from "../../vendor/preact.js";

/** @param {import("./page.js").Given} given */
export function Password({ t, context }) {
  const [current, setCurrent] = useState("");
  const [fresh, setFresh] = useState("");
  const [problem, setProblem] = useState("");
  const [ways, setWays] = useState({ password: true, min_password_chars: 12 });
  const count = ways.min_password_chars;

  useEffect(() => void context.api.get("/api/sign-in").then(setWays, () => {}), []);

  if (!ways.password) return null;
  return html`<section class="people-card">
    <h2>${t("password")}</h2>
    <form onSubmit=${save}>
      <input type="hidden" autocomplete="username" value=${context.agent.login} />
      <label for="me-current">${t("current_password")}</label>
      <input
        id="me-current"
        type="password"
        autocomplete="current-password"
        value=${current}
        data-testid="me-current"
        onInput=${(/** @type {any} */ event) => setCurrent(event.currentTarget.value)}
      />
      <label for="me-new">${t("new_password")}</label>
      <input
        id="me-new"
        type="password"
        autocomplete="new-password"
        minlength=${count}
        maxlength="200"
        required
        aria-describedby="me-hint"
        value=${fresh}
        data-testid="me-new"
        onInput=${(/** @type {any} */ event) => setFresh(event.currentTarget.value)}
      />
      <p class="hint" id="me-hint">${t("password_hint", { count })}</p>
      ${problem && html`<p class="error" role="alert">${problem}</p>`}
      <button class="primary" data-testid="me-password">${t("save_password")}</button>
    </form>
  </section>`;

  /** @param {Event} event */
  async function save(event) {
    event.preventDefault();
    setProblem("");
    try {
      await context.api.put("/api/me/password", { current, new: fresh });
      setCurrent("");
      setFresh("");
      context.toast(t("password_saved"));
    } catch (error) {
      setProblem(explain(error, t, count));
    }
  }
}
