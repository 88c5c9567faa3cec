// @ts-check
/** The REST calls the console makes; refusals are thrown with the server's code. */

/** @typedef {import("../shared/protocol.js").Agent} Agent */
/** @typedef {import("../shared/protocol.js").ConversationEvent} ConversationEvent */

export class ApiError extends Error {
  /**
   * @param {string} code
   * @param {number} status
   * @param {string} [message] of the server, in English
   * @param {string[]} [fields] what was wrong, where that is the reason
   * @param {any} [answer] the whole body: some refusals say more
   */
  constructor(code, status, message = code, fields = [], answer = null) {
    super(message);
    this.answer = answer;
    this.code = code;
    this.status = status;
    this.fields = fields;
  }
}

/** @returns {Promise<{agent: Agent, csrf_token: string}|null>} null when nobody is signed in */
export async function whoAmI() {
  try {
    return await request("GET", "/api/me");
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

/** @param {string} login @param {string} password @returns {Promise<import("./entry/steps.js").Entered>} */
export function signIn(login, password) {
  return request("POST", "/api/login", { body: { login, password } });
}

/** @param {string} csrfToken @returns {Promise<void>} */
export function signOut(csrfToken) {
  return request("POST", "/api/logout", { csrfToken });
}

/** @param {string} conversationId @param {number} after @returns {Promise<ConversationEvent[]>} */
export async function readEvents(conversationId, after) {
  const path = `/api/conversations/${encodeURIComponent(conversationId)}/events?after=${after}`;
  return (await request("GET", path)).events;
}

/**
 * @typedef {Record<string, {title: string, text: string}>} NoticeTexts by locale
 * @typedef {{texts: NoticeTexts, questions: string[], url: string, until_ms?: number}} NewNotice
 * @typedef {{id: string, texts: NoticeTexts, from_ms: number, until_ms: number|null, withdrawn_ms: number|null}} PublishedNotice
 */

/** @returns {Promise<PublishedNotice[]>} the latest first, those that are over included */
export async function listNotices() {
  return (await request("GET", "/api/notices")).notices;
}

/** @param {NewNotice} notice @param {string} csrfToken @returns {Promise<void>} */
export function publishNotice(notice, csrfToken) {
  return request("POST", "/api/notices", { body: notice, csrfToken });
}

/** @param {string} id @param {string} csrfToken @returns {Promise<void>} */
export function withdrawNotice(id, csrfToken) {
  return request("DELETE", `/api/notices/${encodeURIComponent(id)}`, { csrfToken });
}

/**
 * Ask the API, JSON there and back.
 * @param {string} method
 * @param {string} path
 * @param {{body?: object, csrfToken?: string, signal?: AbortSignal}} [more]
 * @returns {Promise<any>}
 * @throws {ApiError} the server refuses
 */
export async function request(method, path, { body, csrfToken, signal } = {}) {
  const headers = /** @type {Record<string, string>} */ ({});
  if (body) headers["Content-Type"] = "application/json";
  if (csrfToken) headers["X-CSRF-Token"] = csrfToken;
  const response = await fetch(path, {
    method,
    headers,
    body: body && JSON.stringify(body),
    signal: AbortSignal.any([AbortSignal.timeout(10_000), ...(signal ? [signal] : [])]),
  });
  const answer = await response.json().catch(() => null);
  if (!response.ok) {
    const { code = "server_error", message, fields } = answer?.error ?? {};
    throw new ApiError(code, response.status, message, fields, answer);
  }
  return answer;
}
