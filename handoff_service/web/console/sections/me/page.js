// @ts-check
/** Profile, password, second factor, signed-in browsers, look and sound. */

import { setSound, soundIsOn } from "../../alerts.js";
import { Languages } from "../../entry/welcome.js";
import { explain } from "../../entry/words.js";
import { applyTheme, chosenTheme, THEMES } from "../../theme.js";
import { html, useState } from "../../vendor/preact.js";
import { Factor } from "./factor.js";
import { Password } from "./password.js";
import { Sessions } from "./sessions.js";

/**
 * @typedef {{t: import("../../../shared/i18n.js").Translate, context: import("../../context.js").SectionContext}} Given
 * @param {Given} given
 */
export function Page(given) {
  const { t } = given;
  return html`<div class="people" data-testid="me">
    <h1 tabindex="-1">${t("nav_me")}</h1>
    <${Profile} ...${given} />
    <${Password} ...${given} />
    <${Factor} ...${given} />
    <section class="people-card">
      <h2>${t("sessions")}</h2>
      <${Sessions} path="/api/me/sessions" own ...${given} />
    </section>
    <${Look} ...${given} />
  </div>`;
}

/** @param {Given} given */
function Profile({ t, context }) {
  const { agent, api } = context;
  const [name, setName] = useState(agent.name);
  const [languages, setLanguages] = useState([...agent.languages]);
  return html`<section class="people-card">
    <h2>${t("profile")}</h2>
    <p class="hint">${t("your_login")} <strong>${agent.login}</strong></p>
    <form onSubmit=${save}>
      <label for="me-name">${t("name_seen")}</label>
      <input
        id="me-name"
        maxlength="200"
        required
        value=${name}
        data-testid="me-name"
        onInput=${(/** @type {any} */ event) => setName(event.currentTarget.value)}
      />
      <${Languages} chosen=${languages} change=${setLanguages} t=${t} />
      <button class="primary" data-testid="me-save">${t("save")}</button>
    </form>
  </section>`;

  /** @param {Event} event */
  async function save(event) {
    event.preventDefault();
    try {
      Object.assign(agent, await api.put("/api/me", { name, languages }));
      context.toast(t("saved"));
    } catch (problem) {
      context.toast(explain(problem, t), "bad");
    }
  }
}

/** @param {Given} given */
function Look({ t }) {
  const [theme, setTheme] = useState(chosenTheme());
  const [sound, setOn] = useState(soundIsOn());
  return html`<section class="people-card">
    <h2>${t("look")}</h2>
    <fieldset class="languages">
      <legend>${t("colours")}</legend>
      ${THEMES.map(
        (name) =>
          html`<label key=${name}>
            <input
              type="radio"
              name="theme"
              checked=${theme === name}
              data-testid=${`theme-${name}`}
              onChange=${() => (applyTheme(name), setTheme(name))}
            />
            ${t(`look_${name}`)}
          </label>`,
      )}
    </fieldset>
    <label class="people-check">
      <input type="checkbox" checked=${sound} onChange=${() => (setSound(!sound), setOn(!sound))} />
      ${t("sounds")}
    </label>
  </section>`;
}
