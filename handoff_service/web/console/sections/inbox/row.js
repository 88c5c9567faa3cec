// @ts-check
/** One conversation of the list. */

import { hashOf } from "../../router.js";
import { urgencyOf } from "../../urgency.js";
import { html, useEffect, useRef } from "../../vendor/preact.js";
import { durationText, languageText, reasonText, topicText } from "../../wording.js";

/** @typedef {import("./listing.js").Row} Row */
/** @typedef {import("../../../shared/i18n.js").Translate} Translate */

/** How urgent a conversation is unless somebody said otherwise. */
const USUAL_PRIORITY = 5;

/**
 * @param {object} props
 * @param {Row} props.row
 * @param {number} props.now of the server, ms
 * @param {boolean} props.gone it belongs to the list no longer
 * @param {boolean} props.active the tab key leads to it
 * @param {boolean} props.focused the keyboard is on it
 * @param {boolean|null} props.chosen null: rows cannot be chosen
 * @param {() => void} props.choose
 * @param {() => void} props.enter it has the focus now
 * @param {Translate} props.t of the inbox
 * @param {Translate} props.words of the console
 * @param {import("../../../shared/i18n.js").Locale} props.locale
 */
export function InboxRow(props) {
  const { row, now, gone, active, focused, chosen, choose, enter, t, words, locale } = props;
  const link = useRef(/** @type {HTMLElement|null} */ (null));
  useEffect(() => {
    if (focused && document.activeElement?.closest(".row") !== link.current?.parentElement)
      link.current?.focus({ preventScroll: true });
  }, [focused]);
  const name = customerName(row, words);
  const kind = gone ? "gone" : row.unread ? "unread" : "";
  return html`<div class="row ${kind}" data-testid="inbox-row" data-id=${row.conversation_id}>
    ${
      chosen === null
        ? null
        : html`<input
            type="checkbox"
            aria-label=${t("choose", { name })}
            checked=${chosen}
            tabindex=${active ? 0 : -1}
            onChange=${choose}
          />`
    }
    <a
      ref=${link}
      href=${hashOf("conversation", row.conversation_id)}
      tabindex=${active ? 0 : -1}
      onFocus=${enter}
      data-testid="inbox-open"
    >
      <span class="line">
        <strong class="who"><bdi>${name}</bdi></strong>
        <span class="state ${row.state}">${t(gone ? "gone" : `state_${row.state}`)}</span>
        ${
          row.priority === USUAL_PRIORITY
            ? null
            : html`<span class="priority">${t("priority_short", { level: row.priority })}</span>`
        }
        <${When} row=${row} now=${now} t=${t} locale=${locale} />
      </span>
      <span class="says" dir="auto">${saidIn(row, t)}</span>
      <span class="line meta">
        ${row.reason ? html`<span>${aboutText(row, words)}</span>` : null}
        <span>${languageText(row.language, words)}</span>
        ${row.team ? html`<span>${t("of_team", { team: row.team })}</span>` : null}
        ${row.agent_name ? html`<span><bdi>${row.agent_name}</bdi></span>` : null}
        ${row.stars ? html`<span>${t("stars_of_5", { stars: row.stars })}</span>` : null}
        ${row.tags.map((tag) => html`<span class="tag" key=${tag}><bdi>${tag}</bdi></span>`)}
      </span>
    </a>
  </div>`;
}

/** @param {Row} row @param {Translate} words @returns {string} the customer's, or the end of the visitor's id */
export function customerName(row, words) {
  return row.customer_name || words("visitor", { id: row.customer_id.slice(-5) });
}

/** @param {Row} row @param {Translate} words */
function aboutText(row, words) {
  return row.topic ? topicText(row.topic, words) : reasonText(row.reason, words);
}

/** @param {Row} row @param {Translate} t */
function saidIn(row, t) {
  if (row.snippet.length)
    return row.snippet.map(({ text, hit }, at) =>
      hit ? html`<mark key=${at}>${text}</mark>` : text,
    );
  if (!row.last_line) return t("nothing_said");
  return row.last_author === "customer" ? row.last_line : `${t("we")} ${row.last_line}`;
}

/** @param {{row: Row, now: number, t: Translate, locale: import("../../../shared/i18n.js").Locale}} props */
function When({ row, now, t, locale }) {
  if (row.waiting_since_ms !== null) {
    const waitedMs = now - row.waiting_since_ms;
    const promisedMs = row.sla_due_ms === null ? null : row.sla_due_ms - row.waiting_since_ms;
    return html`<span class="clock ${urgencyOf(waitedMs, promisedMs)}">
      ${t("waits", { time: durationText(waitedMs) })}
    </span>`;
  }
  const atMs = row.parked_until_ms ?? row.last_at_ms;
  const text = momentText(atMs, now, locale);
  return html`<time class="clock" datetime=${new Date(atMs).toISOString()}>
    ${row.parked_until_ms === null ? text : t("until", { when: text })}
  </time>`;
}

/** The time of a moment today, the day of any other. @param {number} atMs @param {number} now @param {string} locale */
export function momentText(atMs, now, locale) {
  const today = new Date(atMs).toDateString() === new Date(now).toDateString();
  const sameYear = new Date(atMs).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(
    locale,
    today
      ? { hour: "numeric", minute: "2-digit" }
      : { day: "numeric", month: "short", year: sameYear ? undefined : "numeric" },
  ).format(atMs);
}
