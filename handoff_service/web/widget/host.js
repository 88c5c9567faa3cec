// @ts-check
/** The line between this frame and the page that embeds it: one origin, named when the frame was made. */

/** @typedef {{type: "init", locale?: string, page?: import("../shared/protocol.js").Page, name?: string, suggestions?: string[], identity?: string|null, visible: boolean, focus?: boolean, live?: boolean}} Init
 * `live`: a person has the conversation, so that it goes on though the widget is not open */
/** @typedef {Init|{type: "visible", on: boolean, focus?: boolean}|{type: "locale", locale: string}|{type: "identity", identity: string|null}|{type: "page", page: import("../shared/protocol.js").Page}|{type: "proactive", rule: string}} HostMessage */

/** The embedding page's origin, from the part of our address that only the loader writes. */
const hostOrigin = new URLSearchParams(location.hash.slice(1)).get("host");
const embedded = window.parent !== window && hostOrigin !== null;

/** @param {{type: string} & Record<string, any>} message */
export function tellHost(message) {
  if (embedded) window.parent.postMessage({ baton: message }, hostOrigin);
}

/**
 * Hear what the page says; opened as a page of its own, the widget is visible at once.
 * @param {(message: HostMessage) => void} listener
 */
export function listenToHost(listener) {
  if (!embedded) {
    listener({ type: "init", visible: true });
    return;
  }
  window.addEventListener("message", (event) => {
    if (event.origin !== hostOrigin || event.source !== window.parent) return;
    if (event.data?.baton) listener(event.data.baton);
  });
  tellHost({ type: "ready" });
}
