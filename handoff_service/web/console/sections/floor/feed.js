// @ts-check
/** The floor's picture, read again whenever something has changed, and now and then in any case. */

/**
 * @typedef {{conversation_id: string, epoch: number, place: number|null, since_ms: number, due_ms: number|null,
 *   risk: "none"|"fine"|"at_risk"|"breached", wait_ms: [number, number]|null, fit: string, language: string,
 *   skill: string|null, level: number, team: string|null, priority: number, tier: string|null, returned: boolean,
 *   topic: string, reason: string, excerpt: string, customer: string, agent_id: string|null,
 *   agent_name: string|null, deadline_ms: number|null}} Waiting
 * @typedef {{conversation_id: string, epoch: number, state: string, since_ms: number|null,
 *   unanswered_ms: number|null, language: string, topic: string, customer: string}} Talk
 * @typedef {Waiting|Talk} Row
 * @typedef {{agent_id: string, name: string, presence: string, reason: string, since_ms: number, load: number,
 *   capacity: number, usual_capacity: number, languages: string[], skills: Record<string, number>,
 *   teams: string[], talks: Talk[]}} AgentRow
 * @typedef {{name: string, waiting: number, longest_since_ms: number|null, online: number, load: number,
 *   capacity: number}} Group
 * @typedef {{id: string, question: string, language: string, words: string[], count: number, usual: number,
 *   minutes: number, conversation_ids: string[]}} Hint
 * @typedef {{waiting: number, longest_since_ms: number|null, at_risk: number, breached: number, counted: number,
 *   left: number, parked: number, online: number, away: number, load: number, capacity: number,
 *   answered_1h: number|null, abandoned_1h: number|null}} Totals
 * @typedef {{at_ms: number, totals: Totals, waiting: Waiting[], agents: AgentRow[], more_agents: number,
 *   teams: Group[], languages: Group[], hints: Hint[]}} Picture
 */

/** What changes without news, customers' words among it, is seen after this time at the latest. */
const POLL_MS = 10_000;

/**
 * @param {import("../../context.js").SectionContext} context
 * @param {{show: (picture: Picture) => void, fail: (problem: unknown) => void}} page
 */
export function createFeed({ api, live }, { show, fail }) {
  /** How far the service's clock is ahead of this one, ms. */
  let ahead = 0;
  let closed = false;
  /** @type {Promise<void>|null} the reading under way */
  let reading = null;
  let again = false;
  const stop = live.watch("floor", () => void read());
  const timer = setInterval(() => void read(), POLL_MS);

  return {
    read,
    /** @returns {number} the service's time */
    now: () => Date.now() + ahead,
    close() {
      closed = true;
      stop();
      clearInterval(timer);
    },
  };

  /** Read now; who asks meanwhile gets one more reading after this one. @returns {Promise<void>} */
  function read() {
    if (reading) {
      again = true;
      return reading;
    }
    reading = once().finally(() => {
      reading = null;
      if (again && !closed) {
        again = false;
        void read();
      }
    });
    return reading;
  }

  async function once() {
    try {
      const picture = /** @type {Picture} */ (await api.get("/api/floor"));
      if (closed) return;
      ahead = picture.at_ms - Date.now();
      show(picture);
    } catch (problem) {
      if (!closed) fail(problem);
    }
  }
}
