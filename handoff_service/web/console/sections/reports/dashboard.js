// @ts-check
/** The page of numbers: what is asked, the cards, the course of one, its groups, what is behind it. */

import { html, useState } from "../../vendor/preact.js";
import { Cards } from "./cards.js";
import { Course } from "./course.js";
import { Drill } from "./drill.js";
import { Groups } from "./groups.js";
import { useNumbers } from "./numbers.js";
import { Picker } from "./picker.js";
import { metricsQuery, writeQuery } from "./query.js";
import { Subscriptions } from "./subscriptions.js";

/**
 * @typedef {object} Props what every part of the page is given
 * @property {import("../../context.js").SectionContext} context
 * @property {import("../../../shared/i18n.js").Translate} t
 * @property {import("./figures.js").Definition[]} definitions
 * @property {import("./query.js").Query} query
 * @property {(change: Partial<import("./query.js").Query>) => void} change goes to the address
 */

/** @param {Omit<Props, "change">} given */
export function Dashboard(given) {
  const { context, t, definitions, query } = given;
  const [mails, setMails] = useState(false);
  const definition = definitions.find(({ id }) => id === query.metric) ?? definitions[0];
  const numbers = useNumbers(context, query, definition?.id);
  /** @type {Props["change"]} */
  const change = (wanted) =>
    context.go(writeQuery({ ...query, drill: null, key: null, ...wanted }));
  const props = { ...given, change };
  const { course, grouped } = numbers;
  const drawn = definitions.find(({ id }) => course && id in course.total);
  const csv = `/api/reports/metrics.csv?${metricsQuery(query, query, query.by)}`;

  return html`<div class="reports" data-state=${numbers.state} data-testid="reports">
    <header class="reports-head">
      <h1>${t("title")}</h1>
      <div class="buttons">
        <button
          type="button"
          class="secondary"
          data-testid="report-mails"
          onClick=${() => setMails(true)}
        >
          ${t("by_mail")}
        </button>
        <a class="secondary" href=${csv} download data-testid="report-csv">${t("csv")}</a>
      </div>
    </header>
    <${Picker} ...${props} />
    <p class="reports-status" role="status">
      ${numbers.state === "loading" ? t("loading") : ""}${numbers.problem ? context.explain(numbers.problem) : ""}
      ${numbers.now?.due ? t("due", { count: numbers.now.due }) : ""}
    </p>
    <div class="reports-body">
      <div class="reports-detail">
        ${
          course &&
          grouped &&
          drawn &&
          html`
            <${Course}
              ...${props}
              definition=${drawn}
              now=${course}
              before=${numbers.courseBefore}
            />
            ${query.drill && html`<${Drill} ...${props} key=${`${query.drill} ${query.key}`} />`}
            <${Groups}
              ...${props}
              definition=${drawn}
              groups=${grouped.groups}
              by=${grouped.by}
              leftOff=${grouped.left_off}
            />
          `
        }
      </div>
      ${numbers.now && html`<${Cards} ...${props} now=${numbers.now.total} before=${numbers.before?.total} />`}
    </div>
    ${mails && html`<${Subscriptions} ...${props} close=${() => setMails(false)} />`}
  </div>`;
}
