// @ts-check
/** The page behind an invitation, or a link to a new password: `#/welcome/TOKEN`. */

import { LANGUAGE_NAMES, LOCALES } from "../../shared/i18n.js";
import { request } from "../api.js";
import { html, render, useEffect, useState } from "../vendor/preact.js";
import { explain, wordsOfPeople } from "./words.js";

/**
 * @typedef {import("../../shared/i18n.js").Translate} Translate
 * @typedef {{kind: "invite"|"reset", login: string, name: string, languages: string[], min_password_chars: number}} Link
 */

/**
 * @param {HTMLElement} region
 * @param {string} token
 * @param {{t: Translate, locale: import("../../shared/i18n.js").Locale, language: HTMLElement,
 *   entered: (answer: import("./steps.js").Entered) => void, leave: () => void}} context
 */
export async function showWelcome(region, token, { t: console, locale, language, entered, leave }) {
  const t = await wordsOfPeople(locale, console);
  region.replaceChildren();
  region.hidden = false;
  const page = html`<${Welcome}
    token=${token}
    t=${t}
    locale=${locale}
    entered=${finish}
    leave=${() => (render(null, region), leave())}
  />`;
  render(page, region);
  region.append(language);

  /** @param {import("./steps.js").Entered} answer */
  function finish(answer) {
    language.remove();
    render(null, region);
    entered(answer);
  }
}

/** @param {any} props */
function Welcome({ token, t, locale, entered, leave }) {
  const [link, setLink] = useState(/** @type {Link|null} */ (null));
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [languages, setLanguages] = useState(/** @type {string[]} */ ([]));
  const [problem, setProblem] = useState("");
  const [gone, setGone] = useState("");
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    request("POST", "/api/welcome/link", { body: { token } }).then(
      (/** @type {Link} */ found) => {
        setLink(found);
        setName(found.name);
        // Whoever was given every language speaks at least the one they read now.
        setLanguages(found.languages.length === LOCALES.length ? [locale] : found.languages);
      },
      (error) => setGone(explain(error, t)),
    );
  }, []);

  if (gone) {
    return html`<div class="signin" data-testid="welcome-gone">
      <h1>${t("link_gone_title")}</h1>
      <p role="alert">${gone}</p>
      <button type="button" class="primary" onClick=${leave}>${t("to_sign_in")}</button>
    </div>`;
  }
  if (!link) return html`<p class="signin" role="status">…</p>`;
  const joins = link.kind === "invite";
  return html`<form class="signin" data-testid="welcome" onSubmit=${submit}>
    <h1>${t(joins ? "welcome_title" : "reset_title")}</h1>
    <p>${t("your_login")} <strong>${link.login}</strong></p>
    <input type="hidden" name="username" autocomplete="username" value=${link.login} />
    ${
      joins &&
      html`<label for="welcome-name">${t("name_seen")}</label>
        <input
          id="welcome-name"
          autocomplete="name"
          maxlength="200"
          required
          value=${name}
          data-testid="welcome-name"
          onInput=${(/** @type {any} */ event) => setName(event.currentTarget.value)}
        />
        <${Languages} chosen=${languages} change=${setLanguages} t=${t} />`
    }
    <label for="welcome-password">${t("new_password")}</label>
    <input
      id="welcome-password"
      type="password"
      autocomplete="new-password"
      minlength=${link.min_password_chars}
      maxlength="200"
      required
      aria-describedby="welcome-hint"
      value=${password}
      data-testid="welcome-password"
      onInput=${(/** @type {any} */ event) => setPassword(event.currentTarget.value)}
    />
    <p class="hint" id="welcome-hint">${t("password_hint", { count: link.min_password_chars })}</p>
    ${problem && html`<p class="error" role="alert" data-testid="welcome-error">${problem}</p>`}
    <button class="primary" disabled=${busy} data-testid="welcome-submit">
      ${t(joins ? "join" : "save_password")}
    </button>
  </form>`;

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    setBusy(true);
    setProblem("");
    try {
      const more = joins ? { name, languages } : {};
      entered(await request("POST", "/api/welcome", { body: { token, password, ...more } }));
    } catch (error) {
      setProblem(explain(error, t, link?.min_password_chars));
    } finally {
      setBusy(false);
    }
  }
}

/** @param {{chosen: string[], change: (chosen: string[]) => void, t: Translate}} props */
export function Languages({ chosen, change, t }) {
  return html`<fieldset class="languages">
    <legend>${t("languages_spoken")}</legend>
    ${LOCALES.map(
      (name) =>
        html`<label key=${name} lang=${name}>
          <input
            type="checkbox"
            checked=${chosen.includes(name)}
            data-testid=${`language-${name}`}
            onChange=${(/** @type {any} */ event) =>
              change(
                event.currentTarget.checked
                  ? [...chosen, name]
                  : chosen.filter((other) => other !== name),
              )}
          />
          ${LANGUAGE_NAMES[name]}
        </label>`,
    )}
  </fieldset>`;
}
