// @ts-check
/** A short tone for what is said while the customer looks elsewhere. */

/** Several messages at once are one tone, seconds. */
const PAUSE_S = 2;
/** @type {AudioContext|undefined} */
let audio;
let lastAt = -PAUSE_S;

/** Sound once; nothing before the customer has clicked or typed here, as browsers want it. */
export function chime() {
  if (!navigator.userActivation?.hasBeenActive) return;
  audio ??= new AudioContext();
  const at = audio.currentTime;
  if (at - lastAt < PAUSE_S) return;
  lastAt = at;
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.setValueAtTime(660, at);
  tone.frequency.setValueAtTime(880, at + 0.1);
  volume.gain.setValueAtTime(0.08, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.4);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + 0.4);
}
