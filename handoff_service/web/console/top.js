// @ts-check
/** The desk's head: presence, load, who waits, and the settings of this browser. */

import { el, icon, setText } from "../shared/dom.js";
import { BELL, KEYS, LEAVE, NOTICES, SOUND_OFF, SOUND_ON, THEME_ICONS } from "./icons.js";
import { logo } from "./logo.js";
import { askToNotify, mayAskToNotify } from "./notify.js";
import { takesConversations } from "./roles.js";
import { chosenTheme, nextTheme } from "./theme.js";
import { durationText } from "./wording.js";

export const PRESENCES = /** @type {const} */ (["online", "away", "offline"]);

/**
 * @typedef {object} TopActions
 * @property {(presence: import("../shared/protocol.js").Presence) => void} setPresence
 * @property {() => void} toggleSound
 * @property {() => void} showShortcuts
 * @property {() => void} [showNotices] for roles that may publish any
 * @property {() => void} signOut
 * @property {HTMLElement} language the menu of languages
 */

/** @param {HTMLElement} region @param {TopActions} actions */
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
  const notices = actions.showNotices && iconButton("notices-open", actions.showNotices);
  notices?.append(icon(NOTICES));
  const bell = iconButton("notify-ask", async () => {
    await askToNotify();
    bell.hidden = !mayAskToNotify();
  });
  bell.append(icon(BELL));
  const theme = iconButton("theme-toggle", () => {
    nextTheme();
    showTheme();
  });
  const keys = iconButton("shortcuts-open", actions.showShortcuts);
  const leave = iconButton("sign-out", actions.signOut);
  keys.append(icon(KEYS));
  leave.append(icon(LEAVE));
  region.replaceChildren(
    logo(),
    presence,
    el("div", { class: "figures" }, load.box, waiting.box, longest.box),
    el("div", { class: "tools" }, name, actions.language, bell, theme, notices, sound, keys, leave),
  );

  /** @type {import("../shared/i18n.js").Translate} */
  let say = (key) => key;

  return {
    /** @param {import("./state.js").DeskState} state @param {import("../shared/i18n.js").Translate} t @param {boolean} soundOn */
    render(state, t, soundOn) {
      if (say !== t) {
        say = t;
        showTheme();
        bell.hidden = !mayAskToNotify();
        nameIt(bell, t("notify_ask"));
      }
      presence.hidden = load.box.hidden = !takesConversations(state.agent.role);
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
      if (notices) nameIt(notices, t("notices"));
      nameIt(keys, t("shortcuts"));
      nameIt(leave, t("sign_out"));
      nameIt(sound, t(soundOn ? "sound_off" : "sound_on"));
      sound.replaceChildren(icon(soundOn ? SOUND_ON : SOUND_OFF));
    },
  };

  function showTheme() {
    nameIt(theme, say(`theme_${chosenTheme()}`));
    theme.replaceChildren(icon(THEME_ICONS[chosenTheme()]));
  }
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
