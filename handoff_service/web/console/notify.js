// @ts-check
/** Desktop notifications: asked for by a button, shown while nobody looks at the console. */

/** @type {Map<string, Notification>} what is shown, by conversation */
const shown = new Map();

/** Whether the browser has them and the agent has not decided yet. */
export function mayAskToNotify() {
  return "Notification" in globalThis && Notification.permission === "default";
}

/** Ask the agent. @returns {Promise<void>} once they have decided */
export async function askToNotify() {
  await Notification.requestPermission();
}

/**
 * Tell somebody whose eyes are elsewhere; a click brings the conversation before them.
 * @param {string} id of the conversation; a newer notification replaces the older one
 * @param {{title: string, body: string, stays?: boolean, open: () => void}} news
 */
export function notify(id, { title, body, stays = false, open }) {
  if (!("Notification" in globalThis) || Notification.permission !== "granted") return;
  if (!document.hidden && document.hasFocus()) return;
  try {
    const notification = new Notification(title, {
      body,
      tag: id,
      icon: "/console/icon.svg",
      requireInteraction: stays,
      silent: true, // the console has sounds of its own
    });
    notification.addEventListener("click", () => {
      window.focus();
      open();
      notification.close();
    });
    shown.set(id, notification);
  } catch {
    // Browsers of phones show them from service workers only; sound and title are left.
  }
}

/** What it was about is over. @param {string} id */
export function withdrawNotification(id) {
  shown.get(id)?.close();
  shown.delete(id);
}
