// @ts-check
/** The visitor's session: made on first use, renewed before it ends, begun anew when refused. */

import { recall, remember } from "./storage.js";

/** Renew this long before the token ends, so that it does not end on the way. */
const RENEW_BEFORE_MS = 60_000;

/** @typedef {{visitor_token: string, session_token: string, customer_id: string, conversation_id: string, locale: string, expires_ms: number}} Session */

/** @type {Session|null} */
let current = null;

/**
 * @param {{locale: string, page?: import("../shared/protocol.js").Page}} visit
 * @returns {Promise<Session>}
 */
export async function openSession(visit) {
  if (current && current.expires_ms - RENEW_BEFORE_MS > Date.now()) return current;
  const visitor_token = recall("visitor") ?? undefined;
  let response = await ask({ ...visit, visitor_token });
  if (response.status === 401 && visitor_token) {
    remember("visitor", null); // Expired or forged: this browser starts as a new visitor.
    response = await ask(visit);
  }
  if (!response.ok) throw new Error(`session refused: ${response.status}`);
  current = /** @type {Session} */ (await response.json());
  remember("visitor", current.visitor_token);
  return current;
}

/** The server refused the session's token: ask for another the next time. */
export function dropSession() {
  current = null;
}

/** @param {object} body */
function ask(body) {
  return fetch("/api/customer/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    credentials: "omit",
    signal: AbortSignal.timeout(8_000),
  });
}
