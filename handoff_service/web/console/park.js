// @ts-check
/** Until when a conversation is set aside. */

import { el, setText } from "../shared/dom.js";
import { formatMoment } from "../shared/i18n.js";
import { ask } from "./dialog.js";
import { NOTE_CHARS } from "./transfer.js";

const HOUR_MS = 3_600_000;
/** When a working day begins, on the agent's own clock. */
const MORNING = 9;
/** Longest time that the service takes: a month. */
const MOST_MS = 30 * 24 * HOUR_MS;

/**
 * Times that are asked for again and again, on the agent's clock.
 * @param {number} nowMs
 * @returns {{key: string, atMs: number}[]} strings that name them, and when they are
 */
export function parkTimes(nowMs) {
  const tomorrow = morningAfter(nowMs, 1);
  const monday = morningAfter(nowMs, (8 - new Date(nowMs).getDay()) % 7 || 7);
  const weekend = [0, 6].includes(new Date(tomorrow).getDay());
  return [
    { key: "park_hour", atMs: nowMs + HOUR_MS },
    { key: "park_hours", atMs: nowMs + 3 * HOUR_MS },
    ...(weekend ? [] : [{ key: "park_tomorrow", atMs: tomorrow }]),
    ...(monday === tomorrow ? [] : [{ key: "park_monday", atMs: monday }]),
  ];
}

/** @param {number} nowMs @param {number} days */
function morningAfter(nowMs, days) {
  const day = new Date(nowMs);
  // By the calendar, not by 24 hours: the clock may be changed that night.
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, MORNING).getTime();
}

/**
 * @param {object} how
 * @param {import("../shared/i18n.js").Translate} how.t
 * @param {import("../shared/i18n.js").Locale} how.locale
 * @param {(untilMs: number, note: string) => void} how.confirm
 */
export function askPark({ t, locale, confirm }) {
  const nowMs = Date.now();
  const times = parkTimes(nowMs);
  const options = [...times, { key: "park_own", atMs: 0 }].map(({ key, atMs }, index) => {
    const input = el("input", {
      type: "radio",
      name: "park",
      value: String(atMs),
      checked: index === 0,
      dataset: { testid: key.replace("_", "-") },
    });
    const when = atMs ? el("span", { class: "hint", text: formatMoment(atMs, locale) }) : null;
    return { input, row: el("label", { class: "choice" }, input, t(key), when) };
  });
  const own = el("input", {
    type: "datetime-local",
    "aria-label": t("park_own"),
    min: localText(nowMs),
    max: localText(nowMs + MOST_MS),
    dataset: { testid: "park-at" },
  });
  const ownOption = options.at(-1)?.input;
  own.addEventListener("input", () => ownOption && (ownOption.checked = true));
  const note = el("textarea", {
    id: "park-note",
    rows: 2,
    maxlength: NOTE_CHARS,
    dataset: { testid: "park-note" },
  });
  const fault = el("p", { class: "fault", role: "alert" });
  ask({
    title: t("park_title"),
    testid: "park",
    content: [
      el("p", { text: t("park_text") }),
      el(
        "fieldset",
        {},
        el("legend", { class: "sr", text: t("park_until") }),
        ...options.map(({ row }) => row),
        own,
      ),
      el("label", { for: note.id, text: t("hand_back_note") }),
      note,
      fault,
    ],
    yes: t("park"),
    no: t("cancel"),
    confirm() {
      const chosen = Number(options.find(({ input }) => input.checked)?.input.value);
      const untilMs = chosen || new Date(own.value).getTime();
      if (!(untilMs > Date.now() && untilMs <= Date.now() + MOST_MS)) {
        setText(fault, t("park_wrong"));
        own.focus();
        return false;
      }
      confirm(untilMs, note.value.trim());
      return true;
    },
  });
}

/** @param {number} atMs @returns {string} as a field for date and time has it: "2026-11-22T09:00" */
function localText(atMs) {
  const shifted = atMs - new Date(atMs).getTimezoneOffset() * 60_000;
  return new Date(shifted).toISOString().slice(0, 16);
}
