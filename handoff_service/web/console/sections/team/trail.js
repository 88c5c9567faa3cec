// @ts-check
/** What people did: the audit trail, by person, kind and day, and as a file. */

import { explain } from "../../entry/words.js";
import { hashOf } from "../../router.js";
import { html, useEffect, useState } from "../../vendor/preact.js";

/** Areas of what is noted; each is the first word of its actions. */
const AREAS = /** @type {const} */ ([
  "account",
  "session",
  "login",
  "password",
  "second_factor",
  "identity",
  "settings",
  "agent",
  "conversation",
  "notice",
  "reply",
  "customer",
]);

/**
 * @typedef {{id: string, at_ms: number, actor: string, actor_name: string, origin: string, action: string,
 *   subject: string, subject_name: string, data: object}} Line
 * @param {import("./people.js").Given} given
 */
export function Trail({ t, context }) {
  const [lines, setLines] = useState(/** @type {Line[]} */ ([]));
  const [after, setAfter] = useState(/** @type {string|null} */ (null));
  const [asks, setAsks] = useState({ actor: "", action: "", from: "", to: "" });
  const [people, setPeople] = useState(/** @type {{agent_id: string, name: string}[]} */ ([]));
  const moment = new Intl.DateTimeFormat(context.locale, {
    dateStyle: "medium",
    timeStyle: "medium",
  });

  useEffect(
    () =>
      void context.directory().then(
        ({ agents }) => setPeople(agents),
        () => {},
      ),
    [],
  );
  useEffect(() => void read(null), [asks]);

  return html`<div class="people people-trail" data-testid="audit">
    <p><a href=${hashOf("team")}>${t("nav_team")}</a></p>
    <header>
      <h1 tabindex="-1">${t("audit")}</h1>
      <a href=${`/api/audit.csv?${query()}`} download data-testid="audit-csv">CSV</a>
    </header>
    <form class="people-fields" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <label>
        ${t("who")}
        <select value=${asks.actor} onChange=${set("actor")}>
          <option value="">${t("anybody")}</option>
          <option value="operator">${t("operator")}</option>
          ${people.map(({ agent_id, name }) => html`<option key=${agent_id} value=${agent_id}>${name}</option>`)}
        </select>
      </label>
      <label>
        ${t("what")}
        <select value=${asks.action} data-testid="audit-action" onChange=${set("action")}>
          <option value="">${t("anything")}</option>
          ${AREAS.map((area) => html`<option key=${area} value=${area}>${t(`area_${area}`)}</option>`)}
        </select>
      </label>
      <label>
        ${t("from")}
        <input type="date" value=${asks.from} onChange=${set("from")} />
      </label>
      <label>
        ${t("to")}
        <input type="date" value=${asks.to} onChange=${set("to")} />
      </label>
    </form>
    <div class="people-scroll" tabindex="0" role="region" aria-label=${t("audit")}>
      <table data-testid="audit-table">
        <thead>
          <tr>
            <th scope="col">${t("when")}</th>
            <th scope="col">${t("who")}</th>
            <th scope="col">${t("what")}</th>
            <th scope="col">${t("whom")}</th>
            <th scope="col">${t("details")}</th>
          </tr>
        </thead>
        <tbody>
          ${lines.map(
            (line) =>
              html`<tr key=${line.id}>
                <td>${moment.format(line.at_ms)}</td>
                <th scope="row">
                  ${line.actor_name || (line.actor === "operator" ? t("operator") : line.actor)}
                  ${line.origin && html`<br /><span class="hint">${line.origin}</span>`}
                </th>
                <td><code>${line.action}</code></td>
                <td>${line.subject_name || line.subject}</td>
                <td>
                  ${Object.keys(line.data).length > 0 && html`<code>${JSON.stringify(line.data)}</code>`}
                </td>
              </tr>`,
          )}
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

  /** @param {keyof typeof asks} name */
  function set(name) {
    return (/** @type {any} */ event) => setAsks({ ...asks, [name]: event.currentTarget.value });
  }

  /** Days are those of the reader's clock; the last one counts whole. */
  function query() {
    const found = new URLSearchParams();
    if (asks.actor) found.set("actor", asks.actor);
    if (asks.action) found.set("action", asks.action);
    if (asks.from) found.set("from_ms", String(new Date(`${asks.from}T00:00`).getTime()));
    if (asks.to) {
      const end = new Date(`${asks.to}T00:00`);
      end.setDate(end.getDate() + 1);
      found.set("to_ms", String(end.getTime()));
    }
    return found;
  }

  /** @param {string|null} from */
  async function read(from) {
    const found = query();
    if (from) found.set("after", from);
    try {
      const page = await context.api.get(`/api/audit?${found}`);
      setLines(from ? [...lines, ...page.lines] : page.lines);
      setAfter(page.after);
    } catch (problem) {
      context.toast(explain(problem, t), "bad");
    }
  }
}
