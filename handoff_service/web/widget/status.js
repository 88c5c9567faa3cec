// @ts-check
/** What the customer should know now: the connection, who is writing, their place in line, a refusal. */

import { el, setText } from "../shared/dom.js";
import { formatMoment, formatWait } from "../shared/i18n.js";
import { botIsThinking, hasMetPerson, isUnderWay, leaveFormShown } from "./state.js";

/** A shorter break is mended before anyone needs to hear of it. */
const BANNER_AFTER_MS = 1_500;

/**
 * @param {{banner: HTMLElement, typing: HTMLElement, waiting: HTMLElement, alert: HTMLElement}} parts
 * @param {{cancelHandoff: () => void, leaveMessage: () => void}} actions
 */
export function createStatus({ banner, typing, waiting, alert }, actions) {
  const spinner = el("span", { class: "spinner", "aria-hidden": "true" });
  const place = el("p", { role: "status", dataset: { testid: "waiting-place" } });
  const wait = el("p", { class: "wait small", dataset: { testid: "waiting-time" } });
  const meanwhile = el("p", { class: "meanwhile small", dataset: { testid: "waiting-meanwhile" } });
  const leave = el("button", { type: "button", class: "reply", dataset: { testid: "leave-open" } });
  const back = el("button", {
    type: "button",
    class: "reply",
    dataset: { testid: "cancel-handoff" },
  });
  leave.addEventListener("click", actions.leaveMessage);
  back.addEventListener("click", actions.cancelHandoff);
  waiting.append(spinner, place, wait, meanwhile, el("div", { class: "row" }, back, leave));
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let bannerTimer;

  return {
    /** @param {import("./state.js").WidgetState} state @param {import("../shared/i18n.js").Translate} t */
    render(state, t) {
      renderBanner(state, t);
      const agent = state.agentTyping && t("typing_agent", { name: state.agentName || t("agent") });
      const bot = botIsThinking(state) && t("typing_bot");
      typing.hidden = !agent && !bot;
      setText(typing, agent || bot || "");
      const left = state.state === "message_left";
      waiting.hidden = state.state !== "waiting" && state.state !== "offered" && !left;
      spinner.hidden = left || !state.onDuty;
      setText(place, placeText(state, t));
      wait.hidden = !state.waitMs;
      setText(wait, waitText(state, t));
      setText(meanwhile, t("meanwhile"));
      meanwhile.hidden = hasMetPerson(state);
      setText(back, t("cancel_handoff"));
      setText(leave, t("leave_open"));
      leave.hidden = left || leaveFormShown(state);
      back.disabled = isUnderWay(state, "cancel_handoff");
      alert.hidden = !state.alert;
      setText(alert, state.alert ? t(state.alert) : "");
    },
  };

  /** @param {import("./state.js").WidgetState} state @param {import("../shared/i18n.js").Translate} t */
  function renderBanner(state, t) {
    if (state.connection === "online") {
      clearTimeout(bannerTimer);
      bannerTimer = undefined;
      banner.hidden = true;
      setText(banner, "");
      return;
    }
    const text = t(state.conversationId || state.outbox.length ? "offline" : "connecting");
    if (!banner.hidden) setText(banner, text);
    bannerTimer ??= setTimeout(() => {
      banner.hidden = false;
      setText(banner, text);
    }, BANNER_AFTER_MS);
  }
}

/** @param {import("./state.js").WidgetState} state @param {import("../shared/i18n.js").Translate} t */
function placeText(state, t) {
  const soon = state.backAtMs && state.backAtMs > Date.now();
  const until = soon ? { when: formatMoment(state.backAtMs ?? 0, state.locale) } : null;
  if (state.state === "message_left") return until ? t("left_until", until) : t("left");
  if (!state.onDuty) return until ? t("nobody_until", until) : t("nobody");
  return state.place ? t("place", { place: state.place }) : t("finding");
}

/** @param {import("./state.js").WidgetState} state @param {import("../shared/i18n.js").Translate} t */
function waitText({ waitMs, locale }, t) {
  if (!waitMs) return "";
  const [low, high] = waitMs;
  if (high <= 60_000) return t("wait_soon");
  const key = low < 30_000 ? "wait_up_to" : "wait";
  return t(key, { wait: formatWait(low < 30_000 ? high : low, high, locale) });
}
