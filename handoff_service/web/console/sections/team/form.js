// @ts-check
/** The fields of an account: what an admin fills in, what a supervisor may change. */

import { Languages } from "../../entry/welcome.js";
import { html, useId } from "../../vendor/preact.js";

export const ROLES = /** @type {const} */ (["agent", "supervisor", "maintainer", "admin"]);

/**
 * @typedef {{login: string, name: string, email: string, role: string, languages: string[], capacity: number,
 *   skills: string, teams: string}} Fields
 */

/** @param {Record<string, number>} skills @returns {string} "billing:3, setup" */
export function skillsText(skills) {
  return Object.entries(skills)
    .map(([name, level]) => (level === 1 ? name : `${name}:${level}`))
    .join(", ");
}

/**
 * @param {string} text "billing:3, setup"
 * @returns {Record<string, number>} a level that is none is sent as 0: the server says what is wrong
 */
export function skillsOf(text) {
  return Object.fromEntries(
    listOf(text).map((item) => {
      const [name = "", level] = item.split(":");
      return [name.trim(), level === undefined ? 1 : Number.parseInt(level, 10) || 0];
    }),
  );
}

/** @param {string} text @returns {string[]} */
export function listOf(text) {
  return text
    .split(/[,，、;\n]/)
    .map((item) => item.trim())
    .filter(Boolean);
}

/** @param {Fields} fields @returns {object} as the API takes it */
export function bodyOf({ login, name, email, role, languages, capacity, skills, teams }) {
  const lists = { skills: skillsOf(skills), teams: listOf(teams) };
  return { login, name, email, role, languages, capacity, ...lists };
}

/**
 * @param {{fields: Fields, change: (fields: Fields) => void, t: import("../../../shared/i18n.js").Translate,
 *   all: boolean, fresh?: boolean, ownRole?: boolean}} props
 *   all: an admin's; fresh: the login can still be chosen; ownRole: it cannot be changed
 */
export function AccountFields({ fields, change, t, all, fresh = false, ownRole = false }) {
  /** @param {Partial<Fields>} more */
  const set = (more) => change({ ...fields, ...more });
  return html`<div class="people-fields">
      ${
        fresh &&
        html`<${Text} name="login" required value=${fields.login} set=${set} label=${t("login")} />`
      }
      ${
        all &&
        html`<${Text}
            name="name"
            required
            value=${fields.name}
            set=${set}
            label=${t("name_seen")}
          />
          <${Text} name="email" type="email" value=${fields.email} set=${set} label=${t("email")} />
          <label>
            ${t("role")}
            <select
              value=${fields.role}
              disabled=${ownRole}
              data-testid="account-role"
              onChange=${(/** @type {any} */ event) => set({ role: event.currentTarget.value })}
            >
              ${ROLES.map((role) => html`<option key=${role} value=${role}>${t(`role_${role}`)}</option>`)}
            </select>
          </label>`
      }
      <${Text}
        name="teams"
        value=${fields.teams}
        set=${set}
        label=${t("teams")}
        hint=${t("commas")}
      />
      <${Text}
        name="skills"
        value=${fields.skills}
        set=${set}
        label=${t("skills")}
        hint=${t("skills_hint")}
      />
      <label>
        ${t("capacity")}
        <input
          type="number"
          min="1"
          max="50"
          required
          value=${fields.capacity}
          data-testid="account-capacity"
          onInput=${(/** @type {any} */ event) => set({ capacity: Number(event.currentTarget.value) })}
        />
      </label>
    </div>
    ${
      all &&
      html`<${Languages}
        chosen=${fields.languages}
        change=${(/** @type {string[]} */ languages) => set({ languages })}
        t=${t}
      />`
    }`;
}

/** @param {any} props one line of text */
function Text({ name, label, value, set, hint, type = "text", required = false }) {
  const id = useId();
  return html`<label>
    ${label}
    <input
      type=${type}
      required=${required}
      autocomplete="off"
      autocapitalize=${name === "name" ? "words" : "none"}
      spellcheck=${false}
      maxlength="300"
      aria-describedby=${hint ? id : undefined}
      value=${value}
      data-testid=${`account-${name}`}
      onInput=${(/** @type {any} */ event) => set({ [name]: event.currentTarget.value })}
    />
    ${hint && html`<small class="hint" id=${id}>${hint}</small>`}
  </label>`;
}
