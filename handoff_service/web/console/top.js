// @ts-check
/** The desk's head: presence, load, who waits, and the settings of this browser. */

import { el, icon, setText } from "../shared/dom.js";
import { durationText } from "./wording.js";
import { logo } from "./logo.js";

const PRESENCES = /** @type {const} */ (["online", "away", "offline"]);
const SOUND_ON = "M5 9v6h4l5 4V5L9 9H5ZM17 9a4 4 0 0 1 0 6";
const SOUND_OFF = "M5 9v6h4l5 4V5L9 9H5ZM17 9.5l5 5M22 9.5l-5 5";
const KEYS = "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8";
const LEAVE = "M10 4H5v16h5M14 8l4 4-4 4M18 12H9";

/**
 * @param {HTMLElement} region
 * @param {{setPresence: (presence: import("../shared/protocol.js").Presence) => void,
 *   toggleSound: () => void, showShortcuts: () => void, signOut: () => void, language: HTMLElement}} actions
 */
export function createTop(region, actions) {
  const presence = el("div", { class: "segments", role: "group" });
  const buttons = PRESENCES.map((name) =>
    el("button", {
      type: "button",
      class: `presence ${name}`,
      dataset: { testid: `presence-${name}` },
      on: { click: () => actions.setPresence(name) },
    }),
  );
  presence.append(...buttons);
  const load = figure("capacity");
  const waiting = figure("waiting-count");
  const longest = figure("longest-wait");
  const name = el("span", { class: "agent-name", dataset: { testid: "agent-name" } });
  const sound = iconButton("sound-toggle", actions.toggleSound);
  const keys = iconButton("shortcuts-open", actions.showShortcuts);
  const leave = iconButton("sign-out", actions.signOut);
  keys.append(icon(KEYS));
  leave.append(icon(LEAVE));
  region.replaceChildren(
    logo(),
    presence,
    el("div", { class: "figures" }, load.box, waiting.box, longest.box),
    el("div", { class: "tools" }, name, actions.language, sound, keys, leave),
  );

  return {
    /** @param {import("./state.js").DeskState} state @param {import("../shared/i18n.js").Translate} t @param {boolean} soundOn */
    render(state, t, soundOn) {
      presence.setAttribute("aria-label", t("presence"));
      buttons.forEach((button, index) => {
        const value = PRESENCES[index] ?? "offline";
        setText(button, t(`presence_${value}`));
        button.setAttribute("aria-pressed", String(state.presence === value));
      });
      load.set(t("my_load"), `${state.conversations.size} / ${state.agent.capacity}`);
      waiting.set(t("waiting"), String(state.queue.waiting));
      longest.box.hidden = !state.queue.longest_since_ms;
      const waitedMs = Date.now() + state.clockOffsetMs - (state.queue.longest_since_ms ?? 0);
      longest.set(t("longest_wait"), durationText(waitedMs));
      setText(name, state.agent.name);
      nameIt(keys, t("shortcuts"));
      nameIt(leave, t("sign_out"));
      nameIt(sound, t(soundOn ? "sound_off" : "sound_on"));
      sound.replaceChildren(icon(soundOn ? SOUND_ON : SOUND_OFF));
    },
  };
}

/** @param {string} testid */
function figure(testid) {
  const label = el("span", { class: "label" });
  const value = el("strong", { dataset: { testid } });
  return {
    box: el("p", { class: "figure" }, label, value),
    /** @param {string} words @param {string} number */
    set(words, number) {
      setText(label, words);
      setText(value, number);
    },
  };
}

/** @param {string} testid @param {() => void} click */
function iconButton(testid, click) {
  return el("button", { type: "button", class: "icon-button", dataset: { testid }, on: { click } });
}

/** @param {HTMLElement} element @param {string} words */
function nameIt(element, words) {
  element.setAttribute("aria-label", words);
  element.title = words;
}
