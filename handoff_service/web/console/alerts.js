// @ts-check
/** Draws the agent's eye and ear: a sound, a count in the tab's title, a word in the corner. */

import { el } from "../shared/dom.js";

const TOAST_MS = 6_000;
const SOUND_KEY = "baton.console.sound";

/** @type {AudioContext|null} made with the first sound; before a click browsers do not play any */
let audio = null;

export function soundIsOn() {
  return localStorage.getItem(SOUND_KEY) !== "off";
}

/** @param {boolean} on */
export function setSound(on) {
  localStorage.setItem(SOUND_KEY, on ? "on" : "off");
}

/** @param {"offer"|"message"} occasion two notes for an offer, one for a message */
export function playSound(occasion) {
  if (!soundIsOn()) return;
  audio ??= new AudioContext();
  const notes = occasion === "offer" ? [660, 880] : [740];
  notes.forEach((frequency, index) =>
    playNote(/** @type {AudioContext} */ (audio), frequency, index * 0.16),
  );
}

/** @param {AudioContext} context @param {number} frequency Hz @param {number} delay seconds */
function playNote(context, frequency, delay) {
  const start = context.currentTime + delay;
  const tone = new OscillatorNode(context, { frequency, type: "sine" });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(0.2, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, start + 0.3);
  tone.connect(gain).connect(context.destination);
  tone.start(start);
  tone.stop(start + 0.32);
}

/** Say in the browser's tab how much waits. @param {string} title @param {number} count offers and unread messages */
export function setTitle(title, count) {
  const wanted = count ? `(${count}) ${title}` : title;
  if (document.title !== wanted) document.title = wanted;
  const icon = document.querySelector("link[rel=icon]");
  const href = count ? "/console/icon-dot.svg" : "/console/icon.svg";
  if (icon && icon.getAttribute("href") !== href) icon.setAttribute("href", href);
}

/** @param {HTMLElement} region a live region @param {string} text @param {"bad"|"plain"} [mood] */
export function toast(region, text, mood = "plain") {
  const element = el("p", { class: `toast ${mood}`, text, dataset: { testid: "toast" } });
  region.append(element);
  setTimeout(() => element.remove(), TOAST_MS);
}
