// @ts-check
/** Everybody who may sign in, was invited or is barred. */

import { explain } from "../../entry/words.js";
import { hashOf } from "../../router.js";
import { html, useEffect, useState } from "../../vendor/preact.js";
import { Invite } from "./invite.js";

/**
 * @typedef {{account_id: string, login: string, name: string, email: string, role: string, languages: string[],
 *   capacity: number, skills: Record<string, number>, teams: string[], state: "active"|"invited"|"disabled",
 *   second_factor: boolean, oidc: boolean, sessions: number, last_seen_ms: number|null, link_until_ms: number|null,
 *   created_ms: number}} Account
 * @typedef {{t: import("../../../shared/i18n.js").Translate, context: import("../../context.js").SectionContext,
 *   admin: boolean}} Given
 */

/** Letters that are typed in one go ask once. */
const SETTLE_MS = 200;

/** @param {Given} given */
export function People(given) {
  const { t, context, admin } = given;
  const [accounts, setAccounts] = useState(/** @type {Account[]} */ ([]));
  const [after, setAfter] = useState(/** @type {string|null} */ (null));
  const [query, setQuery] = useState("");
  const [inviting, setInviting] = useState(false);

  useEffect(() => {
    const timer = setTimeout(() => void read(null), query ? SETTLE_MS : 0);
    return () => clearTimeout(timer);
  }, [query]);

  return html`<div class="people" data-testid="team">
    <header>
      <h1 tabindex="-1">${t("nav_team")}</h1>
      <input
        type="search"
        aria-label=${t("find_people")}
        placeholder=${t("find_people")}
        value=${query}
        data-testid="team-search"
        onInput=${(/** @type {any} */ event) => setQuery(event.currentTarget.value)}
      />
      ${
        admin &&
        html`<button
            type="button"
            class="primary"
            aria-expanded=${inviting}
            data-testid="team-invite"
            onClick=${() => setInviting(!inviting)}
          >
            ${t("invite")}
          </button>
          <a href=${hashOf("team", "audit")} data-testid="team-audit">${t("audit")}</a>`
      }
    </header>
    ${inviting && html`<${Invite} ...${given} invited=${() => void read(null)} />`}
    <div class="people-scroll" tabindex="0" role="region" aria-label=${t("nav_team")}>
      <table data-testid="team-table">
        <thead>
          <tr>
            <th scope="col">${t("name")}</th>
            <th scope="col">${t("login")}</th>
            <th scope="col">${t("role")}</th>
            <th scope="col">${t("teams")}</th>
            <th scope="col">${t("state")}</th>
            <th scope="col">${t("last_seen")}</th>
          </tr>
        </thead>
        <tbody>
          ${accounts.map((each) => html`<${Row} key=${each.account_id} account=${each} ...${given} />`)}
        </tbody>
      </table>
    </div>
    ${
      after &&
      html`<button type="button" class="secondary" onClick=${() => void read(after)}>
        ${t("more")}
      </button>`
    }
  </div>`;

  /** @param {string|null} from */
  async function read(from) {
    const asks = new URLSearchParams({ q: query, ...(from ? { after: from } : {}) });
    try {
      const page = await context.api.get(`/api/accounts?${asks}`);
      setAccounts(from ? [...accounts, ...page.accounts] : page.accounts);
      setAfter(page.after);
    } catch (problem) {
      context.toast(explain(problem, t), "bad");
    }
  }
}

/** @param {Given & {account: Account}} props */
function Row({ account, t, context }) {
  const moment = new Intl.DateTimeFormat(context.locale, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  return html`<tr data-login=${account.login}>
    <th scope="row"><a href=${hashOf("team", account.account_id)}>${account.name}</a></th>
    <td>${account.login}</td>
    <td>${t(`role_${account.role}`)}</td>
    <td>${account.teams.join(", ")}</td>
    <td><${State} account=${account} t=${t} /></td>
    <td>${account.last_seen_ms ? moment.format(account.last_seen_ms) : "–"}</td>
  </tr>`;
}

/** @param {{account: Account, t: Given["t"]}} props */
export function State({ account, t }) {
  return html`${
    account.state !== "active" &&
    html`<span class="people-mark warn">${t(`state_${account.state}`)}</span>${" "}`
  }${account.second_factor && html`<span class="people-mark">${t("second_factor")}</span>${" "}`}${
    account.oidc && html`<span class="people-mark">OpenID</span>`
  }`;
}
