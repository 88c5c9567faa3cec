// @ts-check
/** The other tabs that show the same page: what one of them does is told to all. */

/** @typedef {{tell: (message: any) => void}} Tabs */

/**
 * @param {string} name of the channel, one for each kind of page
 * @param {(message: any) => void} hear told what another tab tells
 * @returns {Tabs}
 */
export function openTabs(name, hear) {
  try {
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => hear(data);
    return { tell: (message) => channel.postMessage(message) };
  } catch {
    return { tell() {} }; // An old browser: each tab is for itself, and the service knows doubles.
  }
}
