// @ts-check
/** The REST calls the console makes; refusals are thrown with the server's code. */

/** @typedef {import("../shared/protocol.js").Agent} Agent */
/** @typedef {import("../shared/protocol.js").ConversationEvent} ConversationEvent */

export class ApiError extends Error {
  /** @param {string} code @param {number} status */
  constructor(code, status) {
    super(code);
    this.code = code;
    this.status = status;
  }
}

/** @returns {Promise<{agent: Agent, csrf_token: string}|null>} null when nobody is signed in */
export async function whoAmI() {
  try {
    return await call("GET", "/api/me");
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

/** @param {string} login @param {string} password @returns {Promise<{agent: Agent, csrf_token: string}>} */
export function signIn(login, password) {
  return call("POST", "/api/login", { body: { login, password } });
}

/** @param {string} csrfToken @returns {Promise<void>} */
export function signOut(csrfToken) {
  return call("POST", "/api/logout", { csrfToken });
}

/** @param {string} conversationId @param {number} after @returns {Promise<ConversationEvent[]>} */
export async function readEvents(conversationId, after) {
  const path = `/api/conversations/${encodeURIComponent(conversationId)}/events?after=${after}`;
  return (await call("GET", path)).events;
}

/** @param {string} method @param {string} path @param {{body?: object, csrfToken?: string}} [more] @returns {Promise<any>} */
async function call(method, path, { body, csrfToken } = {}) {
  const headers = /** @type {Record<string, string>} */ ({});
  if (body) headers["Content-Type"] = "application/json";
  if (csrfToken) headers["X-CSRF-Token"] = csrfToken;
  const response = await fetch(path, {
    method,
    headers,
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(answer?.error?.code ?? "server_error", response.status);
  return answer;
}
