// @ts-check
/** What every section is given: who is signed in, the API, live news, words, dialogs. */

import { toast } from "./alerts.js";
import { ApiError, request } from "./api.js";
import { ask, openDialog } from "./dialog.js";
import { go } from "./router.js";

/**
 * @typedef {object} SectionContext
 * @property {import("../shared/protocol.js").Agent} agent
 * @property {string} csrfToken
 * @property {import("../shared/i18n.js").Locale} locale
 * @property {import("../shared/i18n.js").Translate} t the console's own words
 * @property {import("./router.js").Route} route what the address says within the section
 * @property {(hash: string) => void} go
 * @property {(text: string, tone?: "plain"|"bad") => void} toast
 * @property {(problem: unknown) => string} explain a refusal in the reader's language
 * @property {Api} api
 * @property {import("./live.js").Live} live
 * @property {import("./acts.js").Acts} acts on conversations, by id: take over, whisper, resume, pass on …
 * @property {import("./commands.js").Commands} commands
 * @property {{open: typeof openDialog, ask: typeof ask}} dialogs
 * @property {() => Promise<Directory>} directory people, teams, skills, tags, outcomes
 * @property {(name: string, count: number) => void} count shows a number at a section of the rail
 */

/**
 * @typedef {object} Api JSON there and back; a refusal is thrown as ApiError {code, message, status}
 * @property {(path: string) => Promise<any>} get
 * @property {(path: string, body?: object) => Promise<any>} post
 * @property {(path: string, body?: object) => Promise<any>} put
 * @property {(path: string) => Promise<any>} del
 */

/**
 * @typedef {{agent_id: string, name: string, role: string, teams: string[], skills: string[], languages: string[],
 *   presence: string, load: number, capacity: number}} Colleague
 * @typedef {{agents: Colleague[], teams: string[], skills: string[], tags: string[], dispositions: string[]}} Directory
 */

/** The directory is asked for again after this long: presence and load age. */
const DIRECTORY_MS = 5_000;

/** @param {string} csrfToken @returns {Api} */
export function createApi(csrfToken) {
  return {
    get: (path) => request("GET", path),
    post: (path, body) => request("POST", path, { body, csrfToken }),
    put: (path, body) => request("PUT", path, { body, csrfToken }),
    del: (path) => request("DELETE", path, { csrfToken }),
  };
}

/**
 * @param {Omit<SectionContext, "go"|"toast"|"explain"|"api"|"dialogs"|"route">} given
 * @param {HTMLElement} toasts
 * @returns {Omit<SectionContext, "route">}
 */
export function createContext(given, toasts) {
  const { csrfToken, t } = given;
  return {
    ...given,
    go,
    api: createApi(csrfToken),
    toast: (text, tone) => toast(toasts, text, tone),
    explain(problem) {
      const key = `error_${problem instanceof ApiError ? problem.code : "other"}`;
      return t(key) === key ? t("error_other") : t(key);
    },
    dialogs: { open: openDialog, ask },
  };
}

/** @returns {() => Promise<Directory>} */
export function createDirectory() {
  return kept(() => request("GET", "/api/directory"), DIRECTORY_MS);
}

/**
 * Ask once and keep the answer for a while; a failure is not kept.
 * @template T
 * @param {() => Promise<T>} read
 * @param {number} ms
 * @returns {() => Promise<T>}
 */
function kept(read, ms) {
  /** @type {{answer: Promise<T>, untilMs: number}|null} */
  let last = null;
  return () => {
    if (last && Date.now() < last.untilMs) return last.answer;
    const answer = read();
    last = { answer, untilMs: Date.now() + ms };
    answer.catch(() => (last = null));
    return answer;
  };
}
