// @ts-check
/** Where in the console the reader is, as the address says it: `#/settings/hours?tz=UTC`. */

/** @typedef {{name: string, rest: string[], query: URLSearchParams}} Route */

/** The section that opens when the address names none. */
export const HOME = "desk";
/** The address that was heard of last, or noted. */
let at = "";

/** @param {string} hash with its `#`, or empty @returns {Route} */
export function parseHash(hash) {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [name = "", ...rest] = path.split("/").filter(Boolean).map(decoded);
  return { name: name || HOME, rest, query: new URLSearchParams(query) };
}

/** @param {string} part @returns {string} as it stands where it is no encoding */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** @param {...string} parts @returns {string} "#/conversation/c_1" */
export function hashOf(...parts) {
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

/**
 * Call back now and whenever the address changes.
 * @param {(route: Route) => void} listener
 * @param {AbortSignal} signal
 */
export function listenToRoute(listener, signal) {
  const tell = () => {
    at = location.hash;
    listener(parseHash(at));
  };
  addEventListener("hashchange", tell, { signal });
  tell();
}

/** @param {string} hash */
export function go(hash) {
  if (location.hash !== hash) location.hash = hash;
}

/** Let the address say where the reader is already, so that they are there again after a reload.
 * Another that they go to, and that nobody has heard of yet, is not overwritten.
 * @param {string} hash */
export function note(hash) {
  if (location.hash === hash || location.hash !== at) return;
  history.replaceState(null, "", hash);
  at = hash;
}
