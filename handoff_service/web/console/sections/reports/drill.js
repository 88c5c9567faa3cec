// @ts-check
/** The conversations behind a number. */

import { html, useEffect, useState } from "../../vendor/preact.js";
import { hashOf } from "../../router.js";
import { figureText } from "./figures.js";
import { drillQuery } from "./query.js";
import { partText } from "./words.js";

/**
 * @typedef {{conversation_id: string, at_ms: number, customer_name: string, language: string,
 *   topic: string|null, reason: string|null, agent_name: string|null, value: number|null}} Behind
 * @typedef {{rows: Behind[], count: number, after: string|null, problem?: unknown}} Shown
 */

/** @param {import("./dashboard.js").Props} props */
export function Drill({ context, t, definitions, query, change }) {
  const [shown, setShown] = useState(/** @type {Shown|null} */ (null));
  const [metric = "", part] = (query.drill ?? "").split("/", 2);
  const definition = definitions.find(({ id }) => id === metric);
  const title = definition ? t(definition.title_key) : metric;
  const more = async () => {
    try {
      const words = drillQuery(query, shown?.after ?? null);
      const found = await context.api.get(`/api/reports/conversations?${words}`);
      const { conversations, count, after } = found;
      setShown((last) => ({ rows: [...(last?.rows ?? []), ...conversations], count, after }));
    } catch (problem) {
      setShown((last) => ({ rows: [], count: 0, after: null, ...last, problem }));
    }
  };
  useEffect(() => void more(), []);
  const time = new Intl.DateTimeFormat(context.locale, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: query.tz,
  });

  return html`<section class="drill" aria-labelledby="drill-title" data-testid="report-behind">
    <header>
      <h2 id="drill-title" tabindex="-1" ref=${(/** @type {HTMLElement|null} */ it) => it?.focus()}>
        ${t("behind", { metric: title })}${part ? ` · ${partText(part, context, t)}` : ""}
      </h2>
      <button type="button" class="secondary" onClick=${() => change({})}>${t("close")}</button>
    </header>
    ${shown?.problem && html`<p role="alert">${context.explain(shown.problem)}</p>`}
    ${shown?.rows.length === 0 && !shown.problem && html`<p class="empty">${t("none_behind")}</p>`}
    <ul>
      ${shown?.rows.map(
        (row) =>
          html`<li key=${row.conversation_id}>
            <a href=${hashOf("conversation", row.conversation_id)}>
              <time datetime=${new Date(row.at_ms).toISOString()}>${time.format(row.at_ms)}</time>
              <span>${toldOf(row)}</span>
            </a>
          </li>`,
      )}
    </ul>
    ${
      shown?.after &&
      html`<button type="button" class="secondary" onClick=${more}>${t("more")}</button>`
    }
  </section>`;

  /** @param {Behind} row */
  function toldOf({ customer_name, language, topic, reason, agent_name, value }) {
    const lasted = definition?.unit === "ms" && value !== null;
    const long = lasted ? figureText(value, "ms", context.locale) : "";
    return [long, customer_name, language, topic, reason, agent_name].filter(Boolean).join(" · ");
  }
}
