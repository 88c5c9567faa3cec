// @ts-check
/** The visitor's session: made on first use, renewed before it ends, begun anew when refused. */

import { subjectOf } from "./identity.js";
import { recall, remember } from "./storage.js";

/** Renew this long before the token ends, so that it does not end on the way. */
const RENEW_BEFORE_MS = 60_000;
/** Where the token of a visitor is kept who has not signed in. */
const ANONYMOUS = "visitor";

/** @typedef {{visitor_token: string, session_token: string, customer_id: string, conversation_id: string, locale: string, expires_ms: number}} Session */
/** @typedef {{locale: string, page?: import("../shared/protocol.js").Page, identity?: string}} Visit */

/** @type {Session|null} */
let current = null;
/** Rises when sessions asked for until now are worth nothing any more. */
let generation = 0;

/**
 * @param {Visit} visit `identity`: who the customer is, as the site signed it
 * @param {(code: string) => void} [onIdentityRefused] told once the visitor goes on without it
 * @returns {Promise<Session>}
 */
export async function openSession(visit, onIdentityRefused) {
  if (current && current.expires_ms - RENEW_BEFORE_MS > Date.now()) return current;
  const asked = generation;
  let answer = await ask(visit);
  if (answer.code?.startsWith("identity_")) {
    onIdentityRefused?.(answer.code);
    answer = await ask({ ...visit, identity: undefined });
  }
  if (!answer.session) throw new Error(`session refused: ${answer.code}`);
  if (asked !== generation) throw new Error("the customer has changed meanwhile");
  current = answer.session;
  return current;
}

/** The session serves no more (refused, or the customer is another): ask for one the next time. */
export function dropSession() {
  current = null;
  generation += 1;
}

/**
 * Ask with the token of the customer's earlier visit, without it when it is refused. Each customer
 * has a place of their own for it; who signs in takes the anonymous conversation along.
 * @param {Visit} visit
 */
async function ask(visit) {
  const subject = subjectOf(visit.identity);
  const place = subject ? `${ANONYMOUS}.${subject}` : ANONYMOUS;
  const from = recall(place) || !subject ? place : ANONYMOUS;
  const visitor_token = recall(from) ?? undefined;
  let answer = await request({ ...visit, visitor_token });
  if (visitor_token && answer.code?.startsWith("token_")) {
    remember(from, null); // Expired or forged: this browser starts as a new visitor.
    answer = await request(visit);
  }
  if (answer.session) {
    remember(from, null);
    remember(place, answer.session.visitor_token);
  }
  return answer;
}

/**
 * @param {object} body
 * @returns {Promise<{session?: Session, code?: string}>}
 */
async function request(body) {
  const response = await fetch("/api/customer/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...body, utc_offset_min: -new Date().getTimezoneOffset() }),
    credentials: "omit",
    signal: AbortSignal.timeout(8_000),
  });
  const answer = await response.json();
  return response.ok
    ? { session: answer }
    : { code: answer.error?.code ?? String(response.status) };
}
