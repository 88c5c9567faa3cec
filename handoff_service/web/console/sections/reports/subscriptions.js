// @ts-check
/** Reports that come by e-mail every day, week or month. */

import { html, useEffect, useRef, useState } from "../../vendor/preact.js";

/**
 * @typedef {{report_mail_id: string, recipient: string, every: string, hour: number, tz: string,
 *   filters: string[], next_ms: number}} Subscription
 */

const EVERY = ["day", "week", "month"];

/** @param {import("./dashboard.js").Props & {close: () => void}} props */
export function Subscriptions({ context, t, query, close }) {
  const dialog = useRef(/** @type {HTMLDialogElement|null} */ (null));
  const [mine, setMine] = useState(/** @type {Subscription[]} */ ([]));
  const [sends, setSends] = useState(true);
  const [problem, setProblem] = useState("");
  const read = async () => {
    const { report_mails, sends_mail } = await context.api.get("/api/reports/mails");
    setMine(report_mails);
    setSends(sends_mail);
  };
  /** @param {() => Promise<unknown>} act */
  const doing = async (act) => {
    setProblem("");
    try {
      await act();
      await read();
    } catch (refusal) {
      setProblem(context.explain(refusal));
    }
  };
  useEffect(() => {
    dialog.current?.showModal();
    void doing(async () => {});
  }, []);
  /** @param {SubmitEvent} event */
  const add = (event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    void doing(() =>
      context.api.post("/api/reports/mails", {
        recipient: form.get("recipient"),
        every: form.get("every"),
        hour: Number(form.get("hour")),
        locale: context.locale,
        tz: query.tz,
        filters: query.filters,
      }),
    );
  };
  const time = new Intl.DateTimeFormat(context.locale, { dateStyle: "medium", timeStyle: "short" });

  return html`<dialog
    ref=${dialog}
    class="subscriptions"
    aria-labelledby="subscriptions-title"
    data-testid="report-mails-dialog"
    onClose=${close}
  >
    <h2 id="subscriptions-title">${t("by_mail")}</h2>
    ${!sends && html`<p class="warning">${t("mail_off")}</p>`}
    ${problem && html`<p class="error" role="alert">${problem}</p>`}
    ${mine.length === 0 && html`<p>${t("no_mails")}</p>`}
    <ul data-testid="report-mails-list">
      ${mine.map(
        (each) =>
          html`<li key=${each.report_mail_id}>
            <span>
              <strong>${each.recipient}</strong> · ${t(`every_${each.every}`)} ·
              ${each.filters.join(", ")}
              <small>${t("next_mail", { time: time.format(each.next_ms) })}</small>
            </span>
            <button
              type="button"
              class="link"
              onClick=${() => doing(() => context.api.del(`/api/reports/mails/${each.report_mail_id}`))}
            >
              ${t("stop_mail")}
            </button>
          </li>`,
      )}
    </ul>
    <form onSubmit=${add}>
      <h3>${t("new_mail")}</h3>
      <p>${t("new_mail_hint", { zone: query.tz })}</p>
      <label
        >${t("recipient")} <input name="recipient" type="email" required autocomplete="email"
      /></label>
      <label>
        ${t("how_often")}
        <select name="every">
          ${EVERY.map((each) => html`<option value=${each} selected=${each === "week"}>${t(`every_${each}`)}</option>`)}
        </select>
      </label>
      <label
        >${t("hour")} <input name="hour" type="number" min="0" max="23" value="7" required
      /></label>
      <div class="buttons">
        <button type="button" class="secondary" onClick=${() => dialog.current?.close()}>
          ${t("close")}
        </button>
        <button class="primary" data-testid="report-mails-add">${t("add_mail")}</button>
      </div>
    </form>
  </dialog>`;
}
