// @ts-check
/** The visitor's session: made on first use, renewed before it ends, begun anew when refused. */

import { subjectOf } from "./identity.js";
import { recall, remember } from "./storage.js";

/** Renew this long before the token ends, so that it does not end on the way. */
const RENEW_BEFORE_MS = 60_000;
/** Where the token of a visitor is kept who has not signed in. */
const ANONYMOUS = "visitor";

/** @typedef {{visitor_token: string, session_token: string, customer_id: string, conversation_id: string, locale: string, expires_ms: number}} Session */
/** @typedef {{locale: string, page?: import("../shared/protocol.js").Page, identity?: string, site?: string}} Visit */

/** The token of an e-mail's link that brought the customer here; in sight no longer than needed. */
let link = new URLSearchParams(location.hash.slice(1)).get("baton");
if (link) history.replaceState(null, "", location.pathname + location.search);

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
  if (link) await goOn(visit, onIdentityRefused);
  let answer = await ask(visit);
  if (answer.code?.startsWith("identity_")) {
    onIdentityRefused?.(answer.code);
    answer = await ask({ ...visit, identity: undefined });
  }
  if (answer.code === "identity_required") onIdentityRefused?.(answer.code);
  if (!answer.session) throw new Error(`session refused: ${answer.code}`);
  if (asked !== generation) throw new Error("the customer has changed meanwhile");
  current = answer.session;
  return current;
}

/** Take up the conversation of an e-mail's link: the visitor's own from now on.
 * @param {Visit} visit @param {(code: string) => void} [onRefused] */
async function goOn({ identity }, onRefused) {
  const answer = await request({ token: link, identity }, "resume");
  link = null;
  if (answer.session) remember(placeOf(identity), answer.session.visitor_token);
  else onRefused?.("error_gone");
}

/** Nothing of this browser opens a conversation any more. @param {string} [identity] */
export function forgetVisitor(identity) {
  for (const place of [ANONYMOUS, placeOf(identity)]) remember(place, null);
  dropSession();
}

/** Where the token of a customer is kept. @param {string} [identity] */
function placeOf(identity) {
  const subject = subjectOf(identity);
  return subject ? `${ANONYMOUS}.${subject}` : ANONYMOUS;
}

/** The session serves no more (refused, or the customer is another): ask for one the next time. */
export function dropSession() {
  current = null;
  generation += 1;
}

/** End the visit of a customer who has signed out: none of its tokens opens anything from then on.
 * @param {string} subject whom the site had signed */
export function signOut(subject) {
  const headers = { Authorization: `Bearer ${recall(`${ANONYMOUS}.${subject}`)}` };
  void fetch("/api/customer/sign_out", { method: "POST", headers, keepalive: true }).catch(
    () => {},
  );
}

/**
 * Ask with the token of the customer's earlier visit, without it when it is refused. Each customer
 * has a place of their own for it; who signs in takes the anonymous conversation along.
 * @param {Visit} visit
 */
async function ask(visit) {
  const place = placeOf(visit.identity);
  const from = recall(place) ? place : ANONYMOUS;
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
 * @param {string} [what]
 * @returns {Promise<{session?: Session, code?: string}>}
 */
async function request(body, what = "session") {
  const response = await fetch(`/api/customer/${what}`, {
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
