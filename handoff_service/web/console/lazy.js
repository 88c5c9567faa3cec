// @ts-check
/** Parts of the console that are loaded when they are first used, or when the browser has nothing else to do. */

export const dialogs = () => import("./dialogs.js");
export const keySheet = () => import("./keysheet.js");
export const notices = () => import("./notices.js");
export const palette = () => import("./palette.js");
export const park = () => import("./park.js");
export const supervise = () => import("./supervise.js");
export const transfer = () => import("./transfer.js");
export const writing = () => import("./writing/index.js");

/** Load them before they are asked for, so that nothing is waited for then. */
export function loadAhead() {
  // What cannot be had now, because the service is just starting anew, is asked for again when it is used.
  const load = () =>
    [dialogs, keySheet, palette, park, transfer, writing].forEach((part) => part().catch(() => {}));
  // Safari has no idle callbacks.
  if ("requestIdleCallback" in globalThis) requestIdleCallback(load);
  else setTimeout(load, 1_000);
}
